// SPDX-License-Identifier: Apache-2.0
// A sweep file beside its experiment. What is accepted has jobs whose experiments read again as the
// same.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include <toml++/toml.h>

#include "base/host_error.hpp"
#include "experiment/toml_source.hpp"
#include "fuzz/execution_limits.hpp"
#include "fuzz/refusal.hpp"
#include "fuzz/round_trip.hpp"
#include "fuzz/temporary_folder.hpp"
#include "sweep/sweep.hpp"

namespace tinymf::fuzz {
namespace {

constexpr std::size_t most_jobs = 100;

/// The sweep's folder, with an experiment in it.
const std::filesystem::path& folder() {
    static const std::filesystem::path path = [] {
        std::ofstream(temporary_folder() / "base.toml")
            << "schema = 1\n[model]\nsteps = 40\n[network]\nneurons = 16\n"
               "[mean_field]\nmethod = \"gaussian_closure\"\npoints = 20\n";
        return temporary_folder();
    }();
    return path;
}

/// At least as many as a table's lists and counts can multiply to, wherever they stand.
std::size_t product_of(const toml::node& node) {
    constexpr std::size_t plenty = std::numeric_limits<std::size_t>::max() / 1'000'000;
    if (const toml::array* list = node.as_array()) {
        return std::clamp<std::size_t>(list->size(), 1, plenty);
    }
    std::size_t product = 1;
    if (const toml::table* table = node.as_table()) {
        for (const auto& [key, value] : *table) {
            const bool count = key.str() == "count" || key.str() == "seeds";
            const auto number = value.value_exact<std::int64_t>().value_or(1);
            const std::size_t factor =
                count ? static_cast<std::size_t>(std::clamp<std::int64_t>(number, 1, 1'000'000))
                      : product_of(value);
            product = std::min(product * std::min(factor, plenty / product + 1), plenty);
        }
    }
    return product;
}

/// Every job's experiment is validated: so that an execution stays short, most files that make many
/// are left to the file that is too large on purpose, which the unit tests have.
bool is_small(const std::string& text) {
    try {
        return product_of(host::parse_toml(text, "drawn.toml")) <= most_jobs;
    } catch (const host::HostError&) {
        return true;
    }
}

void read(const std::string& text) {
    const std::filesystem::path file = folder() / "drawn.toml";
    std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
    std::optional<host::Sweep> sweep;
    const int code = exit_code_of([&] { sweep = host::load_sweep(file); });
    TINYMF_ASSERT(sweep ? code == host::exit_passed : code == host::exit_bad_input);
    if (!sweep) {
        return;
    }
    TINYMF_ASSERT(sweep->jobs() >= 1 && sweep->jobs() <= most_jobs);
    for (std::size_t job = 0; job < sweep->jobs(); ++job) {
        const host::Experiment experiment = sweep->experiment_of(job);
        TINYMF_ASSERT(host::parse_experiment(experiment.text, "again.toml").text ==
                      experiment.text);
        TINYMF_ASSERT(experiment.parameters.seed == sweep->seed_of(job));
        TINYMF_ASSERT(sweep->values_at(job / sweep->seeds).size() == sweep->axes.size());
    }
    for (const host::SweepAxis& axis : sweep->axes) {
        for (const host::SweepValue& value : axis.values) {
            TINYMF_ASSERT(!value.shown.dump().empty());
        }
    }
    for (const host::SweepPlot& plot : sweep->plots) {
        TINYMF_ASSERT(plot.axis < sweep->axes.size() && !plot.columns.empty());
    }
}

} // namespace
} // namespace tinymf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tinymf::fuzz;
    const std::string text(reinterpret_cast<const char*>(data), size);
    // Anything named by an absolute path may be any file of this machine.
    if (text.find("\"/") != std::string::npos || text.find("'/") != std::string::npos) {
        return 0;
    }
    if (text.find('\0') == std::string::npos && is_small(text)) {
        static_cast<void>(folder());
        const ExecutionLimits limits(
            {.bytes = size, .computing = std::chrono::milliseconds(30 * most_jobs)});
        read(text);
    }
    return 0;
}
