// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compare/theory_comparison.hpp"
#include "recording/observed_statistics.hpp"

namespace tinymf::host {

/// Collects numbers and curves that networks observed of themselves beside what is predicted, with
/// the error of sampling and one that is proportional to the value.
class ObservedRows {
public:
    /// `observed` must outlive the rows. `relative_error` is added to that of sampling in
    /// quadrature; `origin` says where both come from.
    ObservedRows(const ObservedUnits& observed, double relative_error, std::string origin)
        : observed_{observed}, relative_error_{relative_error}, origin_{std::move(origin)} {}

    /// Nothing where it was not observed; a note where one side is no number, as the dimension of a
    /// silent network. `disorder`: a further error, absolute, of what the observed units share.
    void add(const std::string& name, const std::optional<Estimate>& estimate, double predicted,
             double disorder = 0.0);

    /// `predicted` by lag. The whole curve for plots, and a row at the lags next to 0, 1, 2, 5 tau.
    void add_curve(const std::string& name, observe::ObservedArray array,
                   const std::vector<double>& predicted, double disorder = 0.0);

    void note(std::string text) { notes_.push_back(std::move(text)); }

    [[nodiscard]] TheoryComparison finish(std::string against) &&;

private:
    const ObservedUnits& observed_;
    double relative_error_;
    std::string origin_;
    std::vector<TheoryRow> rows_;
    std::vector<TheoryCurve> curves_;
    std::vector<std::string> notes_;
};

} // namespace tinymf::host
