// SPDX-License-Identifier: Apache-2.0
#include "reference/rounding_growth.hpp"

#include <cmath>
#include <random>

#include "reference/local_rounding.hpp"
#include "reference/scheme_run.hpp"

namespace tinymf::host {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// Column 0 is the undisplaced scheme; then the copies with random signs, then one for each kind of
// coefficient.
constexpr Index random_copies = rounding_copies;
constexpr Index persistent_copies = random_copies / 2;
constexpr Index leak_copy = 1 + random_copies;
constexpr Index increment_copy = leak_copy + 1;
constexpr Index noise_copy = increment_copy + 1;
constexpr Index sine_copy = noise_copy + 1;
constexpr Index columns = sine_copy + 1;

} // namespace

class RoundingGrowth::Copies {
public:
    Copies(const NetworkProblem& problem, const DrawnNetwork& drawn, std::uint32_t replica)
        : parameters_{parameters_in_run(problem)},
          run_(problem, parameters_, drawn, replica, columns), rounding_(problem, run_.equation()),
          signs_(run_.equation().neurons(), random_copies),
          field_errors_{MatrixXd::Zero(run_.equation().neurons(), columns)} {
        draw_signs(0);
        displace_drawn_field();
    }

    [[nodiscard]] std::uint32_t step_index() const { return run_.step_index(); }

    void advance() {
        draw_signs(persistent_copies);
        const VectorXd before = run_.states().col(0);
        const VectorXd field = run_.noise().field();
        const VectorXd increment = run_.noise().increment();
        const double begin = run_.step_index() * parameters_.dt;
        VectorXd first_drive;
        Index stage = 0;
        const auto drive = [&](const MatrixXd& x, double offset) -> MatrixXd {
            MatrixXd at = x;
            if (stage > 0) {
                displace(at, rounding_.of_stage(x.col(0)));
            }
            const VectorXd external = run_.external_input(offset);
            MatrixXd f = run_.equation().recurrent_input(at).colwise() + external;
            if (stage == 0) {
                first_drive = f.col(0);
            }
            ++stage;
            f += field_errors_;
            displace(f, rounding_.of_drive(x.col(0), external));
            f.col(sine_copy).array() += rounding_.of_sine(begin + offset * parameters_.dt);
            return f;
        };
        run_.advance_with(drive, increment.replicate(1, columns));
        MatrixXd& states = run_.states();
        displace(states, rounding_.of_state(before, states.col(0), increment));
        states.col(leak_copy) += leak_error(before, first_drive);
        states.col(increment_copy) += 3.0 * rounding_.unit() * (states.col(0) - before - increment);
        states.col(noise_copy) += increment_error() * increment;
        advance_field_errors(field);
    }

    [[nodiscard]] double bound() const {
        const MatrixXd deviations =
            (run_.states().rightCols(columns - 1).colwise() - run_.states().col(0)).cwiseAbs();
        const VectorXd random = deviations.leftCols(random_copies).rowwise().maxCoeff();
        const VectorXd coefficients =
            deviations.rightCols(columns - 1 - random_copies).rowwise().sum();
        return (random + coefficients).maxCoeff();
    }

private:
    /// New signs from the copy `first` on.
    void draw_signs(Index first) {
        for (Index column = first; column < signs_.cols(); ++column) {
            for (Index row = 0; row < signs_.rows(); ++row) {
                signs_(row, column) = (bits_() & 1U) != 0U ? 1.0 : -1.0;
            }
        }
    }

    /// By so many standard deviations of an error, in the copies with random signs.
    void displace(MatrixXd& values, const VectorXd& deviation) const {
        values.middleCols(1, random_copies).array() +=
            signs_.array().colwise() * (rounding_deviations * deviation).array();
    }

    [[nodiscard]] bool exponential() const {
        return parameters_.integrator == model::IntegratorKind::exponential_euler;
    }
    [[nodiscard]] double decay_error() const {
        return std::exp(-parameters_.dt) * rounding_.of_decay(parameters_.dt);
    }

    /// 1 - dt is rounded once; e^-dt as the run computes it is also that in 1 - e^-dt.
    [[nodiscard]] VectorXd leak_error(const VectorXd& x, const VectorXd& drive) const {
        return exponential() ? VectorXd(decay_error() * (x - drive))
                             : VectorXd(rounding_.unit() * x);
    }

    /// Relative error of sqrt(nu), three operations; with the exponential scheme nu is made of
    /// e^-dt.
    [[nodiscard]] double increment_error() const {
        const double own = 3.0 * rounding_.unit();
        return exponential() ? own + std::exp(-parameters_.dt) * decay_error() /
                                         -std::expm1(-2.0 * parameters_.dt)
                             : own;
    }

    void displace_drawn_field() {
        field_errors_.setZero();
        displace(field_errors_, rounding_.of_field(run_.noise().field()));
        field_errors_.col(noise_copy) = rounding_.unit() * run_.noise().field();
    }

    /// The coloured field xi <- e xi + k n remembers its errors as it remembers itself. An error of
    /// e also changes k = sigma sqrt(1 - e^2).
    void advance_field_errors(const VectorXd& before) {
        const VectorXd& field = run_.noise().field();
        if (parameters_.noise_kind == model::NoiseKind::frozen) {
            if (parameters_.noise_hold != 0 && run_.step_index() % parameters_.noise_hold == 0) {
                displace_drawn_field();
            }
            return;
        }
        if (parameters_.noise_kind != model::NoiseKind::colored) {
            return;
        }
        const double lag = parameters_.dt / parameters_.noise_time;
        const double decay = std::exp(-lag);
        const double error = decay * rounding_.of_decay(lag);
        const VectorXd kick = field - decay * before;
        field_errors_ *= decay;
        displace(field_errors_, rounding_.of_field(field));
        field_errors_.col(noise_copy) +=
            error * before +
            (3.0 * rounding_.unit() - decay * error / -std::expm1(-2.0 * lag)) * kick;
    }

    experiment::Parameters<double> parameters_;
    SchemeRun run_;
    LocalRounding rounding_;
    MatrixXd signs_;
    MatrixXd field_errors_;
    std::mt19937_64 bits_{20240229};
};

RoundingGrowth::RoundingGrowth(const NetworkProblem& problem, const DrawnNetwork& drawn,
                               std::uint32_t replica)
    : copies_{std::make_unique<Copies>(problem, drawn, replica)} {}
RoundingGrowth::~RoundingGrowth() = default;
RoundingGrowth::RoundingGrowth(RoundingGrowth&& other) noexcept = default;
RoundingGrowth& RoundingGrowth::operator=(RoundingGrowth&& other) noexcept = default;

double RoundingGrowth::bound_at(std::uint32_t step) {
    while (copies_->step_index() < step) {
        copies_->advance();
    }
    return copies_->bound();
}

std::vector<double> rounding_bounds(const NetworkProblem& problem, const DrawnNetwork& drawn,
                                    std::uint32_t replica, std::span<const double> stop_at) {
    RoundingGrowth growth(problem, drawn, replica);
    std::vector<double> bounds;
    for (const std::uint32_t step : problem.state_steps) {
        bounds.push_back(growth.bound_at(step));
        if (!(bounds.back() <= stop_at[bounds.size() - 1])) {
            break;
        }
    }
    return bounds;
}

} // namespace tinymf::host
