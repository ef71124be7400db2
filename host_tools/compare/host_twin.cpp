// SPDX-License-Identifier: Apache-2.0
#include "compare/host_twin.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <limits>
#include <memory>
#include <vector>

#include <fmt/format.h>

#include "app/non_finite_cause.hpp"
#include "base/host_error.hpp"
#include "base/progress.hpp"
#include "compare/bit_checker.hpp"
#include "models/host_models.hpp"
#include "tinymf/checkpoint/model_state.hpp"
#include "tinymf/stream/byte_writer.hpp"

namespace tinymf::host {
namespace {

/// Points that a run which is not sampled needs room for; none a network, and a mean field that
/// counts any number of lags.
std::uint16_t points_of_run(const Recording& recording) {
    constexpr std::uint32_t most = std::numeric_limits<std::uint16_t>::max();
    if (recording.of_network() || recording.profile.method == mean_field::Method::stationary) {
        return 0;
    }
    return static_cast<std::uint16_t>(std::min(recording.parameters.steps, most - 1U) + 1U);
}

/// Index of the host profile that computes what the device's profile computes.
std::uint8_t host_profile(const Recording& recording) {
    experiment::ProfileInfo wanted = recording.profile;
    wanted.replicas = recording.parameters.replicas;
    wanted.observables = recording.parameters.observation.observables;
    wanted.lags =
        wanted.observables != 0 ? recording.parameters.observation.lags : std::uint16_t{0};
    if (wanted.trajectories == 0) {
        wanted.points = points_of_run(recording); // whatever room the device has
    }
    const auto& profiles = HostEngine::profiles;
    const auto found = std::ranges::find_if(
        profiles, [&wanted](const auto& offered) { return serves(offered, wanted); });
    if (found == profiles.end()) {
        throw HostError(exit_bad_input,
                        fmt::format("{}: this program carries no profile {} to run its twin",
                                    recording.file, profile_text(recording.profile)));
    }
    return static_cast<std::uint8_t>(found - profiles.begin());
}

/// The engine, set up as the device was, and fed the recorded inputs as it goes.
class HostTwin {
public:
    explicit HostTwin(const Recording& recording)
        : recording_{recording}, engine_{std::make_unique_for_overwrite<HostEngine>()} {
        require_all_inputs(recording);
        stream::ByteReader wire(recording.parameter_bytes);
        if (engine_->configure(host_profile(recording), wire)) {
            throw HostError(exit_unsound_stream,
                            fmt::format("{}: its configuration is refused here", recording.file));
        }
    }

    [[nodiscard]] const HostEngine& engine() const { return *engine_; }

    /// Stops early where the state becomes NaN or infinite: nothing equals it from there on.
    void advance_to(std::uint32_t step) {
        while (engine_->step_index() < step && !engine_->fault().found) {
            take_inputs();
            engine_->step();
        }
    }

    /// Calls use(channel, values) for every vector that a device would report of this step.
    template <class Use>
    void visit_report(Use&& use) const {
        const auto widened = [](const auto values) {
            return std::vector<double>(values.begin(), values.end());
        };
        engine_->visit([&]<class M>(const M& model) {
            if constexpr (experiment::MeanFieldModel<M>) {
                for (const auto& row : model.rows()) {
                    use(static_cast<std::uint8_t>(row.array), widened(row.values));
                }
            } else {
                for (std::uint8_t r = 0; r < model.parameters().replicas; ++r) {
                    use(r, widened(model.state(r)));
                }
                visit_observations(model, use);
            }
        });
    }

    /// What a checkpoint of this step holds.
    [[nodiscard]] CheckpointMark checkpoint() const {
        std::vector<std::uint8_t> fields(checkpoint::state_bytes(*engine_));
        checkpoint::read_state(*engine_, 0, fields);
        observe::Digest digest;
        checkpoint::add_to(digest, fields);
        return {.header = checkpoint::header_of(*engine_), .fields_digest = digest.value()};
    }

    /// Where it became NaN or infinite, as a device tells of it.
    [[nodiscard]] std::optional<RecordedFault> fault() const {
        const model::NonFinite& found = engine_->fault();
        if (!found.found) {
            return std::nullopt;
        }
        return RecordedFault{.cause = firmware::cause_of(found.quantity),
                             .step = engine_->step_index(),
                             .index = found.index()};
    }

    /// What of its path histories saturated, as a device tells of it.
    [[nodiscard]] std::optional<stream::SaturationFrame> saturation() const {
        const mean_field::Saturation found = engine_->saturation();
        if (found.count == 0) {
            return std::nullopt;
        }
        return stream::SaturationFrame{.count = found.count, .first_step = found.first_step};
    }

    /// How a device would have ended the run here; nothing where it would go on.
    [[nodiscard]] std::optional<stream::EndReason> end_reason() const {
        if (engine_->fault().found) {
            return stream::EndReason::non_finite;
        }
        return engine_->finished() ? std::optional(stream::EndReason::completed) : std::nullopt;
    }

private:
    /// The estimates of a block that ended just now, behind the replicas.
    template <class M, class Use>
    static void visit_observations(const M& model, Use& use) {
        if constexpr (experiment::ObservingModel<M>) {
            if (!model.observation_is_due()) {
                return;
            }
            const std::uint8_t replicas = model.parameters().replicas;
            for (std::uint8_t a = 0; a < observe::observed_arrays.size(); ++a) {
                const auto values = model.observed(static_cast<observe::ObservedArray>(a)).values;
                use(static_cast<std::uint8_t>(replicas + a),
                    std::vector<double>(values.begin(), values.end()));
            }
        }
    }

    void take_inputs() {
        const auto& inputs = recording_.live_inputs;
        for (; next_input_ < inputs.size() && inputs[next_input_].step <= engine_->step_index();
             ++next_input_) {
            std::array<std::uint8_t, sizeof(double)> bytes{};
            stream::ByteWriter writer(bytes);
            if (recording_.profile.scalar == experiment::ScalarKind::float32) {
                writer.put(static_cast<float>(inputs[next_input_].value));
            } else {
                writer.put(inputs[next_input_].value);
            }
            stream::ByteReader wire(writer.written());
            if (engine_->hold_input(wire)) {
                throw HostError(exit_unsound_stream,
                                fmt::format("{}: a recorded input is refused", recording_.file));
            }
        }
    }

    const Recording& recording_;
    std::unique_ptr<HostEngine> engine_;
    std::size_t next_input_ = 0;
};

} // namespace

BitComparison compare_with_host_twin(const Recording& recording) {
    HostTwin twin(recording);
    BitChecker checker(recording);
    Progress progress("host twin", recording.last_step());
    while (const auto step = checker.next_step()) {
        twin.advance_to(*step);
        twin.visit_report([&checker](std::uint8_t channel, const std::vector<double>& values) {
            checker.check(channel, values);
        });
        checker.check_digest(twin.engine().digest(), twin.engine().couplings_digest());
        if (checker.has_checkpoint()) {
            checker.check_checkpoint(twin.checkpoint());
        }
        if (checker.differs()) {
            break;
        }
        progress.show(*step);
    }
    if (!checker.differs()) {
        checker.check_saturation(twin.saturation());
        checker.check_fault(twin.fault());
        checker.check_end(twin.end_reason());
    }
    return checker.result();
}

} // namespace tinymf::host
