// SPDX-License-Identifier: Apache-2.0
// Random legal experiments, run on the emulated board and judged by host twin and reference: none
// is accused falsely, no line contradicts its verdict, and wrong runs are refused.
//
// TINYMF_DRAWS and TINYMF_FIRST_DRAW in the environment choose how many are drawn of each kind, and
// from where on.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "compare/comparison.hpp"
#include "compare/host_twin.hpp"
#include "diagnostics/host_error.hpp"
#include "drawn_experiment.hpp"
#include "emulation/emulated_board.hpp"
#include "session/recorded_run.hpp"

namespace tinymf::host {
namespace {

using test::DrawnExperiment;
using test::DrawnKind;
using test::ExperimentDraw;

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* const text = std::getenv(name); // NOLINT(concurrency-mt-unsafe)
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// What became of the drawn experiments of one kind.
struct Tally {
    int drawn = 0;
    int illegal = 0; ///< refused by the reader or by the device, and drawn again
    int passed = 0;
    std::vector<std::string> diverged;
    std::vector<std::string> failed;
    int ulps_refused = 0;  ///< of `passed`
    int gains_changed = 0; ///< runs whose gain was off by 1 %
    int gains_refused = 0;
    double slowest = 0.0; ///< s, of run and comparison

    void print(const std::string& what) const {
        std::printf("%s: %d legal experiments (%d more were refused): %d passed, %zu diverged, %zu "
                    "FAILED; one ulp refused in %d of %d, a gain 1 %% off in %d of %d; slowest "
                    "%.2f s\n",
                    what.c_str(), drawn, illegal, passed, diverged.size(), failed.size(),
                    ulps_refused, passed, gains_refused, gains_changed, slowest);
        for (const std::string& line : diverged) {
            std::printf("  diverged: %s\n", line.c_str());
        }
    }
};

class RandomExperiments : public testing::Test {
protected:
    void SetUp() override {
        folder_ =
            std::filesystem::temp_directory_path() /
            fmt::format("{}-{}", testing::UnitTest::GetInstance()->current_test_info()->name(),
                        from_environment("TINYMF_FIRST_DRAW", 1));
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    /// Draws until so many legal experiments of a kind have been judged.
    [[nodiscard]] Tally judge(DrawnKind kind, int draws) {
        Tally tally;
        for (std::uint64_t n = from_environment("TINYMF_FIRST_DRAW", 1); tally.drawn < draws; ++n) {
            const DrawnExperiment drawn = ExperimentDraw(n, kind).next();
            try {
                judge_one(n, drawn, tally);
            } catch (const HostError& refusal) {
                // The reader and the device refuse in one line; nothing else may end here.
                EXPECT_EQ(refusal.exit_code(), exit_bad_input) << drawn.text << refusal.what();
                ++tally.illegal;
            }
        }
        return tally;
    }

private:
    [[nodiscard]] RecordedRun record(const Experiment& experiment,
                                     const std::vector<LiveInput>& inputs,
                                     const std::string& file) const {
        EmulatedBoard board;
        SessionOptions options;
        std::ranges::copy_if(inputs, std::back_inserter(options.inputs), [&](const LiveInput& i) {
            return i.step < experiment.parameters.steps;
        });
        return record_run(experiment, board, options, "emulation", file, RunProgress::hidden);
    }

    void judge_one(std::uint64_t n, const DrawnExperiment& drawn, Tally& tally) {
        const Experiment experiment =
            parse_experiment(drawn.text, fmt::format("draw {}", n), std::span<const Override>{});
        const auto begin = std::chrono::steady_clock::now();
        const std::string file = folder_ / "run.tmf";
        const RecordedRun run = record(experiment, drawn.inputs, file);
        ++tally.drawn;
        if (run.failure) {
            const Comparison failed = compare_capture(file, {.against = "host"});
            EXPECT_EQ(failed.verdict(), Verdict::fail) << to_text(failed);
            tally.diverged.push_back(fmt::format("{}", *run.failure));
            return;
        }
        bool passed = true;
        Comparison comparison;
        for (const std::string against : {"host", "reference"}) {
            comparison = compare_capture(file, {.against = against});
            expect_no_contradiction(comparison);
            if (comparison.exit_code() != exit_passed) {
                passed = false;
                tally.failed.push_back(
                    fmt::format("draw {}\n{}\n{}", n, drawn.text, to_text(comparison)));
            }
        }
        const std::chrono::duration<double> lasted = std::chrono::steady_clock::now() - begin;
        tally.slowest = std::max(tally.slowest, lasted.count());
        if (!passed) {
            return;
        }
        ++tally.passed;
        tally.ulps_refused += refuses_one_ulp(comparison.recording) ? 1 : 0;
        hold_another_gain(drawn, experiment, comparison.recording, tally);
    }

    static void expect_no_contradiction(const Comparison& comparison) {
        const std::string text = to_text(comparison);
        EXPECT_EQ(text.find("within"), std::string::npos) << text;
        EXPECT_EQ(text.find("nan"), std::string::npos) << text;
        const nlohmann::json reference = to_json(comparison).at("reference");
        if (reference.is_object() && !comparison.mean_field) {
            for (const nlohmann::json* part : {&reference, &reference.at("scheme")}) {
                const bool within = part->at("max_abs_error") <= part->at("bound");
                EXPECT_EQ(part->at("violation").is_null(), within) << text;
            }
        }
        EXPECT_EQ(text.find("FAIL") == std::string::npos, comparison.exit_code() == exit_passed)
            << text;
    }

    /// The last word that was told, moved to the next number above; the place must be named.
    static bool refuses_one_ulp(Recording recording) {
        const auto next = [&recording](double value) {
            return recording.profile.scalar == experiment::ScalarKind::float32
                       ? static_cast<double>(std::nextafter(static_cast<float>(value),
                                                            std::numeric_limits<float>::infinity()))
                       : std::nextafter(value, std::numeric_limits<double>::infinity());
        };
        if (recording.of_network()) {
            auto& x = recording.replicas.back().x;
            x(x.rows() - 1, x.cols() - 1) = next(x(x.rows() - 1, x.cols() - 1));
        } else {
            VectorTrace moved;
            const VectorTrace& rows = recording.arrays[0];
            for (std::size_t k = 0; k < rows.size(); ++k) {
                std::vector<double> row(rows[k].begin(), rows[k].end());
                if (k + 1 == rows.size()) {
                    row.back() = next(row.back());
                }
                moved.add(rows.steps()[k], row);
            }
            recording.arrays[0] = moved;
        }
        const BitComparison bits = compare_with_host_twin(recording);
        return !bits.passed() && bits.state_difference && bits.state_difference->ulps == 1;
    }

    /// The run of a gain 1 % off, passed off as this one.
    void hold_another_gain(const DrawnExperiment& drawn, Experiment experiment,
                           const Recording& right, Tally& tally) {
        if (experiment.parameters.gain == 0.0) {
            return;
        }
        experiment.parameters.gain *= 1.01;
        const std::string file = folder_ / "other.tmf";
        if (record(experiment, drawn.inputs, file).failure) {
            return;
        }
        Recording wrong = read_recording(file);
        wrong.parameters = right.parameters;
        wrong.parameter_bytes = right.parameter_bytes;
        wrong.metadata = right.metadata;
        ++tally.gains_changed;
        tally.gains_refused += passes(wrong) ? 0 : 1;
    }

    static bool passes(const Recording& recording) {
        return recording.of_network() ? compare_with_reference(recording).passed()
                                      : compare_exact_mean_field(recording).passed();
    }

    std::filesystem::path folder_;
};

void expect_fair_and_watchful(const Tally& tally) {
    for (const std::string& failed : tally.failed) {
        ADD_FAILURE() << failed;
    }
    EXPECT_EQ(tally.ulps_refused, tally.passed);
}

/// A gain that is off shows unless the couplings move nothing: silent networks, gains below the
/// rounding, chaos from the first state on.
TEST_F(RandomExperiments, NetworksAreJudgedFairly) {
    const int draws = static_cast<int>(from_environment("TINYMF_DRAWS", 30));
    const Tally tally = judge(DrawnKind::network, draws);
    tally.print("networks");
    expect_fair_and_watchful(tally);
    EXPECT_GE(tally.gains_refused, 3 * tally.gains_changed / 4);
}

TEST_F(RandomExperiments, ClosuresAreJudgedFairly) {
    const int draws = static_cast<int>(from_environment("TINYMF_DRAWS", 30)) / 3;
    const Tally tally = judge(DrawnKind::closure, draws);
    tally.print("mean fields, closures");
    expect_fair_and_watchful(tally);
    // At a small gain C is that of the noise alone to within rounding.
    EXPECT_GE(tally.gains_refused, tally.gains_changed / 2);
}

} // namespace
} // namespace tinymf::host
