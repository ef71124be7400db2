// SPDX-License-Identifier: Apache-2.0
#include "device/open_link.hpp"

#include <string>

#include <fmt/format.h>

#include "base/host_error.hpp"
#include "device/link_source.hpp"
#include "device/qemu_link.hpp"
#include "device/recording_link.hpp"
#include "device/tcp_link.hpp"
#include "device/terminal_link.hpp"
#include "models/board_info.hpp"

namespace tinymf::host {
namespace {

std::string emulated_boards() {
    std::string names;
    for (const BoardInfo& board : boards()) {
        if (!board.qemu.empty()) {
            names += fmt::format("{}{}", names.empty() ? "" : ", ", board.name);
        }
    }
    return names;
}

struct Opener {
    const LinkOptions& options;

    std::unique_ptr<ByteLink> operator()(const SerialSource& source) const {
        return open_serial(source);
    }
    std::unique_ptr<ByteLink> operator()(const PtySource& source) const { return open_pty(source); }
    std::unique_ptr<ByteLink> operator()(const TcpSource& source) const { return open_tcp(source); }
    std::unique_ptr<ByteLink> operator()(const FileSource& source) const {
        return std::make_unique<RecordingLink>(source);
    }
    std::unique_ptr<ByteLink> operator()(const QemuSource& source) const {
        const BoardInfo* board = find_board(source.board);
        if (board == nullptr || board->qemu.empty()) {
            throw HostError(exit_bad_input, fmt::format("source 'qemu:{}': boards with an emulator "
                                                        "are {}",
                                                        source.board, emulated_boards()));
        }
        return std::make_unique<QemuLink>(QemuBoard{
            .name = source.board,
            .command = std::string(board->qemu),
            .image = options.image.empty() ? built_image(builds(), source.board) : options.image,
            .counted_time = options.counted_time,
        });
    }
    [[nodiscard]] std::filesystem::path builds() const {
        return options.builds.empty() ? std::filesystem::path(TINYMF_SOURCE_FOLDER) / "build"
                                      : options.builds;
    }
};

} // namespace

std::filesystem::path built_image(const std::filesystem::path& builds, std::string_view board) {
    auto image = builds / board / "bin" / "tinymf-firmware.elf";
    if (!std::filesystem::exists(image)) {
        throw HostError(
            exit_link_failed,
            fmt::format("qemu:{}: no firmware image {}; toolchain/dev build {} makes it", board,
                        image.string(), board));
    }
    return image;
}

std::unique_ptr<ByteLink> open_link(std::string_view source, const LinkOptions& options) {
    return std::visit(Opener{options}, parse_link_source(source));
}

} // namespace tinymf::host
