// SPDX-License-Identifier: Apache-2.0
// The same lines as host_digests.cpp from a board's serial line, for the scenarios that fit.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "board.hpp"
#include "golden/emit.hpp"
#include "port/port.hpp"

namespace {

using namespace tinymf;

// Half of the RAM, less 2 KiB, is a safe share beside stack and port.
constexpr std::size_t share = TINYMF_BOARD_RAM_BYTES / 2 - 2048;
#if defined(__ARM_FP) || defined(__riscv_flen)
constexpr std::size_t largest = golden::largest_scenario;
#else // a minute of emulation for every scenario that is larger
constexpr std::size_t largest = sizeof(golden::Net<128>);
#endif
constexpr std::size_t room = std::min(share, largest);
alignas(golden::Net<256>) std::byte memory[room];
firmware::BoardPort port;

void put(char character) {
    const auto byte = static_cast<std::uint8_t>(character);
    while (port.write({&byte, 1}) == 0) {
        (void)port.wait(0, 0);
    }
}

} // namespace

int main() {
    port.init();
    golden::write_all<room>(memory, put, [](auto&) {});
    port.fatal(firmware::FaultCause::restart, 0);
}
