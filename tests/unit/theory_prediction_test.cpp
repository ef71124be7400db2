// SPDX-License-Identifier: Apache-2.0
// The JSON object of `tinymf theory`: every name is there, and what is null says why.

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "theory/prediction.hpp"
#include "theory_parameters.hpp"

namespace tinymf::host {
namespace {

using model::ActivationKind;
using model::NoiseKind;

const std::vector<std::string> names{"stationary.Cx0",
                                     "stationary.Cphi0",
                                     "stationary.mean_gain",
                                     "stationary.regime",
                                     "stationary.tau",
                                     "stationary.Cx",
                                     "stationary.Cphi",
                                     "stationary.R",
                                     "stationary.decay_rate",
                                     "lyapunov.max",
                                     "critical.gain",
                                     "participation.input",
                                     "participation.output",
                                     "participation.long_window",
                                     "covariance.N_var_input",
                                     "covariance.N_var_output",
                                     "fdt.temperature",
                                     "fdt.omega",
                                     "fdt.effective_temperature"};

nlohmann::json value_of(const nlohmann::json& all, const std::string& name) {
    const std::size_t dot = name.find('.');
    return all.at(name.substr(0, dot)).at(name.substr(dot + 1));
}

void expect_whole(const nlohmann::json& all) {
    for (const std::string& name : names) {
        const nlohmann::json value = value_of(all, name);
        EXPECT_TRUE(!value.is_null() || all["notes"].contains(name)) << name;
        // A theory that forgets a quantity leaves this reason.
        EXPECT_NE(all["notes"].value(name, ""), "not given by this theory") << name;
        // A value that is not finite would be written as null.
        EXPECT_FALSE(value.is_number() && !std::isfinite(value.get<double>())) << name;
    }
}

TEST(TheoryJson, NullsHaveReasons) {
    for (const ActivationKind activation :
         {ActivationKind::linear, ActivationKind::relu, ActivationKind::tanh, ActivationKind::erf,
          ActivationKind::power_law, ActivationKind::pade}) {
        for (const double reciprocity : {0.0, 0.5}) {
            for (const double s2 : {0.0, 1.0}) {
                for (const NoiseKind kind : {NoiseKind::white, NoiseKind::frozen}) {
                    Parameters parameters = theory_parameters(activation, 0.5, s2, kind);
                    parameters.reciprocity = reciprocity;
                    expect_whole(to_json(predict(parameters)));
                    parameters.integrator = model::IntegratorKind::heun;
                    expect_whole(to_json(predict(parameters, {.discrete = true})));
                    parameters.gain = 2.5;
                    expect_whole(to_json(predict(parameters)));
                }
            }
        }
    }
}

TEST(TheoryJson, SaysWhichDiscretisation) {
    Parameters parameters = linear_parameters(0.5, 0.5);
    parameters.dt = 0.1;
    EXPECT_EQ(to_json(predict(parameters))["discretisation"], "continuum");
    const auto discrete = to_json(predict(parameters, {.tau = {0.52, 1.0}, .discrete = true}));
    EXPECT_EQ(discrete["discretisation"], "euler");
    EXPECT_EQ(discrete["dt"], 0.1);
    EXPECT_DOUBLE_EQ(discrete["stationary"]["tau"][0].get<double>(), 0.5); // a multiple of dt
    parameters.integrator = model::IntegratorKind::heun;
    expect_whole(to_json(predict(parameters, {.discrete = true})));
}

TEST(TheoryJson, ReciprocityNeedsSampling) {
    Parameters parameters = theory_parameters(ActivationKind::tanh, 1.0, 1.0);
    parameters.reciprocity = 0.5;
    const auto all = to_json(predict(parameters));
    EXPECT_TRUE(all["stationary"]["Cx0"].is_null());
    EXPECT_NE(all["notes"]["stationary.Cx0"].get<std::string>().find("reciprocity"),
              std::string::npos);
    expect_whole(all);
}

TEST(TheoryJson, StimulusIsNotStationary) {
    Parameters parameters = theory_parameters(ActivationKind::tanh, 1.0, 1.0);
    parameters.stimulus = model::StimulusKind::sine;
    parameters.stimulus_amplitude = 1.0;
    const auto all = to_json(predict(parameters));
    EXPECT_TRUE(all["stationary"]["Cx0"].is_null());
    expect_whole(all);
}

// x = 0 loses stability at 1/(1 + reciprocity) whatever the activation, when its slope there is 1.
TEST(TheoryJson, SilentPointOfNonlinearNetworks) {
    Parameters parameters = theory_parameters(ActivationKind::tanh, 0.5, 0.0);
    const auto silent = to_json(predict(parameters));
    EXPECT_EQ(silent["stationary"]["regime"], "silent");
    EXPECT_DOUBLE_EQ(silent["lyapunov"]["max"].get<double>(), -0.5);
    parameters.reciprocity = 1.0;
    EXPECT_DOUBLE_EQ(to_json(predict(parameters))["critical"]["gain"].get<double>(), 0.5);
}

// With a state and without: all but the critical gain is the same without the search for it.
TEST(TheoryJson, TheCriticalGainCanBeLeftOut) {
    for (const Parameters& parameters :
         {theory_parameters(ActivationKind::tanh, 1.5, 1.0),
          theory_parameters(ActivationKind::relu, 1.5, 1.0),
          power_parameters(2.0, 50.0, 1.0, NoiseKind::white),
          theory_parameters(ActivationKind::tanh, 3.0, 1.0, NoiseKind::frozen)}) {
        auto whole = to_json(predict(parameters));
        auto without = to_json(predict(parameters, {.critical_gain = false}));
        if (whole["notes"].contains("stationary.Cx0")) {
            EXPECT_EQ(whole, without); // why there is no state needs it
            continue;
        }
        EXPECT_TRUE(whole["critical"]["gain"].is_number()) << whole;
        EXPECT_EQ(without["notes"]["critical.gain"], "not asked for");
        without["notes"].erase("critical.gain");
        without["critical"] = whole["critical"];
        EXPECT_EQ(whole, without);
    }
}

} // namespace
} // namespace tinymf::host
