// SPDX-License-Identifier: Apache-2.0
// Every field of every frame is read from its place in stream/frame_kinds.hpp; one byte more or
// less, and numbers that name nothing, are refused.
#include "recording/frame_contents.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "experiment/parameter_bytes.hpp"
#include "unit/capture_files.hpp"

namespace tinymf::host {
namespace {

using experiment::ScalarKind;
using test::Bytes;

/// Builds a payload field by field, little-endian.
class Payload {
public:
    template <class V>
    Payload& put(V value) {
        const auto bytes = std::bit_cast<std::array<std::uint8_t, sizeof(V)>>(value);
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
        return *this;
    }
    Payload& append(const Bytes& bytes) {
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
        return *this;
    }
    [[nodiscard]] const Bytes& bytes() const { return bytes_; }

private:
    Bytes bytes_;
};

Bytes changed(Bytes bytes, std::size_t at, std::uint8_t value) {
    bytes.at(at) = value;
    return bytes;
}

/// A reader of frames of one length takes no other.
template <class Reader>
void expect_one_length(const Bytes& whole, Reader read) {
    EXPECT_TRUE(read(whole));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_FALSE(read(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))))
            << size << " bytes";
    }
    Bytes longer = whole;
    longer.push_back(0);
    EXPECT_FALSE(read(longer));
}

/// Values of a chunk: at least one, and nothing but whole ones that are finite.
template <class Reader>
void expect_whole_values(const Bytes& head, Reader read) {
    EXPECT_FALSE(read(head, ScalarKind::float32)) << "no value";
    for (std::size_t size = 0; size < head.size(); ++size) {
        EXPECT_FALSE(read(Bytes(head.begin(), head.begin() + static_cast<std::ptrdiff_t>(size)),
                          ScalarKind::float32))
            << size << " bytes";
    }
    const auto singles =
        read(Payload().append(head).put(1.5F).put(-2.25F).bytes(), ScalarKind::float32);
    ASSERT_TRUE(singles);
    EXPECT_EQ(singles->values, (std::vector<double>{1.5, -2.25}));
    const auto doubles =
        read(Payload().append(head).put(0.1).put(-1e300).bytes(), ScalarKind::float64);
    ASSERT_TRUE(doubles);
    EXPECT_EQ(doubles->values, (std::vector<double>{0.1, -1e300}));
    EXPECT_FALSE(
        read(Payload().append(head).put(1.5F).put(std::uint8_t{0}).bytes(), ScalarKind::float32));
    EXPECT_FALSE(read(Payload().append(head).put(1.5F).bytes(), ScalarKind::float64));
    for (const float wrong : {std::numeric_limits<float>::infinity(), std::nanf("")}) {
        EXPECT_FALSE(
            read(Payload().append(head).put(1.5F).put(wrong).bytes(), ScalarKind::float32));
    }
}

TEST(FrameContents, StateIsStepReplicaFirstNeuronAndValues) {
    const Bytes head = Payload()
                           .put(std::uint32_t{0x0403'0201})
                           .put(std::uint8_t{5})
                           .put(std::uint16_t{0x0706})
                           .bytes();
    expect_whole_values(head, read_state_chunk);
    const auto chunk =
        read_state_chunk(Payload().append(head).put(1.0F).bytes(), ScalarKind::float32);
    ASSERT_TRUE(chunk);
    EXPECT_EQ(chunk->step, 0x0403'0201U);
    EXPECT_EQ(chunk->replica, 5);
    EXPECT_EQ(chunk->first_neuron, 0x0706);
}

TEST(FrameContents, ObserveIsArrayStepFirstElementAndValues) {
    const Bytes head = Payload()
                           .put(std::uint8_t{12})
                           .put(std::uint32_t{0x0403'0201})
                           .put(std::uint32_t{0x0807'0605})
                           .bytes();
    expect_whole_values(head, read_observation_chunk);
    const Bytes whole = Payload().append(head).put(1.0F).bytes();
    const auto chunk = read_observation_chunk(whole, ScalarKind::float32);
    ASSERT_TRUE(chunk);
    EXPECT_EQ(chunk->array, static_cast<std::uint8_t>(observe::ObservedArray::settling));
    EXPECT_EQ(chunk->step, 0x0403'0201U);
    EXPECT_EQ(chunk->first_element, 0x0807'0605U);
    EXPECT_FALSE(read_observation_chunk(changed(whole, 0, 13), ScalarKind::float32));
}

TEST(FrameContents, RowIsArrayPopulationRowFirstColumnAndValues) {
    const Bytes head = Payload()
                           .put(std::uint8_t{5})
                           .put(std::uint8_t{9})
                           .put(std::uint32_t{0x0403'0201})
                           .put(std::uint32_t{0x0807'0605})
                           .bytes();
    expect_whole_values(head, read_row_chunk);
    const Bytes whole = Payload().append(head).put(1.0F).bytes();
    const auto chunk = read_row_chunk(whole, ScalarKind::float32);
    ASSERT_TRUE(chunk);
    EXPECT_EQ(chunk->array, static_cast<std::uint8_t>(mean_field::TwoTimeArray::lyapunov));
    EXPECT_EQ(chunk->population, 9);
    EXPECT_EQ(chunk->row, 0x0403'0201U);
    EXPECT_EQ(chunk->first_column, 0x0807'0605U);
    EXPECT_FALSE(read_row_chunk(changed(whole, 0, 6), ScalarKind::float32));
}

TEST(FrameContents, DigestAndRestoredAreStepAndTwoDigests) {
    const Bytes whole = Payload()
                            .put(std::uint32_t{0x0403'0201})
                            .put(std::uint64_t{0x1817'1615'1413'1211})
                            .put(std::uint64_t{0x2827'2625'2423'2221})
                            .bytes();
    const auto expect_read = [&](const auto& read) {
        expect_one_length(whole, read);
        const auto mark = read(whole);
        EXPECT_EQ(mark->step, 0x0403'0201U);
        EXPECT_EQ(mark->states_digest, 0x1817'1615'1413'1211U);
        EXPECT_EQ(mark->couplings_digest, 0x2827'2625'2423'2221U);
    };
    expect_read(read_frame<stream::DigestFrame>);
    expect_read(read_frame<stream::RestoredFrame>);
}

TEST(FrameContents, InputTakenIsStepAndValue) {
    const Bytes single = Payload().put(std::uint32_t{0x0403'0201}).put(-0.75F).bytes();
    expect_one_length(single,
                      [](const Bytes& bytes) { return read_input(bytes, ScalarKind::float32); });
    EXPECT_EQ(read_input(single, ScalarKind::float32), (LiveInput{0x0403'0201, -0.75}));
    const Bytes wide = Payload().put(std::uint32_t{7}).put(0.1).bytes();
    EXPECT_EQ(read_input(wide, ScalarKind::float64), (LiveInput{7, 0.1}));
    EXPECT_FALSE(read_input(wide, ScalarKind::float32));
    const auto of = [](float value) { return Payload().put(std::uint32_t{7}).put(value).bytes(); };
    EXPECT_TRUE(read_input(of(0.0F), ScalarKind::float32));
    EXPECT_FALSE(read_input(of(-0.0F), ScalarKind::float32)) << "which no device writes";
    EXPECT_FALSE(read_input(of(std::nanf("")), ScalarKind::float32));
}

TEST(FrameContents, GapIsStepAndFrames) {
    const Bytes whole =
        Payload().put(std::uint32_t{0x0403'0201}).put(std::uint32_t{0x0807'0605}).bytes();
    expect_one_length(whole, read_frame<stream::GapFrame>);
    EXPECT_EQ(read_frame<stream::GapFrame>(whole)->first_step, 0x0403'0201U);
    EXPECT_EQ(read_frame<stream::GapFrame>(whole)->dropped_frames, 0x0807'0605U);
}

TEST(FrameContents, FaultIsCauseStepIndexAndPerhapsARecord) {
    const Bytes own = Payload()
                          .put(std::uint8_t{3})
                          .put(std::uint32_t{0x0403'0201})
                          .put(std::uint32_t{0x0807'0605})
                          .bytes();
    expect_one_length(own, read_fault);
    const auto fault = read_fault(own);
    EXPECT_EQ(fault->cause, firmware::FaultCause::not_finite);
    EXPECT_EQ(fault->step, 0x0403'0201U);
    EXPECT_EQ(fault->index, 0x0807'0605U);
    EXPECT_FALSE(fault->of_last_boot);
    // The record of 64 bytes, all of it or none.
    for (std::size_t record = 1; record <= 65; ++record) {
        const auto boot = read_fault(Payload().append(own).append(Bytes(record)).bytes());
        EXPECT_EQ(boot.has_value(), record == 64) << record;
        EXPECT_TRUE(!boot || boot->of_last_boot);
    }
}

TEST(FrameContents, TimingIsPhaseNumbersAndHistogram) {
    Payload payload;
    payload.put(static_cast<std::uint8_t>(observe::work_phase_names.size() - 1))
        .put(std::uint32_t{0x0403'0201})
        .put(std::uint32_t{0x0807'0605})
        .put(std::uint32_t{0x0C0B'0A09})
        .put(std::uint64_t{0x1817'1615'1413'1211});
    for (std::uint32_t bin = 0; bin < stream::timing_bins; ++bin) {
        payload.put(100 + bin);
    }
    expect_one_length(payload.bytes(), read_timing);
    const auto times = read_timing(payload.bytes());
    EXPECT_EQ(static_cast<std::size_t>(times->phase), observe::work_phase_names.size() - 1);
    EXPECT_EQ(times->samples, 0x0403'0201U);
    EXPECT_EQ(times->least, 0x0807'0605U);
    EXPECT_EQ(times->most, 0x0C0B'0A09U);
    EXPECT_EQ(times->total, 0x1817'1615'1413'1211U);
    for (std::uint32_t bin = 0; bin < stream::timing_bins; ++bin) {
        EXPECT_EQ(times->histogram[bin], 100 + bin);
    }
    const auto beyond = static_cast<std::uint8_t>(observe::work_phase_names.size());
    EXPECT_FALSE(read_timing(changed(payload.bytes(), 0, beyond)));
}

TEST(FrameContents, TicksAreSixNumbers) {
    Payload payload;
    for (std::uint32_t number = 1; number <= 6; ++number) {
        payload.put(0x0101'0101U * number);
    }
    expect_one_length(payload.bytes(), read_frame<stream::TicksFrame>);
    const auto ticks = read_frame<stream::TicksFrame>(payload.bytes());
    EXPECT_EQ(ticks->period, 0x0101'0101U);
    EXPECT_EQ(ticks->last_tick, 0x0202'0202U);
    EXPECT_EQ(ticks->missed, 0x0303'0303U);
    EXPECT_EQ(ticks->worst_late, 0x0404'0404U);
    EXPECT_EQ(ticks->first_missed, 0x0505'0505U);
    EXPECT_EQ(ticks->last_missed, 0x0606'0606U);
}

TEST(FrameContents, StatusIsNamesStateStepCountsAndDigest) {
    const Bytes whole = Payload()
                            .put(std::uint32_t{0x0101'0101})
                            .put(std::uint32_t{0x0202'0202})
                            .put(std::uint8_t{3})
                            .put(std::uint32_t{0x0404'0404})
                            .put(std::uint32_t{0x0505'0505})
                            .put(std::uint32_t{0x0606'0606})
                            .put(std::uint32_t{0x0707'0707})
                            .put(std::uint64_t{0x1817'1615'1413'1211})
                            .bytes();
    expect_one_length(whole, read_frame<stream::StatusFrame>);
    const auto status = read_frame<stream::StatusFrame>(whole);
    EXPECT_EQ(status->session, 0x0101'0101U);
    EXPECT_EQ(status->command, 0x0202'0202U);
    EXPECT_EQ(status->run_state, 3U);
    EXPECT_EQ(status->step, 0x0404'0404U);
    EXPECT_EQ(status->dropped_frames, 0x0505'0505U);
    EXPECT_EQ(status->missed_ticks, 0x0606'0606U);
    EXPECT_EQ(status->stack_high_water, 0x0707'0707U);
    EXPECT_EQ(status->states_digest, 0x1817'1615'1413'1211U);
}

TEST(FrameContents, EndIsReasonStepDigestsAndDrops) {
    const Bytes whole = Payload()
                            .put(std::uint8_t{4})
                            .put(std::uint32_t{0x0403'0201})
                            .put(std::uint64_t{0x1817'1615'1413'1211})
                            .put(std::uint64_t{0x2827'2625'2423'2221})
                            .put(std::uint32_t{0x0807'0605})
                            .bytes();
    expect_one_length(whole, read_end);
    const auto end = read_end(whole);
    EXPECT_EQ(end->reason, stream::EndReason::missed_deadline);
    EXPECT_EQ(end->step, 0x0403'0201U);
    EXPECT_EQ(end->digest, 0x1817'1615'1413'1211U);
    EXPECT_EQ(end->couplings_digest, 0x2827'2625'2423'2221U);
    EXPECT_EQ(end->dropped_frames, 0x0807'0605U);
    EXPECT_FALSE(read_end(changed(whole, 0, 5)));
}

/// Every parameter with a value of its own that is no default, and is the same in both scalars.
template <class T>
experiment::Parameters<T> all_different() {
    experiment::Parameters<T> p;
    p.activation = model::ActivationKind::pade;
    p.exponent = T(1.25);
    p.pade_numerator = {T(1.5), T(2.5), T(3.5), T(4.5)};
    p.pade_denominator = {T(0.5), T(0.25), T(0.125), T(0.0625)};
    p.gain = T(2.75);
    p.reciprocity = T(-0.5);
    p.noise = T(0.375);
    p.noise_kind = model::NoiseKind::frozen;
    p.noise_time = T(6.5);
    p.noise_hold = 77;
    p.dt = T(0.03125);
    p.steps = 123;
    p.integrator = model::IntegratorKind::heun;
    p.seed = 0x0102'0304'0506'0708;
    p.initial = model::InitialKind::uniform;
    p.initial_scale = T(7.5);
    p.stimulus = model::StimulusKind::sine;
    p.stimulus_amplitude = T(8.5);
    p.stimulus_frequency = T(9.5);
    p.stimulus_onset = T(10.5);
    p.replicas = 2;
    p.state_every = 11;
    p.digest_every = 13;
    p.observation = {.observables = observe::set_of(observe::Observable::moments),
                     .sample_every = 14,
                     .after = 15,
                     .block = 16,
                     .lags = 17,
                     .window = 4};
    return p;
}

const std::vector<experiment::ProfileInfo> both_scalars{{.scalar = ScalarKind::float32},
                                                        {.scalar = ScalarKind::float64}};

Bytes configuration(std::uint8_t profile, const Bytes& parameters) {
    return Payload()
        .put(std::uint32_t{99}) // session
        .put(profile)
        .put(std::uint8_t{1})
        .put(std::uint8_t{1})
        .put(std::uint32_t{0x0403'0201})
        .append(parameters)
        .put(std::uint32_t{0x1413'1211})
        .put(std::uint32_t{0x2423'2221})
        .bytes();
}

/// A CONFIGURATION may end with the parameters.
void expect_two_lengths(const Bytes& whole) {
    const auto without = static_cast<std::ptrdiff_t>(whole.size() - counted_tick_bytes);
    const auto read = [without](const Bytes& bytes) {
        return static_cast<std::ptrdiff_t>(bytes.size()) == without
                   ? std::nullopt
                   : read_configuration(bytes, both_scalars);
    };
    expect_one_length(whole, read);
    const Bytes shorter(whole.begin(), whole.begin() + without);
    const auto before = read_configuration(shorter, both_scalars);
    ASSERT_TRUE(before);
    EXPECT_EQ(before->tick.asked_us, 0x0403'0201U);
    EXPECT_EQ(before->tick.counted, std::nullopt);
    EXPECT_EQ(before->parameter_bytes, read_configuration(whole, both_scalars)->parameter_bytes);
}

TEST(FrameContents, ConfigurationHoldsEveryParameterInTheProfilesScalar) {
    const Bytes expected = parameter_bytes(all_different<double>());
    ASSERT_NE(parameter_bytes(experiment::Parameters<double>{}), expected);
    const Bytes narrow = parameter_bytes(all_different<float>());
    for (const auto& [profile, parameters] :
         {std::pair{std::uint8_t{0}, narrow}, std::pair{std::uint8_t{1}, expected}}) {
        const Bytes whole = configuration(profile, parameters);
        const auto read = [](const Bytes& bytes) {
            return read_configuration(bytes, both_scalars);
        };
        expect_two_lengths(whole);
        const auto found = read(whole);
        ASSERT_TRUE(found);
        EXPECT_EQ(found->profile, profile);
        EXPECT_EQ(found->delivery, stream::Delivery::realtime);
        EXPECT_EQ(found->deadline, stream::DeadlinePolicy::stop);
        EXPECT_EQ(found->tick.asked_us, 0x0403'0201U);
        EXPECT_EQ(found->tick.counted, (CountedTick{0x1413'1211, 0x2423'2221}));
        EXPECT_EQ(found->parameter_bytes, parameters);
        EXPECT_EQ(parameter_bytes(found->parameters), expected);
        EXPECT_FALSE(read(changed(whole, 4, 2))) << "there are two profiles";
        EXPECT_FALSE(read(changed(whole, 5, 2))) << "and two ways of delivery";
        EXPECT_FALSE(read(changed(whole, 6, 2))) << "and two policies";
        EXPECT_FALSE(read_configuration(whole, {})) << "nobody introduced himself";
    }
}

TEST(FrameContents, ConfigurationHoldsNoParametersOutsideTheirRanges) {
    experiment::Parameters<float> p = all_different<float>();
    p.gain = 101.0F;
    EXPECT_FALSE(read_configuration(configuration(0, parameter_bytes(p)), both_scalars));
    p.gain = 100.0F;
    EXPECT_TRUE(read_configuration(configuration(0, parameter_bytes(p)), both_scalars));
    p.noise_kind = model::NoiseKind::white; // with noise_hold
    EXPECT_FALSE(read_configuration(configuration(0, parameter_bytes(p)), both_scalars));
}

} // namespace
} // namespace tinymf::host
