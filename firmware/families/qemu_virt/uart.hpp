// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "families/register.hpp"

namespace tinymf::firmware::qemu_virt {

/// The 16550 UART of the machine `virt`, with buffers; the emulator knows no baud rate. Requests
/// stay until served or masked.
struct Uart {
    static constexpr std::array<std::uint32_t, 1> exceptions = {10};

    static void start() {
        uart(2) = 1; // buffers, a request for the first byte
        uart(3) = 3; // eight bits
        uart(1) = received_request;
    }
    static bool can_send() { return (state() & send_empty) != 0; }
    static void send(std::uint8_t byte) { uart(0) = byte; }
    static bool has_byte() { return (state() & received) != 0; }
    static std::uint8_t receive() { return uart(0); }
    static bool is_idle() { return (state() & all_sent) != 0; }
    /// Reading the cause takes the request to send back.
    static void acknowledge() { static_cast<void>(static_cast<std::uint8_t>(uart(2))); }
    static void listen(bool wanted) { request(received_request, wanted); }
    static void announce_room(bool wanted) { request(send_request, wanted); }

private:
    static constexpr std::uint8_t received_request = 1U << 0;
    static constexpr std::uint8_t send_request = 1U << 1;
    static constexpr std::uint8_t received = 1U << 0;
    static constexpr std::uint8_t send_empty = 1U << 5;
    static constexpr std::uint8_t all_sent = 1U << 6;
    static volatile std::uint8_t& uart(std::uintptr_t offset) {
        return peripheral_byte(0x1000'0000 + offset);
    }
    static std::uint8_t state() { return uart(5); }

    static void request(std::uint8_t cause, bool wanted) {
        const unsigned others = uart(1) & ~unsigned{cause};
        uart(1) = static_cast<std::uint8_t>(others | (wanted ? cause : 0U));
    }
};

} // namespace tinymf::firmware::qemu_virt
