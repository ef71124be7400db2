// SPDX-License-Identifier: Apache-2.0
// A million commands, valid, mutated and damaged, against a model of the session: every answer, and
// after every command the state, the step, the digest and the parameters are the model's.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "property/command_source.hpp"
#include "property/session_model.hpp"
#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/frame.hpp"
#include "unit/device_bench.hpp"

namespace tinymf::firmware {
namespace {

/// The device, the model, and the line between.
class ModelTest {
public:
    explicit ModelTest(std::uint64_t seed) : source_(seed) { (void)bench_.settle(); }

    void one_command() {
        if (source_.once_in(20)) {
            send_noise();
            return;
        }
        const DrawnCommand command = source_.next(model_);
        Bytes wire = encoded(command);
        if (source_.once_in(20)) {
            damage(wire);
            EXPECT_TRUE(bench_.settle().empty()) << "a damaged frame was taken";
            ++damaged;
        } else {
            bench_.put(wire);
            check(command);
        }
        compare_states();
    }

    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;
    std::uint64_t damaged = 0;

private:
    static Bytes encoded(const DrawnCommand& command) {
        Bytes payload = bytes_of(command.header.session, command.header.number);
        payload.insert(payload.end(), command.arguments.begin(), command.arguments.end());
        if (!command.whole) {
            payload.resize(5);
        }
        Bytes wire(stream::largest_wire_frame);
        wire.resize(stream::encode_frame(wire, {command.kind, command.schema, 0}, payload));
        return wire;
    }

    /// One byte of the frame is changed; the zero ends whatever became of it.
    void damage(Bytes& wire) {
        wire[source_.below(static_cast<std::uint32_t>(wire.size()))] ^=
            static_cast<std::uint8_t>(1 + source_.below(255));
        wire.push_back(0);
        bench_.put(wire);
    }

    void send_noise() {
        Bytes noise(1 + source_.below(40));
        for (std::uint8_t& byte : noise) {
            byte = static_cast<std::uint8_t>(source_.below(256));
        }
        noise.push_back(0);
        bench_.put(noise);
        EXPECT_TRUE(bench_.settle().empty()) << "noise was taken for a frame";
        compare_states();
        ++damaged;
    }

    void check(const DrawnCommand& command) {
        const std::optional<Refusal> expected = model_.answer(command);
        const std::uint32_t step_of_answer = model_.engine().step_index();
        const std::uint32_t expected_data = model_.run();
        std::uint32_t answers = 0;
        std::uint32_t data = 0;
        for (const ReceivedFrame& frame : bench_.settle()) {
            if (frame.kind == Kind::ack || frame.kind == Kind::nak) {
                ++answers;
                check_answer(command, expected, frame);
            } else if (frame.kind == Kind::input_taken) {
                stream::ByteReader reader(frame.payload);
                EXPECT_EQ(reader.get<std::uint32_t>(), step_of_answer);
            } else {
                data += is_data(frame.kind) ? 1 : 0;
            }
        }
        EXPECT_EQ(answers, expected ? 1U : 0U);
        EXPECT_EQ(data, expected_data);
        (expected && *expected ? refused : accepted) += 1;
    }

    static bool is_data(Kind kind) {
        return kind == Kind::state || kind == Kind::digest || kind == Kind::fault ||
               kind == Kind::timing || kind == Kind::ticks || kind == Kind::end;
    }

    static void check_answer(const DrawnCommand& command, const std::optional<Refusal>& expected,
                             const ReceivedFrame& frame) {
        ASSERT_TRUE(expected);
        EXPECT_EQ(frame.kind, *expected ? Kind::nak : Kind::ack);
        stream::ByteReader reader(frame.payload);
        const auto session = reader.get<std::uint32_t>();
        const auto number = reader.get<std::uint32_t>();
        if (command.whole) {
            EXPECT_EQ(session, command.header.session);
            EXPECT_EQ(number, command.header.number);
        }
        if (frame.kind == Kind::nak) {
            EXPECT_EQ(reader.get<std::uint8_t>(), static_cast<std::uint8_t>(expected->code));
            const auto field = reader.get<std::uint8_t>();
            EXPECT_EQ(field, static_cast<std::uint8_t>(expected->field));
            // The host port bears any tick that a CONFIGURE can ask for: 1 us and more.
            const bool of_tick = expected->field == experiment::Field::tick_period;
            EXPECT_EQ(reader.get<float>(),
                      of_tick ? 1.0F : experiment::info(expected->field).lowest);
            EXPECT_EQ(reader.get<float>(), experiment::info(expected->field).highest);
        }
        EXPECT_TRUE(reader.finished());
    }

    void compare_states() {
        const auto& device = bench_.device();
        EXPECT_EQ(device.state(), model_.state());
        if (model_.state() == RunState::idle) {
            return;
        }
        EXPECT_EQ(device.engine().step_index(), model_.engine().step_index());
        EXPECT_EQ(device.engine().digest(), model_.engine().digest());
        Bytes parameters(stream::largest_payload);
        stream::ByteWriter writer(parameters);
        device.engine().write_parameters(writer);
        EXPECT_TRUE(std::ranges::equal(writer.written(), model_.parameters()));
    }

    DeviceBench<Tiny, 16384> bench_;
    SessionModel model_;
    CommandSource source_;
};

TEST(CommandModel, AMillionCommandsAgree) {
    constexpr std::uint64_t seed = 20230514;
    constexpr int commands = 1'000'000;
    ModelTest test(seed);
    for (int i = 0; i < commands; ++i) {
        test.one_command();
        ASSERT_FALSE(::testing::Test::HasFailure()) << "at command " << i << " of seed " << seed;
    }
    std::printf("%llu accepted, %llu refused, %llu damaged\n",
                static_cast<unsigned long long>(test.accepted),
                static_cast<unsigned long long>(test.refused),
                static_cast<unsigned long long>(test.damaged));
    // The test means something only if it sees both sides.
    EXPECT_GT(test.accepted, commands / 5);
    EXPECT_GT(test.refused, commands / 5);
}

} // namespace
} // namespace tinymf::firmware
