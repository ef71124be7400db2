// SPDX-License-Identifier: Apache-2.0
#include "export/observed_arrays.hpp"

#include <cmath>

#include "recording/covariance_spectrum.hpp"
#include "recording/observed_settling.hpp"
#include "recording/observed_statistics.hpp"

namespace tinymf::host {
namespace {

using enum observe::ObservedArray;

NamedArray column(std::string name, std::string unit, const std::vector<double>& values) {
    return named_array<double>(std::move(name), std::move(unit), {values.size()}, values);
}

void add_estimates(std::vector<NamedArray>& arrays, const std::string& name,
                   const std::string& unit, std::span<const Estimate> estimates) {
    std::vector<double> values;
    std::vector<double> errors;
    for (const Estimate& estimate : estimates) {
        values.push_back(estimate.value);
        errors.push_back(estimate.standard_error);
    }
    arrays.push_back(column(name, unit, values));
    if (!errors.empty() && std::isfinite(errors.front())) {
        arrays.push_back(column(name + "_se", unit, errors));
    }
}

void add_curve(std::vector<NamedArray>& arrays, const ObservedUnits& observed,
               observe::ObservedArray array, const std::string& axis) {
    if (!observed.has(array)) {
        return;
    }
    const ObservedCurve curve = curve_of(observed, array);
    if (!axis.empty()) {
        arrays.push_back(column(axis, "tau", curve.tau));
    }
    add_estimates(arrays,
                  std::string(observe::observed_arrays[static_cast<std::size_t>(array)].name), "",
                  curve.estimates);
}

void add_spectrum(std::vector<NamedArray>& arrays, const ObservedUnits& observed,
                  observe::ObservedArray correlation, const std::string& name) {
    if (observed.has(correlation)) {
        const ObservedSpectrum spectrum = spectrum_of(observed, correlation);
        if (correlation == cx) {
            arrays.push_back(column("omega", "1/tau", spectrum.omega));
        }
        add_estimates(arrays, name, "tau", spectrum.estimates);
    }
}

/// And not as a curve, a ratio, a matrix or the worst of the run.
bool is_given_as_it_is(observe::ObservedArray array) {
    switch (observe::facts_of(array).observable) {
        using enum observe::Observable;
    case autocorrelation:
    case response:
    case participation:
    case covariance:
    case settling:
        return false;
    default:
        return true;
    }
}

void add_means(std::vector<NamedArray>& arrays, const ObservedUnits& observed,
               observe::ObservedArray array) {
    std::vector<Estimate> estimates;
    for (std::size_t k = 0; k < observed.units.front().of(array).size(); ++k) {
        estimates.push_back(mean_of(observed, array, k));
    }
    const observe::ObservedArrayFacts& facts = observe::facts_of(array);
    add_estimates(arrays, std::string(facts.name), std::string(facts.unit), estimates);
}

void add_numbers(std::vector<NamedArray>& arrays, const ObservedUnits& observed) {
    for (std::size_t a = 0; a < observe::observed_arrays.size(); ++a) {
        const auto array = static_cast<observe::ObservedArray>(a);
        if (observed.has(array) && is_given_as_it_is(array)) {
            add_means(arrays, observed, array);
        }
    }
    for (const auto& [array, side] :
         {std::pair{spread_input, "input"}, {spread_output, "output"}}) {
        if (const auto ratio = participation_of(observed, array)) {
            add_estimates(arrays, std::string("participation_") + side, "", std::vector{*ratio});
        }
        if (const auto spread = covariance_spread_of(observed, array)) {
            add_estimates(arrays, std::string("N_var_") + side, "", std::vector{*spread});
        }
    }
}

/// The matrix and its eigenvalues.
void add_covariance(std::vector<NamedArray>& arrays, const ObservedUnits& observed, Signal signal) {
    if (!has_covariance(observed, signal)) {
        return;
    }
    const Eigen::MatrixXd matrix = covariance_matrix(observed, signal);
    const std::size_t n = observed.neurons;
    const std::string side(name_of(signal));
    arrays.push_back(
        named_array<double>("covariance_" + side, "", {n, n}, std::span(matrix.data(), n * n)));
    arrays.push_back(column("covariance_eigenvalues_" + side, "", eigenvalues_of(matrix)));
}

} // namespace

std::vector<NamedArray> observed_arrays(const Recording& recording) {
    std::vector<NamedArray> arrays;
    const ObservedUnits observed = units_of(recording);
    if (observed.units.empty()) {
        return arrays;
    }
    add_curve(arrays, observed, cx, "tau");
    add_curve(arrays, observed, cphi, "");
    add_spectrum(arrays, observed, cx, "Sx");
    add_spectrum(arrays, observed, cphi, "Sphi");
    add_curve(arrays, observed, rx, "tau_response");
    add_curve(arrays, observed, rphi, "");
    add_numbers(arrays, observed);
    if (const auto settled = settling_of(recording)) {
        arrays.push_back(column("settling_worst_residual", "1/tau", {settled->worst_residual}));
        arrays.push_back(column("settling_unsettled", "states", {settled->unsettled}));
    }
    add_covariance(arrays, observed, Signal::input);
    add_covariance(arrays, observed, Signal::output);
    return arrays;
}

} // namespace tinymf::host
