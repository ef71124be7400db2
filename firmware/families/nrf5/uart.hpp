// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "families/register.hpp"

namespace tinymf::firmware::nrf5 {

/// The UART of the nRF51 series (reference manual 3.0, chapter 29), which the nRF52 series keeps
/// beside its successor, at 115,200 baud, without flow control: six bytes of receive buffer, one of
/// send buffer. Pins of port 1 follow the 32 of port 0; `send_pin` belongs to port 0. Its requests
/// stay until their event is cleared, so receiving is masked while nobody can take the byte.
template <std::uint32_t send_pin, std::uint32_t receive_pin>
struct Uart {
    static constexpr std::array<std::uint32_t, 1> exceptions = {16 + 2};

    static void start() {
        gpio(0x508) = 1U << send_pin; // the line rests high
        gpio(0x518) = 1U << send_pin; // output
        receive_pin_set_up() = input_pulled_high;
        uart(0x50c) = send_pin;
        uart(0x514) = receive_pin;
        constexpr std::uint32_t baud_115200 = 0x01d7'e000;
        uart(0x524) = baud_115200;
        constexpr std::uint32_t enabled = 4;
        uart(0x500) = enabled;
        constexpr std::uint32_t trigger = 1;
        uart(0x000) = trigger; // start receiving
        uart(0x008) = trigger; // start sending
        enable_requests() = sent_request | received_request;
    }

    static bool can_send() { return !sending_ || sent() != 0; }
    static void send(std::uint8_t byte) {
        sent() = 0;
        sending_ = true;
        uart(0x51c) = byte;
    }
    static bool has_byte() { return received() != 0; }
    static std::uint8_t receive() {
        received() = 0; // before the read: the next byte in the buffer sets it again
        return static_cast<std::uint8_t>(uart(0x518));
    }
    static bool is_idle() { return can_send(); }
    static void acknowledge() {
        if (sent() != 0) {
            sent() = 0;
            sending_ = false;
        }
    }
    static void listen(bool wanted) {
        (wanted ? enable_requests() : disable_requests()) = received_request;
    }
    static void announce_room(bool /*wanted*/) {}

private:
    static constexpr std::uint32_t input_pulled_high = 3U << 2;
    static constexpr std::uint32_t received_request = 1U << 2;
    static constexpr std::uint32_t sent_request = 1U << 7;
    static volatile std::uint32_t& uart(std::uintptr_t offset) {
        return peripheral_word(0x4000'2000 + offset);
    }
    static volatile std::uint32_t& gpio(std::uintptr_t offset) {
        return peripheral_word(0x5000'0000 + offset);
    }
    /// Reset leaves the input disconnected.
    static volatile std::uint32_t& receive_pin_set_up() {
        return gpio(0x300 * (receive_pin / 32) + 0x700 + 4 * (receive_pin % 32));
    }
    static volatile std::uint32_t& received() { return uart(0x108); }
    static volatile std::uint32_t& sent() { return uart(0x11c); }
    static volatile std::uint32_t& enable_requests() { return uart(0x304); }
    static volatile std::uint32_t& disable_requests() { return uart(0x308); }

    static inline constinit bool sending_ = false;
};

} // namespace tinymf::firmware::nrf5
