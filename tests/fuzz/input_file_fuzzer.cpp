// SPDX-License-Identifier: Apache-2.0
// The file of --input, CSV. What is accepted reads the same when it is written plainly.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "experiment/experiment.hpp"
#include "experiment/live_input.hpp"
#include "fuzz/execution_limits.hpp"
#include "fuzz/refusal.hpp"
#include "tinymf/experiment/validation.hpp"

namespace tinymf::fuzz {
namespace {

using host::Experiment;
using host::LiveInput;

const Experiment& live_experiment() {
    static const Experiment experiment =
        host::parse_experiment("schema = 1\n[model]\nsteps = 100000\n"
                               "[stimulus]\nkind = \"live\"\n",
                               "live.toml");
    return experiment;
}

std::string plainly_written(const std::vector<LiveInput>& inputs) {
    std::string text;
    for (const LiveInput& input : inputs) {
        text += fmt::format("{},{}\n", input.step, input.value);
    }
    return text;
}

void read(std::string_view text) {
    std::vector<LiveInput> inputs;
    const int code =
        exit_code_of([&] { inputs = host::parse_inputs(text, "drawn.csv", live_experiment()); });
    TINYMF_ASSERT(code == host::exit_passed || code == host::exit_bad_input);
    TINYMF_ASSERT((code == host::exit_passed) == !inputs.empty());
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        TINYMF_ASSERT(inputs[i].step < live_experiment().parameters.steps);
        TINYMF_ASSERT(
            tinymf::experiment::in_range(tinymf::experiment::Field::input, inputs[i].value));
        TINYMF_ASSERT(i == 0 || inputs[i].step > inputs[i - 1].step);
    }
    if (!inputs.empty()) {
        TINYMF_ASSERT(host::parse_inputs(plainly_written(inputs), "again.csv", live_experiment()) ==
                      inputs);
    }
}

} // namespace
} // namespace tinymf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tinymf::fuzz;
    static_cast<void>(live_experiment());
    const ExecutionLimits limits({.bytes = size});
    read({reinterpret_cast<const char*>(data), size});
    return 0;
}
