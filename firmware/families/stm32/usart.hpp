// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "families/cortex_m/core.hpp"
#include "families/register.hpp"

namespace tinymf::firmware::stm32 {

/// The USART of the STM32F1, F2 and F4 series (RM0041 chapter 23, RM0090 chapter 30): one byte of
/// buffer each way. Its clock and pins are the chip's business; `clock_hertz` is that of its bus.
/// Requests stay until served: receiving is masked while nobody can take the byte, at the
/// interrupt controller, because QEMU 7.2 keeps up a request that is masked in the USART.
template <std::uintptr_t base, std::uint32_t interrupt, std::uint32_t clock_hertz,
          std::uint32_t baud>
struct Usart {
    static constexpr std::array<std::uint32_t, 1> exceptions = {16 + interrupt};

    static void start() {
        baud_rate() = (clock_hertz + baud / 2) / baud;
        control() = enable | send_enable | receive_enable | received_request;
    }
    static bool can_send() { return (state() & send_empty) != 0; }
    static void send(std::uint8_t byte) { data() = byte; }
    static bool has_byte() { return (state() & (received | overrun)) != 0; }
    /// Also ends an overrun, whose request would otherwise stay.
    static std::uint8_t receive() { return static_cast<std::uint8_t>(data()); }
    static bool is_idle() { return (state() & send_complete) != 0; }
    static void acknowledge() {}
    static void listen(bool wanted) {
        if (wanted) {
            cortex_m::enable_interrupt(interrupt);
        } else {
            cortex_m::disable_interrupt(interrupt);
        }
    }
    static void announce_room(bool wanted) {
        control() = wanted ? control() | send_empty_request : control() & ~send_empty_request;
    }

private:
    static constexpr std::uint32_t overrun = 1U << 3;
    static constexpr std::uint32_t received = 1U << 5;
    static constexpr std::uint32_t send_complete = 1U << 6;
    static constexpr std::uint32_t send_empty = 1U << 7;
    static constexpr std::uint32_t receive_enable = 1U << 2;
    static constexpr std::uint32_t send_enable = 1U << 3;
    static constexpr std::uint32_t received_request = 1U << 5;
    static constexpr std::uint32_t send_empty_request = 1U << 7;
    static constexpr std::uint32_t enable = 1U << 13;
    static volatile std::uint32_t& state() { return peripheral_word(base + 0x00); }
    static volatile std::uint32_t& data() { return peripheral_word(base + 0x04); }
    static volatile std::uint32_t& baud_rate() { return peripheral_word(base + 0x08); }
    static volatile std::uint32_t& control() { return peripheral_word(base + 0x0c); }
};

} // namespace tinymf::firmware::stm32
