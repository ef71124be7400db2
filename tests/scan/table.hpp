// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "tinymf/experiment/parameters.hpp"

namespace tinymf::scan {

using model::ActivationKind;
using model::NoiseKind;
using Parameters = experiment::Parameters<double>;

/// The worst error of one quantity, in units of its bound.
struct Worst {
    std::string bound;
    std::uint64_t points = 0;
    double error = 0.0;
    double share = 0.0; ///< of the bound at its place
    std::string place;
};

class Table {
public:
    void record(const std::string& quantity, const std::string& bound_text, double error,
                double bound, const std::string& place) {
        Worst& worst = quantities_[quantity];
        worst.bound = bound_text;
        ++worst.points;
        const bool numbers = std::isfinite(error) && std::isfinite(bound);
        const double share = !numbers ? 1e300 : error == 0.0 ? 0.0 : error / bound;
        if (share >= worst.share) {
            worst.share = share;
            worst.error = error;
            worst.place = place;
        }
    }

    /// A value that must lie within its possible range.
    void require(const std::string& quantity, bool inside, double value, const std::string& place) {
        ++ranged_;
        if (!inside) {
            outside_.push_back(fmt::format("{} = {} at {}", quantity, value, place));
        }
    }

    [[nodiscard]] bool print() const {
        bool kept = outside_.empty();
        fmt::print("| quantity | points | worst error | bound | share | at |\n"
                   "| - | - | - | - | - | - |\n");
        for (const auto& [name, worst] : quantities_) {
            fmt::print("| {} | {} | {:.1e} | {} | {:.2g} | {} |\n", name, worst.points, worst.error,
                       worst.bound, worst.share, worst.place);
            if (!(worst.share <= 1.0)) {
                fmt::print("\n{}: {:.2f} of its bound\n\n", name, worst.share);
                kept = false;
            }
        }
        fmt::print("\n{} values were asked to lie within their possible ranges; outside: {}.\n",
                   ranged_, outside_.size());
        for (const std::string& value : outside_) {
            fmt::print("- {}\n", value);
        }
        return kept;
    }

private:
    std::map<std::string, Worst> quantities_;
    std::vector<std::string> outside_;
    std::uint64_t ranged_ = 0;
};

/// Which points of the grid are taken: all, or a random part.
class Choice {
public:
    explicit Choice(std::optional<std::uint64_t> seed) : thin_{seed}, random_{seed.value_or(0)} {}
    /// One in 12; of points that cost much, one in 12 times as many.
    [[nodiscard]] bool take(unsigned cost = 1) {
        return !thin_ || random_() % (std::uint64_t{12} * cost) == 0;
    }

private:
    std::optional<std::uint64_t> thin_;
    std::mt19937_64 random_;
};

[[nodiscard]] inline std::string name(ActivationKind kind) {
    return std::string(model::activation_names[static_cast<std::size_t>(kind)]);
}

[[nodiscard]] inline std::string place_of(const Parameters& p) {
    std::string text =
        fmt::format("{} g {:.6g} sigma {:.4g} {}", name(p.activation), p.gain, p.noise,
                    model::noise_names[static_cast<std::size_t>(p.noise_kind)]);
    if (p.noise_kind == NoiseKind::colored) {
        text += fmt::format(" tc {:.4g}", p.noise_time);
    }
    if (p.activation == ActivationKind::power_law) {
        text += fmt::format(" p {:.4g}", p.exponent);
    }
    return p.reciprocity != 0.0 ? text + fmt::format(" eta {:.4g}", p.reciprocity) : text;
}

[[nodiscard]] inline Parameters parameters_of(ActivationKind activation, double gain, double noise,
                                              NoiseKind kind, double time = 1.0) {
    Parameters p;
    p.activation = activation;
    p.gain = gain;
    p.noise = noise;
    p.noise_kind = kind;
    p.noise_time = time;
    return p;
}

/// Where correlations are looked at.
inline const std::vector<double> lags{0.0, 0.5, 1.0, 2.0, 5.0};

} // namespace tinymf::scan
