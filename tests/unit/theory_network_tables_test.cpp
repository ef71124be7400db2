// SPDX-License-Identifier: Apache-2.0
// Theory against statistics of networks that an independent program simulated, or solved exactly
// for drawn couplings: means over networks with their standard errors, or what single networks
// scatter. The numbers are fixed; drawn anew, one of the 60 would exceed the 6 standard errors
// allowed with probability 1.2e-7.

#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "theory/linear_finite_size.hpp"
#include "theory/prediction.hpp"
#include "theory_parameters.hpp"

namespace tinymf::host {
namespace {

using model::ActivationKind;
using model::NoiseKind;

struct Measured {
    double mean;
    double standard_error;
};

void expect_agreement(const std::string& name, const Measured& measured, double predicted,
                      double allowance = 0.0) {
    const double z = (measured.mean - predicted) / measured.standard_error;
    std::printf("%-40s %.6g +- %.2g, theory %.6g, z = %.2f\n", name.c_str(), measured.mean,
                measured.standard_error, predicted, z);
    EXPECT_NEAR(measured.mean, predicted, 6.0 * measured.standard_error + allowance) << name;
}

// Linear, no reciprocity: mean and, over single networks, standard deviation of C_x(0) and D at
// gain 0.5, from 1000 and 250 networks. The next order of the expansion is not known; it is allowed
// the expansion parameter 1/(N (1 - g^2)^2) times the first. At N = 32 it shows: D under static
// noise is measured .5717(11), and the first order is .5596.
TEST(NetworkTables, LinearNetworksOfFiniteSize) {
    struct Row {
        int neurons, networks;
        bool self_couplings;
        Measured variance_white, dimension_white, variance_frozen, dimension_frozen; ///< with sd
    };
    constexpr double gain = 0.5;
    const double last_digit = 5e-5;
    for (const Row& row : std::vector<Row>{
             {64, 1000, false, {.5760, .0035}, {.8495, .0086}, {1.3317, .027}, {.5628, .025}},
             {64, 1000, true, {.5794, .0073}, {.8437, .0098}, {1.3519, .042}, {.5515, .028}},
             {128, 250, false, {.5766, .0018}, {.8487, .0045}, {1.3317, .014}, {.5623, .013}},
             {128, 250, true, {.5780, .0037}, {.8457, .0050}, {1.3416, .021}, {.5560, .014}}}) {
        const double parameter = 1.0 / (row.neurons * std::pow(1.0 - gain * gain, 2));
        const auto check = [&](const char* what, const FiniteSizeTerm& term,
                               const Measured& measured) {
            const std::string name = std::string(what) + " N=" + std::to_string(row.neurons) +
                                     (row.self_couplings ? " with J_ii" : "");
            const double correction = std::abs(term.coefficient) / row.neurons;
            expect_agreement(name,
                             {measured.mean, measured.standard_error / std::sqrt(row.networks)},
                             term.mean_at(row.neurons), last_digit + parameter * correction);
            if (term.scatter) {
                // A standard deviation of n networks has the relative error 1/sqrt(2 n); its
                // printed digits and the next order in 1/N add to it.
                const double predicted = *term.scatter / row.neurons;
                expect_agreement(
                    name + " sd",
                    {measured.standard_error, predicted / std::sqrt(2.0 * row.networks)}, predicted,
                    5e-5 + 2.0 * parameter * predicted);
            }
        };
        const auto of = [&](Drive::Kind kind) {
            return linear_finite_size({gain, 0.0, {kind, 1.0, 1.0}, TimeScheme::continuum()},
                                      row.self_couplings);
        };
        const auto white = of(Drive::Kind::white);
        const auto frozen = of(Drive::Kind::frozen);
        check("white variance", white.variance, row.variance_white);
        check("white dimension", white.dimension, row.dimension_white);
        check("static variance", frozen.variance, row.variance_frozen);
        check("static dimension", frozen.dimension, row.dimension_frozen);
    }
}

// 300 to 600 neurons, whose O(1/N) lies within the errors.
TEST(NetworkTables, LargeNetworks) {
    const auto check = [](const std::string& name, const Parameters& parameters,
                          const std::vector<std::pair<std::string, Measured>>& rows) {
        const nlohmann::json all = to_json(predict(parameters));
        for (const auto& [quantity, measured] : rows) {
            const std::size_t dot = quantity.find('.');
            expect_agreement(
                name + " " + quantity, measured,
                all.at(quantity.substr(0, dot)).at(quantity.substr(dot + 1)).get<double>());
        }
    };
    const std::string variance = "stationary.Cx0";
    const std::string input = "participation.input";
    const std::string output = "participation.output";
    constexpr auto frozen = NoiseKind::frozen;
    check("linear g=.5", linear_parameters(.5, 0),
          {{variance, {.57783, .00046}}, {input, {.84737, .00055}}});
    check("linear g=.5 static", linear_parameters(.5, 0, frozen),
          {{variance, {1.3359, .0027}}, {input, {.5621, .0015}}});
    check("linear g=.8", linear_parameters(.8, 0),
          {{variance, {.8332, .0024}}, {input, {.4530, .0048}}});
    check("linear g=.8 static", linear_parameters(.8, 0, frozen),
          {{variance, {2.781, .024}}, {input, {.1283, .0037}}});
    check("linear g=.5 eta=-.5", linear_parameters(.5, -.5), {{input, {.93555, .00009}}});
    check("linear g=.5 eta=-.5 static", linear_parameters(.5, -.5, frozen),
          {{input, {.7791, .0003}}});
    check("power .75 g=.7", power_parameters(.75, .7, 1),
          {{variance, {1.5976, .0050}},
           {output, {.3979, .0026}},
           {input, {.3949, .0027}},
           {"covariance.N_var_input", {3.894, .061}}});
    check("power .75 g=1", power_parameters(.75, 1, 1),
          {{variance, {2.938, .033}}, {output, {.1226, .0057}}});
    check("pade c=1/3 g=1", pade_parameters(1.0 / 3.0, 1, 1),
          {{variance, {1.3998, .0024}},
           {output, {.5657, .0012}},
           {input, {.5531, .0014}},
           {"covariance.N_var_input", {1.576, .011}},
           {"covariance.N_var_output", {.1242, .0007}}});
    check("tanh g=1.2 white", theory_parameters(ActivationKind::tanh, 1.2, 1),
          {{variance, {.8060, .0053}}, {output, {.529, .010}}, {input, {.504, .010}}});
    check("power .75 g=1 white", power_parameters(.75, 1, 1, NoiseKind::white),
          {{variance, {1.189, .032}}, {output, {.202, .034}}});
    // The unit map of a linear network, 500 neurons.
    Parameters map = linear_parameters(.8, 0);
    map.dt = 1.0;
    expect_agreement("unit map", {.5931, .0024},
                     predict(map, {.discrete = true}).participation.input.value());
}

} // namespace
} // namespace tinymf::host
