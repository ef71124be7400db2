// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "families/register.hpp"

namespace tinymf::firmware::primecell {

/// ARM's PrimeCell UART (PL011, DDI 0183), in Stellaris chips and in the RP2040: at least 16 bytes
/// of buffer each way. Requests stay until served or masked.
template <std::uintptr_t base, std::uint32_t interrupt, std::uint32_t clock_hertz,
          std::uint32_t baud>
struct Uart {
    static constexpr std::array<std::uint32_t, 1> exceptions = {16 + interrupt};

    static void start() {
        // Sixteenths of the baud rate's 16-fold divided in 64ths, rounded to nearest.
        constexpr std::uint32_t divider = (4 * clock_hertz + baud / 2) / baud;
        constexpr std::uint32_t eight_bits_with_buffers = 0x70;
        constexpr std::uint32_t send_receive_enable = 0x301;
        uart(0x30) = 0;
        uart(0x24) = divider / 64;
        uart(0x28) = divider % 64;
        uart(0x2c) = eight_bits_with_buffers;
        uart(0x30) = send_receive_enable;
        listen(true);
    }
    static bool can_send() { return (flags() & send_full) == 0; }
    static void send(std::uint8_t byte) { data() = byte; }
    static bool has_byte() { return (flags() & receive_empty) == 0; }
    static std::uint8_t receive() { return static_cast<std::uint8_t>(data()); }
    static bool is_idle() { return (flags() & busy) == 0; }
    static void acknowledge() { uart(0x44) = received | received_timeout | room; }
    static void listen(bool wanted) { request(received | received_timeout, wanted); }
    static void announce_room(bool wanted) { request(room, wanted); }

private:
    static constexpr std::uint32_t busy = 1U << 3;
    static constexpr std::uint32_t receive_empty = 1U << 4;
    static constexpr std::uint32_t send_full = 1U << 5;
    static constexpr std::uint32_t received = 1U << 4;
    static constexpr std::uint32_t room = 1U << 5;
    static constexpr std::uint32_t received_timeout = 1U << 6;
    static volatile std::uint32_t& uart(std::uintptr_t offset) {
        return peripheral_word(base + offset);
    }
    static volatile std::uint32_t& data() { return uart(0x00); }
    static volatile std::uint32_t& flags() { return uart(0x18); }

    static void request(std::uint32_t causes, bool wanted) {
        volatile std::uint32_t& mask = uart(0x38);
        mask = wanted ? mask | causes : mask & ~causes;
    }
};

} // namespace tinymf::firmware::primecell
