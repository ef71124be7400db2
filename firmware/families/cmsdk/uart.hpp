// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "families/register.hpp"

namespace tinymf::firmware::cmsdk {

/// The UART of ARM's Cortex-M System Design Kit (DDI 0479): one byte of buffer each way; its
/// interrupt requests are latched, so they need acknowledging and no masking.
/// `first_interrupt`: receive; the next one: transmit.
template <std::uintptr_t base, std::uint32_t first_interrupt, std::uint32_t clock_hertz,
          std::uint32_t baud>
struct Uart {
    static constexpr std::array<std::uint32_t, 2> exceptions = {16 + first_interrupt,
                                                                17 + first_interrupt};
    static void start() {
        static_assert(clock_hertz / baud >= 16, "the divider's minimum");
        constexpr std::uint32_t send_and_receive_with_interrupts = 0xf;
        divider() = clock_hertz / baud;
        control() = send_and_receive_with_interrupts;
    }
    static bool can_send() { return (state() & send_full) == 0; }
    static void send(std::uint8_t byte) { data() = byte; }
    static bool has_byte() { return (state() & receive_full) != 0; }
    static std::uint8_t receive() { return static_cast<std::uint8_t>(data()); }
    static bool is_idle() { return can_send(); }
    static void acknowledge() { interrupts() = interrupts(); }
    static void listen(bool /*wanted*/) {}
    static void announce_room(bool /*wanted*/) {}

private:
    static constexpr std::uint32_t send_full = 1U << 0;
    static constexpr std::uint32_t receive_full = 1U << 1;
    static volatile std::uint32_t& data() { return peripheral_word(base + 0x00); }
    static volatile std::uint32_t& state() { return peripheral_word(base + 0x04); }
    static volatile std::uint32_t& control() { return peripheral_word(base + 0x08); }
    static volatile std::uint32_t& interrupts() { return peripheral_word(base + 0x0c); }
    static volatile std::uint32_t& divider() { return peripheral_word(base + 0x10); }
};

} // namespace tinymf::firmware::cmsdk
