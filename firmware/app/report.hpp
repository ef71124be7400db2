// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "app/non_finite_cause.hpp"
#include "app/observation_cursor.hpp"
#include "app/row_cursor.hpp"
#include "tinymf/experiment/model_contract.hpp"
#include "tinymf/stream/byte_writer.hpp"
#include "tinymf/stream/frame.hpp"
#include "tinymf/stream/frame_kinds.hpp"

namespace tinymf::firmware {

/// The frames that tell of one step, in order: STATE chunks of every replica, or ROW chunks of a
/// mean field, OBSERVE where a block of observations has ended, then DIGEST; or FAULT alone where a
/// number of it is not finite. A cursor: `offer_next` is called until `finished`, each call
/// offers one frame, and a frame that was not taken is offered again, so that a lossless run waits
/// in the middle of a step without holding anything up.
class Report {
public:
    /// What the present step of `engine` has to say.
    template <class Engine>
    void begin(const Engine& engine) {
        const bool sound = !engine.fault().found;
        state_ = sound && engine.state_is_due() && begin_state(engine);
        observation_ = sound && engine.observation_is_due() && begin_observation(engine);
        digest_ = sound && engine.digest_is_due();
        fault_ = !sound;
    }

    [[nodiscard]] bool finished() const { return !state_ && !observation_ && !digest_ && !fault_; }

    /// Offers one frame; false when it was not taken.
    template <class Engine, class Outbox>
    [[nodiscard]] bool offer_next(Outbox& outbox, const Engine& engine) {
        if (state_) {
            return offer_state(outbox, engine);
        }
        if (observation_) {
            return offer_observation(outbox, engine);
        }
        if (digest_) {
            return done(digest_, outbox.data(engine.step_index(),
                                             stream::DigestFrame{.step = engine.step_index(),
                                                                 .states_digest = engine.digest(),
                                                                 .couplings_digest =
                                                                     engine.couplings_digest()}));
        }
        return done(fault_,
                    outbox.closing(stream::FaultFrame{
                        .cause = static_cast<std::uint8_t>(cause_of(engine.fault().quantity)),
                        .step = engine.step_index(),
                        .index = engine.fault().index()}));
    }

private:
    /// Clears the flag of a frame that was taken.
    static bool done(bool& pending, bool taken) {
        pending = pending && !taken;
        return taken;
    }

    /// False when the step has no state to tell.
    template <class Engine>
    [[nodiscard]] bool begin_state(const Engine& engine) {
        replica_ = 0;
        first_neuron_ = 0;
        return engine.visit([this]<class M>(const M& model) {
            if constexpr (experiment::MeanFieldModel<M>) {
                return rows_.begin(model);
            } else {
                return true;
            }
        });
    }

    template <class Engine, class Outbox>
    [[nodiscard]] bool offer_state(Outbox& outbox, const Engine& engine) {
        return engine.visit([&]<class M>(const M& model) {
            if constexpr (experiment::MeanFieldModel<M>) {
                return rows_.offer_next(outbox, model, state_);
            } else {
                return offer_chunk(outbox, model);
            }
        });
    }

    template <class Engine>
    [[nodiscard]] bool begin_observation(const Engine& engine) {
        return engine.visit([this]<class M>(const M& model) {
            if constexpr (experiment::ObservingModel<M>) {
                return observations_.begin(model);
            } else {
                return false;
            }
        });
    }

    template <class Engine, class Outbox>
    [[nodiscard]] bool offer_observation(Outbox& outbox, const Engine& engine) {
        return engine.visit([&]<class M>(const M& model) {
            if constexpr (experiment::ObservingModel<M>) {
                return observations_.offer_next(outbox, model, observation_);
            } else {
                return false;
            }
        });
    }

    template <class Outbox, class M>
    [[nodiscard]] bool offer_chunk(Outbox& outbox, const M& model) {
        using T = typename M::Scalar;
        constexpr std::size_t chunk = stream::values_in<stream::StateFrame, T>;
        const std::span<const T> state = model.state(replica_);
        const std::size_t left = state.size() - first_neuron_;
        const std::size_t count = left < chunk ? left : chunk;
        const bool taken = outbox.data(model.step_index(),
                                       stream::StateFrame{.step = model.step_index(),
                                                          .replica = replica_,
                                                          .first_neuron = first_neuron_},
                                       stream::add_values(state.subspan(first_neuron_, count)));
        if (taken) {
            advance_chunk(count, state.size(), model.parameters().replicas);
        }
        return taken;
    }

    void advance_chunk(std::size_t count, std::size_t neurons, std::uint8_t replicas) {
        first_neuron_ = static_cast<std::uint16_t>(first_neuron_ + count);
        if (first_neuron_ == neurons) {
            first_neuron_ = 0;
            ++replica_;
            state_ = replica_ < replicas;
        }
    }

    bool state_ = false;
    bool observation_ = false;
    bool digest_ = false;
    bool fault_ = false;
    std::uint8_t replica_ = 0;
    std::uint16_t first_neuron_ = 0;
    RowCursor rows_;
    ObservationCursor observations_;
};

} // namespace tinymf::firmware
