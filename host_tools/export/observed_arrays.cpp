// SPDX-License-Identifier: Apache-2.0
#include "export/observed_arrays.hpp"

#include <cmath>

#include "observation/observed_statistics.hpp"

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
                  std::string(observe::observed_array_names[static_cast<std::size_t>(array)]), "",
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

void add_numbers(std::vector<NamedArray>& arrays, const ObservedUnits& observed) {
    if (observed.has(moments)) {
        std::vector<Estimate> estimates;
        for (std::size_t k = 0; k < observed.units.front().of(moments).size(); ++k) {
            estimates.push_back(mean_of(observed, moments, k));
        }
        add_estimates(arrays, "moments", "", estimates);
    }
    if (observed.has(lyapunov)) {
        add_estimates(arrays, "lyapunov", "1/tau", std::vector{mean_of(observed, lyapunov)});
    }
    for (const auto& [array, side] :
         {std::pair{spread_input, "input"}, {spread_output, "output"}}) {
        if (const auto ratio = participation_of(observed, array)) {
            add_estimates(arrays, std::string("participation_") + side, "", std::vector{*ratio});
        }
        if (const auto spread = covariance_spread_of(observed, array)) {
            add_estimates(arrays, std::string("covariance_spread_") + side, "",
                          std::vector{*spread});
        }
    }
}

/// The mean of both replicas' lower triangles, as a full matrix.
void add_matrix(std::vector<NamedArray>& arrays, const ObservedUnits& observed,
                const std::string& name, observe::ObservedArray a, observe::ObservedArray b) {
    if (!observed.has(a)) {
        return;
    }
    const ObservedMeans means = average(observed.units, observed.units.size());
    const std::size_t n = observed.neurons;
    std::vector<double> matrix(n * n);
    std::size_t entry = 0;
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j <= i; ++j, ++entry) {
            const double second = observed.has(b) ? means.of(b)[entry] : means.of(a)[entry];
            matrix[i * n + j] = matrix[j * n + i] = (means.of(a)[entry] + second) / 2.0;
        }
    }
    arrays.push_back(named_array<double>(name, "", {n, n}, matrix));
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
    add_matrix(arrays, observed, "covariance_input", covariance_input_a, covariance_input_b);
    add_matrix(arrays, observed, "covariance_output", covariance_output_a, covariance_output_b);
    return arrays;
}

} // namespace tinymf::host
