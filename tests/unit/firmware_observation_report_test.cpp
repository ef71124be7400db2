// SPDX-License-Identifier: Apache-2.0
// OBSERVE frames against the estimates of the same network run without a device.
#include "app/observation_cursor.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "checkpoint_bytes.hpp"
#include "device_bench.hpp"
#include "tinymf/observe/observed_network.hpp"
#include "tinymf/stream/byte_reader.hpp"

namespace tinymf::firmware {
namespace {

using observe::Covariances;
using observe::ObservedArray;

template <class T, std::size_t N, std::size_t lags, Covariances covariances>
using Observing = observe::ObservedNetwork<network::Network<T, N, model::CouplingKind::gaussian>,
                                           lags, covariances>;
/// Its covariances have 300 entries: three frames.
using Large = Observing<float, 24, 8, Covariances::kept>;

constexpr std::uint32_t plenty = 1'000'000;

/// Samples at every second step after step 5; the third block ends with the run.
template <class T>
Parameters<T> three_blocks(std::uint32_t block, std::uint16_t lags) {
    Parameters<T> p;
    p.noise = T(0.5);
    p.dt = T(0.1);
    p.replicas = 2;
    p.steps = 5 + 3 * 2 * block;
    p.state_every = 0;
    p.digest_every = 0;
    p.observation = {.observables = observe::all_observables,
                     .sample_every = 2,
                     .after = 5,
                     .block = block,
                     .lags = lags,
                     .window = 1};
    return p;
}

template <class T>
struct Piece {
    std::uint8_t array = 0;
    std::uint32_t step = 0;
    std::uint32_t first = 0;
    std::vector<T> values{};

    friend bool operator==(const Piece&, const Piece&) = default;
};

template <class T>
std::vector<Piece<T>> pieces_in(const std::vector<ReceivedFrame>& frames) {
    std::vector<Piece<T>> pieces;
    for (const ReceivedFrame& frame : frames) {
        if (frame.kind != Kind::observe) {
            continue;
        }
        stream::ByteReader payload(frame.payload);
        Piece<T>& piece = pieces.emplace_back();
        piece.array = payload.get<std::uint8_t>();
        piece.step = payload.get<std::uint32_t>();
        piece.first = payload.get<std::uint32_t>();
        while (payload.remaining() > 0) {
            piece.values.push_back(payload.get<T>());
        }
        EXPECT_TRUE(payload.finished());
    }
    return pieces;
}

/// A frame has room for 512 bytes, of which 9 go before the values.
template <class T>
constexpr std::size_t most_values = (512 - 9) / sizeof(T);

/// What the frames of the whole run must hold: each array that is not empty, cut where it must be.
template <class M>
std::vector<Piece<typename M::Scalar>>
expected_pieces(const Parameters<typename M::Scalar>& parameters) {
    using T = typename M::Scalar;
    const auto model = std::make_unique<M>();
    model->configure(parameters);
    model->observe(parameters.observation);
    std::vector<Piece<T>> pieces;
    while (model->step_index() < parameters.steps) {
        model->step();
        for (std::uint8_t array = 0; model->observation_is_due() && array < 13; ++array) {
            const auto values = model->observed(static_cast<ObservedArray>(array)).values;
            for (std::size_t at = 0; at < values.size(); at += most_values<T>) {
                const auto part = values.subspan(at, std::min(most_values<T>, values.size() - at));
                pieces.push_back({array,
                                  model->step_index(),
                                  static_cast<std::uint32_t>(at),
                                  {part.begin(), part.end()}});
            }
        }
    }
    return pieces;
}

template <class M>
std::vector<ReceivedFrame> run(const Parameters<typename M::Scalar>& parameters) {
    DeviceBench<M> bench;
    (void)bench.settle();
    bench.configure(1, parameters);
    bench.credit(plenty);
    EXPECT_FALSE(answer_in(bench.settle()));
    bench.command(Kind::start, 2);
    return bench.settle();
}

template <class M>
void every_estimate_is_told(std::uint32_t block, std::uint16_t lags) {
    using T = typename M::Scalar;
    auto parameters = three_blocks<T>(block, lags);
    parameters.observation.observables &= M::observables;
    const auto pieces = pieces_in<T>(run<M>(parameters));
    const auto expected = expected_pieces<M>(parameters);
    ASSERT_EQ(pieces.size(), expected.size());
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        EXPECT_EQ(pieces[i], expected[i]) << "frame " << i;
    }
    EXPECT_EQ(pieces.back().step, parameters.steps);
    std::printf("%zu frames of %u blocks equal\n", pieces.size(), 3U);
}

TEST(ObservationReport, TellsEveryEstimateOfEveryBlock) {
    every_estimate_is_told<Large>(8, 8);
    every_estimate_is_told<Large>(8, 3);
    every_estimate_is_told<Observing<double, 12, 8, Covariances::kept>>(8, 8);
    every_estimate_is_told<Observing<float, 24, 8, Covariances::none>>(8, 8);
}

TEST(ObservationReport, AnArrayThatFillsItsFramesExactlyLeavesNoEmptyOne) {
    static_assert(most_values<float> == 125 && most_values<double> == 62);
    every_estimate_is_told<Observing<float, 3, 126, Covariances::none>>(126, 125);
    every_estimate_is_told<Observing<float, 3, 126, Covariances::none>>(126, 126);
    every_estimate_is_told<Observing<double, 3, 125, Covariances::none>>(125, 124);
    every_estimate_is_told<Observing<double, 3, 125, Covariances::none>>(125, 125);
}

TEST(ObservationReport, OneObservableIsToldAlone) {
    auto parameters = three_blocks<float>(8, 4);
    for (std::size_t bit = 0; bit < observe::observable_names.size(); ++bit) {
        parameters.observation.observables = static_cast<observe::ObservableSet>(1U << bit);
        const auto pieces = pieces_in<float>(run<Large>(parameters));
        EXPECT_FALSE(pieces.empty());
        EXPECT_EQ(pieces, expected_pieces<Large>(parameters)) << observe::observable_names[bit];
    }
}

TEST(ObservationReport, WaitsForCreditFrameByFrame) {
    const auto parameters = three_blocks<float>(8, 8);
    DeviceBench<Large> bench;
    (void)bench.settle();
    bench.configure(1, parameters);
    (void)bench.settle();
    bench.command(Kind::start, 2);
    EXPECT_EQ(kinds(bench.settle()), (std::vector{Kind::ack}));
    std::vector<ReceivedFrame> frames;
    for (std::uint32_t credit = 1; bench.device().state() == RunState::running; ++credit) {
        bench.credit(credit);
        const auto next = bench.settle();
        ASSERT_EQ(next.size(), 1U);
        frames.push_back(next.front());
        if (frames.size() == 3) { // the third frame of the block that ended at step 21
            EXPECT_EQ(bench.device().engine().step_index(), 21U) << "the run waits for its report";
        }
    }
    bench.credit(plenty);
    const auto rest = bench.settle();
    frames.insert(frames.end(), rest.begin(), rest.end());
    EXPECT_EQ(pieces_in<float>(frames), expected_pieces<Large>(parameters));
}

TEST(ObservationReport, StandsBetweenStateAndDigestOfItsStepAndNowhereElse) {
    auto parameters = three_blocks<float>(8, 8);
    parameters.state_every = 1;
    parameters.digest_every = 1;
    const auto frames = run<Large>(parameters);
    const std::size_t in_block =
        pieces_in<float>(frames).size() / 3; // every block has as many frames
    std::vector<Kind> expected{Kind::ack};
    for (std::uint32_t step = 0; step <= parameters.steps; ++step) {
        expected.insert(expected.end(), 2, Kind::state);
        expected.insert(expected.end(), step > 5 && (step - 5) % 16 == 0 ? in_block : 0,
                        Kind::observe);
        expected.push_back(Kind::digest);
    }
    expected.insert(expected.end(), observe::step_phases, Kind::timing);
    expected.push_back(Kind::end);
    EXPECT_EQ(kinds(frames), expected);
}

TEST(ObservationReport, ANetworkWithoutEstimatesRefusesTheQuestion) {
    Bench bench;
    (void)bench.settle();
    auto parameters = three_blocks<float>(8, 4);
    parameters.observation.observables = observe::set_of(observe::Observable::moments);
    bench.configure(1, parameters);
    EXPECT_EQ(answer_in(bench.settle()),
              (experiment::Refusal{RefusalCode::out_of_range, Field::observables}));
}

} // namespace
} // namespace tinymf::firmware
