// SPDX-License-Identifier: Apache-2.0
#include "plan/budgets.hpp"

#include <algorithm>
#include <functional>

#include <toml++/toml.h>

#include "tinymf/mean_field/method.hpp"
#include "tinymf/model/coupling.hpp"

namespace tinymf::host {
namespace {

constexpr std::string_view budgets_text =
#include "budgets_text.inc"
    ;

const toml::table& file() {
    static const toml::table table = toml::parse(budgets_text);
    return table;
}

template <class Value>
std::map<std::string, Value, std::less<>> numbers_of(const toml::table* table) {
    std::map<std::string, Value, std::less<>> numbers;
    if (table != nullptr) {
        for (const auto& [name, value] : *table) {
            numbers.emplace(name.str(), static_cast<Value>(value.value_or(0.0)));
        }
    }
    return numbers;
}

std::uint32_t bytes_of(const toml::table& entry, std::string_view name) {
    return entry[name].value_or<std::uint32_t>(0);
}

BoardBudget read(const toml::table& entry) {
    return {.flash = bytes_of(entry, "flash"),
            .static_ram = bytes_of(entry, "static_ram"),
            .stack_reserve = bytes_of(entry, "stack_reserve"),
            .stack_bound = bytes_of(entry, "stack_bound"),
            .profile_flash = numbers_of<std::uint32_t>(entry["profile_flash"].as_table()),
            .instructions = numbers_of<double>(entry["instructions"].as_table())};
}

constexpr std::string_view observed = "observed";

std::string_view kind_name(const experiment::ProfileInfo& profile) {
    return profile.kind == experiment::ModelKind::network
               ? model::coupling_names.at(static_cast<std::size_t>(profile.coupling))
               : mean_field::method_names.at(static_cast<std::size_t>(profile.method));
}

/// Cortex-M0+ runs the instructions of Cortex-M0 (ARMv6-M), in fewer cycles.
std::string_view instruction_set(std::string_view core) {
    return core == "cortex-m0plus" ? "cortex-m0" : core;
}

std::uint32_t flash_of_kind(const BoardBudget& board, std::string_view kind) {
    if (const auto own = board.profile_flash.find(kind); own != board.profile_flash.end()) {
        return own->second;
    }
    std::uint32_t most = 0;
    for (const BoardInfo& other : boards()) {
        if (const auto budget = find_budget(other.name)) {
            const auto found = budget->profile_flash.find(kind);
            most = std::max(most, found == budget->profile_flash.end() ? 0 : found->second);
        }
    }
    return most;
}

} // namespace

std::optional<BoardBudget> find_budget(std::string_view board) {
    const toml::table* entry = file()[board].as_table();
    return entry == nullptr ? std::nullopt : std::optional(read(*entry));
}

std::optional<CountedInstructions> instructions_for(const BoardInfo& board) {
    const auto own = find_budget(board.name);
    if (own && !own->instructions.empty()) {
        return CountedInstructions{board.name, own->instructions};
    }
    for (const BoardInfo& other : boards()) {
        if (instruction_set(other.core) != instruction_set(board.core)) {
            continue;
        }
        const auto budget = find_budget(other.name);
        if (budget && !budget->instructions.empty()) {
            return CountedInstructions{other.name, budget->instructions};
        }
    }
    return std::nullopt;
}

std::uint32_t flash_of_profile(const BoardBudget& board, const experiment::ProfileInfo& profile) {
    const std::uint32_t model = flash_of_kind(board, kind_name(profile));
    return profile.observables == 0 ? model : model + flash_of_kind(board, observed);
}

} // namespace tinymf::host
