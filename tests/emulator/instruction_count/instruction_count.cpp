// SPDX-License-Identifier: Apache-2.0
// Counts the work of models on the board and prints one line a figure. Under an emulator whose
// clock advances by instructions the counts are instructions; on a board they are cycles.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <span>
#include <string_view>

#include "board.hpp"
#include "conformance/text_line.hpp"
#include "count_report.hpp"
#include "mean_field_counts.hpp"
#include "network_counts.hpp"
#include "observation_counts.hpp"
#include "tinymf/model/activation.hpp"
#include "tinymf/model/coupling.hpp"
#include "tinymf/network/couplings.hpp"

namespace tinymf::firmware {
namespace {

using model::CouplingKind;

constexpr std::size_t neurons = counted_neurons;
using Vector = std::array<float, neurons>;

using Simulated = CountedNetwork;

// Made in main: Eigen's vectors have no constexpr constructor, and start-up runs none.
alignas(Simulated) std::byte simulated_memory[sizeof(Simulated)];
network::Couplings<float, neurons, CouplingKind::sign> signs;
network::Couplings<float, neurons, CouplingKind::procedural> procedural;
Vector input;
Vector output;

template <class Matrix>
void report_product(BoardPort& port, std::string_view name, std::uint32_t rounds,
                    const Matrix& couplings) {
    report(port, name, rounds, neurons * neurons, [&couplings] {
        couplings.multiply(std::span<const float, neurons>(input),
                           std::span<float, neurons>(output));
    });
}

void report_tanh(BoardPort& port, std::string_view name, std::uint32_t rounds, float value) {
    input.fill(value);
    const model::Activation<float> activation{.kind = model::ActivationKind::tanh};
    report(port, name, rounds, neurons, [&activation] { activation.apply(input, output); });
}

void run(BoardPort& port) {
    auto& simulated = *new (simulated_memory) Simulated;
    TextLine{port} << "NEURONS " << static_cast<std::uint32_t>(neurons);
    TextLine{port} << "COUNTS_PER_SECOND " << BoardPort::cycles_per_second;

    simulated.configure({.gain = 3.0F, .seed = 58});
    report(port, "euler_step", 200, 1, [&simulated] { simulated.step(); });
    std::copy_n(simulated.state(0).begin(), neurons, input.begin());
    report_product(port, "gaussian_term", 200, simulated.couplings());
    signs.draw(58, 0.0F);
    report_product(port, "sign_term", 200, signs);
    procedural.draw(58, 0.0F);
    report_product(port, "procedural_term", 2, procedural);

    // Fixed work: the counts of all inputs agree where an instruction's work is its own.
    report_tanh(port, "tanh", 1000, 0.7F);
    report_tanh(port, "tanh_zero", 1000, 0.0F);
    report_tanh(port, "tanh_saturated", 1000, 1e30F);
    report_tanh(port, "tanh_subnormal", 1000, 0x1p-140F);
    report_tanh(port, "tanh_nan", 1000, std::numeric_limits<float>::quiet_NaN());
    report_network(port, simulated_memory);
    report_mean_field(port);
    report_observation(port);
    TextLine{port} << "COUNTED";
}

} // namespace
} // namespace tinymf::firmware

int main() {
    tinymf::firmware::BoardPort port;
    port.init();
    tinymf::firmware::run(port);
    for (;;) {
        port.wait(0, 0);
    }
}
