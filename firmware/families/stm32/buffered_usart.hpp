// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "families/register.hpp"

namespace tinymf::firmware::stm32 {

/// The USART of the STM32H7 series (RM0433, chapter "Universal synchronous/asynchronous receiver
/// transmitter"): 16 bytes of buffer each way. Its clock and pins are the chip's business;
/// `clock_hertz` is that of its bus. Requests stay until served or masked.
template <std::uintptr_t base, std::uint32_t interrupt, std::uint32_t clock_hertz,
          std::uint32_t baud>
struct BufferedUsart {
    static constexpr std::array<std::uint32_t, 1> exceptions = {16 + interrupt};

    static void start() {
        control() = 0; // rate and buffers can be set only while it is off
        baud_rate() = (clock_hertz + baud / 2) / baud;
        control() = buffers;
        control() = buffers | enable | send_enable | receive_enable | received_request;
    }
    static bool can_send() { return (state() & room) != 0; }
    static void send(std::uint8_t byte) { peripheral_word(base + 0x28) = byte; }
    static bool has_byte() { return (state() & received) != 0; }
    static std::uint8_t receive() {
        return static_cast<std::uint8_t>(peripheral_word(base + 0x24));
    }
    static bool is_idle() { return (state() & send_complete) != 0; }
    /// Ends an overrun, whose request would otherwise stay.
    static void acknowledge() { peripheral_word(base + 0x20) = overrun; }
    static void listen(bool wanted) { request(received_request, wanted); }
    static void announce_room(bool wanted) { request(room_request, wanted); }

private:
    static constexpr std::uint32_t overrun = 1U << 3;
    static constexpr std::uint32_t received = 1U << 5;
    static constexpr std::uint32_t send_complete = 1U << 6;
    static constexpr std::uint32_t room = 1U << 7;
    static constexpr std::uint32_t enable = 1U << 0;
    static constexpr std::uint32_t receive_enable = 1U << 2;
    static constexpr std::uint32_t send_enable = 1U << 3;
    static constexpr std::uint32_t received_request = 1U << 5;
    static constexpr std::uint32_t room_request = 1U << 7;
    static constexpr std::uint32_t buffers = 1U << 29;
    static volatile std::uint32_t& control() { return peripheral_word(base + 0x00); }
    static volatile std::uint32_t& baud_rate() { return peripheral_word(base + 0x0c); }
    static volatile std::uint32_t& state() { return peripheral_word(base + 0x1c); }

    static void request(std::uint32_t cause, bool wanted) {
        control() = wanted ? control() | cause : control() & ~cause;
    }
};

} // namespace tinymf::firmware::stm32
