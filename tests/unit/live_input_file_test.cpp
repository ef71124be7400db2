// SPDX-License-Identifier: Apache-2.0
#include "experiment/live_input.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/host_error.hpp"

namespace tinymf::host {
namespace {

Experiment live_experiment() {
    return parse_experiment("schema = 1\n[model]\nsteps = 100\n[stimulus]\nkind = \"live\"\n",
                            "live.toml");
}

std::string refusal_of(std::string_view text, const Experiment& experiment) {
    try {
        static_cast<void>(parse_inputs(text, "in.csv", experiment));
    } catch (const HostError& error) {
        EXPECT_EQ(error.exit_code(), exit_bad_input);
        return error.what();
    }
    return "taken";
}

TEST(LiveInputFile, ReadsRowsWithOrWithoutHeader) {
    const std::vector<LiveInput> expected{{0, 0.5}, {7, -1.25}, {99, 1e6}};
    const Experiment experiment = live_experiment();
    for (const char* text : {"0,0.5\n7,-1.25\n99,1e6", "step,value\n0,0.5\n7,-1.25\n99,1e6\n",
                             "step, value\r\n0, 0.5\r\n\r\n 7 ,\t-1.25\r\n99,1e6\r\n"}) {
        EXPECT_EQ(parse_inputs(text, "in.csv", experiment), expected) << text;
    }
}

TEST(LiveInputFile, ReadsWhatSpreadsheetsWrite) {
    const std::vector<LiveInput> expected{{0, 0.5}, {10, -2.0}};
    const Experiment experiment = live_experiment();
    for (const char* text :
         {"\xEF\xBB\xBFstep,value\n0,0.5\n10,-2\n",
          "\xEF\xBB\xBF"
          "0,+0.5\n+10,-2",
          "\"step\",\"value\"\r\n\"0\",\"0.5\"\r\n\"10\",\"-2\"\r\n",
          "step,value,\n0,0.5,\n10,-2,,\n", "step, value\n0, 0.5\n 10 , -2 \n",
          "\n\nstep,value\n\" 0 \",\" +0.5\"\n10,\"-2\" , \n", "0,5e-1\n10,-2.0e0\n"}) {
        EXPECT_EQ(parse_inputs(text, "in.csv", experiment), expected) << text;
    }
    EXPECT_EQ(parse_inputs("0,1e-999\n", "in.csv", experiment), (std::vector<LiveInput>{{0, 0.0}}));
}

TEST(LiveInputFile, NamesTheFirstWrongLine) {
    const std::string steps = "must be a whole number between 0 and 99";
    const std::string values = "must be between -1000000 and 1000000";
    const std::vector<std::pair<std::string, std::string>> cases{
        {"", "in.csv: has no row step,value"},
        {"step,value\n\n", "in.csv: has no row step,value"},
        {"0,1\nstep,value\n", "in.csv:2: step = step: " + steps},
        {"3\n", "in.csv:1: 3: must be two columns, step,value"},
        {"0,1\n100,1\n", "in.csv:2: step = 100: " + steps},
        {"-1,1\n", "in.csv:1: step = -1: " + steps},
        {"1.5,1\n", "in.csv:1: step = 1.5: " + steps},
        {"4294967296,1\n", "in.csv:1: step = 4294967296: " + steps},
        {",1\n", "in.csv:1: step = : " + steps},
        {"0,1\n5,1\n5,2\n", "in.csv:3: step = 5: must be above 5, the step of the row before"},
        {"5,1\n4,2\n", "in.csv:2: step = 4: must be above 5, the step of the row before"},
        {"0,1000001\n", "in.csv:1: value = 1000001: " + values},
        {"0,nan\n", "in.csv:1: value = nan: " + values},
        {"0,-inf\n", "in.csv:1: value = -inf: " + values},
        {"0,\n", "in.csv:1: value = : " + values},
        {"0,1,2\n", "in.csv:1: 0,1,2: must be two columns, step,value"},
        {"0,1,\n1,2,x\n", "in.csv:2: 1,2,x: must be two columns, step,value"},
        {"step,value,note\n0,1,x\n", "in.csv:1: step,value,note: the heading must be step,value"},
        {"time,value\n0,1\n", "in.csv:1: time,value: the heading must be step,value"},
        {"value,step\n0,1\n", "in.csv:1: value,step: the heading must be step,value"},
        {"0;1\n", "in.csv:1: 0;1: must be two columns, step,value"},
        {"0,\"1\n", "in.csv:1: 0,\\\"1: a quote is not closed, or more stands behind it"},
        {"\"0\" 3,1\n", "in.csv:1: \\\"0\\\" 3,1: a quote is not closed, or more stands behind it"},
        {"0,++1\n", "in.csv:1: value = ++1: " + values},
        {"0,1e999\n", "in.csv:1: value = 1e999: " + values},
        {"+-1,1\n", "in.csv:1: step = +-1: " + steps},
        {std::string("0\0,\0001\0\n\0", 8),
         "in.csv: holds NUL bytes; it must be plain text, UTF-8"},
        {"0,1V\n", "in.csv:1: value = 1V: " + values},
    };
    for (const auto& [text, message] : cases) {
        EXPECT_EQ(refusal_of(text, live_experiment()), message);
    }
}

TEST(LiveInputFile, NeedsALiveStimulus) {
    const Experiment silent = parse_experiment("schema = 1\n", "silent.toml");
    EXPECT_EQ(refusal_of("0,1\n", silent),
              "silent.toml: stimulus.kind = \"none\": must be \"live\" to take inputs");
}

} // namespace
} // namespace tinymf::host
