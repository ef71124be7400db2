// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/child_process.hpp"
#include "base/file_descriptor.hpp"
#include "device/byte_link.hpp"
#include "device/descriptor_link.hpp"

namespace tinymf::host {

/// A board as QEMU knows it.
struct QemuBoard {
    std::string name;
    std::string command;         ///< "qemu-system-arm -M mps2-an386", words apart by spaces
    std::filesystem::path image; ///< firmware, ELF
    bool counted_time = false;   ///< one nanosecond an instruction, the same in every run
};

/// Firmware in a QEMU process of its own, over the board's serial line. The process ends with this
/// object or with this program, however that ends. Throws HostError (exit code 4), with QEMU's own
/// words where it has any.
class QemuLink : public ByteLink {
public:
    explicit QemuLink(const QemuBoard& board);

    std::size_t read(std::span<std::uint8_t> bytes, std::chrono::milliseconds limit) override;
    void write(std::span<const std::uint8_t> bytes) override;
    [[nodiscard]] bool ended() const override { return from_board_->ended(); }

private:
    void start(const QemuBoard& board, const FileDescriptor& input, const FileDescriptor& output);
    /// After QEMU closed its end of the line: throws unless it left in order.
    void expect_orderly_exit();
    [[nodiscard]] std::string said_on_stderr() const;

    std::string name_;
    FileDescriptor said_; ///< what QEMU wrote on standard error
    std::unique_ptr<DescriptorLink> to_board_;
    std::unique_ptr<DescriptorLink> from_board_;
    std::optional<ChildProcess> process_;
};

} // namespace tinymf::host
