// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

namespace tinymf::host {

/// Calls work(0) ... work(count - 1), each once, on `workers` threads that take the next index as
/// they become free. `on_done` is called after each on the worker's thread, one at a time, with the
/// number done. When a call throws, no new one begins; the exception of the lowest index that threw
/// is thrown again once all workers are at rest.
void for_each_index(std::size_t count, unsigned workers,
                    const std::function<void(std::size_t)>& work,
                    const std::function<void(std::size_t)>& on_done);

} // namespace tinymf::host
