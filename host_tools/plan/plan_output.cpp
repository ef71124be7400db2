// SPDX-License-Identifier: Apache-2.0
#include "plan/plan_output.hpp"

#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tinymf::host {
namespace {

nlohmann::json share_json(const Share& share) {
    return {{"needed", share.needed},
            {"available", share.available},
            {"margin", share.margin()},
            {"fits", share.fits()}};
}

template <class Value>
nlohmann::json number_or_null(const std::optional<Value>& value) {
    return value ? nlohmann::json(*value) : nlohmann::json();
}

std::string share_text(std::string_view name, const Share& share, std::string_view unit) {
    return fmt::format("{:<13}{:.0f} of {:.0f} {}: {} {:.0f}\n", name, share.needed,
                       share.available, unit, share.fits() ? "leaves" : "LACKS",
                       share.fits() ? share.margin() : -share.margin());
}

std::string time_text(const Plan& plan) {
    std::string text;
    if (plan.step) {
        text += fmt::format("step         {:.0f} instructions, counted on {} under QEMU: {:.1f} "
                            "steps a second at {:.4g} instructions a second\n",
                            plan.step->average, plan.counted_on, *plan.steps_per_second,
                            plan.instructions_per_second);
    }
    if (plan.step && plan.step->longest > plan.step->average) {
        text += fmt::format("longest step {:.0f} instructions\n", plan.step->longest);
    }
    if (plan.tick) {
        text += share_text("tick", *plan.tick, "instructions");
    }
    text += fmt::format("stream       {:.2f} bytes in {:.2f} frames a step\n", plan.stream.bytes,
                        plan.stream.frames);
    if (plan.line && (plan.is_ticked || plan.line->fits())) {
        text += share_text("line", *plan.line, "bytes a second");
    } else if (plan.line) {
        text += fmt::format("line         {:.0f} bytes a second: sustains {:.1f} steps a second\n",
                            plan.line->available, plan.line->available / plan.stream.bytes);
    }
    return text;
}

std::string largest_text(const LargestShape& largest) {
    std::string text;
    const auto add = [&text](std::string_view name, const std::optional<std::uint32_t>& value) {
        if (value) {
            text += fmt::format("{}{} {}", text.empty() ? "largest      " : ", or ", *value, name);
        }
    };
    add("neurons", largest.neurons);
    add("points", largest.points);
    add("trajectories", largest.trajectories);
    return text.empty() ? text : text + '\n';
}

} // namespace

nlohmann::json to_json(const Plan& plan) {
    return {{"board", plan.board},
            {"profile", plan.profile},
            {"in_image", plan.in_image},
            {"fits", plan.fits()},
            {"flash", share_json(plan.flash)},
            {"ram", share_json(plan.ram)},
            {"static_ram", plan.static_ram},
            {"stack", share_json(plan.stack)},
            {"instructions",
             {{"per_step", plan.step ? nlohmann::json(plan.step->average) : nlohmann::json()},
              {"longest_step", plan.step ? nlohmann::json(plan.step->longest) : nlohmann::json()},
              {"counted_on", plan.counted_on},
              {"per_second", plan.instructions_per_second},
              {"steps_per_second", number_or_null(plan.steps_per_second)},
              {"tick", plan.tick ? share_json(*plan.tick) : nlohmann::json()}}},
            {"stream",
             {{"bytes_per_step", plan.stream.bytes},
              {"payload_bytes_per_step", plan.stream.payload_bytes},
              {"frames_per_step", plan.stream.frames},
              {"bytes_per_second", plan.line ? share_json(*plan.line) : nlohmann::json()}}},
            {"largest",
             {{"neurons", number_or_null(plan.largest.neurons)},
              {"points", number_or_null(plan.largest.points)},
              {"trajectories", number_or_null(plan.largest.trajectories)}}},
            {"notes", plan.notes}};
}

std::string to_text(const Plan& plan) {
    std::string text = fmt::format("{}, {}: {}{}\n", plan.board, plan.profile,
                                   plan.fits() ? "fits" : "DOES NOT FIT",
                                   plan.in_image ? "" : ", once the profile is added to its image");
    text += share_text("flash", plan.flash, "bytes");
    text += share_text("RAM", plan.ram, "bytes with the stack");
    text += share_text("stack", plan.stack, "bytes");
    text += time_text(plan);
    text += largest_text(plan.largest);
    for (const std::string& note : plan.notes) {
        text += note + '\n';
    }
    text.pop_back();
    return text;
}

} // namespace tinymf::host
