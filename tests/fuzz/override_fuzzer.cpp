// SPDX-License-Identifier: Apache-2.0
// Values of --set, a line each, on top of an experiment of either kind. A line feed cannot stand in
// one here; the experiment file's fuzzer has them.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "experiment/experiment.hpp"
#include "fuzz/execution_limits.hpp"
#include "fuzz/round_trip.hpp"

namespace tinymf::fuzz {
namespace {

constexpr std::string_view base = "schema = 1\n"
                                  "[model]\ngain = 1.5\nsteps = 100\n"
                                  "[network]\nneurons = 16\n"
                                  "[stream]\nobserve = [\"autocorrelation\"]\nobserve_lags = 4\n";

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

} // namespace
} // namespace tinymf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tinymf::fuzz;
    // Every override is a small file of its own.
    const auto lines = lines_of({reinterpret_cast<const char*>(data), size});
    const ExecutionLimits limits(
        {.bytes = size, .computing = std::chrono::milliseconds(lines.size())});
    if (const auto experiment = read_and_read_again(base, lines)) {
        // Of one key the last counts, so all of them once more change nothing.
        auto twice = lines;
        twice.insert(twice.end(), lines.begin(), lines.end());
        TINYMF_ASSERT(tinymf::host::parse_experiment(base, "drawn.toml", twice).text ==
                      experiment->text);
    }
    return 0;
}
