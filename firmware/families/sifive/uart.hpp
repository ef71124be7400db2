// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "families/register.hpp"

namespace tinymf::firmware::sifive {

/// UART0 of SiFive's FE310 (manual of the FE310-G002 v19p05, chapter 18): 8 bytes of buffer each
/// way. Requests stay until served or masked.
template <std::uint32_t clock_hertz, std::uint32_t baud>
struct Uart {
    static constexpr std::array<std::uint32_t, 1> exceptions = {3};

    static void start() {
        constexpr std::uint32_t enable = 1;
        constexpr std::uint32_t room_when_empty = 1U << 16;
        uart(0x18) = (clock_hertz + baud / 2) / baud - 1;
        uart(0x08) = enable | room_when_empty;
        uart(0x0c) = enable;
        listen(true);
    }
    static bool can_send() { return (uart(0x00) & send_full) == 0; }
    static void send(std::uint8_t byte) { uart(0x00) = byte; }
    /// Asked of the pending requests: the data register gives a byte away when it is read.
    static bool has_byte() { return (pending() & received) != 0; }
    static std::uint8_t receive() { return static_cast<std::uint8_t>(uart(0x04)); }
    static bool is_idle() { return (pending() & room) != 0; }
    static void acknowledge() {}
    static void listen(bool wanted) { request(received, wanted); }
    static void announce_room(bool wanted) { request(room, wanted); }

private:
    static constexpr std::uint32_t send_full = 1U << 31;
    static constexpr std::uint32_t room = 1U << 0;
    static constexpr std::uint32_t received = 1U << 1;
    static volatile std::uint32_t& uart(std::uintptr_t offset) {
        return peripheral_word(0x1001'3000 + offset);
    }
    static std::uint32_t pending() { return uart(0x14); }

    static void request(std::uint32_t cause, bool wanted) {
        volatile std::uint32_t& enabled = uart(0x10);
        enabled = wanted ? enabled | cause : enabled & ~cause;
    }
};

} // namespace tinymf::firmware::sifive
