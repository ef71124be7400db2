// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
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

/// Observables of one run, or of an ensemble of runs, against theory.
struct TheoryComparison {
    std::string against; ///< which prediction, and of which discretisation
    std::vector<TheoryRow> rows;
    std::vector<TheoryCurve> curves;
    double largest_z = 4.5; ///< in size, that a row may have

    [[nodiscard]] bool passed() const {
        bool within = !rows.empty();
        for (const TheoryRow& row : rows) {
            within = within && std::abs(row.z()) <= largest_z;
        }
        return within;
    }
};

} // namespace tinymf::host
