// SPDX-License-Identifier: Apache-2.0
#include "reference/stationary_equation.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "equations/lu_factors.hpp"
#include "reference/collocation.hpp"
#include "reference/output_curve.hpp"

namespace tinymf::host {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using model::NoiseKind;
using Parameters = experiment::Parameters<double>;

constexpr Index nodes = Collocation::nodes;
constexpr Index order = nodes - 1;

/// The lag within which a smooth F bends: where C has fallen by a share of the order of the
/// activation's scale squared, over C(0). White noise makes it fall at the rate sigma^2/2, all else
/// with an acceleration of the order of sigma^2 or g^2.
double bending_lag(const Parameters& p) {
    const double scale = std::min(1.0, pole_distance(p));
    const double by_acceleration = scale / std::max({1.0, p.gain, p.noise});
    return p.noise_kind == NoiseKind::white
               ? std::min(by_acceleration, std::pow(scale / std::max(1.0, p.noise), 2))
               : by_acceleration;
}

/// The lags: panels that double up to 1, then grow up to the end; short ones for fast noise, where
/// F bends, and where it has a kink and C a fractional power of the lag.
std::vector<double> panel_ends(const Parameters& p, double end) {
    std::vector<double> ends{0.0};
    const bool kinked = p.activation == model::ActivationKind::power_law ||
                        p.activation == model::ActivationKind::relu;
    double shortest = std::min(kinked ? 1.0 / 4096 : 0.25, 0.25 * bending_lag(p));
    if (p.noise_kind == NoiseKind::colored) {
        shortest = std::min(shortest, p.noise_time);
    }
    for (double at = std::exp2(std::floor(std::log2(shortest))); at < 1.0; at *= 2.0) {
        ends.push_back(at);
    }
    for (double at = 1.0; at < end; at *= 1.6) {
        ends.push_back(at);
    }
    ends.push_back(end);
    return ends;
}

/// Where the lags end, in time constants: where C has come to rest, to 1e-11 of its fall.
constexpr double shortest_end = 1000.0;
constexpr double longest_end = 1e6;
constexpr double decay_times = 25.0;

double white_strength(const Parameters& p) {
    return p.noise_kind == NoiseKind::white ? p.noise * p.noise : 0.0;
}

double drive(const Parameters& p, double lag) {
    const double strength = p.noise * p.noise;
    switch (p.noise_kind) {
    case NoiseKind::colored:
        return strength * std::exp(-lag / p.noise_time);
    case NoiseKind::frozen:
        return strength;
    case NoiseKind::white:
        break;
    }
    return 0.0;
}

/// A series of a smooth activation grows with the variance.
double largest_variance(const Parameters& p) {
    const bool smooth =
        p.activation == model::ActivationKind::tanh || p.activation == model::ActivationKind::pade;
    const double distance = std::min(1.0, pole_distance(p));
    return smooth ? 25.0 * distance * distance : 1e100;
}

/// Newton's method for C at the nodes of all panels. Its unknowns are C(0), and C(0) - C elsewhere:
/// on the shortest panels differences of C itself would be rounding.
class Boundary {
public:
    Boundary(const Parameters& p, double end) : ends_{panel_ends(p, end)} {
        for (std::size_t p = 0; p + 1 < ends_.size(); ++p) {
            for (Index i = 0; i < nodes; ++i) {
                const double half = (ends_[p + 1] - ends_[p]) / 2.0;
                lags_.push_back((ends_[p + 1] + ends_[p]) / 2.0 + half * collocation_.at[i]);
            }
        }
    }

    [[nodiscard]] VectorXd start(const Parameters& p) const {
        VectorXd c(static_cast<Index>(lags_.size()));
        c[0] = uncoupled(p, 0.0);
        for (Index i = 1; i < c.size(); ++i) {
            c[i] = c[0] - uncoupled(p, lags_[static_cast<std::size_t>(i)]);
        }
        return c;
    }

    /// Improves c; false when it is not close enough to converge at once, or ends in a solution
    /// that swings: F(c) >= 0 at c > 0, so the state falls and stays above zero.
    [[nodiscard]] bool solve(const Parameters& p, VectorXd& c) const {
        constexpr int most = 25;
        constexpr double farthest = 1.5;
        constexpr double rounding = 1e-9;
        double before = farthest;
        if (c[0] > largest_variance(p)) {
            return false;
        }
        for (int i = 0; i < most; ++i) {
            const VectorXd step = newton_step(p, c);
            const double share = step.cwiseAbs().maxCoeff() / c[0];
            if (share < 1e-13 || (share < rounding && share > before / 4.0)) {
                return c.minCoeff() >= -rounding * c[0] && c.maxCoeff() <= (1.0 + rounding) * c[0];
            }
            if (!(share < before)) {
                return false;
            }
            c -= std::min(1.0, 0.5 / share) * step;
            if (!(c[0] > 0.0) || c[0] > largest_variance(p)) {
                return false;
            }
            before = share;
        }
        return false;
    }

    [[nodiscard]] double value(const VectorXd& c, double lag) const {
        std::size_t p = 0;
        while (p + 2 < ends_.size() && lag > ends_[p + 1]) {
            ++p;
        }
        const double x = (2.0 * lag - ends_[p] - ends_[p + 1]) / (ends_[p + 1] - ends_[p]);
        double above = 0.0;
        double below = 0.0;
        for (Index i = 0; i < nodes; ++i) { // barycentric
            const double value = drop(c, static_cast<Index>(p) * nodes + i);
            if (x == collocation_.at[i]) {
                return lag > 0.0 ? c[0] - value : c[0];
            }
            const double weight = (i % 2 == 0 ? 1.0 : -1.0) * (i == 0 || i == order ? 0.5 : 1.0) /
                                  (x - collocation_.at[i]);
            above += weight * value;
            below += weight;
        }
        return c[0] - above / below;
    }

    /// At which C comes to rest at the last lag.
    [[nodiscard]] double decay_rate(const Parameters& p, const VectorXd& c) const {
        const double slope = OutputCurve(p, c[0]).slope(c[0] - c[c.size() - 1]);
        return std::sqrt(std::max(1.0 - p.gain * p.gain * slope, 1e-12));
    }

private:
    /// C(0) - C at a node.
    static double drop(const VectorXd& c, Index node) { return node == 0 ? 0.0 : c[node]; }

    [[nodiscard]] VectorXd drops(const VectorXd& c, Index begin) const {
        VectorXd values = c.segment(begin, nodes);
        values[0] = drop(c, begin);
        return values;
    }

    /// A row of a matrix that acts on the drops of a panel; that at lag 0 is no unknown.
    static void place(MatrixXd& jacobian, Index row, Index begin, const VectorXd& weights) {
        jacobian.row(row).segment(begin, nodes) = weights;
        if (begin == 0) {
            jacobian(row, 0) = 0.0;
        }
    }

    static double uncoupled(const Parameters& p, double lag) {
        const double strength = p.noise * p.noise;
        const double t = p.noise_time;
        switch (p.noise_kind) {
        case NoiseKind::white:
            return strength / 2.0 * std::exp(-lag);
        case NoiseKind::frozen:
            return strength;
        case NoiseKind::colored:
            break;
        }
        return std::abs(t - 1.0) < 1e-3
                   ? strength * (1.0 + lag) * std::exp(-lag) / 2.0
                   : strength * t * (t * std::exp(-lag / t) - std::exp(-lag)) / (t * t - 1.0);
    }

    [[nodiscard]] VectorXd newton_step(const Parameters& p, const VectorXd& c) const {
        const double squared = p.gain * p.gain;
        constexpr double share = 1e-6;
        const OutputCurve output(p, c[0]);
        const OutputCurve wider(p, c[0] * (1.0 + share));
        MatrixXd jacobian = MatrixXd::Zero(c.size(), c.size());
        VectorXd residual = VectorXd::Zero(c.size());
        for (std::size_t panel = 0; panel + 1 < ends_.size(); ++panel) {
            const Index begin = static_cast<Index>(panel) * nodes;
            const double half = (ends_[panel + 1] - ends_[panel]) / 2.0;
            const VectorXd local = drops(c, begin);
            for (Index i = 1; i < order; ++i) {
                const Index row = begin + i;
                const double at = c[0] - c[row];
                const double f = output.value(at);
                const double by_width = (wider.value(at) - f) / (share * c[0]);
                const double by_value = squared * output.slope(at) - 1.0;
                const double lag = lags_[static_cast<std::size_t>(row)];
                // Times half^2, so that the rows of short panels are no larger than others.
                residual[row] = half * half * (squared * f + drive(p, lag) - at) -
                                collocation_.second.row(i).dot(local);
                place(jacobian, row, begin, -collocation_.second.row(i));
                jacobian(row, row) -= half * half * by_value;
                jacobian(row, 0) += half * half * (by_value + squared * by_width);
            }
            join(panel, c, jacobian, residual);
        }
        const double half = ends_[1] / 2.0;
        residual[0] = collocation_.first.row(0).dot(drops(c, 0)) - half * white_strength(p) / 2.0;
        place(jacobian, 0, 0, collocation_.first.row(0));
        rest(p, c, output, jacobian, residual);
        return LuFactors(jacobian).solve(residual);
    }

    /// C and C' are the same from either side of a panel's end.
    void join(std::size_t panel, const VectorXd& c, MatrixXd& jacobian, VectorXd& residual) const {
        if (panel + 2 == ends_.size()) {
            return;
        }
        const Index begin = static_cast<Index>(panel) * nodes;
        const Index last = begin + order;
        const double ratio =
            (ends_[panel + 1] - ends_[panel]) / (ends_[panel + 2] - ends_[panel + 1]);
        residual[last] = c[last] - c[last + 1];
        jacobian(last, last) = 1.0;
        jacobian(last, last + 1) = -1.0;
        residual[last + 1] = collocation_.first.row(order).dot(drops(c, begin)) -
                             ratio * collocation_.first.row(0).dot(drops(c, last + 1));
        place(jacobian, last + 1, begin, collocation_.first.row(order));
        jacobian.row(last + 1).segment(last + 1, nodes) -= ratio * collocation_.first.row(0);
    }

    /// At the last lag C is where it would rest if the drive stood still, to second order.
    void rest(const Parameters& p, const VectorXd& c, const OutputCurve& output, MatrixXd& jacobian,
              VectorXd& residual) const {
        const Index last = c.size() - 1;
        const double squared = p.gain * p.gain;
        const double s = drive(p, ends_.back());
        const double at = c[0] - c[last];
        residual[last] = at - squared * output.value(at) - s;
        if (p.noise_kind == NoiseKind::colored) {
            residual[last] -= s / (p.noise_time * p.noise_time); // C'' there
        }
        const double by_value = 1.0 - squared * output.slope(at);
        jacobian(last, last) = -by_value;
        jacobian(last, 0) = by_value; // F(.; C(0)) hardly knows its width out there
    }

    Collocation collocation_;
    std::vector<double> ends_;
    std::vector<double> lags_;
};

/// Leads from one set of parameters to another through `between(share)`, in as many steps as
/// Newton's method needs.
bool lead(const Boundary& boundary, VectorXd& c, const std::function<Parameters(double)>& between) {
    double done = 0.0;
    double stride = 0.25;
    while (done < 1.0) {
        const double next = std::min(1.0, done + stride);
        VectorXd tried = c;
        if (boundary.solve(between(next), tried)) {
            c = tried;
            done = next;
            stride *= 2.0;
        } else {
            stride /= 2.0;
            if (stride < 0.01) {
                return false;
            }
        }
    }
    return true;
}

double geometric(double from, double to, double share) {
    return from * std::pow(to / from, share);
}

/// A fixed point under static noise: C(0) = sigma^2 + g^2 F(C(0)) from below, by small steps.
std::optional<double> fixed_point(const Parameters& p) {
    const GaussianPairAverage average(p);
    const auto missing = [&](double variance) {
        const GaussianInput input{0.0, variance};
        return p.noise * p.noise + p.gain * p.gain * average.output(input, input, variance) -
               variance;
    };
    double low = p.noise * p.noise;
    double high = low;
    while (missing(high) > 0.0) {
        low = high;
        high *= 1.05;
        if (high > 1e6 * (1.0 + p.noise * p.noise)) {
            return std::nullopt;
        }
    }
    for (int i = 0; i < 60 && high > low; ++i) {
        const double middle = (low + high) / 2.0;
        (missing(middle) > 0.0 ? low : high) = middle;
    }
    return (low + high) / 2.0;
}

bool solve_along_the_way(const Boundary& boundary, const Parameters& p, VectorXd& c) {
    Parameters from = p;
    const bool power = p.activation == model::ActivationKind::power_law;
    // Strong noise: of the size that the outputs have at most, for a power law that of its chaos.
    const double strong =
        power && p.exponent < 1.0 ? std::pow(p.gain, 1.0 / (1.0 - p.exponent)) : 1.0;
    from.noise_time = p.noise_kind == NoiseKind::white ? p.noise_time : std::min(1.0, p.noise_time);
    if (p.noise_kind == NoiseKind::frozen) {
        from.noise_kind = NoiseKind::colored;
        from.noise_time = 1.0;
    }
    // Fast noise moves a neuron by little.
    const double weakness = from.noise_kind == NoiseKind::colored
                                ? std::sqrt(from.noise_time / (1.0 + from.noise_time))
                                : 1.0;
    from.noise = std::max(p.noise, strong / weakness);
    Parameters alone = from;
    alone.gain = 0.0;
    c = boundary.start(alone);
    Parameters now = from;
    bool found = lead(boundary, c, [&](double share) {
        now.gain = p.gain * share;
        return now;
    });
    const double least = p.noise > 0.0 ? p.noise : 1e-3 * from.noise;
    found = found && lead(boundary, c, [&](double share) {
                now.noise = geometric(from.noise, least, share);
                return now;
            });
    if (p.noise == 0.0) {
        now.noise = 0.0;
        found = found && boundary.solve(now, c);
    }
    const double slowest = p.noise_kind == NoiseKind::frozen ? 1e7 : p.noise_time;
    found = found && lead(boundary, c, [&](double share) {
                now.noise_time = geometric(from.noise_time, slowest, share);
                return now;
            });
    return found && boundary.solve(p, c);
}

} // namespace

std::optional<StationaryCorrelation> solve_stationary_equation(const Parameters& p,
                                                               const std::vector<double>& lags) {
    StationaryCorrelation result;
    if (p.reciprocity < 0.0 || p.reciprocity > 0.0) {
        return std::nullopt;
    }
    if (p.noise_kind == NoiseKind::frozen && p.noise > 0.0) {
        const std::optional<double> variance = fixed_point(p);
        if (!variance || *variance > largest_variance(p)) {
            return std::nullopt;
        }
        const OutputCurve output(p, *variance);
        if (p.gain * p.gain * output.slope(*variance) < 1.0) {
            result.Cx.assign(lags.size(), *variance);
            result.Cphi.assign(lags.size(), output.value(*variance));
            return result;
        }
    }
    double end = std::max(shortest_end, lags.back() + 100.0);
    VectorXd c;
    std::optional<Boundary> boundary(std::in_place, p, end);
    if (!solve_along_the_way(*boundary, p, c)) {
        return std::nullopt;
    }
    if (const double enough = decay_times / boundary->decay_rate(p, c); enough > end) {
        end = std::min(enough, longest_end);
        boundary.emplace(p, end);
        if (!solve_along_the_way(*boundary, p, c)) {
            return std::nullopt;
        }
    }
    const OutputCurve output(p, c[0]);
    for (const double lag : lags) {
        result.Cx.push_back(boundary->value(c, lag));
        result.Cphi.push_back(output.value(result.Cx.back()));
    }
    return result;
}

} // namespace tinymf::host
