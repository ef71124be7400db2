// SPDX-License-Identifier: Apache-2.0
#include "plan/plan.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/host_error.hpp"
#include "capture/device_introduction.hpp"
#include "capture/profile_choice.hpp"
#include "plan/budgets.hpp"
#include "plan/instruction_model.hpp"
#include "plan/model_bytes.hpp"

namespace tinymf::host {
namespace {

using experiment::ModelKind;
using experiment::ProfileInfo;

/// Flash and RAM of a board's image with a profile.
class ImageForecast {
public:
    ImageForecast(const BoardInfo& board, const BoardBudget& budget)
        : board_{board}, budget_{budget},
          largest_carried_{std::ranges::max(board.profiles, {}, &ProfileInfo::bytes).bytes} {}

    [[nodiscard]] bool carries(const ProfileInfo& wanted) const {
        return std::ranges::any_of(board_.profiles, [&wanted](const ProfileInfo& offered) {
            return serves(offered, wanted);
        });
    }

    [[nodiscard]] Share flash(const ProfileInfo& wanted) const {
        const std::uint32_t added = carries(wanted) ? 0 : flash_of_profile(budget_, wanted);
        return {.needed = static_cast<double>(budget_.flash) + added,
                .available = static_cast<double>(board_.flash_bytes)};
    }

    /// One model at a time is in memory: the largest counts. Nothing for a kind without a size.
    [[nodiscard]] std::optional<std::uint64_t> static_ram(const ProfileInfo& wanted) const {
        if (carries(wanted)) {
            return budget_.static_ram;
        }
        const auto bytes = model_bytes(board_, wanted);
        if (!bytes) {
            return std::nullopt;
        }
        constexpr std::uint64_t alignment = 8;
        const std::uint64_t whole = (*bytes + alignment - 1) / alignment * alignment;
        return budget_.static_ram - largest_carried_ +
               std::max<std::uint64_t>(largest_carried_, whole);
    }

    [[nodiscard]] Share ram(const ProfileInfo& wanted) const {
        return {.needed =
                    static_cast<double>(static_ram(wanted).value_or(0) + budget_.stack_reserve),
                .available = static_cast<double>(board_.ram_bytes)};
    }

    [[nodiscard]] bool fits(const ProfileInfo& wanted) const {
        return flash(wanted).fits() && ram(wanted).fits();
    }

private:
    const BoardInfo& board_;
    const BoardBudget& budget_;
    std::uint32_t largest_carried_;
};

/// Largest value of a member for which the profile fits; sizes grow with each of them.
template <class Number>
std::uint32_t largest(const ImageForecast& image, ProfileInfo profile, Number ProfileInfo::*size,
                      std::uint32_t highest) {
    std::uint32_t fitting = 0;
    for (std::uint32_t beyond = highest + 1U; beyond - fitting > 1U;) {
        const std::uint32_t middle = fitting + (beyond - fitting) / 2U;
        profile.*size = static_cast<Number>(middle);
        (image.fits(profile) ? fitting : beyond) = middle;
    }
    return fitting;
}

LargestShape largest_shape(const ImageForecast& image, const ProfileInfo& profile) {
    constexpr std::uint32_t highest = 65535;
    LargestShape shape;
    if (profile.kind == ModelKind::network) {
        shape.neurons = largest(image, profile, &ProfileInfo::neurons, highest);
        return shape;
    }
    if (profile.method != mean_field::Method::stationary) {
        shape.points = largest(image, profile, &ProfileInfo::points, highest);
    }
    if (profile.method == mean_field::Method::forward) {
        constexpr std::uint32_t most_paths = 1U << 20U;
        shape.trajectories = largest(image, profile, &ProfileInfo::trajectories, most_paths);
    }
    return shape;
}

void plan_time(Plan& plan, const Experiment& experiment, const BoardInfo& board,
               const PlanRequest& request) {
    constexpr double bits_of_byte = 10;
    plan.instructions_per_second =
        request.instructions_per_second > 0 ? request.instructions_per_second : board.clock_hz;
    if (const auto counted = instructions_for(board)) {
        plan.counted_on = counted->board;
        plan.step = instructions_of_step(experiment, *counted, plan.stream);
        if (!plan.step) {
            plan.notes.push_back("instructions: steps of this kind of model were not counted");
        }
    } else {
        plan.notes.push_back("instructions: no emulated board has this core");
    }
    if (plan.step) {
        plan.steps_per_second = plan.instructions_per_second / plan.step->average;
    }
    const std::optional<double> rate =
        request.tick_ms > 0 ? std::optional(1000.0 / request.tick_ms) : plan.steps_per_second;
    if (rate) {
        plan.line =
            Share{.needed = *rate * plan.stream.bytes, .available = request.baud / bits_of_byte};
    }
    if (request.tick_ms > 0 && plan.step) {
        plan.tick = Share{.needed = plan.step->longest,
                          .available = plan.instructions_per_second * request.tick_ms / 1000.0};
    }
}

/// What a board would carry for the experiment: networks come with room for two replicas.
ProfileInfo profile_to_add(const Experiment& experiment) {
    constexpr std::uint8_t usual_replicas = 2;
    ProfileInfo profile = wanted_profile(experiment);
    if (profile.kind == ModelKind::network) {
        profile.replicas = std::max(profile.replicas, usual_replicas);
    }
    return profile;
}

} // namespace

bool Plan::fits() const {
    return flash.fits() && ram.fits() && stack.fits() && (!tick || tick->fits()) &&
           (!line || !is_ticked || line->fits());
}

Plan make_plan(const Experiment& experiment, const BoardInfo& board, const PlanRequest& request) {
    const auto budget = find_budget(board.name);
    if (!budget) {
        throw HostError(exit_bad_input, fmt::format("{0} is not in firmware/budgets.toml; "
                                                    "toolchain/dev budgets {0} measures it",
                                                    board.name));
    }
    const ProfileInfo profile = profile_to_add(experiment);
    const ImageForecast image(board, *budget);
    const auto static_ram = image.static_ram(profile);
    if (!static_ram) {
        throw HostError(exit_bad_input, fmt::format("{}: no board carries a profile like {}",
                                                    experiment.source, profile_text(profile)));
    }
    Plan plan;
    plan.board = board.name;
    plan.profile = profile_text(profile);
    plan.in_image = image.carries(profile);
    plan.flash = image.flash(profile);
    plan.ram = image.ram(profile);
    plan.stack = {.needed = static_cast<double>(budget->stack_bound),
                  .available = static_cast<double>(budget->stack_reserve)};
    plan.static_ram = static_cast<std::uint32_t>(*static_ram);
    plan.stream = stream_rate(experiment);
    plan.is_ticked = request.tick_ms > 0;
    plan.largest = largest_shape(image, profile);
    plan_time(plan, experiment, board, request);
    return plan;
}

} // namespace tinymf::host
