// SPDX-License-Identifier: Apache-2.0
#include "app/report.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "mean_field_runs.hpp"
#include "tinymf/experiment/engine.hpp"
#include "tinymf/mean_field/profiles.hpp"
#include "tinymf/stream/byte_reader.hpp"

namespace tinymf::firmware {
namespace {

using Model = mean_field::ForwardSampler<float, 150, 160>;
using Engine = experiment::Engine<Model>;

/// Takes every second frame that it is offered, so that each is offered again.
class ReluctantOutbox {
public:
    template <class Sent, class Add = stream::NothingAdded>
    bool data(std::uint32_t /*step*/, const Sent& frame, Add add = {}) {
        return offer(frame, add);
    }
    template <class Sent, class Add = stream::NothingAdded>
    bool closing(const Sent& frame, Add add = {}) {
        return offer(frame, add);
    }
    [[nodiscard]] std::uint32_t dropped() const { return 0; }

    struct Frame {
        stream::Kind kind;
        std::vector<std::uint8_t> payload;
    };
    std::vector<Frame> frames;

private:
    template <class Sent, class Add>
    bool offer(const Sent& frame, const Add& add) {
        taking_ = !taking_;
        if (taking_) {
            std::array<std::uint8_t, stream::largest_payload> bytes{};
            stream::ByteWriter payload(bytes);
            stream::put_fields(payload, frame, add);
            EXPECT_TRUE(payload.ok());
            frames.push_back(
                {stream::kind_of<Sent>, {payload.written().begin(), payload.written().end()}});
        }
        return taking_;
    }

    bool taking_ = true;
};

/// Rows by (array, population, row), put together from their frames.
using Rows = std::map<std::tuple<std::uint8_t, std::uint8_t, std::uint32_t>, std::vector<float>>;

void take_row(Rows& rows, const std::vector<std::uint8_t>& payload) {
    stream::ByteReader reader(payload);
    const auto array = reader.get<std::uint8_t>();
    const auto population = reader.get<std::uint8_t>();
    const auto row = reader.get<std::uint32_t>();
    const auto first_column = reader.get<std::uint32_t>();
    auto& values = rows[{array, population, row}];
    ASSERT_EQ(values.size(), first_column);
    while (reader.remaining() > 0) {
        values.push_back(reader.get<float>());
    }
    ASSERT_TRUE(reader.finished());
}

TEST(RowReport, FramesHoldEveryRowOfEveryPopulation) {
    experiment::Parameters<float> parameters;
    static_cast<model::Parameters<float>&>(parameters) =
        mean_field::white_noise_run<float>(model::ActivationKind::tanh, 1.2, 0.3, 0.5, 140);
    parameters.replicas = 2;
    parameters.state_every = 7;
    std::array<std::uint8_t, 512> bytes{};
    stream::ByteWriter writer(bytes);
    experiment::write(writer, parameters);
    stream::ByteReader reader(writer.written());
    const auto engine = std::make_unique<Engine>();
    ASSERT_FALSE(engine->configure(0, reader));

    ReluctantOutbox outbox;
    for (;;) {
        Report report;
        report.begin(*engine);
        while (!report.finished()) {
            (void)report.offer_next(outbox, *engine);
        }
        if (engine->finished()) {
            break;
        }
        engine->step();
    }

    Rows rows;
    for (const auto& frame : outbox.frames) {
        if (frame.kind == stream::Kind::row) {
            take_row(rows, frame.payload);
        }
    }
    EXPECT_EQ(outbox.frames.back().kind, stream::Kind::digest) << "END is not the report's";
    // Rows 0, 7, ..., 140 of five arrays and two populations; row 0 has no responses.
    EXPECT_EQ(rows.size(), 2U * (21U * 5U - 2U));
    const auto expected = mean_field::run<Model>(parameters);
    for (std::uint32_t t = 0; t <= 140; t += 7) {
        const auto& correlation = rows[{0, 0, t}];
        ASSERT_EQ(correlation.size(), t + 1U);
        for (std::uint32_t s = 0; s <= t; ++s) {
            ASSERT_EQ(static_cast<double>(correlation[s]), expected.Cx[t][s]);
        }
        ASSERT_EQ((rows[{3, 1, t}].size()), t);
    }
    EXPECT_NE((rows[{0, 0, 140}]), (rows[{0, 1, 140}]));
}

} // namespace
} // namespace tinymf::firmware
