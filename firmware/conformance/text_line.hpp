// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "port/port.hpp"

namespace tinymf::firmware {

/// Sends all of `bytes`, sleeping where the link is full.
template <Port P>
void send(P& port, std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        bytes = bytes.subspan(port.write(bytes));
        if (!bytes.empty()) {
            port.wait(0, 0);
        }
    }
}

/// One line of plain text, sent piece by piece; the destructor ends it.
template <Port P>
class TextLine {
public:
    explicit TextLine(P& port) : port_{port} {}
    ~TextLine() { *this << "\n"; }
    TextLine(const TextLine&) = delete;
    TextLine& operator=(const TextLine&) = delete;

    TextLine& operator<<(std::string_view text) {
        for (const char character : text) {
            const auto byte = static_cast<std::uint8_t>(character);
            send(port_, {&byte, 1});
        }
        return *this;
    }

    TextLine& operator<<(std::uint32_t number) {
        char digits[10];
        std::size_t first = sizeof digits;
        do {
            digits[--first] = static_cast<char>('0' + number % 10);
            number /= 10;
        } while (number != 0);
        return *this << std::string_view{digits + first, sizeof digits - first};
    }

    TextLine& hex(std::uint32_t number) {
        *this << "0x";
        for (int i = 0; i < 8; ++i) {
            number = std::rotl(number, 4);
            *this << std::string_view{"0123456789abcdef" + (number & 15U), 1};
        }
        return *this;
    }

private:
    P& port_;
};

} // namespace tinymf::firmware
