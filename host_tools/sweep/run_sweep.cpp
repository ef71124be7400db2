// SPDX-License-Identifier: Apache-2.0
#include "sweep/run_sweep.hpp"

#include <filesystem>

#include <nlohmann/json.hpp>

#include "base/progress.hpp"
#include "base/worker_pool.hpp"
#include "device/emulated_board.hpp"
#include "device/recorded_run.hpp"
#include "recording/recording.hpp"
#include "sweep/outcome.hpp"
#include "theory/prediction.hpp"
#include "tinymf/build_facts.hpp"

namespace tinymf::host {
namespace {

using nlohmann::json;

class Job {
public:
    Job(const Sweep& sweep, std::size_t number)
        : sweep_{sweep}, number_{number}, experiment_{sweep.experiment_of(number)} {}

    /// Everything that the outcomes depend on.
    [[nodiscard]] json identity() const {
        const Collection& collect = sweep_.collect;
        return {{"experiment", experiment_.text},
                {"run", collect.run},
                {"after", collect.after},
                {"theory", asks_theory() ? collect.theory : std::vector<std::string>{}},
                {"discrete", collect.discrete},
                {"version", build_facts.version},
                {"git_hash", build_facts.git_hash},
                {"compiler", build_facts.compiler},
                {"flags", build_facts.flags_fingerprint}};
    }

    [[nodiscard]] JobOutcomes outcomes(const std::filesystem::path& capture,
                                       bool keep_capture) const {
        JobOutcomes found = json::object();
        if (asks_theory()) {
            ask_theory(found);
        }
        if (!sweep_.collect.run.empty()) {
            std::filesystem::remove(capture);
            run(capture, found);
            if (!keep_capture) {
                std::filesystem::remove(capture);
            }
        }
        return found;
    }

private:
    /// It is the same for all seeds.
    [[nodiscard]] bool asks_theory() const { return number_ % sweep_.seeds == 0; }

    void ask_theory(JobOutcomes& found) const {
        const json everything =
            to_json(predict(experiment_.parameters, {.discrete = sweep_.collect.discrete}));
        for (const std::string& name : sweep_.collect.theory) {
            const std::size_t dot = name.find('.');
            found["theory." + name] = everything[name.substr(0, dot)][name.substr(dot + 1)];
        }
    }

    void run(const std::filesystem::path& capture, JobOutcomes& found) const {
        EmulatedBoard board;
        const RecordedRun run =
            record_run(experiment_, board, {}, "emulation", capture, RunProgress::hidden);
        if (run.failure) {
            found["failure"] = *run.failure;
            return;
        }
        const Recording recording = read_recording(capture);
        const Judgement& judgement = recording.judgement;
        if (judgement.verdict() != Verdict::pass) {
            const auto& reasons = judgement.sound() ? judgement.failures : judgement.unsound;
            found["failure"] = reasons.front();
            return;
        }
        for (const std::string& name : sweep_.collect.run) {
            found[name] = outcome_named(name).value(recording, sweep_.collect.after);
        }
    }

    const Sweep& sweep_;
    std::size_t number_;
    Experiment experiment_;
};

/// From the folder if it is there; otherwise it is by the time this returns.
void run_job(const Sweep& sweep, const SweepFolder& folder, const SweepRequest& request,
             std::size_t number) {
    const Job job(sweep, number);
    const std::filesystem::path capture = folder.capture(number);
    const json identity = job.identity();
    const bool capture_missing =
        request.keep_captures && !sweep.collect.run.empty() && !std::filesystem::exists(capture);
    if (capture_missing || !folder.find(number, identity)) {
        folder.record(number, identity, job.outcomes(capture, request.keep_captures));
    }
}

} // namespace

std::vector<JobOutcomes> run_sweep(const Sweep& sweep, const SweepFolder& folder,
                                   const SweepRequest& request) {
    {
        Progress progress(sweep.name, sweep.jobs());
        for_each_index(
            sweep.jobs(), request.workers,
            [&](std::size_t job) { run_job(sweep, folder, request, job); },
            [&progress](std::size_t done) { progress.show(done); });
    }
    // What a reader of the records sees, for jobs done now and before alike.
    std::vector<JobOutcomes> outcomes;
    for (std::size_t number = 0; number < sweep.jobs(); ++number) {
        outcomes.push_back(folder.find(number, Job(sweep, number).identity()).value());
    }
    return outcomes;
}

} // namespace tinymf::host
