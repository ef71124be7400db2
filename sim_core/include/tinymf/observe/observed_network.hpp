// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tinymf/assert.hpp"
#include "tinymf/checkpoint/field_walk.hpp"
#include "tinymf/model/activation.hpp"
#include "tinymf/model/non_finite.hpp"
#include "tinymf/model/parameters.hpp"
#include "tinymf/model/stimulus.hpp"
#include "tinymf/numeric/first_non_finite.hpp"
#include "tinymf/observe/correlation_estimator.hpp"
#include "tinymf/observe/covariance_sums.hpp"
#include "tinymf/observe/digest.hpp"
#include "tinymf/observe/lyapunov_estimator.hpp"
#include "tinymf/observe/moment_sums.hpp"
#include "tinymf/observe/observable.hpp"
#include "tinymf/observe/observation_parameters.hpp"
#include "tinymf/observe/observed_vector.hpp"
#include "tinymf/observe/settling.hpp"
#include "tinymf/observe/work_phase.hpp"

namespace tinymf::observe {

/// Whether a profile has memory for the covariance matrices.
enum class Covariances : bool { none, kept };

/// A network::Network that estimates statistics of itself while it runs, block by block. The
/// network's numbers are the same as without.
///
/// Size: the network; (7 + 24) N scalars at two replicas; 5 words a lag; with covariances another
/// 2 replicas (N(N+1)/2 + 2 N) scalars. Work of a sample and replica: N activations and slopes,
/// about 30 N operations, and N(N+1) multiplications and additions for covariances; a Lyapunov
/// exponent adds a matrix-vector product and N slopes to every step.
///
/// Example, moments over 100 samples, of every second step:
///
///     using Plain = tinymf::network::Network<float, 32, tinymf::model::CouplingKind::gaussian>;
///     static tinymf::observe::ObservedNetwork<Plain, 8, tinymf::observe::Covariances::none>
///     network; network.configure({}); network.observe({.observables =
///     set_of(tinymf::observe::Observable::moments),
///                      .sample_every = 2,
///                      .block = 100,
///                      .lags = 8});
///     while (!network.observation_is_due()) {
///         network.step();
///     }
///     const float mean = network.observed(tinymf::observe::ObservedArray::moments).values[0];
///
/// Not for traces of single neurons, and not for covariances of many on a board: N(N+1)/2 scalars
/// and as many operations a sample, for each replica and signal. Its error bars are the host's,
/// from many blocks.
template <class Network, std::size_t most_lags, Covariances covariances>
class ObservedNetwork : public Network {
public:
    using T = typename Network::Scalar;
    static constexpr std::size_t neurons = Network::neurons;
    static constexpr std::size_t lags = most_lags;
    static constexpr ObservableSet observables =
        covariances == Covariances::kept
            ? all_observables
            : static_cast<ObservableSet>(all_observables & ~of_covariances);

    /// What to estimate from now on; after `configure`. Valid, and in the type's memory (asserted).
    void observe(const ObservationParameters& parameters) {
        observation_ = parameters;
        TINYMF_ASSERT((parameters.observables & ~observables) == 0);
        TINYMF_ASSERT(parameters.sample_every >= 1 && parameters.block >= 1 &&
                      parameters.window >= 1);
        TINYMF_ASSERT(!wants_lags() || (parameters.lags >= 1 && parameters.lags <= most_lags));
        digest_ = {};
        begin_block();
        if (observation_.asks_for(Observable::lyapunov)) {
            tangent_.start(this->parameters().seed);
        }
    }

    void step() {
        Unobserved nobody;
        step(nobody);
    }

    /// The same; `observer.enter(phase)` is told which part of the work begins.
    template <class Observer>
    void step(Observer& observer) {
        if (observation_.observables == 0) {
            Network::step(observer);
            return;
        }
        observer.enter(WorkPhase::observe);
        const std::uint32_t next = this->step_index() + 1;
        if (observation_.asks_for(Observable::lyapunov)) {
            tangent_.advance(this->activation(), this->couplings(), this->parameters().gain,
                             this->one_step(), state_of(0), this->step_index());
        }
        if (observation_.asks_for(Observable::settling) && observation_.samples_at(next)) {
            for_each_replica([this](std::size_t r) { settling_.remember(r, state_of(r)); });
        }
        Network::step(observer);
        observer.enter(WorkPhase::observe);
        if (next == observation_.after && observation_.asks_for(Observable::lyapunov)) {
            tangent_.scale();
            tangent_.begin();
        }
        if (observation_.samples_at(next)) {
            take_sample();
        }
    }

    /// True at the step that ended a block, until the next.
    [[nodiscard]] bool observation_is_due() const {
        return observation_.ends_block(this->step_index());
    }

    /// Estimates of the block that has just ended; only while observation_is_due().
    [[nodiscard]] ObservedVector<T> observed(ObservedArray array) const {
        return {array, asks_for(array) ? values_of(array) : std::span<const T>{}};
    }

    /// Of the state, and at a sample of every sum and estimate: a run that goes on holds none.
    /// Beyond the state's, the work is 3 integer operations for each number of a finished block,
    /// and else for each sum but those that cannot be infinite, see CovarianceSums.
    [[nodiscard]] model::NonFinite first_non_finite() const {
        if (const model::NonFinite place = Network::first_non_finite(); place.found) {
            return place;
        }
        if (observation_.asks_for(Observable::lyapunov) && !tangent_.is_finite()) {
            return non_finite(ObservedArray::lyapunov, 0);
        }
        if (observation_is_due()) {
            return first_non_finite_estimate();
        }
        return observation_.samples_at(this->step_index()) ? first_non_finite_sum()
                                                           : model::NonFinite{};
    }

    [[nodiscard]] const ObservationParameters& observation() const { return observation_; }

    /// Digest over all estimates of all blocks so far.
    [[nodiscard]] std::uint64_t observations_digest() const { return digest_.value(); }

    /// The network's fields, and those of the estimates that are asked for.
    void persist(checkpoint::FieldWalk& walk) {
        Network::persist(walk);
        const std::size_t active_replicas = this->parameters().replicas;
        const std::uint32_t samples =
            observation_.observables == 0 ? 0 : observation_.samples_in_block(this->step_index());
        if (observation_.asks_for(Observable::moments)) {
            moments_.persist(walk);
        }
        if (wants_lags()) {
            products_.persist(walk, active_replicas, observation_.lags, samples);
        }
        if (wants_covariances()) {
            input_.persist(walk, active_replicas);
            output_.persist(walk, active_replicas);
        }
        if (observation_.asks_for(Observable::lyapunov)) {
            tangent_.persist(walk);
        }
        if (observation_.asks_for(Observable::settling)) {
            settling_.persist(walk, samples * static_cast<std::uint32_t>(active_replicas));
        }
        if (observation_.observables != 0) {
            std::uint64_t digest = digest_.value();
            walk.over(digest);
            digest_ = Digest::resumed_from(digest);
        }
    }

private:
    static constexpr std::size_t replicas = Network::replicas;
    static constexpr bool keeps_covariances = covariances == Covariances::kept;
    static constexpr std::size_t covariance_size = keeps_covariances ? neurons : 1;

    using Values = std::array<T, neurons>;
    using Sums = CovarianceSums<T, covariance_size, replicas>;

    [[nodiscard]] std::span<const T, neurons> state_of(std::size_t replica) const {
        return this->state(replica).template first<neurons>();
    }

    template <class Use>
    void for_each_replica(Use&& use) {
        for (std::size_t r = 0; r < this->parameters().replicas; ++r) {
            use(r);
        }
    }

    [[nodiscard]] bool wants_covariances() const {
        return keeps_covariances && (observation_.observables & of_covariances) != 0;
    }
    [[nodiscard]] bool wants_lags() const {
        return observation_.asks_for(Observable::autocorrelation) ||
               observation_.asks_for(Observable::response);
    }

    [[nodiscard]] WantedProducts wanted_products() const {
        return {.correlations = observation_.asks_for(Observable::autocorrelation),
                .responses = observation_.asks_for(Observable::response)};
    }

    [[nodiscard]] static model::NonFinite non_finite(ObservedArray array, std::size_t element) {
        return {.found = true,
                .quantity = model::Quantity::estimate,
                .part = static_cast<std::uint8_t>(array),
                .element = static_cast<std::uint32_t>(element)};
    }

    /// Of the block that has just ended.
    [[nodiscard]] model::NonFinite first_non_finite_estimate() const {
        for (std::size_t a = 0; a < static_cast<std::size_t>(ObservedArray::count); ++a) {
            const auto array = static_cast<ObservedArray>(a);
            const std::span<const T> values = observed(array).values;
            const std::size_t element = numeric::first_non_finite(values);
            if (element < values.size()) {
                return non_finite(array, element);
            }
        }
        return {};
    }

    /// Of the sums that the present sample was added to, named by the estimates they are for.
    [[nodiscard]] model::NonFinite first_non_finite_sum() const {
        if (observation_.asks_for(Observable::moments)) {
            const std::size_t moment = moments_.first_non_finite();
            if (moment < MomentSums<T, neurons>::moments) {
                return non_finite(ObservedArray::moments, moment);
            }
        }
        if (wants_lags()) {
            const auto place = products_.first_non_finite(
                observation_.sample_in_block(this->step_index()), observation_.lags);
            if (place.found) {
                return non_finite(array_of(place.product), place.lag);
            }
        }
        if (wants_covariances()) {
            for (std::size_t r = 0; r < this->parameters().replicas; ++r) {
                if (const auto place = first_non_finite_covariance(r); place.found) {
                    return place;
                }
            }
        }
        if (observation_.asks_for(Observable::settling)) {
            const std::span<const T> values = settling_.values();
            const std::size_t element = numeric::first_non_finite(values);
            if (element < values.size()) {
                return non_finite(ObservedArray::settling, element);
            }
        }
        return {};
    }

    [[nodiscard]] static ObservedArray array_of(LaggedProduct product) {
        constexpr std::array<ObservedArray, 4> arrays{ObservedArray::cx, ObservedArray::cphi,
                                                      ObservedArray::rx, ObservedArray::rphi};
        return arrays[static_cast<std::size_t>(product)];
    }

    /// Where the matrices are not asked for, the trace of the replica stands for them.
    [[nodiscard]] model::NonFinite first_non_finite_covariance(std::size_t replica) const {
        using enum ObservedArray;
        const bool matrices = observation_.asks_for(Observable::covariance);
        const bool first = replica == 0;
        const std::size_t trace = static_cast<std::size_t>(first ? CovarianceStatistic::trace_a
                                                                 : CovarianceStatistic::trace_b);
        if (const std::size_t entry = input_.first_non_finite(replica); entry < Sums::entries) {
            return matrices ? non_finite(first ? covariance_input_a : covariance_input_b, entry)
                            : non_finite(spread_input, trace);
        }
        if (const std::size_t entry = output_.first_non_finite(replica); entry < Sums::entries) {
            return matrices ? non_finite(first ? covariance_output_a : covariance_output_b, entry)
                            : non_finite(spread_output, trace);
        }
        return {};
    }

    void take_sample() {
        const std::uint32_t k = observation_.sample_in_block(this->step_index());
        if (k == 0) {
            begin_block();
        }
        for_each_replica([this, k](std::size_t r) { take_sample_of(r, k); });
        if (observation_.asks_for(Observable::lyapunov)) {
            tangent_.scale();
        }
        if (k + 1 == observation_.block) {
            finish_block();
        }
    }

    void begin_block() {
        moments_.begin();
        products_.begin();
        settling_.begin();
        if (wants_covariances()) {
            input_.begin();
            output_.begin();
        }
    }

    void take_sample_of(std::size_t r, std::uint32_t k) {
        const auto x = state_of(r);
        this->activation().apply(x, phi_);
        if (observation_.asks_for(Observable::moments)) {
            this->activation().apply_slope(x, slopes_);
            moments_.take(x, phi_, slopes_);
        }
        if (wants_lags()) {
            products_.take(
                r, k, observation_.lags, wanted_products(), x, phi_,
                [this, r](std::span<T> normals) { this->draw_latest_noise(r, normals); });
        }
        if (observation_.asks_for(Observable::settling)) {
            settling_.take(r, x, this->one_step().beta);
        }
        if constexpr (keeps_covariances) {
            if (wants_covariances()) {
                input_.take(r, k, observation_.window, x);
                output_.take(r, k, observation_.window, phi_);
            }
        }
    }

    void finish_block() {
        const auto& p = this->parameters();
        const T interval = static_cast<T>(observation_.sample_every) * p.dt;
        if (observation_.asks_for(Observable::moments)) {
            moments_.finish(std::size_t{observation_.block} * p.replicas);
        }
        if (wants_lags()) {
            products_.finish(observation_.lags, this->one_step().root_nu);
        }
        if (wants_covariances()) {
            const std::uint32_t window = observation_.window;
            const T scale = window == 1 ? T(1) : static_cast<T>(window) * interval;
            const std::uint32_t vectors = observation_.block / window;
            const bool spread = observation_.asks_for(Observable::participation);
            input_.finish(vectors, !has_zero_mean(), scale, p.replicas, spread);
            output_.finish(vectors, !has_zero_mean(), scale, p.replicas, spread);
        }
        if (observation_.asks_for(Observable::lyapunov)) {
            tangent_.finish(static_cast<T>(observation_.block) * interval);
            tangent_.begin();
        }
        for (std::size_t a = 0; a < static_cast<std::size_t>(ObservedArray::count); ++a) {
            digest_.add(observed(static_cast<ObservedArray>(a)).values);
        }
    }

    /// By symmetry: flipping all signs leaves the law of the network unchanged.
    [[nodiscard]] bool has_zero_mean() const {
        const auto& p = this->parameters();
        return model::is_odd(p.activation) && p.stimulus == model::StimulusKind::none;
    }

    [[nodiscard]] bool asks_for(ObservedArray array) const {
        return contains(observables, facts_of(array).observable) &&
               observation_.asks_for(array, this->parameters().replicas);
    }

    [[nodiscard]] std::span<const T> values_of(ObservedArray array) const {
        const std::size_t used_lags = observation_.lags;
        switch (array) {
        case ObservedArray::moments:
            return moments_.values();
        case ObservedArray::cx:
            return products_.cx().first(used_lags);
        case ObservedArray::cphi:
            return products_.cphi().first(used_lags);
        case ObservedArray::rx:
            return products_.rx().first(used_lags);
        case ObservedArray::rphi:
            return products_.rphi().first(used_lags);
        case ObservedArray::spread_input:
            return input_.spread();
        case ObservedArray::spread_output:
            return output_.spread();
        case ObservedArray::covariance_input_a:
            return input_.covariance(0);
        case ObservedArray::covariance_input_b:
            return input_.covariance(1);
        case ObservedArray::covariance_output_a:
            return output_.covariance(0);
        case ObservedArray::covariance_output_b:
            return output_.covariance(1);
        case ObservedArray::lyapunov:
            return tangent_.values();
        case ObservedArray::settling:
            return settling_.values();
        case ObservedArray::count:
            break;
        }
        return {};
    }

    ObservationParameters observation_;
    Digest digest_;
    MomentSums<T, neurons> moments_;
    CorrelationEstimator<T, neurons, replicas, most_lags> products_;
    Settling<T, neurons, replicas> settling_;
    LyapunovEstimator<T, neurons> tangent_;
    Sums input_;
    Sums output_;
    Values phi_;
    Values slopes_;
};

} // namespace tinymf::observe
