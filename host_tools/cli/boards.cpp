// SPDX-License-Identifier: Apache-2.0
#include "boards/board_info.hpp"

#include <memory>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "diagnostics/host_error.hpp"
#include "profiles/host_models.hpp"
#include "session/device_introduction.hpp"

namespace tinymf::host {
namespace {

nlohmann::json profiles_json(std::span<const experiment::ProfileInfo> profiles) {
    auto list = nlohmann::json::array();
    for (const experiment::ProfileInfo& profile : profiles) {
        list.push_back({{"profile", profile_text(profile)},
                        {"neurons", profile.neurons},
                        {"replicas", profile.replicas},
                        {"bytes", profile.bytes}});
    }
    return list;
}

void print_json() {
    auto list = nlohmann::json::array();
    for (const BoardInfo& board : boards()) {
        list.push_back({{"name", board.name},
                        {"core", board.core},
                        {"clock_hz", board.clock_hz},
                        {"flash_bytes", board.flash_bytes},
                        {"ram_bytes", board.ram_bytes},
                        {"label", board.label},
                        {"qemu", board.qemu},
                        {"profiles", profiles_json(board.profiles)}});
    }
    const nlohmann::json all{{"boards", list},
                             {"host", {{"profiles", profiles_json(HostEngine::profiles)}}}};
    fmt::print("{}\n", all.dump());
}

std::string size_text(std::uint32_t bytes) {
    constexpr std::uint32_t kibi = 1024;
    return bytes % (kibi * kibi) == 0 ? fmt::format("{} MiB", bytes / (kibi * kibi))
                                      : fmt::format("{} KiB", bytes / kibi);
}

void print_profiles(std::span<const experiment::ProfileInfo> profiles) {
    for (const experiment::ProfileInfo& profile : profiles) {
        fmt::print("    {:<38} {:>9} bytes\n", profile_text(profile), profile.bytes);
    }
}

void print_text() {
    for (const BoardInfo& board : boards()) {
        fmt::print("{}  {}, {} MHz, {} flash, {} RAM; {}\n", board.name, board.core,
                   board.clock_hz / 1000000U, size_text(board.flash_bytes),
                   size_text(board.ram_bytes), board.label);
        print_profiles(board.profiles);
    }
    fmt::print("host  this program, for emulate\n");
    print_profiles(HostEngine::profiles);
}

} // namespace

void add_boards(CLI::App& program, Action& chosen) {
    CLI::App* command =
        program.add_subcommand("boards", "List boards, the profiles they carry and their sizes");
    const auto json = std::make_shared<bool>(false);
    command->add_flag("--json", *json, "Print one JSON object");
    command->callback([json, &chosen] {
        chosen = [json] {
            *json ? print_json() : print_text();
            return exit_passed;
        };
    });
}

} // namespace tinymf::host
