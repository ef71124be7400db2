// SPDX-License-Identifier: Apache-2.0
#include "capture/run_times.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tinymf::host {

std::string to_text(const stream::TicksFrame& ticks) {
    if (ticks.missed == 0) {
        return fmt::format("{} ticks of {} counts, none missed, worst lateness {} counts",
                           ticks.last_tick, ticks.period, ticks.worst_late);
    }
    return fmt::format("{} ticks of {} counts, {} missed (first {}, last {}), worst lateness {} "
                       "counts",
                       ticks.last_tick, ticks.period, ticks.missed, ticks.first_missed,
                       ticks.last_missed, ticks.worst_late);
}

nlohmann::json to_json(const stream::TicksFrame& ticks) {
    const auto or_none = [&ticks](std::uint32_t tick) {
        return ticks.missed == 0 ? nlohmann::json() : nlohmann::json(tick);
    };
    return {{"period", ticks.period},
            {"last", ticks.last_tick},
            {"missed", ticks.missed},
            {"worst_late", ticks.worst_late},
            {"first_missed", or_none(ticks.first_missed)},
            {"last_missed", or_none(ticks.last_missed)}};
}

nlohmann::json to_json(const std::vector<PhaseTimes>& times, const TimeUnit& unit) {
    nlohmann::json phases = nlohmann::json::array();
    for (const PhaseTimes& phase : times) {
        phases.push_back({{"phase", name_of(phase)},
                          {"samples", phase.samples},
                          {"least", phase.least * unit.per_count},
                          {"mean", phase.mean() * unit.per_count},
                          {"most", phase.most * unit.per_count},
                          {"histogram", phase.histogram}});
    }
    return {{"unit", unit.name}, {"per_count", unit.per_count}, {"phases", phases}};
}

TimeUnit time_unit(const CaptureMetadata& metadata, const DeviceIntroduction& device) {
    constexpr double instructions_per_second = 1e9; // of QEMU's counted time
    if (metadata.source == "emulation") {
        return {.name = "counts of a clock that stands still", .per_count = 1.0};
    }
    if (metadata.source.ends_with(counted_time_mark)) {
        return {.name = "instructions", .per_count = instructions_per_second / device.counter_rate};
    }
    if (metadata.source.starts_with("qemu:")) {
        return {.name = "counts of the emulator's own time", .per_count = 1.0};
    }
    constexpr std::uint8_t core_cycles = 0;
    return {.name = device.counter_unit == core_cycles ? "cycles" : "timer ticks",
            .per_count = 1.0};
}

} // namespace tinymf::host
