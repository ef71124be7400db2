// SPDX-License-Identifier: Apache-2.0
// An experiment file.
#include <cstdint>
#include <string_view>

#include "experiment/experiment.hpp"
#include "fuzz/execution_limits.hpp"
#include "fuzz/round_trip.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const tinymf::fuzz::ExecutionLimits limits({.bytes = size});
    static_cast<void>(tinymf::fuzz::read_and_read_again(
        std::string_view(reinterpret_cast<const char*>(data), size)));
    return 0;
}
