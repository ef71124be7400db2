// SPDX-License-Identifier: Apache-2.0
// Random legal experiments, run on the emulated board and judged by host twin and reference: none
// is accused falsely, no line contradicts its verdict, and wrong runs are refused.
//
// TINYMF_DRAWS and TINYMF_FIRST_DRAW in the environment choose how many are drawn of each kind, and
// from where on; `toolchain/dev experiments` sets them, and takes the rows that begin with `|` for
// its table.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "base/host_error.hpp"
#include "compare/comparison.hpp"
#include "compare/host_twin.hpp"
#include "device/emulated_board.hpp"
#include "device/recorded_run.hpp"
#include "drawn_experiment.hpp"
#include "tinymf/experiment/validation.hpp"

namespace tinymf::host {
namespace {

using test::DrawnExperiment;
using test::DrawnKind;
using test::ExperimentDraw;

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* const text = std::getenv(name); // NOLINT(concurrency-mt-unsafe)
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

constexpr double patience = 5.0; ///< s of the processor a draw

/// What became of the drawn experiments of one kind.
struct Tally {
    int drawn = 0;
    int illegal = 0; ///< refused by the reader or by the device, and drawn again
    int passed = 0;
    std::vector<std::string> diverged;   ///< non-finite or saturated runs: failed, as they must be
    std::vector<std::string> unanswered; ///< runs that the reference has no solution for
    std::vector<std::string> failed;
    int ulps_refused = 0;  ///< of `passed`
    int gains_changed = 0; ///< runs whose gain was off by 1 %
    int gains_refused = 0;
    std::vector<std::string> slow; ///< beyond `patience`
    double slowest = 0.0;          ///< s of the processor, of run and comparison

    void print(const std::string& what) const {
        std::printf("%d draws of %s were refused; one ulp refused in %d of %d, a gain 1 %% off in "
                    "%d of %d\n",
                    illegal, what.c_str(), ulps_refused, passed, gains_refused, gains_changed);
        for (const std::string& line : diverged) {
            std::printf("  failed, rightly: %s\n", line.c_str());
        }
        for (const std::string& line : unanswered) {
            std::printf("  no reference: %s\n", line.c_str());
        }
        for (const std::string& line : slow) {
            std::printf("  slow: %s\n", line.c_str());
        }
        std::printf("| %s | %d | %d | %zu | %zu | %zu | %.1f |\n", what.c_str(), drawn, passed,
                    diverged.size(), unanswered.size(), failed.size(), slowest);
    }
};

class RandomExperiments : public testing::Test {
protected:
    void SetUp() override {
        // Of this process alone: a campaign may run beside the tests.
        folder_ =
            std::filesystem::temp_directory_path() /
            fmt::format("{}-{}", testing::UnitTest::GetInstance()->current_test_info()->name(),
                        ::getpid());
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    /// Draws until so many legal experiments of a kind have been judged.
    [[nodiscard]] Tally judge(DrawnKind kind, int draws) {
        Tally tally;
        for (std::uint64_t n = from_environment("TINYMF_FIRST_DRAW", 1); tally.drawn < draws; ++n) {
            const DrawnExperiment drawn = ExperimentDraw(n, kind).next();
            std::optional<std::string> failure;
            try {
                failure = run_one(n, drawn).failure;
            } catch (const HostError& refusal) {
                // The reader and the device refuse in one line; nothing else may end here.
                EXPECT_EQ(refusal.exit_code(), exit_bad_input) << drawn.text << refusal.what();
                ++tally.illegal;
                continue;
            }
            judge_one(n, drawn, failure, tally);
        }
        return tally;
    }

    /// `compare` without `--against`, of which theory's verdict alone counts: a run without one is
    /// unanswered, a failed one counts as diverged.
    [[nodiscard]] Tally judge_by_theory(DrawnKind kind, int draws) {
        Tally tally;
        for (std::uint64_t n = from_environment("TINYMF_FIRST_DRAW", 1); tally.drawn < draws; ++n) {
            const DrawnExperiment drawn = ExperimentDraw(n, kind).next();
            try {
                begin_ = std::clock();
                const std::optional<std::string> failure =
                    record(long_enough_for_theory(n, drawn), {}, file()).failure;
                ++tally.drawn;
                if (failure) {
                    tally.diverged.push_back(fmt::format("draw {}: {}", n, *failure));
                    continue;
                }
            } catch (const HostError&) {
                ++tally.illegal;
                continue;
            }
            judge_one_by_theory(n, drawn, tally);
        }
        return tally;
    }

private:
    /// The drawn experiment with what theory asks for: no stimulus, 200 tau but 1000 to 4000 steps,
    /// the later half of them observed, or states told a hundred times a half.
    [[nodiscard]] static Experiment long_enough_for_theory(std::uint64_t n,
                                                           const DrawnExperiment& drawn) {
        const double dt = experiment_of(n, drawn).parameters.dt;
        const int steps = std::clamp(static_cast<int>(200.0 / dt), 1000, 4000);
        const std::vector<std::string> changes{"stimulus.kind=\"none\"",
                                               fmt::format("model.steps={}", steps),
                                               fmt::format("stream.state_every={}", steps / 200),
                                               fmt::format("stream.observe_after={}", steps / 2)};
        return parse_experiment(drawn.text, fmt::format("draw {}", n),
                                std::span<const std::string>(changes));
    }

    void judge_one_by_theory(std::uint64_t n, const DrawnExperiment& drawn, Tally& tally) {
        const Comparison comparison = compare_capture(file(), {});
        expect_no_contradiction(comparison);
        clock(n, tally);
        if (!comparison.theory) {
            tally.unanswered.push_back(fmt::format("draw {}: {}", n,
                                                   comparison.not_available.empty()
                                                       ? "nothing to compare"
                                                       : comparison.not_available.back()));
        } else if (comparison.theory->passed()) {
            ++tally.passed;
        } else {
            tally.failed.push_back(
                fmt::format("draw {}\n{}\n{}", n, drawn.text, to_text(comparison)));
        }
    }

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

    [[nodiscard]] std::string file() const { return folder_ / "run.tmf"; }

    [[nodiscard]] static Experiment experiment_of(std::uint64_t n, const DrawnExperiment& drawn) {
        return parse_experiment(drawn.text, fmt::format("draw {}", n), std::span<const Override>{});
    }

    [[nodiscard]] RecordedRun run_one(std::uint64_t n, const DrawnExperiment& drawn) {
        begin_ = std::clock();
        return record(experiment_of(n, drawn), drawn.inputs, file());
    }

    void judge_one(std::uint64_t n, const DrawnExperiment& drawn,
                   const std::optional<std::string>& failure, Tally& tally) {
        ++tally.drawn;
        Comparison comparison = compare_capture(file(), {.against = "host"});
        if (failure || !comparison.failures.empty()) {
            EXPECT_EQ(comparison.verdict(), Verdict::fail) << to_text(comparison);
            tally.diverged.push_back(
                fmt::format("draw {}: {}", n,
                            comparison.failures.empty() ? *failure : comparison.failures.front()));
            return;
        }
        bool passed = fair(n, drawn, comparison, tally);
        try {
            comparison = compare_capture(file(), {.against = "reference"});
        } catch (const HostError& no_reference) {
            EXPECT_EQ(no_reference.exit_code(), exit_bad_input) << no_reference.what();
            tally.unanswered.push_back(fmt::format("draw {}: {}", n, no_reference.what()));
            clock(n, tally);
            return;
        }
        clock(n, tally);
        passed = fair(n, drawn, comparison, tally) && passed;
        if (!passed) {
            return;
        }
        ++tally.passed;
        tally.ulps_refused += refuses_one_ulp(comparison.recording) ? 1 : 0;
        if (!comparison.theory) { // which a sample must leave room for
            hold_another_gain(drawn, experiment_of(n, drawn), comparison.recording, tally);
        }
    }

    void clock(std::uint64_t n, Tally& tally) const {
        const double lasted = static_cast<double>(std::clock() - begin_) / CLOCKS_PER_SEC;
        tally.slowest = std::max(tally.slowest, lasted);
        if (lasted > patience) {
            tally.slow.push_back(fmt::format("draw {}: {:.1f} s", n, lasted));
        }
    }

    [[nodiscard]] static bool fair(std::uint64_t n, const DrawnExperiment& drawn,
                                   const Comparison& comparison, Tally& tally) {
        expect_no_contradiction(comparison);
        if (comparison.exit_code() == exit_passed) {
            return true;
        }
        std::string line = fmt::format("draw {}\n{}\n{}", n, drawn.text, to_text(comparison));
        tally.failed.push_back(std::move(line));
        return false;
    }

    static void expect_no_contradiction(const Comparison& comparison) {
        const std::string text = to_text(comparison);
        EXPECT_EQ(text.find("nan"), std::string::npos) << text;
        const nlohmann::json reference = to_json(comparison).at("reference");
        if (reference.is_object() && !comparison.mean_field) {
            for (const nlohmann::json* part : {&reference, &reference.at("scheme")}) {
                const bool within = part->at("max_abs_error") <= part->at("bound");
                EXPECT_EQ(part->at("violation").is_null(), within) << text;
            }
        }
        if (comparison.theory) {
            bool within = true;
            for (const TheoryRow& row : comparison.theory->rows) {
                within = within && std::abs(row.z()) <= comparison.theory->largest_z;
            }
            EXPECT_EQ(within, comparison.theory->passed()) << text;
        }
        // "within" is said of what has passed only.
        for (std::size_t at = 0; (at = text.find("within", at)) != std::string::npos; ++at) {
            const std::size_t line = text.rfind('\n', at) + 1;
            EXPECT_EQ(text.substr(line, at - line).find("FAIL"), std::string::npos) << text;
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
            x.set(x.rows() - 1, x.cols() - 1, next(x(x.rows() - 1, x.cols() - 1)));
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
        const double more = 1.01 * experiment.parameters.gain;
        experiment.parameters.gain = experiment::in_range(experiment::Field::gain, more)
                                         ? more
                                         : 0.99 * experiment.parameters.gain;
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
        if (recording.of_network()) {
            return compare_with_reference(recording).passed();
        }
        return recording.profile.method == mean_field::Method::stationary
                   ? compare_stationary_mean_field(recording).passed()
                   : compare_exact_mean_field(recording).passed();
    }

    std::filesystem::path folder_;
    std::clock_t begin_ = 0;
};

void expect_fair_and_watchful(const Tally& tally) {
    for (const std::string& failed : tally.failed) {
        ADD_FAILURE() << failed;
    }
    EXPECT_EQ(tally.ulps_refused, tally.passed);
}

int draws_of_each(int otherwise) {
    return static_cast<int>(
        from_environment("TINYMF_DRAWS", static_cast<std::uint64_t>(otherwise)));
}

/// A gain that is off shows unless the couplings move nothing: silent networks, gains below the
/// rounding, chaos from the first state on.
TEST_F(RandomExperiments, NetworksAreJudgedFairly) {
    const Tally tally = judge(DrawnKind::network, draws_of_each(30));
    tally.print("network");
    expect_fair_and_watchful(tally);
    constexpr int enough_to_tell_a_share = 20; // under sanitizers fewer are drawn
    if (tally.gains_changed >= enough_to_tell_a_share) {
        EXPECT_GE(tally.gains_refused, 3 * tally.gains_changed / 4);
    }
}

TEST_F(RandomExperiments, LinearMeanFieldsAreJudgedFairly) {
    const Tally tally = judge(DrawnKind::linear, draws_of_each(8));
    tally.print("mean field, linear");
    expect_fair_and_watchful(tally);
    // At a small gain C is that of the noise alone to within rounding.
    EXPECT_GE(tally.gains_refused, tally.gains_changed / 2);
}

TEST_F(RandomExperiments, ClosuresAreJudgedFairly) {
    const Tally tally = judge(DrawnKind::gaussian_closure, draws_of_each(8));
    tally.print("mean field, gaussian_closure");
    expect_fair_and_watchful(tally);
    EXPECT_GE(tally.gains_refused, tally.gains_changed / 5);
}

TEST_F(RandomExperiments, StationaryStatesAreJudgedFairly) {
    const Tally tally = judge(DrawnKind::stationary, draws_of_each(8));
    tally.print("mean field, stationary");
    expect_fair_and_watchful(tally);
    EXPECT_GE(tally.gains_refused, tally.gains_changed / 5);
}

/// Thirteen numbers a run, each with a false alarm of 1e-6.
TEST_F(RandomExperiments, SampledMeanFieldsAreJudgedFairly) {
    const Tally tally = judge(DrawnKind::forward, draws_of_each(8));
    tally.print("mean field, forward");
    expect_fair_and_watchful(tally);
}

/// A dozen numbers a run, each with a false alarm of 1e-6 for an error of the stated law.
TEST_F(RandomExperiments, TheoryOfNetworksIsFair) {
    const Tally tally = judge_by_theory(DrawnKind::network, draws_of_each(12));
    tally.print("network, by theory");
    for (const std::string& failed : tally.failed) {
        ADD_FAILURE() << failed;
    }
}

} // namespace
} // namespace tinymf::host
