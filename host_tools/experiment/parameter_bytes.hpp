// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <vector>

#include "tinymf/assert.hpp"
#include "tinymf/experiment/wire.hpp"
#include "tinymf/stream/byte_writer.hpp"
#include "tinymf/stream/frame.hpp"

namespace tinymf::host {

/// The parameters as they travel: equal bytes mean equal experiments.
template <std::floating_point T>
[[nodiscard]] std::vector<std::uint8_t>
parameter_bytes(const experiment::Parameters<T>& parameters) {
    std::array<std::uint8_t, stream::largest_payload> bytes{};
    stream::ByteWriter writer(bytes);
    experiment::write(writer, parameters);
    TINYMF_ASSERT(writer.ok());
    const auto written = writer.written();
    return {written.begin(), written.end()};
}

} // namespace tinymf::host
