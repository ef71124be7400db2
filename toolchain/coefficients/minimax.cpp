// SPDX-License-Identifier: Apache-2.0
// Writes sim_core/include/tinymf/numeric/coefficients.hpp to standard output.
// Build: g++ -std=gnu++20 -O2 minimax.cpp -lquadmath
//
// Every polynomial is a weighted minimax fit of our own, found by the Remez exchange in 113-bit
// arithmetic. Coefficients are rounded to the target format one at a time, lowest order first; the
// remaining ones are fitted again after each rounding, so that they absorb its error.
#include <quadmath.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

namespace {

using Real = __float128;
using Function = std::function<Real(Real)>;

struct Fit {
    std::string name;
    std::string meaning;
    Function target;
    Function weight;
    Real lower;
    Real upper;
    int float_terms;
    int double_terms;
};

const Real ln2 = logq(2);
const Real pi = acosq(-1);

/// Solves the square system `rows` (each row ends in its right-hand side) by partial pivoting.
std::vector<Real> solve(std::vector<std::vector<Real>> rows) {
    const std::size_t n = rows.size();
    for (std::size_t column = 0; column < n; ++column) {
        std::size_t pivot = column;
        for (std::size_t i = column; i < n; ++i) {
            if (fabsq(rows[i][column]) > fabsq(rows[pivot][column]))
                pivot = i;
        }
        std::swap(rows[column], rows[pivot]);
        for (std::size_t i = column + 1; i < n; ++i) {
            const Real factor = rows[i][column] / rows[column][column];
            for (std::size_t j = column; j <= n; ++j)
                rows[i][j] -= factor * rows[column][j];
        }
    }
    std::vector<Real> solution(n);
    for (std::size_t i = n; i-- > 0;) {
        Real sum = rows[i][n];
        for (std::size_t j = i + 1; j < n; ++j)
            sum -= rows[i][j] * solution[j];
        solution[i] = sum / rows[i][i];
    }
    return solution;
}

/// One sample of the weighted problem.
struct Sample {
    Real x;
    Real target;
    Real weight;
};

std::vector<Sample> chebyshev_samples(const Fit& fit, int count) {
    std::vector<Sample> samples;
    for (int i = 0; i < count; ++i) {
        const Real angle = pi * (i + Real(0.5)) / count;
        const Real x = (fit.lower + fit.upper) / 2 - (fit.upper - fit.lower) / 2 * cosq(angle);
        const Real weight = fit.weight(x);
        if (weight > 0)
            samples.push_back({x, fit.target(x), weight});
    }
    return samples;
}

Real horner(const std::vector<Real>& coefficients, Real x) {
    Real sum = 0;
    for (std::size_t i = coefficients.size(); i-- > 0;)
        sum = sum * x + coefficients[i];
    return sum;
}

Real weighted_error(const std::vector<Real>& coefficients, const Sample& sample) {
    return sample.weight * (sample.target - horner(coefficients, sample.x));
}

/// Indices of `count` alternating extrema of the error, or the best shorter alternation.
std::vector<std::size_t> alternation(const std::vector<Real>& errors, std::size_t count) {
    std::vector<std::size_t> extrema;
    for (std::size_t i = 0; i < errors.size(); ++i) {
        if (!extrema.empty() && (errors[i] > 0) == (errors[extrema.back()] > 0)) {
            if (fabsq(errors[i]) > fabsq(errors[extrema.back()]))
                extrema.back() = i;
        } else {
            extrema.push_back(i);
        }
    }
    while (extrema.size() > count) {
        if (fabsq(errors[extrema.front()]) < fabsq(errors[extrema.back()])) {
            extrema.erase(extrema.begin());
        } else {
            extrema.pop_back();
        }
    }
    return extrema;
}

Real largest_error(const std::vector<Real>& coefficients, const std::vector<Sample>& samples) {
    Real largest = 0;
    for (const Sample& sample : samples) {
        largest = std::max(largest, fabsq(weighted_error(coefficients, sample)));
    }
    return largest;
}

/// Improves the coefficients of orders `fixed_terms` and up, the lower ones being settled. Around
/// an interior zero the exchange need not converge: the best polynomial met on the way is kept.
std::vector<Real> remez(const std::vector<Sample>& samples, std::vector<Real> best,
                        std::size_t fixed_terms) {
    const std::size_t terms = best.size();
    const std::size_t references = terms - fixed_terms + 1;
    const std::vector<Real> fixed(best.begin(), best.begin() + static_cast<long>(fixed_terms));
    std::vector<std::size_t> chosen(references);
    for (std::size_t i = 0; i < references; ++i) {
        chosen[i] = (samples.size() - 1) * (2 * i + 1) / (2 * references);
    }
    Real best_error = largest_error(best, samples);
    for (int iteration = 0; iteration < 60; ++iteration) {
        std::vector<std::vector<Real>> rows;
        for (std::size_t i = 0; i < references; ++i) {
            const Sample& sample = samples[chosen[i]];
            std::vector<Real> row;
            for (std::size_t j = fixed_terms; j < terms; ++j) {
                row.push_back(powq(sample.x, static_cast<int>(j)));
            }
            row.push_back((i % 2 == 0 ? 1 : -1) / sample.weight);
            row.push_back(sample.target - horner(fixed, sample.x));
            rows.push_back(row);
        }
        const std::vector<Real> solution = solve(rows);
        std::vector<Real> coefficients = fixed;
        coefficients.insert(coefficients.end(), solution.begin(), solution.end() - 1);
        std::vector<Real> errors;
        for (const Sample& sample : samples) {
            errors.push_back(weighted_error(coefficients, sample));
        }
        const Real largest = largest_error(coefficients, samples);
        if (largest < best_error) {
            best = coefficients;
            best_error = largest;
        }
        const auto extrema = alternation(errors, references);
        if (extrema.size() < references || extrema == chosen)
            break;
        chosen = extrema;
    }
    return best;
}

template <typename T>
std::vector<T> rounded_fit(const Fit& fit, int terms, Real& error) {
    const auto samples = chebyshev_samples(fit, 3000);
    std::vector<Real> coefficients(static_cast<std::size_t>(terms));
    std::vector<T> rounded;
    while (rounded.size() < coefficients.size()) {
        coefficients = remez(samples, coefficients, rounded.size());
        rounded.push_back(static_cast<T>(coefficients[rounded.size()]));
        coefficients[rounded.size() - 1] = rounded.back();
    }
    error = largest_error(coefficients, samples);
    return rounded;
}

/// (e^r - 1 - r) / r^2, by its series because the difference loses digits near 0.
Real exp_remainder(Real r) {
    Real sum = 0;
    for (int n = 40; n >= 2; --n) {
        sum = sum * r + 1 / tgammaq(Real(n + 1));
    }
    return sum;
}

/// (log(1 + f) - f + f^2/2) / f^3
Real log_remainder(Real f) {
    if (fabsq(f) > Real(1) / 64)
        return (log1pq(f) - f + f * f / 2) / (f * f * f);
    Real sum = 0;
    for (int n = 30; n >= 3; --n)
        sum = sum * f + (n % 2 == 1 ? Real(1) : Real(-1)) / n;
    return sum;
}

/// (sin(t)/t - 1) / t^2 and (cos(t) - 1 + t^2/2) / t^4 as functions of z = t^2
Real alternating_remainder(Real z, int first) {
    Real sum = 0;
    for (int n = first + 40; n >= first; n -= 2) {
        const Real sign = (n / 2) % 2 == 0 ? 1 : -1;
        sum = sum * z + sign / tgammaq(Real(n + 1));
    }
    return sum;
}

/// (atanh(s)/s - 1) / s^2 as a function of z = s^2
Real log_ratio_excess(Real z) {
    Real sum = 0;
    for (int n = 61; n >= 3; n -= 2) {
        sum = sum * z + Real(1) / n;
    }
    return sum;
}

/// (asin(x)/x - 1) / x^2 as a function of z = x^2 <= 1/4
Real arc_sine_excess(Real z) {
    Real coefficient = 1; // of x^(2n+1), times 2n + 1
    Real power = 1;
    Real sum = 0;
    for (int n = 1; n <= 60; ++n) {
        coefficient *= Real(2 * n - 1) / (2 * n);
        sum += coefficient / (2 * n + 1) * power;
        power *= z;
    }
    return sum;
}

std::vector<Fit> all_fits() {
    const Real half_ln2 = ln2 / 2;
    const Real sqrt_half = sqrtq(Real(0.5));
    const Real sqrt_two = sqrtq(Real(2));
    const Real eighth_turn = (pi / 4) * (pi / 4);
    const Real erf_split = Real(7) / 8;
    const auto erf_excess = [](Real z) {
        const Real x = sqrtq(z);
        return x > Real(1e-12) ? erfq(x) / x - 1 : 2 / sqrtq(pi) - 1;
    };
    return {
        {"exp2_fraction", "(2^f - 1) / f for f in [0, 1]; every coefficient is positive",
         [](Real f) { return f > 0 ? expm1q(f * ln2) / f : ln2; },
         [](Real f) { return f > 0 ? f / expm1q(f * ln2) : 1 / ln2; }, 0, 1, 6, 11},
        {"exp_remainder", "(e^r - 1 - r) / r^2 for |r| <= ln(2)/2", exp_remainder,
         [](Real r) { return r * r / expq(r); }, -half_ln2, half_ln2, 5, 11},
        {"half_expm1_remainder", "((e^(2r) - 1) / 2 - r) / r^2 for |r| <= ln(2)/4",
         [](Real r) { return 2 * exp_remainder(2 * r); },
         [](Real r) { return r * r / (fabsq(r) + Real(1) / 64); }, -half_ln2 / 2, half_ln2 / 2, 5,
         11},
        {"log_remainder", "(log(1+f) - f + f^2/2) / f^3 for sqrt(1/2) <= 1+f <= sqrt(2)",
         log_remainder, [](Real f) { return f * f; }, sqrt_half - 1, sqrt_two - 1, 9, 22},
        {"log_ratio", "(log((1+s)/(1-s)) / (2s) - 1) / s^2 in s^2, |s| <= 3 - sqrt(8)",
         log_ratio_excess, [](Real z) { return z; }, 0, (3 - sqrtq(Real(8))) * (3 - sqrtq(Real(8))),
         4, 10},
        {"erf_small", "erf(x)/x - 1 as a polynomial in x^2, 0 <= x <= 7/8", erf_excess,
         [erf_excess](Real z) { return 1 / (1 + erf_excess(z)); }, 0, erf_split * erf_split, 7, 14},
        {"erfc_exponent", "-log2(erfc(7/8 + t)), 0 <= t <= 25/8",
         [erf_split](Real t) { return -logq(erfcq(erf_split + t)) / ln2; },
         [erf_split](Real t) { return erfcq(erf_split + t); }, 0, Real(25) / 8, 7, 0},
        {"erfc_exponent", "-log2(erfc(7/8 + t)), 0 <= t <= 41/8",
         [erf_split](Real t) { return -logq(erfcq(erf_split + t)) / ln2; },
         [erf_split](Real t) { return erfcq(erf_split + t); }, 0, Real(41) / 8, 0, 18},
        {"sine_remainder", "(sin(t)/t - 1) / t^2 as a polynomial in t^2, |t| <= pi/4",
         [](Real z) { return alternating_remainder(z, 3); }, [](Real z) { return z; }, 0,
         eighth_turn, 3, 7},
        {"cosine_remainder", "(cos(t) - 1 + t^2/2) / t^4 as a polynomial in t^2, |t| <= pi/4",
         [](Real z) { return alternating_remainder(z, 4); }, [](Real z) { return z * z; }, 0,
         eighth_turn, 3, 6},
        {"arc_sine_excess", "(asin(x)/x - 1) / x^2 as a polynomial in x^2, |x| <= 1/2",
         arc_sine_excess, [](Real z) { return z; }, 0, Real(1) / 4, 5, 12},
    };
}

struct Constant {
    std::string name;
    std::string meaning;
    Real value;
};

/// Constants of one format; `high_bits` is what a product with a binary exponent leaves exact.
std::vector<Constant> all_constants(Real (*round)(Real), int high_bits) {
    const Real ln2_high = ldexpq(floorq(ldexpq(ln2, high_bits)), -high_bits);
    const Real two_over_ln2 = round(2 / ln2);
    return {
        {"two_pi", "2 pi", 2 * pi},
        {"half_pi", "pi / 2", pi / 2},
        {"half_pi_rest", "pi / 2 - half_pi", pi / 2 - round(pi / 2)},
        {"sqrt_half", "sqrt(1/2)", sqrtq(Real(0.5))},
        {"log2_e", "1 / ln 2", 1 / ln2},
        {"two_log2_e", "2 / ln 2", two_over_ln2},
        {"two_log2_e_rest", "2 / ln 2 - two_log2_e", 2 / ln2 - two_over_ln2},
        {"ln2", "ln 2", ln2},
        {"half_ln2", "ln(2) / 2", ln2 / 2},
        {"ln2_high", "leading bits of ln 2: a multiple of it by any binary exponent is exact",
         ln2_high},
        {"ln2_low", "ln 2 - ln2_high", ln2 - ln2_high},
    };
}

template <typename T>
Real rounded(Real value) {
    return static_cast<T>(value);
}

template <typename T>
void print_fit(const Fit& fit, int terms, const char* type, const char* suffix) {
    Real error = 0;
    const auto coefficients = rounded_fit<T>(fit, terms, error);
    std::printf("\n    /// %s.\n    /// Weighted error of the polynomial 2^%.1f.\n",
                fit.meaning.c_str(), static_cast<double>(log2q(error)));
    std::printf("    static constexpr std::array<%s, %d> %s{\n", type, terms, fit.name.c_str());
    for (const T c : coefficients) {
        std::printf("        %a%s,\n", static_cast<double>(c), suffix);
    }
    std::printf("    };\n");
}

template <typename T>
void print_specialisation(const char* type, const char* suffix, int high_bits, int Fit::*terms_of) {
    std::printf("\ntemplate <> struct Coefficients<%s> {\n", type);
    for (const Constant& constant : all_constants(rounded<T>, high_bits)) {
        std::printf("    /// %s\n    static constexpr %s %s = %a%s;\n", constant.meaning.c_str(),
                    type, constant.name.c_str(), static_cast<double>(rounded<T>(constant.value)),
                    suffix);
    }
    for (const Fit& fit : all_fits()) {
        if (fit.*terms_of > 0) {
            print_fit<T>(fit, fit.*terms_of, type, suffix);
        }
    }
    std::printf("};\n");
}

} // namespace

int main() {
    std::printf("// SPDX-License-Identifier: Apache-2.0\n"
                "// Generated by toolchain/coefficients/minimax.cpp; not to be edited.\n// "
                "clang-format off\n"
                "#pragma once\n\n#include <array>\n\nnamespace tinymf::numeric {\n\n"
                "/// Polynomials, lowest order first, and split constants of one scalar type.\n"
                "template <typename T> struct Coefficients;\n");
    print_specialisation<float>("float", "F", 16, &Fit::float_terms);
    print_specialisation<double>("double", "", 42, &Fit::double_terms);
    std::printf("\n} // namespace tinymf::numeric\n");
}
