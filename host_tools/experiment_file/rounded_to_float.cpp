// SPDX-License-Identifier: Apache-2.0
#include <concepts>

#include <fmt/format.h>

#include "experiment_file/experiment.hpp"
#include "experiment_file/problem_list.hpp"
#include "experiment_file/ranges.hpp"
#include "tinymf/assert.hpp"
#include "tinymf/experiment/validation.hpp"

namespace tinymf::host {
namespace {

using experiment::Field;

class Rounding {
public:
    explicit Rounding(std::string_view source) : source_{source} {}

    // Ranges end at float32 values and rounding is monotone, so a value stays within its range;
    // only zero can be reached from values that are not.
    float operator()(Field field, double value) {
        const auto rounded = static_cast<float>(value);
        if (rounded == 0.0F && value != 0.0) {
            problems_.add(fmt::format("{}: {} = {}: becomes 0 in float32", source_,
                                      experiment::info(field).key, value));
        }
        return rounded;
    }

    void throw_if_any() const { problems_.throw_if_any(); }

private:
    std::string source_;
    ProblemList problems_;
};

} // namespace

experiment::Parameters<float> rounded_to_float(const Experiment& experiment) {
    const auto& p = experiment.parameters;
    Rounding rounded(experiment.source);
    experiment::Parameters<float> q;
    q.activation = p.activation;
    q.exponent = rounded(Field::exponent, p.exponent);
    for (std::size_t i = 0; i < q.pade_numerator.size(); ++i) {
        q.pade_numerator[i] = rounded(Field::pade_numerator, p.pade_numerator[i]);
        q.pade_denominator[i] = rounded(Field::pade_denominator, p.pade_denominator[i]);
    }
    q.gain = rounded(Field::gain, p.gain);
    q.reciprocity = rounded(Field::reciprocity, p.reciprocity);
    q.noise = rounded(Field::noise, p.noise);
    q.noise_kind = p.noise_kind;
    q.noise_time = rounded(Field::noise_time, p.noise_time);
    q.noise_hold = p.noise_hold;
    q.dt = rounded(Field::dt, p.dt);
    q.steps = p.steps;
    q.integrator = p.integrator;
    q.seed = p.seed;
    q.initial = p.initial;
    q.initial_scale = rounded(Field::initial_scale, p.initial_scale);
    q.stimulus = p.stimulus;
    q.stimulus_amplitude = rounded(Field::stimulus_amplitude, p.stimulus_amplitude);
    q.stimulus_frequency = rounded(Field::stimulus_frequency, p.stimulus_frequency);
    q.stimulus_onset = rounded(Field::stimulus_onset, p.stimulus_onset);
    q.replicas = p.replicas;
    q.state_every = p.state_every;
    q.digest_every = p.digest_every;
    q.observation = p.observation;
    rounded.throw_if_any();
    TINYMF_ASSERT(!experiment::validate(q));
    return q;
}

} // namespace tinymf::host
