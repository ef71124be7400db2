// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <tuple>
#include <type_traits>
#include <utility>

#include "tinymf/assert.hpp"
#include "tinymf/experiment/model_contract.hpp"
#include "tinymf/experiment/parameters.hpp"
#include "tinymf/experiment/profile.hpp"
#include "tinymf/experiment/refusal.hpp"
#include "tinymf/experiment/validation.hpp"
#include "tinymf/experiment/wire.hpp"
#include "tinymf/mean_field/saturation.hpp"
#include "tinymf/model/non_finite.hpp"
#include "tinymf/observe/digest.hpp"
#include "tinymf/observe/work_phase.hpp"
#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/byte_writer.hpp"

namespace tinymf::experiment {

/// Runs one model out of those compiled in: configure -> step -> observe. The same on a device, on
/// the host and in the host twin of a captured run.
///
/// No copies: what it holds may point into itself. Size: the largest of the models, and about 100
/// bytes. Work per step: the model's, and about 12 integer operations per state word for the
/// rolling digest.
///
/// Example, the first of two models, configured as by a host:
///
///     using Small = tinymf::network::Network<float, 16, tinymf::model::CouplingKind::gaussian>;
///     using Large = tinymf::network::Network<float, 64, tinymf::model::CouplingKind::gaussian>;
///     static tinymf::experiment::Engine<Small, Large> engine;
///     std::array<std::uint8_t, 256> bytes{};
///     tinymf::stream::ByteWriter writer(bytes);
///     tinymf::experiment::write(writer, tinymf::experiment::Parameters<float>{});
///     tinymf::stream::ByteReader wire(writer.written());
///     if (const auto refusal = engine.configure(0, wire); !refusal) {
///         engine.step();
///     }
///     const std::uint64_t digest = engine.digest();
///
/// Not for a program that has one model and nobody to talk to: use the model itself, and check what
/// you give it with its `refuse` or experiment::validate.
template <Model... Models>
class Engine {
    static_assert(sizeof...(Models) >= 1 && sizeof...(Models) <= 255);

public:
    static constexpr std::array<ProfileInfo, sizeof...(Models)> profiles{profile_of<Models>...};

    // Not defaulted: that would clear the room of the largest model, of which a run needs a part.
    Engine() {} // NOLINT(modernize-use-equals-default)
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// Reads a whole configuration, checks all of it, and only then replaces the present model.
    [[nodiscard]] Refusal configure(std::uint8_t profile, stream::ByteReader& wire) {
        if (profile >= profiles.size()) {
            return {RefusalCode::no_such_profile, Field::profile};
        }
        Refusal refusal;
        with_model_type(profile, [&]<class M>(std::type_identity<M>) {
            refusal = configure_as<M>(profile, wire);
        });
        return refusal;
    }

    [[nodiscard]] bool configured() const { return active_ != no_profile; }
    [[nodiscard]] std::uint8_t profile() const { return active_; }

    /// Advances by one step and extends the digest; afterwards `fault()` tells whether every number
    /// of it is finite. Not to be called after a fault.
    void step() {
        observe::Unobserved nobody;
        step(nobody);
    }

    /// The same; `observer.enter(phase)` is told which part of the work begins.
    template <class Observer>
    void step(Observer& observer) {
        TINYMF_ASSERT(configured() && !fault_.found);
        visit([this, &observer](auto& model) {
            observer.enter(observe::WorkPhase::update);
            step_observed(model, observer);
            observer.enter(observe::WorkPhase::observe);
            this->take_in(model);
        });
    }

    /// Takes over a model whose fields were written by a checkpoint (see checkpoint/): its step,
    /// with the digest of all steps up to it. False when a number of it is not finite.
    [[nodiscard]] bool resume(std::uint64_t digest) {
        visit([this](auto& model) {
            rebuild(model);
            this->look_at(model);
        });
        digest_ = observe::Digest::resumed_from(digest);
        return !fault_.found;
    }

    /// Back to step 0 of the configuration in effect.
    void restart() {
        visit([this]<class M>(M& model) {
            const Parameters<typename M::Scalar> parameters{model.parameters(), state_every_,
                                                            digest_every_, observation_of(model)};
            this->template commit<M>(active_, parameters);
        });
    }

    /// Reads a live input of the profile's scalar from the wire and holds it from the next step on.
    [[nodiscard]] Refusal hold_input(stream::ByteReader& wire) {
        return visit([&wire]<class M>(M& model) -> Refusal {
            using T = typename M::Scalar;
            const T value = wire.template get<T>();
            if (!wire.finished()) {
                return {RefusalCode::malformed, Field::input};
            }
            if (model.parameters().stimulus != model::StimulusKind::live) {
                return {RefusalCode::bad_combination, Field::stimulus_kind};
            }
            if (!in_range(Field::input, value)) {
                return {RefusalCode::out_of_range, Field::input};
            }
            model.hold_input(value);
            return {};
        });
    }

    /// The configuration in effect, as `configure` reads it.
    void write_parameters(stream::ByteWriter& wire) const {
        visit([this, &wire]<class M>(const M& model) {
            write(wire, Parameters<typename M::Scalar>{model.parameters(), state_every_,
                                                       digest_every_, observation_of(model)});
        });
    }

    void write_held_input(stream::ByteWriter& wire) const {
        visit([&wire](const auto& model) { wire.put(model.held_input()); });
    }

    [[nodiscard]] std::uint32_t step_index() const { return step_index_; }
    [[nodiscard]] std::uint32_t last_step() const { return last_step_; }
    [[nodiscard]] bool finished() const { return step_index_ >= last_step_; }
    [[nodiscard]] const model::NonFinite& fault() const { return fault_; }

    /// Numbers that the model could not hold so far; none where it holds all.
    [[nodiscard]] mean_field::Saturation saturation() const {
        return visit([](const auto& model) -> mean_field::Saturation {
            if constexpr (requires { model.saturation(); }) {
                return model.saturation();
            } else {
                return {};
            }
        });
    }

    /// Digest over the states of all steps from 0 to `step_index()`.
    [[nodiscard]] std::uint64_t digest() const { return digest_.value(); }
    [[nodiscard]] std::uint64_t couplings_digest() const { return couplings_digest_; }

    /// Counted from the start of the population in a mean field with several.
    [[nodiscard]] bool state_is_due() const {
        return state_every_ != 0 && time_index_ % state_every_ == 0;
    }
    /// A block of observations has just ended.
    [[nodiscard]] bool observation_is_due() const {
        return visit([]<class M>(const M& model) {
            if constexpr (ObservingModel<M>) {
                return model.observation_is_due();
            } else {
                return false;
            }
        });
    }
    [[nodiscard]] bool digest_is_due() const { return finished() || is_due(digest_every_); }

    /// Calls use(model) with the active model. `use` visits no engine in its turn: the bound of an
    /// image's stack takes a visit within a visit for recursion.
    template <class Use>
    decltype(auto) visit(Use&& use) {
        using First = std::tuple_element_t<0, std::tuple<Models...>>;
        using Result = std::invoke_result_t<Use&, First&>;
        TINYMF_ASSERT(configured());
        constexpr std::array<Result (*)(std::byte*, Use&), sizeof...(Models)> with_model{
            &Engine::template use_model<Models, Result, Use>...};
        return with_model[active_](storage_.data(), use);
    }
    template <class Use>
    decltype(auto) visit(Use&& use) const {
        return const_cast<Engine*>(this)->visit(
            [&use](const auto& model) -> decltype(auto) { return use(model); });
    }

private:
    static constexpr std::uint8_t no_profile = 255;
    static constexpr std::size_t storage_size = std::max({sizeof(Models)...});
    static constexpr std::size_t storage_alignment = std::max({alignof(Models)...});

    template <class M>
    Refusal configure_as(std::uint8_t profile, stream::ByteReader& wire) {
        using T = typename M::Scalar;
        const auto parameters = read_parameters<T>(wire);
        if (!wire.finished()) {
            return {RefusalCode::malformed, Field::none};
        }
        if (const Refusal refusal = validate(parameters)) {
            return refusal;
        }
        if (const Field field = beyond(profiles[profile], parameters); field != Field::none) {
            return {RefusalCode::out_of_range, field};
        }
        if (const Refusal refusal = refused_by<M>(parameters)) {
            return refusal;
        }
        commit<M>(profile, parameters);
        return {};
    }

    /// The field that asks for more than the profile can give.
    template <class T>
    [[nodiscard]] static Field beyond(const ProfileInfo& profile, const Parameters<T>& parameters) {
        const observe::ObservationParameters& observation = parameters.observation;
        const bool network = profile.kind == ModelKind::network;
        if (parameters.replicas > profile.replicas) {
            return network ? Field::replicas : Field::populations;
        }
        if ((observation.observables & ~profile.observables) != 0) {
            return Field::observables;
        }
        if (observation.observables != 0 && observation.lags > profile.lags) {
            return Field::observe_lags;
        }
        if (parameters.noise_hold != 0 && !network) {
            return Field::noise_hold;
        }
        return Field::none;
    }

    template <class M>
    void commit(std::uint8_t profile, const Parameters<typename M::Scalar>& parameters) {
        M& model = *new (storage_.data()) M;
        active_ = profile;
        last_step_ = last_step_of<M>(parameters);
        state_every_ = parameters.state_every;
        digest_every_ = parameters.digest_every;
        digest_ = observe::Digest{};
        model.configure(parameters);
        if constexpr (ObservingModel<M>) {
            model.observe(parameters.observation);
        }
        couplings_digest_ = model.couplings_digest();
        take_in(model);
    }

    void look_at(const auto& model) {
        step_index_ = model.step_index();
        time_index_ = time_index_of(model);
        fault_ = model.first_non_finite();
    }

    void take_in(const auto& model) {
        look_at(model);
        if (!fault_.found) {
            digest_.add(step_index_);
            model.digest_into(digest_);
        }
    }

    template <class M>
    [[nodiscard]] static std::uint32_t time_index_of(const M& model) {
        if constexpr (MeanFieldModel<M>) {
            return static_cast<std::uint32_t>(model.row_index());
        } else {
            return model.step_index();
        }
    }

    [[nodiscard]] bool is_due(std::uint32_t every) const {
        return every != 0 && step_index_ % every == 0;
    }

    template <class Use>
    static void with_model_type(std::uint8_t profile, Use&& use) {
        std::uint8_t index = 0;
        ((index++ == profile ? use(std::type_identity<Models>{}) : void()), ...);
    }

    template <class M, class Result, class Use>
    static Result use_model(std::byte* storage, Use& use) {
        return use(*std::launder(reinterpret_cast<M*>(storage)));
    }

    alignas(storage_alignment) std::array<std::byte, storage_size> storage_; // of the model alone
    observe::Digest digest_;
    std::uint64_t couplings_digest_ = 0;
    std::uint32_t step_index_ = 0;
    std::uint32_t time_index_ = 0;
    std::uint32_t last_step_ = 0;
    std::uint32_t state_every_ = 0;
    std::uint32_t digest_every_ = 0;
    model::NonFinite fault_;
    std::uint8_t active_ = no_profile;
};

} // namespace tinymf::experiment
