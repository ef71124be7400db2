// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

namespace tinymf::numeric {

/// Whether work is worth doing on batches: loops over a fixed number of values side by side, which
/// compilers turn into a host's vector instructions at every level from -O2. A device has none, and
/// would hold the code twice.
#if defined(__x86_64__) || defined(__aarch64__)
inline constexpr bool works_in_batches = true;
#else
inline constexpr bool works_in_batches = false;
#endif

inline constexpr std::size_t batch_size = 32;

/// One number for each member of a batch.
template <class Number>
using Batch = std::array<Number, batch_size>;

} // namespace tinymf::numeric
