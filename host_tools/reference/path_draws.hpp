// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <random>

#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_01.hpp>

#include "reference/mean_field_problem.hpp"

namespace tinymf::host {

/// Which method of the reference draws: no two share numbers.
enum class DrawnBy : std::uint32_t { sample, iteration };

/// Random numbers of the reference's effective neurons: a Mersenne twister of its own, nothing
/// shared with the streams of a recorded run. The same on every platform.
class PathDraws {
public:
    /// `run` separates repetitions.
    PathDraws(std::uint64_t seed, DrawnBy method, std::uint32_t run) {
        std::seed_seq sequence{static_cast<std::uint32_t>(seed),
                               static_cast<std::uint32_t>(seed >> 32U),
                               static_cast<std::uint32_t>(method), run};
        engine_.seed(sequence);
    }

    [[nodiscard]] double normal() { return normal_(engine_); }

    /// x(0) by the experiment's law, less its mean and over its standard deviation.
    [[nodiscard]] double standard_initial(model::InitialKind kind) {
        return kind == model::InitialKind::uniform ? (uniform_(engine_) - 0.5) * std::sqrt(12.0)
                                                   : normal();
    }

private:
    boost::random::mt19937_64 engine_;
    boost::random::normal_distribution<double> normal_;
    boost::random::uniform_01<double> uniform_;
};

} // namespace tinymf::host
