// SPDX-License-Identifier: Apache-2.0
#include "device/serial_speed.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "tinymf/assert.hpp"

namespace tinymf::host {
namespace {

struct Speed {
    unsigned baud;
    speed_t name;
};

constexpr std::array speeds {
    Speed{9600, B9600}, Speed{19200, B19200}, Speed{38400, B38400}, Speed{57600, B57600},
        Speed{115200, B115200}, Speed{230400, B230400},
#if defined(__linux__)
        Speed{460800, B460800}, Speed{500000, B500000}, Speed{576000, B576000},
        Speed{921600, B921600}, Speed{1000000, B1000000}, Speed{1152000, B1152000},
        Speed{1500000, B1500000}, Speed{2000000, B2000000}, Speed{2500000, B2500000},
        Speed{3000000, B3000000}, Speed{3500000, B3500000}, Speed{4000000, B4000000},
#endif
};

} // namespace

bool is_serial_speed(unsigned baud) {
    return std::ranges::find(speeds, baud, &Speed::baud) != speeds.end();
}

speed_t serial_speed(unsigned baud) {
    const auto* const speed = std::ranges::find(speeds, baud, &Speed::baud);
    TINYMF_ASSERT(speed != speeds.end());
    return speed->name;
}

std::string serial_speed_list() {
    std::string list;
    for (const Speed& speed : speeds) {
        list += fmt::format("{}{}", list.empty() ? "" : ", ", speed.baud);
    }
    return list;
}

} // namespace tinymf::host
