// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace tinymf::host {

/// One number that a run shows beside what theory says of it.
struct TheoryRow {
    std::string name; ///< such as "Cx(5, 3)"
    double observed = 0.0;
    double predicted = 0.0;
    double standard_error = 0.0; ///< of the difference
    std::string origin;          ///< of that error: sampling, finite N, rounding ...

    /// Difference in standard errors; infinite where a difference has no error to explain it.
    [[nodiscard]] double z() const {
        const double difference = observed - predicted;
        return difference == 0.0 ? 0.0 : difference / standard_error;
    }
};

/// A function beside its prediction, for plots. Errors are standard errors, zero where exact.
struct TheoryCurve {
    std::string name;
    std::string axis; ///< what x is, with its unit
    std::vector<double> x;
    std::vector<double> observed;
    std::vector<double> observed_error;
    std::vector<double> predicted;
    std::vector<double> predicted_error;
};

/// Of one number, that chance alone puts it outside the allowed |z|.
inline constexpr double false_alarm = 1e-6;

/// How far a number may be off in standard errors, when they come from a scatter of freedom + 1
/// samples: Student's law at `false_alarm`, in units of its own standard deviation, as
/// error_of_scatter (statistics/population_average.hpp) makes errors; for fewer than three degrees
/// of freedom, where it has none, in units of the plain error. Infinite freedom: the normal law.
[[nodiscard]] double allowed_z(double freedom);

/// "Student t, 7 degrees of freedom, false alarm 1e-06 a number".
[[nodiscard]] std::string law_text(double freedom);

/// Observables of one run, or of an ensemble of runs, against theory.
struct TheoryComparison {
    std::string against; ///< which prediction, and of which discretisation
    std::vector<TheoryRow> rows;
    std::vector<TheoryCurve> curves;
    /// Degrees of freedom of the standard errors, the fewest of any row; infinite: they are exact.
    double freedom = std::numeric_limits<double>::infinity();
    double largest_z = allowed_z(freedom); ///< in size, that a row may have
    std::vector<std::string> notes{};      ///< what was not compared, and why

    [[nodiscard]] bool passed() const {
        bool within = !rows.empty();
        for (const TheoryRow& row : rows) {
            within = within && std::abs(row.z()) <= largest_z;
        }
        return within;
    }
};

} // namespace tinymf::host
