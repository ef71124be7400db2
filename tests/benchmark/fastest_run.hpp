// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

namespace tinymf {

/// Keeps the fastest repetition of every benchmark. Repetitions of all benchmarks are interleaved,
/// so the fastest ones saw the machine at its quietest and may be compared.
class FastestRun : public benchmark::BenchmarkReporter {
public:
    bool ReportContext(const Context& /*context*/) override { return true; }

    void ReportRuns(const std::vector<Run>& runs) override {
        for (const Run& run : runs) {
            if (run.run_type != Run::RT_Iteration) {
                continue;
            }
            const double seconds = run.real_accumulated_time / static_cast<double>(run.iterations);
            const auto [entry, added] = seconds_.try_emplace(run.run_name.function_name, seconds);
            entry->second = std::min(entry->second, seconds);
        }
    }

    [[nodiscard]] bool has(const std::string& name) const { return seconds_.contains(name); }

    /// Seconds of one call.
    [[nodiscard]] double seconds(const std::string& name) const {
        const auto entry = seconds_.find(name);
        if (entry == seconds_.end()) {
            std::fprintf(stderr, "no benchmark was run under the name %s\n", name.c_str());
            std::exit(2);
        }
        return entry->second;
    }

private:
    std::map<std::string, double> seconds_;
};

} // namespace tinymf
