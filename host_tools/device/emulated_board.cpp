// SPDX-License-Identifier: Apache-2.0
#include "device/emulated_board.hpp"

#include <fmt/format.h>

#include "app/application.hpp"
#include "base/host_error.hpp"
#include "models/host_models.hpp"
#include "port/host_port.hpp"

namespace tinymf::host {
namespace {

constexpr std::size_t transmit_capacity = 65536;
using Port = firmware::HostPort<>;

} // namespace

struct EmulatedBoard::Device {
    Port port{firmware::HostTime::leaping, firmware::HostWait::returns};
    firmware::Application<Port, HostModels, transmit_capacity> application{port, "host"};
};

EmulatedBoard::EmulatedBoard() : device_{std::make_unique_for_overwrite<Device>()} {
    device_->application.boot();
}

EmulatedBoard::~EmulatedBoard() = default;

/// One turn, or a rest and the turn after it; false when the device waits for its host.
bool EmulatedBoard::let_run() {
    try {
        if (device_->application.turn()) {
            return true;
        }
        device_->application.rest();
        return device_->application.turn();
    } catch (const firmware::HostReset& reset) {
        throw HostError(exit_link_failed, fmt::format("the emulated board stopped with fault {}",
                                                      static_cast<unsigned>(reset.cause)));
    }
}

std::size_t EmulatedBoard::read(std::span<std::uint8_t> bytes,
                                std::chrono::milliseconds /*limit*/) {
    for (;;) {
        if (const std::size_t count = device_->port.receive(bytes); count > 0) {
            return count;
        }
        if (!let_run()) {
            return device_->port.receive(bytes);
        }
    }
}

void EmulatedBoard::write(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const std::size_t count = device_->port.send(bytes);
        bytes = bytes.subspan(count);
        if (count == 0 && !let_run()) {
            throw HostError(exit_link_failed, "the emulated board takes no more bytes");
        }
    }
}

} // namespace tinymf::host
