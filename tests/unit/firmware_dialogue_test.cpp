// SPDX-License-Identifier: Apache-2.0
// Which commands are taken, which are answered again, and which are refused, by their session,
// number, schema and length.
#include "app/application.hpp"

#include <array>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "device_bench.hpp"
#include "tinymf/stream/byte_reader.hpp"

namespace tinymf::firmware {
namespace {

constexpr std::uint32_t session = 7; ///< of a Bench until it is told another
constexpr auto malformed = experiment::Refusal{RefusalCode::malformed, Field::none};
constexpr auto stale = experiment::Refusal{RefusalCode::stale, Field::none};

Parameters<float> long_run() {
    Parameters<float> parameters;
    parameters.steps = 100;
    parameters.state_every = 0;
    parameters.digest_every = 0;
    return parameters;
}

void configure(Bench& bench) {
    (void)bench.settle();
    bench.configure(1, long_run());
    bench.credit(1000);
    ASSERT_EQ(kinds(bench.settle()), (std::vector{Kind::ack, Kind::configuration}));
}

void steps(stream::ByteWriter& payload) {
    payload.put(std::uint32_t{3});
}

/// A command of which everything can be chosen.
struct Raw {
    Kind kind = Kind::query_status;
    std::uint8_t schema = stream::schema_id;
    std::vector<std::uint8_t> payload{};
};

std::vector<ReceivedFrame> answers_to(Bench& bench, const Raw& raw) {
    std::array<std::uint8_t, stream::largest_wire_frame> wire{};
    const std::size_t size = stream::encode_frame(
        wire, {static_cast<std::uint8_t>(raw.kind), raw.schema, 0}, raw.payload);
    bench.put(std::span(wire).first(size));
    return bench.settle();
}

/// To whom an answer is.
CommandHeader header_in(const ReceivedFrame& frame) {
    stream::ByteReader payload(frame.payload);
    return stream::get_fields<CommandHeader>(payload);
}

TEST(Dialogue, EveryAnswerNamesItsCommand) {
    Bench bench;
    configure(bench);
    bench.command(Kind::query_status, 0x01020304);
    const auto frames = bench.settle();
    ASSERT_EQ(kinds(frames), (std::vector{Kind::ack, Kind::status}));
    EXPECT_EQ(header_in(frames[0]), (CommandHeader{.session = session, .number = 0x01020304}));
    EXPECT_EQ(frames[0].payload.size(), 8U) << "an ACK says nothing else";
}

TEST(Dialogue, AnotherSchemaIsRefused) {
    Bench bench;
    configure(bench);
    const std::vector<std::uint8_t> start{session, 0, 0, 0, 2, 0, 0, 0};
    for (const int schema : {0, 2, 255}) {
        const auto frames = answers_to(
            bench,
            {.kind = Kind::start, .schema = static_cast<std::uint8_t>(schema), .payload = start});
        EXPECT_EQ(answer_in(frames), malformed) << "schema " << schema;
        EXPECT_EQ(bench.device().state(), RunState::configured);
    }
    EXPECT_FALSE(answer_in(answers_to(bench, {.kind = Kind::start, .payload = start})))
        << "the number was not used up";
}

TEST(Dialogue, ACommandCutShortIsRefused) {
    const std::vector<std::uint8_t> whole{session, 0, 0, 0, 2, 0, 0, 0};
    for (std::size_t size = 0; size < whole.size(); ++size) {
        Bench bench;
        configure(bench);
        const std::vector<std::uint8_t> part(whole.begin(),
                                             whole.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_EQ(answer_in(answers_to(bench, {.kind = Kind::start, .payload = part})), malformed)
            << size << " bytes";
        EXPECT_EQ(bench.device().state(), RunState::configured);
    }
}

TEST(Dialogue, NothingFollowsACommandWithoutArguments) {
    for (const Kind kind : {Kind::start, Kind::stop, Kind::snapshot, Kind::run_selftest,
                            Kind::query_status, Kind::identify}) {
        Bench bench;
        configure(bench);
        bench.command(kind, 2, [](stream::ByteWriter& payload) { payload.put(std::uint8_t{0}); });
        const auto frames = bench.settle();
        EXPECT_EQ(answer_in(frames), malformed) << static_cast<int>(kind);
        EXPECT_EQ(frames.size(), 1U);
        EXPECT_EQ(bench.device().state(), RunState::configured);
    }
}

TEST(Dialogue, ArgumentsCutShortOrTooLongAreRefused) {
    struct Argument {
        Kind kind;
        std::size_t size;
        experiment::Refusal expected;
    };
    for (const auto& [kind, size, expected] : {
             Argument{Kind::step, 3, malformed},
             Argument{Kind::step, 5, malformed},
             Argument{Kind::input, 3, {RefusalCode::malformed, Field::input}},
             Argument{Kind::input, 5, {RefusalCode::malformed, Field::input}},
             Argument{Kind::restore, 3, malformed},
             Argument{Kind::restore, 7, malformed},
             Argument{Kind::configure, 0, malformed},
             Argument{Kind::configure, 6, malformed},
             Argument{Kind::configure, 7, malformed},
         }) {
        Bench bench;
        (void)bench.settle();
        auto parameters = long_run();
        parameters.stimulus = model::StimulusKind::live;
        bench.configure(1, parameters);
        (void)bench.settle();
        bench.command(kind, 2, [size = size](stream::ByteWriter& payload) {
            for (std::size_t i = 0; i < size; ++i) {
                payload.put(std::uint8_t{0});
            }
        });
        EXPECT_EQ(answer_in(bench.settle()), expected)
            << "command " << static_cast<int>(kind) << " of " << size << " bytes";
        EXPECT_EQ(bench.device().state(), RunState::configured);
    }
}

/// Whatever its first bytes say: a configuration cut short is none.
TEST(Dialogue, AConfigurationCutShortIsMalformedFirst) {
    for (const std::vector<std::uint8_t>& start :
         {std::vector<std::uint8_t>{200}, {0, 9}, {0, 0, 9}, {200, 9, 9, 1, 2, 3}}) {
        Bench bench;
        configure(bench);
        bench.command(Kind::configure, 2,
                      [&start](stream::ByteWriter& payload) { payload.put(start); });
        EXPECT_EQ(answer_in(bench.settle()), malformed) << start.size() << " bytes";
    }
}

TEST(Dialogue, AnUnknownCommandIsRefused) {
    Bench bench;
    configure(bench);
    std::uint32_t number = 1;
    for (const int kind : {0, 0x3F, 0x4C, 0xFF}) {
        bench.command(static_cast<Kind>(kind), ++number);
        EXPECT_EQ(answer_in(bench.settle()),
                  (experiment::Refusal{RefusalCode::unknown_command, Field::none}));
    }
}

TEST(Dialogue, NumbersCountFromOne) {
    Bench bench;
    (void)bench.settle();
    bench.use_session(0); // that of a device which no host has configured yet
    bench.command(Kind::identify, 0);
    EXPECT_EQ(answer_in(bench.settle()), stale);
    bench.command(Kind::identify, 1);
    EXPECT_FALSE(answer_in(bench.settle()));
}

TEST(Dialogue, OnlyQuestionsAndConfigurationsComeFromOutsideTheSession) {
    const std::array<Kind, 8> inside{Kind::start,   Kind::pause,       Kind::step,
                                     Kind::stop,    Kind::input,       Kind::snapshot,
                                     Kind::restore, Kind::run_selftest};
    Bench bench;
    configure(bench);
    for (const std::uint32_t foreign : {std::uint32_t{0}, session + 1}) {
        bench.use_session(foreign);
        std::uint32_t number = 10;
        for (const Kind kind : inside) {
            bench.command(kind, ++number);
            EXPECT_EQ(answer_in(bench.settle()), stale) << static_cast<int>(kind);
            EXPECT_EQ(bench.device().state(), RunState::configured);
        }
        bench.command(Kind::query_status, 1);
        EXPECT_EQ(kinds(bench.settle()), (std::vector{Kind::ack, Kind::status}));
        bench.command(Kind::query_status, 1);
        EXPECT_EQ(kinds(bench.settle()), (std::vector{Kind::ack, Kind::status}))
            << "numbers of another session are not counted";
        bench.command(Kind::identify, 1);
        EXPECT_EQ(find(bench.settle(), Kind::hello).has_value(), true);
        bench.credit(0xFFFFFFFF);
    }
    bench.use_session(session);
    bench.command(Kind::query_status, 2);
    EXPECT_FALSE(answer_in(bench.settle())) << "foreign numbers do not count in the session";
    bench.use_session(session + 1);
    bench.configure(1, long_run());
    EXPECT_FALSE(answer_in(bench.settle())) << "a configuration opens a session of its own";
}

TEST(Dialogue, ARefusedConfigurationOpensNoSession) {
    Bench bench;
    configure(bench);
    auto bad = long_run();
    bad.gain = -1.0F;
    bench.use_session(session + 1);
    bench.configure(1, bad);
    EXPECT_EQ(answer_in(bench.settle()).field, Field::gain);
    bench.use_session(session);
    bench.command(Kind::step, 2, steps);
    (void)bench.settle();
    EXPECT_EQ(bench.device().engine().step_index(), 3U) << "the session before goes on";
}

TEST(Dialogue, CreditOfAnotherSessionOrLengthIsNone) {
    Bench bench;
    (void)bench.settle();
    auto parameters = long_run();
    parameters.state_every = 1;
    bench.configure(1, parameters);
    bench.command(Kind::start, 2);
    (void)bench.settle();
    bench.use_session(session + 1);
    bench.credit(1);
    EXPECT_TRUE(bench.settle().empty());
    bench.use_session(session);
    bench.command(Kind::credit, 0, [](stream::ByteWriter& payload) {
        payload.put(std::uint32_t{1});
        payload.put(std::uint8_t{0});
    });
    bench.command(Kind::credit, 0,
                  [](stream::ByteWriter& payload) { payload.put(std::uint16_t{1}); });
    EXPECT_TRUE(bench.settle().empty());
    bench.credit(1);
    EXPECT_EQ(kinds(bench.settle()), (std::vector{Kind::state}));
}

TEST(Dialogue, ARepeatedCommandGetsItsAnswerAgainAndNothingElse) {
    Bench bench;
    configure(bench);
    bench.command(Kind::step, 2, steps);
    (void)bench.settle();
    for (int repetition = 0; repetition < 2; ++repetition) {
        bench.command(Kind::step, 2, steps);
        const auto frames = bench.settle();
        ASSERT_EQ(kinds(frames), (std::vector{Kind::ack}));
        EXPECT_EQ(header_in(frames[0]), (CommandHeader{.session = session, .number = 2}));
    }
    EXPECT_EQ(bench.device().engine().step_index(), 3U);
    bench.command(Kind::pause, 3);
    for (int repetition = 0; repetition < 2; ++repetition) {
        EXPECT_EQ(answer_in(bench.settle()).code, RefusalCode::wrong_state);
        bench.command(Kind::pause, 3);
    }
    (void)bench.settle();
    bench.command(Kind::step, 4, steps);
    (void)bench.settle();
    EXPECT_EQ(bench.device().engine().step_index(), 6U);
    bench.command(Kind::step, 3, steps);
    EXPECT_EQ(answer_in(bench.settle()), stale);
}

TEST(Dialogue, CommandsThatComeTogetherAreAnsweredInOrder) {
    Bench bench;
    configure(bench);
    for (std::uint32_t number = 2; number <= 6; ++number) {
        bench.command(Kind::query_status, number);
    }
    const auto frames = bench.settle();
    ASSERT_EQ(frames.size(), 10U);
    for (std::uint32_t i = 0; i < 5; ++i) {
        EXPECT_EQ(frames[2 * i].kind, Kind::ack);
        EXPECT_EQ(header_in(frames[2 * i]).number, i + 2);
        EXPECT_EQ(frames[2 * i + 1].kind, Kind::status);
        EXPECT_EQ(header_in(frames[2 * i + 1]).number, i + 2);
    }
}

TEST(Dialogue, AConfigurationIsEchoedFieldByField) {
    Bench bench;
    (void)bench.settle();
    auto parameters = long_run();
    parameters.gain = 0.75F;
    parameters.steps = 33;
    parameters.state_every = 11;
    parameters.digest_every = 7;
    bench.configure(1, parameters,
                    {.delivery = stream::Delivery::realtime,
                     .deadline = stream::DeadlinePolicy::stop,
                     .period_us = 0x1234});
    const auto frames = bench.settle();
    const auto echo = find(frames, Kind::configuration);
    ASSERT_TRUE(echo);
    stream::ByteReader payload(echo->payload);
    EXPECT_EQ(payload.get<std::uint32_t>(), session);
    EXPECT_EQ(payload.get<std::uint8_t>(), 0U) << "profile";
    EXPECT_EQ(payload.get<std::uint8_t>(), 1U) << "realtime";
    EXPECT_EQ(payload.get<std::uint8_t>(), 1U) << "stop";
    EXPECT_EQ(payload.get<std::uint32_t>(), 0x1234U);
    std::array<std::uint8_t, 512> memory{};
    stream::ByteWriter sent(memory);
    experiment::write(sent, parameters);
    const auto echoed = payload.get_bytes(sent.written().size());
    EXPECT_EQ(std::vector<std::uint8_t>(echoed.begin(), echoed.end()),
              std::vector<std::uint8_t>(sent.written().begin(), sent.written().end()));
    EXPECT_EQ(payload.get<std::uint32_t>(), 0x1234U * 1000U) << "the tick in nanoseconds";
    EXPECT_EQ(payload.get<std::uint32_t>(), 1'000'000'000U) << "of which a second has as many";
    EXPECT_TRUE(payload.finished());
}

TEST(Dialogue, AConfigurationWithoutATickTellsOfNone) {
    Bench bench;
    (void)bench.settle();
    bench.configure(1, long_run());
    const auto echo = find(bench.settle(), Kind::configuration);
    ASSERT_TRUE(echo);
    EXPECT_EQ(std::vector<std::uint8_t>(echo->payload.end() - 8, echo->payload.end()),
              std::vector<std::uint8_t>(8));
}

TEST(Dialogue, EndTellsReasonStepDigestsAndLosses) {
    Bench bench;
    configure(bench);
    bench.command(Kind::step, 2, steps);
    (void)bench.settle();
    bench.command(Kind::stop, 3);
    const auto frames = bench.settle();
    ASSERT_EQ(frames.back().kind, Kind::end);
    stream::ByteReader payload(frames.back().payload);
    EXPECT_EQ(payload.get<std::uint8_t>(), 1U) << "stopped";
    EXPECT_EQ(payload.get<std::uint32_t>(), 3U);
    EXPECT_EQ(payload.get<std::uint64_t>(), bench.device().engine().digest());
    EXPECT_EQ(payload.get<std::uint64_t>(), bench.device().engine().couplings_digest());
    EXPECT_EQ(payload.get<std::uint32_t>(), 0U);
    EXPECT_TRUE(payload.finished());
}
} // namespace
} // namespace tinymf::firmware
