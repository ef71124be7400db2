// SPDX-License-Identifier: Apache-2.0
#include "theory/dimension_scatter.hpp"

#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "theory/participation.hpp"
#include "theory/resolvent_loops.hpp"

namespace tinymf::host {
namespace {

using Loops = ResolventLoops;

/// A trace of resolvents and what its frequencies count for.
struct WeightedTrace {
    std::string word;
    double weight;
};

/// tr C and tr C^2 as sums over a few frequencies.
class FrequencySums {
public:
    FrequencySums(const LinearModel& model, double width, int nodes, bool self_couplings)
        : FrequencySums(model, frequency_nodes(model.scheme, width, nodes), self_couplings) {}

    /// The limit of D at these frequencies.
    [[nodiscard]] double dimension() {
        const double trace = leading(traces_);
        return trace * trace / leading(squares_);
    }

    [[nodiscard]] double scatter() {
        const double trace = leading(traces_);
        const double square = leading(squares_);
        const double relative = 4.0 * covariance(traces_, traces_) / (trace * trace) -
                                4.0 * covariance(traces_, squares_) / (trace * square) +
                                covariance(squares_, squares_) / (square * square);
        return trace * trace / square * std::sqrt(relative);
    }

private:
    using Traces = std::vector<WeightedTrace>;

    FrequencySums(const LinearModel& model, const std::vector<FrequencyNode>& nodes,
                  bool self_couplings)
        : loops_(model.gain, model.reciprocity, self_couplings, resolvents(model, nodes)) {
        const auto weight = [&](std::size_t k) {
            return nodes[k].weight * model.scheme.drive_spectrum(model.drive, nodes[k].omega);
        };
        for (std::size_t a = 0; a < nodes.size(); ++a) {
            for (const bool reversed : {false, true}) {
                traces_.push_back({spectrum(a, reversed), weight(a) / 2.0});
            }
            // A trace is that of the transpose: both signs reversed give it once more.
            for (std::size_t b = 0; b <= a; ++b) {
                for (const bool reversed : {false, true}) {
                    squares_.push_back({spectrum(a, false) + spectrum(b, reversed),
                                        (a == b ? 0.5 : 1.0) * weight(a) * weight(b)});
                }
            }
        }
    }

    /// Two neighbours for each frequency: of omega and of -omega.
    static std::vector<std::complex<double>> resolvents(const LinearModel& model,
                                                        const std::vector<FrequencyNode>& nodes) {
        std::vector<std::complex<double>> z;
        for (const FrequencyNode& node : nodes) {
            z.push_back(model.scheme.inverse_filter(node.omega));
            z.push_back(std::conj(z.back()));
        }
        return z;
    }

    /// C at node k: the resolvent at omega times the transpose of that at -omega, or reversed.
    static std::string spectrum(std::size_t k, bool reversed) {
        const std::size_t first = 2 * k + (reversed ? 1 : 0);
        const std::size_t second = 2 * k + (reversed ? 0 : 1);
        return {Loops::direct(first), Loops::transposed(second)};
    }

    double leading(const Traces& traces) {
        double sum = 0.0;
        for (const WeightedTrace& trace : traces) {
            sum += trace.weight * loops_.leading(trace.word).real();
        }
        return sum;
    }

    double covariance(const Traces& first, const Traces& second) {
        const bool same = &first == &second;
        double sum = 0.0;
        for (std::size_t i = 0; i < first.size(); ++i) {
            for (std::size_t j = 0; j < (same ? i + 1 : second.size()); ++j) {
                const double times = same && i != j ? 2.0 : 1.0;
                sum += times * first[i].weight * second[j].weight *
                       loops_.covariance(first[i].word, second[j].word).real();
            }
        }
        return sum;
    }

    Loops loops_;
    Traces traces_;
    Traces squares_;
};

/// Widths of the frequencies' substitution to choose from: the one that suits a near instability,
/// the one in which a grid of time steps has equidistant frequencies, and one between.
std::array<double, 3> widths_for(const LinearModel& model) {
    const double narrow = model.frequency_width();
    const double wide =
        model.scheme.continuous() ? 1.0 : std::numbers::pi / (2.0 * model.scheme.dt());
    return {narrow, std::sqrt(narrow * wide), wide};
}

} // namespace

std::optional<double> dimension_scatter(const LinearModel& model, bool self_couplings) {
    struct Effort {
        int nodes;
        double accuracy;
    };
    const double dimension = linear_covariance_statistics(model).input_dimension;
    for (const auto [nodes, accuracy] : {Effort{4, 1e-5}, Effort{6, 1e-5}, Effort{8, 1e-4}}) {
        for (const double width : widths_for(model)) {
            FrequencySums sums(model, width, nodes, self_couplings);
            if (std::abs(sums.dimension() / dimension - 1.0) < accuracy) {
                return sums.scatter();
            }
        }
    }
    return std::nullopt;
}

} // namespace tinymf::host
