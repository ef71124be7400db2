// SPDX-License-Identifier: Apache-2.0
#include "reference/rounding_growth.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include "reference/scheme_run.hpp"

namespace tinymf::host {
namespace {

using Eigen::ArrayXd;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Eigen::Index persistent_copies = rounding_copies / 2;

/// Standard deviation of one step's rounding error, by neuron.
class StepRounding {
public:
    StepRounding(const NetworkProblem& problem, const NetworkEquation& equation)
        : roundoff_{unit_roundoff(problem)}, dt_{problem.parameters.dt},
          stages_{model::stages(problem.parameters.integrator)},
          row_power_{equation.couplings().rowwise().squaredNorm()},
          noise_power_{problem.parameters.noise * problem.parameters.noise * dt_} {}

    [[nodiscard]] ArrayXd at(const SchemeRun& run) const {
        const NetworkEquation& equation = run.equation();
        const VectorXd x = run.states().col(0);
        const double neurons = static_cast<double>(x.size());
        const double rate_power = equation.activation().values(x).squaredNorm() / neurons;
        const ArrayXd recurrent = equation.recurrent_input(x);
        const ArrayXd external = run.external_input(0.0);
        const double gain_squared = equation.gain() * equation.gain();

        // Partial sums of J phi grow from one term to the whole: at most N of their squares.
        const ArrayXd sum = neurons * (gain_squared * rate_power * row_power_ + recurrent.square());
        // An activation's ulp is two units of roundoff.
        const ArrayXd rates =
            4.0 * activation_ulps * activation_ulps * gain_squared * rate_power * row_power_;
        const ArrayXd drive = sum + rates + 2.0 * recurrent.square() + 2.0 * external.square();
        // alpha, alpha x and the new state; sqrt(nu), its product and its sum.
        const ArrayXd state = 4.0 * x.array().square() + 3.0 * noise_power_;
        return roundoff_ * (state + dt_ * dt_ * static_cast<double>(stages_) * drive).sqrt();
    }

private:
    double roundoff_;
    double dt_;
    int stages_;
    ArrayXd row_power_;
    double noise_power_;
};

/// Displacements' signs: fixed in the first half of the columns, fresh in the others.
class Signs {
public:
    explicit Signs(Eigen::Index neurons) : signs_(neurons, rounding_copies) {
        draw(0, rounding_copies);
    }

    const MatrixXd& next() {
        draw(persistent_copies, rounding_copies);
        return signs_;
    }

private:
    void draw(Eigen::Index first, Eigen::Index last) {
        for (Eigen::Index column = first; column < last; ++column) {
            for (Eigen::Index row = 0; row < signs_.rows(); ++row) {
                signs_(row, column) = (bits_() & 1U) != 0U ? 1.0 : -1.0;
            }
        }
    }

    MatrixXd signs_;
    std::mt19937_64 bits_{20240229};
};

/// Column 0 is the undisplaced scheme, the others its copies.
double largest_deviation(const MatrixXd& states) {
    const MatrixXd squares =
        (states.rightCols(rounding_copies).colwise() - states.col(0)).array().square();
    const double persistent = squares.leftCols(persistent_copies).rowwise().mean().maxCoeff();
    const double fresh = squares.rightCols(persistent_copies).rowwise().mean().maxCoeff();
    return std::sqrt(std::max(persistent, fresh));
}

} // namespace

std::vector<double> rounding_bounds(const NetworkProblem& problem, const DrawnNetwork& drawn,
                                    std::uint32_t replica, double stop_at) {
    SchemeRun run(problem, parameters_in_run(problem), drawn, replica, 1 + rounding_copies);
    const StepRounding rounding(problem, run.equation());
    Signs signs(run.equation().neurons());
    std::vector<double> bounds;
    for (const std::uint32_t step : problem.state_steps) {
        while (run.step_index() < step) {
            const ArrayXd size = rounding.at(run);
            run.advance();
            run.states().rightCols(rounding_copies).array() +=
                signs.next().array().colwise() * size;
        }
        bounds.push_back(rounding_deviations * largest_deviation(run.states()));
        if (bounds.back() > stop_at) {
            break;
        }
    }
    return bounds;
}

} // namespace tinymf::host
