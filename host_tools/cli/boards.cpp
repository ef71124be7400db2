// SPDX-License-Identifier: Apache-2.0
#include "models/board_info.hpp"

#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/host_error.hpp"
#include "base/nearest_name.hpp"
#include "base/problem_list.hpp"
#include "base/standard_streams.hpp"
#include "capture/device_introduction.hpp"
#include "cli/command.hpp"
#include "models/host_profiles.hpp"

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

void list_in_json(std::span<const BoardInfo* const> chosen, bool with_host) {
    auto list = nlohmann::json::array();
    for (const BoardInfo* board : chosen) {
        list.push_back({{"name", board->name},
                        {"core", board->core},
                        {"clock_hz", board->clock_hz},
                        {"flash_bytes", board->flash_bytes},
                        {"ram_bytes", board->ram_bytes},
                        {"label", board->label},
                        {"qemu", board->qemu},
                        {"profiles", profiles_json(board->profiles)}});
    }
    nlohmann::json all{{"boards", list}};
    if (with_host) {
        all["host"] = {{"profiles", profiles_json(host_profiles())}};
    }
    print_json(all);
}

std::string size_text(std::uint32_t bytes) {
    constexpr std::uint32_t kibi = 1024;
    return bytes % (kibi * kibi) == 0 ? fmt::format("{} MiB", bytes / (kibi * kibi))
                                      : fmt::format("{} KiB", bytes / kibi);
}

std::string profiles_text(std::span<const experiment::ProfileInfo> profiles) {
    std::string text;
    for (const experiment::ProfileInfo& profile : profiles) {
        text += fmt::format("\n    {:<38} {:>9} bytes", profile_text(profile), profile.bytes);
    }
    return text;
}

void list_in_text(std::span<const BoardInfo* const> chosen, bool with_host) {
    for (const BoardInfo* board : chosen) {
        print_result(fmt::format("{}  {}, {} MHz, {} flash, {} RAM; {}{}", board->name, board->core,
                                 board->clock_hz / 1000000U, size_text(board->flash_bytes),
                                 size_text(board->ram_bytes), board->label,
                                 profiles_text(board->profiles)));
    }
    if (with_host) {
        print_result("host  this program, for emulate" + profiles_text(host_profiles()));
    }
}

/// Of the board's name, core, label or emulator.
bool mentions(const BoardInfo& board, std::string_view part) {
    return board.name.find(part) != std::string_view::npos ||
           board.core.find(part) != std::string_view::npos ||
           board.label.find(part) != std::string_view::npos ||
           board.qemu.find(part) != std::string_view::npos;
}

int list_boards(const std::string& filter, bool json) {
    std::vector<const BoardInfo*> chosen;
    std::set<std::string, std::less<>> names{"host"};
    for (const BoardInfo& board : boards()) {
        names.emplace(board.name);
        if (mentions(board, filter)) {
            chosen.push_back(&board);
        }
    }
    const bool with_host = std::string_view("host").find(filter) != std::string_view::npos;
    if (chosen.empty() && !with_host) {
        const std::string nearest = nearest_name(filter, names);
        throw HostError(exit_bad_input,
                        fmt::format("no board's name, core, label or emulator holds '{}'{}",
                                    printable(filter),
                                    nearest.empty() ? "" : "; nearest is " + nearest));
    }
    json ? list_in_json(chosen, with_host) : list_in_text(chosen, with_host);
    return exit_passed;
}

} // namespace

void add_boards(CommandParser& program) {
    Command command =
        program.add_command("boards", "List boards, the profiles they carry and their sizes");
    const auto filter = std::make_shared<std::string>();
    const auto json = std::make_shared<bool>(false);
    command.add_option("filter", *filter,
                       "Only boards whose name, core, label or emulator holds this text; host: "
                       "this program");
    command.add_flag("--json", *json, "Print one JSON object");
    command.runs([filter, json] { return list_boards(*filter, *json); });
}

} // namespace tinymf::host
