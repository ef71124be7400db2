// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "app/application.hpp"
#include "app/model_list.hpp"
#include "device/byte_link.hpp"
#include "port/host_port.hpp"
#include "tinymf/mean_field/profiles.hpp"
#include "tinymf/network/network.hpp"
#include "tinymf/observe/observed_network.hpp"

namespace tinymf::fuzz {

/// A board in this process as host::EmulatedBoard, but with two small models, so that it costs
/// nothing to have a new one for every execution.
class SmallBoard : public host::ByteLink {
public:
    SmallBoard() { device_->boot(); }

    std::size_t read(std::span<std::uint8_t> bytes, std::chrono::milliseconds /*limit*/) override {
        for (;;) {
            const std::size_t count = port_->receive(bytes);
            if (count > 0 || !let_run()) {
                return count > 0 ? count : port_->receive(bytes);
            }
        }
    }

    /// What finds no room is lost.
    void write(std::span<const std::uint8_t> bytes) override {
        while (!bytes.empty()) {
            const std::size_t count = port_->send(bytes);
            bytes = bytes.subspan(count);
            if (count == 0 && !let_run()) {
                return;
            }
        }
    }

    [[nodiscard]] bool ended() const override { return false; }

private:
    using Models = firmware::ModelList<
        observe::ObservedNetwork<network::Network<float, 16, model::CouplingKind::gaussian>, 4,
                                 observe::Covariances::kept>,
        mean_field::GaussianClosure<double, 16>>;
    using Port = firmware::HostPort<4096, 8192>;
    using Device = firmware::Application<Port, Models, 4096>;

    /// One turn, or a rest and the turn after it; false when it waits for its host.
    bool let_run() {
        if (device_->turn()) {
            return true;
        }
        device_->rest();
        return device_->turn();
    }

    std::unique_ptr<Port> port_ = std::make_unique<Port>();
    std::unique_ptr<Device> device_ = std::make_unique<Device>(*port_, "small");
};

} // namespace tinymf::fuzz
