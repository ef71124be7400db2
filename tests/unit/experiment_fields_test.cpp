// SPDX-License-Identifier: Apache-2.0
// The one list of parameters, read at run time, against what the experiment file promises, written
// down again.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tinymf/experiment/fields.hpp"

namespace tinymf::experiment {
namespace {

struct Promise {
    std::string key;
    std::string unit;
    double lowest;
    double highest;
    std::size_t fewest = 1;
    std::string names = {}; ///< in the order of their numbers or bits
};

constexpr double most_steps = 2147483648.0; // 2^31

const std::vector<Promise>& promises() {
    static const std::vector<Promise> all{
        {"model.activation", "", 0, 5, 1, "linear relu tanh erf power_law pade"},
        {"model.exponent", "", 0.0625, 4},
        {"model.pade_num", "", -1000, 1000, 1},
        {"model.pade_den", "", -1000, 1000, 0},
        {"model.gain", "", 0, 100},
        {"model.reciprocity", "", -1, 1},
        {"model.noise", "tau^-1/2", 0, 100},
        {"model.noise_kind", "", 0, 2, 1, "white colored static"},
        {"model.noise_time", "tau", 1.0 / 1024, 1048576},
        {"model.noise_hold", "steps", 0, most_steps},
        {"model.dt", "tau", 1.0 / 65536, 1},
        {"model.steps", "steps", 1, most_steps},
        {"model.integrator", "", 0, 3, 1, "euler exponential_euler heun rk4"},
        {"model.seed", "", 0, 9223372036854775808.0}, // 2^63
        {"initial.kind", "", 0, 2, 1, "normal uniform zero"},
        {"initial.scale", "", 0, 100},
        {"stimulus.kind", "", 0, 4, 1, "none constant step sine live"},
        {"stimulus.amplitude", "", -100, 100},
        {"stimulus.frequency", "1/tau", 0, 1000},
        {"stimulus.onset", "tau", 0, 1048576},
        {"network.replicas", "", 1, 2},
        {"stream.state_every", "steps", 0, most_steps},
        {"stream.digest_every", "steps", 0, most_steps},
        {"stream.observe", "", 0, 127, 1,
         "moments autocorrelation response participation covariance lyapunov settling"},
        {"stream.observe_every", "steps", 1, most_steps},
        {"stream.observe_after", "steps", 0, most_steps},
        {"stream.observe_block", "samples", 2, 1048576},
        {"stream.observe_lags", "", 1, 1024},
        {"stream.observe_window", "samples", 1, 1048576},
    };
    return all;
}

TEST(ParameterList, IsWhatTheExperimentFilePromises) {
    std::size_t next = 0;
    for_each_parameter([&next](const ParameterRow& row) {
        ASSERT_LT(next, promises().size());
        const Promise& promised = promises()[next++];
        SCOPED_TRACE(promised.key);
        EXPECT_EQ(row.info.key, promised.key);
        EXPECT_EQ(row.info.unit, promised.unit);
        EXPECT_EQ(static_cast<double>(row.info.lowest), promised.lowest);
        EXPECT_EQ(static_cast<double>(row.info.highest), promised.highest);
        EXPECT_EQ(row.fewest, promised.fewest);
        std::string names;
        for (const std::string_view name : row.names) {
            names += (names.empty() ? "" : " ") + std::string(name);
        }
        EXPECT_EQ(names, promised.names);
        EXPECT_FALSE(row.meaning.empty());
    });
    EXPECT_EQ(next, promises().size());
}

} // namespace
} // namespace tinymf::experiment
