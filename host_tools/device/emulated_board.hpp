// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "device/byte_link.hpp"

namespace tinymf::host {

/// The firmware application with every host profile, in this process and on the caller's thread: it
/// runs while the host waits for bytes, so a run takes the same course every time.
class EmulatedBoard : public ByteLink {
public:
    EmulatedBoard();
    ~EmulatedBoard() override;

    std::size_t read(std::span<std::uint8_t> bytes, std::chrono::milliseconds limit) override;
    void write(std::span<const std::uint8_t> bytes) override;
    [[nodiscard]] bool ended() const override { return false; }

private:
    struct Device;
    bool let_run();

    std::unique_ptr<Device> device_;
};

} // namespace tinymf::host
