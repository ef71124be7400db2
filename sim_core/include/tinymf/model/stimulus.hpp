// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string_view>

#include "tinymf/assert.hpp"
#include "tinymf/model/phase.hpp"
#include "tinymf/numeric/circular.hpp"

namespace tinymf::model {

/// The deterministic input I(t), common to all neurons:
///
/// - none: 0;
/// - constant: amplitude;
/// - step: amplitude from the onset on, 0 before;
/// - sine: amplitude sin(2 pi frequency t);
/// - live: the value last given from outside, 0 before the first.
enum class StimulusKind : std::uint8_t { none, constant, step, sine, live };

inline constexpr std::array<std::string_view, 5> stimulus_names{"none", "constant", "step", "sine",
                                                                "live"};

/// Where in the step from t to t + dt an integrator's stage looks: half steps after t.
enum class StageTime : std::uint8_t { begin = 0, middle = 1, end = 2 };

/// What a stimulus is made of; times in units of the neuron's time constant.
template <std::floating_point T>
struct StimulusParameters {
    StimulusKind kind = StimulusKind::none;
    T amplitude = T(0);
    T frequency = T(0); ///< cycles per time constant, >= 0
    T onset = T(0);     ///< >= 0
};

/// I at any stage of any step, without accumulated error: time is the integer step index. Work: one
/// sine per stage; size 32 bytes (float) or 40 (double).
///
/// The sine's phase is an integer multiple of the phase per half step, frequency dt/2 turns, which
/// is rounded once: to the scalar's precision by the product, then to 2^-64 turn. So the frequency
/// in effect is within a relative 2^-24 (double: 2^-53) of the one asked for, and constant for
/// ever.
///
/// The step's onset is rounded to the nearest multiple of dt and, like a live value, holds for all
/// stages of a step: each step sees a smooth input, and the integrators keep their order.
template <std::floating_point T>
class Stimulus {
public:
    Stimulus() = default;

    Stimulus(const StimulusParameters<T>& parameters, T dt)
        : kind_{parameters.kind}, amplitude_{parameters.amplitude},
          phase_per_half_step_{phase_of_turns(parameters.frequency * (dt / T(2)))},
          onset_step_{nearest_step(parameters.onset / dt)} {}

    /// Sets the live value, for the steps to come.
    void hold(T value) {
        TINYMF_ASSERT(kind_ == StimulusKind::live);
        live_ = value;
    }

    /// The live value; with the step index it is all the state there is.
    [[nodiscard]] T held() const { return live_; }

    [[nodiscard]] T at(std::uint32_t step, StageTime stage) const {
        switch (kind_) {
        case StimulusKind::none:
            return T(0);
        case StimulusKind::constant:
            return amplitude_;
        case StimulusKind::step:
            return step >= onset_step_ ? amplitude_ : T(0);
        case StimulusKind::sine:
            return amplitude_ * numeric::cos_sin_turn(leading_bits<T>(phase(step, stage))).sin;
        case StimulusKind::live:
            break;
        }
        TINYMF_ASSERT(kind_ == StimulusKind::live);
        return live_;
    }

    /// The sine's phase, modulo whole turns.
    [[nodiscard]] Phase phase(std::uint32_t step, StageTime stage) const {
        const std::uint64_t half_steps =
            std::uint64_t{step} * 2U + static_cast<std::uint8_t>(stage);
        return half_steps * phase_per_half_step_;
    }

private:
    /// Beyond the longest run, 2^31 steps, an onset is never reached.
    [[nodiscard]] static std::uint32_t nearest_step(T steps) {
        TINYMF_ASSERT(steps >= T(0));
        constexpr T longest_run = T(0x1p31F);
        if (steps >= longest_run) {
            return std::numeric_limits<std::uint32_t>::max();
        }
        return static_cast<std::uint32_t>(steps + T(0.5F));
    }

    StimulusKind kind_ = StimulusKind::none;
    T amplitude_ = T(0);
    T live_ = T(0);
    Phase phase_per_half_step_ = 0;
    std::uint32_t onset_step_ = 0;
};

} // namespace tinymf::model
