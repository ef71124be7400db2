// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "tinymf/assert.hpp"
#include "tinymf/checkpoint/field_walk.hpp"
#include "tinymf/eigen.hpp"
#include "tinymf/model/activation.hpp"
#include "tinymf/model/coupling.hpp"
#include "tinymf/model/integrator.hpp"
#include "tinymf/model/noise.hpp"
#include "tinymf/model/non_finite.hpp"
#include "tinymf/model/parameters.hpp"
#include "tinymf/model/stimulus.hpp"
#include "tinymf/network/couplings.hpp"
#include "tinymf/network/panel_layout.hpp"
#include "tinymf/numeric/arithmetic_probe.hpp"
#include "tinymf/numeric/first_non_finite.hpp"
#include "tinymf/observe/digest.hpp"
#include "tinymf/observe/work_phase.hpp"
#include "tinymf/random/stream.hpp"

namespace tinymf::network {

/// N rate neurons, x' = -x + g J phi(x) + I(t) + xi (Zou & Huang 2023, eq. 1), on a time grid.
///
/// `replicas` copies share one J and have their own noise and initial state. The state at a step is
/// a pure function of the parameters and of the live inputs so far: same bits on every target.
/// Size: sizeof(Couplings) + (2 replicas + 4) N scalars + about 200 bytes. Work per step and
/// replica: one matrix-vector product and N activations for each stage of the integrator (Euler
/// and exponential Euler 1, Heun 2, RK4 4), and N normals when there is noise.
///
/// Example:
///
///     static tinymf::network::Network<float, 64, tinymf::model::CouplingKind::gaussian> network;
///     tinymf::model::Parameters<float> parameters;
///     parameters.gain = 2.0F;
///     network.configure(parameters);
///     for (int step = 0; step < 100; ++step) {
///         network.step();
///     }
///     const float x = network.state(0)[0];
///
/// Not for sparse or structured J, nor for a limit of large N: a mean field gives that for the cost
/// of one neuron. Statistics over long runs: ObservedNetwork, which needs no memory for states.
template <std::floating_point T, std::size_t N, model::CouplingKind kind,
          std::size_t max_replicas = 2>
class Network {
    static_assert(N >= 1 && N <= 65535 && max_replicas >= 1 && max_replicas <= 255);

public:
    using Scalar = T;
    using Vector = Eigen::Array<T, static_cast<int>(N), 1>;
    static constexpr std::size_t neurons = N;
    static constexpr std::size_t replicas = max_replicas;
    static constexpr model::CouplingKind coupling = kind;

    /// Draws couplings, fields and the state at step 0. The parameters must be valid; no more
    /// replicas than the type holds, and arithmetic that gives the project's bits, are asserted.
    void configure(const model::Parameters<T>& parameters) {
        TINYMF_ASSERT(parameters.replicas >= 1 && parameters.replicas <= max_replicas);
        TINYMF_ASSERT(numeric::arithmetic_is_trusted<T>());
        const auto& p = parameters_ = parameters;
        activation_ = {.kind = p.activation,
                       .power_law = {p.exponent},
                       .pade = {p.pade_numerator, p.pade_denominator}};
        noise_ = model::Noise<T>(p.noise_kind, p.noise, p.noise_time, p.dt, p.seed, p.noise_hold);
        stimulus_ = model::Stimulus<T>(
            {p.stimulus, p.stimulus_amplitude, p.stimulus_frequency, p.stimulus_onset}, p.dt);
        one_step_ = model::one_step_coefficients(p.integrator, p.dt, noise_.white_sigma());
        couplings_.draw(p.seed, p.reciprocity);
        step_ = 0;
        for (std::uint32_t r = 0; r < p.replicas; ++r) {
            draw_initial_state(r);
            noise_.start(view(field_[r]), r);
        }
    }

    /// Advances every replica by dt.
    void step() {
        observe::Unobserved nobody;
        step(nobody);
    }

    /// The same; `observer.enter(phase)` is told which part of the work begins.
    template <class Observer>
    void step(Observer& observer) {
        for (std::uint32_t r = 0; r < parameters_.replicas; ++r) {
            advance(r, observer);
            noise_.advance(view(field_[r]), step_, r);
        }
        ++step_;
    }

    /// Sets the live stimulus from the next step on; only when the stimulus is live.
    void hold_input(T value) { stimulus_.hold(value); }
    [[nodiscard]] T held_input() const { return stimulus_.held(); }

    [[nodiscard]] const model::Parameters<T>& parameters() const { return parameters_; }
    [[nodiscard]] std::uint32_t step_index() const { return step_; }

    [[nodiscard]] std::span<const T> state(std::size_t replica) const {
        TINYMF_ASSERT(replica < max_replicas);
        return view(x_[replica]);
    }

    [[nodiscard]] model::NonFinite first_non_finite() const {
        for (std::uint8_t r = 0; r < parameters_.replicas; ++r) {
            const std::size_t neuron = numeric::first_non_finite(state(r));
            if (neuron < N) {
                return {.found = true,
                        .quantity = model::Quantity::state,
                        .part = r,
                        .element = static_cast<std::uint32_t>(neuron)};
            }
        }
        return {};
    }

    /// Adds every word that the next step depends on, apart from the couplings.
    void digest_into(observe::Digest& digest) const {
        for (std::size_t r = 0; r < parameters_.replicas; ++r) {
            digest.add(view(x_[r]));
            if (has_field()) {
                digest.add(view(field_[r]));
            }
        }
        if (parameters_.stimulus == model::StimulusKind::live) {
            digest.add(stimulus_.held());
        }
    }

    /// Moves to a step whose fields `persist` is about to write.
    void place_at(std::uint32_t step) { step_ = step; }

    /// Every field that a step changes, apart from the live input; the couplings follow from the
    /// parameters.
    void persist(checkpoint::FieldWalk& walk) {
        for (std::size_t r = 0; r < parameters_.replicas; ++r) {
            walk.over(view(x_[r]));
            if (has_field()) {
                walk.over(view(field_[r]));
            }
        }
    }

    [[nodiscard]] std::uint64_t couplings_digest() const {
        observe::Digest digest;
        couplings_.digest_into(digest);
        return digest.value();
    }

    /// Adds `kick` to the state of a replica: an experimenter's perturbation.
    void perturb(std::size_t replica, std::span<const T, N> kick) {
        TINYMF_ASSERT(replica < max_replicas);
        for (std::size_t i = 0; i < N; ++i) {
            x_[replica][static_cast<Eigen::Index>(i)] += kick[i];
        }
    }

    /// Draws again the standard normals n that led to the present state; white noise only.
    void draw_latest_noise(std::size_t replica, std::span<T> normals) const {
        noise_.white(normals, step_ - 1, static_cast<std::uint32_t>(replica));
    }

    [[nodiscard]] const model::Activation<T>& activation() const { return activation_; }
    [[nodiscard]] const model::OneStepCoefficients<T>& one_step() const { return one_step_; }
    [[nodiscard]] Couplings<T, N, kind>& couplings() { return couplings_; }
    [[nodiscard]] const Couplings<T, N, kind>& couplings() const { return couplings_; }

private:
    static std::span<T, N> view(Vector& v) { return std::span<T, N>(v.data(), N); }
    static std::span<const T, N> view(const Vector& v) {
        return std::span<const T, N>(v.data(), N);
    }

    /// Coloured and static noise are fields of their own; white noise is not.
    [[nodiscard]] bool has_field() const {
        return parameters_.noise_kind != model::NoiseKind::white && parameters_.noise > T(0);
    }

    template <class Observer>
    void advance(std::uint32_t r, Observer& observer) {
        switch (parameters_.integrator) {
        case model::IntegratorKind::euler:
        case model::IntegratorKind::exponential_euler:
            one_stage_step(r, observer);
            break;
        case model::IntegratorKind::heun:
            heun_step(r, observer);
            break;
        case model::IntegratorKind::rk4:
            rk4_step(r, observer);
            break;
        }
    }

    /// x <- alpha x + beta F(x, t) + sqrt(nu) n
    template <class Observer>
    void one_stage_step(std::uint32_t r, Observer& observer) {
        const auto [alpha, beta, root_nu] = one_step_;
        drive(r, x_[r], model::StageTime::begin, observer);
        x_[r] = alpha * x_[r] + beta * drive_;
        if (root_nu > T(0)) {
            x_[r] += root_nu * white_noise(r);
        }
    }

    /// Predictor x~ = x + dt f(x, t) + sqrt(nu) n;
    /// x <- x + dt/2 (f(x, t) + f(x~, t + dt)) + sqrt(nu) n
    template <class Observer>
    void heun_step(std::uint32_t r, Observer& observer) {
        const auto [alpha, dt, root_nu] = one_step_;
        slope(r, x_[r], model::StageTime::begin, observer);
        stage_ = x_[r] + dt * drive_;
        x_[r] += (dt / T(2)) * drive_;
        if (root_nu > T(0)) {
            const Vector& n = white_noise(r);
            stage_ += root_nu * n;
            x_[r] += root_nu * n;
        }
        slope(r, stage_, model::StageTime::end, observer);
        x_[r] += (dt / T(2)) * drive_;
    }

    /// x <- x + dt/6 (k1 + 2 k2 + 2 k3 + k4)
    template <class Observer>
    void rk4_step(std::uint32_t r, Observer& observer) {
        const T dt = one_step_.beta;
        slope(r, x_[r], model::StageTime::begin, observer);
        sum_ = drive_;
        stage_ = x_[r] + (dt / T(2)) * drive_;
        slope(r, stage_, model::StageTime::middle, observer);
        sum_ += T(2) * drive_;
        stage_ = x_[r] + (dt / T(2)) * drive_;
        slope(r, stage_, model::StageTime::middle, observer);
        sum_ += T(2) * drive_;
        stage_ = x_[r] + dt * drive_;
        slope(r, stage_, model::StageTime::end, observer);
        sum_ += drive_;
        x_[r] += (dt / T(6)) * sum_;
    }

    /// drive_ = F(x, t) = g J phi(x) + xi + I(t)
    template <class Observer>
    void drive(std::uint32_t r, const Vector& x, model::StageTime stage, Observer& observer) {
        observer.enter(observe::WorkPhase::activation);
        activation_.apply(view(x), view(rates_));
        observer.enter(observe::WorkPhase::mat_vec);
        couplings_.multiply(view(std::as_const(rates_)), view(drive_), panel_order_);
        panel_order_ = opposite(panel_order_);
        observer.enter(observe::WorkPhase::update);
        drive_ = parameters_.gain * drive_ + (field_[r] + stimulus_.at(step_, stage));
    }

    /// drive_ = f(x, t) = -x + F(x, t)
    template <class Observer>
    void slope(std::uint32_t r, const Vector& x, model::StageTime stage, Observer& observer) {
        drive(r, x, stage, observer);
        drive_ -= x;
    }

    /// Standard normals of the present step; they overwrite the rates, which are used up.
    const Vector& white_noise(std::uint32_t r) {
        noise_.white(view(rates_), step_, r);
        return rates_;
    }

    void draw_initial_state(std::uint32_t r) {
        constexpr auto purpose = random::Purpose::initial;
        switch (parameters_.initial) {
        case model::InitialKind::normal:
            random::NormalStream<T>(parameters_.seed, purpose, r).fill(view(x_[r]), 0);
            break;
        case model::InitialKind::uniform:
            random::UniformStream<T>(parameters_.seed, purpose, r).fill(view(x_[r]), 0);
            break;
        case model::InitialKind::zero:
            x_[r].setZero();
            break;
        }
        x_[r] *= parameters_.initial_scale;
    }

    Couplings<T, N, kind> couplings_;
    std::array<Vector, max_replicas> x_;
    std::array<Vector, max_replicas> field_; ///< coloured or static xi, otherwise zero
    Vector rates_;                           ///< phi(x) of the stage, then white noise
    Vector drive_;                           ///< F or f of the stage
    Vector stage_;                           ///< argument of a later stage
    Vector sum_;                             ///< weighted slopes of the stages so far
    model::Parameters<T> parameters_;
    model::Activation<T> activation_;
    model::Noise<T> noise_;
    model::Stimulus<T> stimulus_;
    model::OneStepCoefficients<T> one_step_;
    std::uint32_t step_ = 0;
    PanelOrder panel_order_ = PanelOrder::ascending; ///< alternates: speed only, never a bit
};

} // namespace tinymf::network
