// SPDX-License-Identifier: Apache-2.0
#include "sweep/sweep_result.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sweep/outcome.hpp"

namespace tinymf::host {
namespace {

/// Of the jobs of one point that have the outcome.
SeedAverage average(const SweepResult& result, std::size_t point, const std::string& name) {
    std::vector<double> values;
    for (std::size_t k = 0; k < result.sweep.seeds; ++k) {
        const JobOutcomes& job = result.jobs[point * result.sweep.seeds + k];
        if (const auto found = job.find(name); found != job.end() && found->is_number()) {
            values.push_back(found->get<double>());
        }
    }
    SeedAverage average;
    const auto count = static_cast<double>(values.size());
    double sum = 0.0;
    for (const double value : values) {
        sum += value;
    }
    if (!values.empty()) {
        average.mean = sum / count;
    }
    if (values.size() > 1) {
        double squares = 0.0;
        for (const double value : values) {
            squares += (value - *average.mean) * (value - *average.mean);
        }
        average.standard_error = std::sqrt(squares / (count - 1.0) / count);
    }
    return average;
}

bool is_number(const std::vector<JobOutcomes>& jobs, const std::string& name) {
    return std::ranges::none_of(jobs, [&name](const JobOutcomes& job) {
        return job.contains(name) && job[name].is_string();
    });
}

SweepResult::Point reduce_point(const SweepResult& result, std::size_t point) {
    SweepResult::Point reduced;
    const std::size_t first = point * result.sweep.seeds;
    for (const std::string& name : result.run_names) {
        reduced.run.push_back(average(result, point, name));
    }
    for (const std::string& name : result.sweep.collect.theory) {
        reduced.theory.push_back(result.jobs[first].at("theory." + name));
    }
    for (std::size_t k = 0; k < result.sweep.seeds; ++k) {
        reduced.failures += result.jobs[first + k].contains("failure") ? 1U : 0U;
    }
    return reduced;
}

} // namespace

std::size_t SweepResult::failures() const {
    std::size_t count = 0;
    for (const Point& point : points) {
        count += point.failures;
    }
    return count;
}

SweepResult reduce(Sweep sweep, std::vector<JobOutcomes> jobs) {
    SweepResult result{.sweep = std::move(sweep), .jobs = std::move(jobs), .run_names{}, .points{}};
    for (const std::string& name : result.sweep.collect.run) {
        if (is_number(result.jobs, name)) {
            result.run_names.push_back(name);
        }
    }
    for (std::size_t point = 0; point < result.sweep.points(); ++point) {
        result.points.push_back(reduce_point(result, point));
    }
    return result;
}

} // namespace tinymf::host
