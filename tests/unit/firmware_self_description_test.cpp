// SPDX-License-Identifier: Apache-2.0
#include "app/self_description.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include "device_bench.hpp"
#include "tinymf/experiment/wire.hpp"
#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/byte_writer.hpp"

namespace tinymf::firmware {
namespace {

using stream::FieldType;

std::vector<FieldDescription> fields_of(Kind kind) {
    std::vector<FieldDescription> found;
    for (const FieldDescription& field : described_fields) {
        if (field.message == kind) {
            found.push_back(field);
        }
    }
    return found;
}

void skip_value(stream::ByteReader& payload, FieldType type) {
    switch (type) {
    case FieldType::u8:
    case FieldType::bytes:
        (void)payload.get<std::uint8_t>();
        break;
    case FieldType::u16:
        (void)payload.get<std::uint16_t>();
        break;
    case FieldType::u32:
        (void)payload.get<std::uint32_t>();
        break;
    case FieldType::u64:
        (void)payload.get<std::uint64_t>();
        break;
    case FieldType::f64:
        (void)payload.get<double>();
        break;
    case FieldType::text:
        (void)payload.get_text();
        break;
    case FieldType::f32:
    case FieldType::scalar: // of the bench's profile
        (void)payload.get<float>();
        break;
    }
}

/// Reads a payload by nothing but its description; false when a byte is missing or too many.
bool is_described(Kind kind, const std::vector<std::uint8_t>& bytes) {
    stream::ByteReader payload(bytes);
    std::vector<FieldDescription> repeated;
    for (const FieldDescription& field : fields_of(kind)) {
        if (field.count == stream::to_the_end) {
            repeated.push_back(field);
            continue;
        }
        EXPECT_TRUE(repeated.empty()) << "only the last fields of a frame can repeat";
        for (int value = 0; value < field.count; ++value) {
            skip_value(payload, field.type);
        }
    }
    while (!repeated.empty() && payload.ok() && payload.remaining() > 0) {
        for (const FieldDescription& field : repeated) {
            skip_value(payload, field.type);
        }
    }
    return payload.finished();
}

template <class Value>
FieldType type_of() {
    if constexpr (std::is_enum_v<Value>) {
        return type_of<std::underlying_type_t<Value>>();
    } else if constexpr (std::is_floating_point_v<Value>) {
        return FieldType::scalar;
    } else {
        return sizeof(Value) == 1   ? FieldType::u8
               : sizeof(Value) == 2 ? FieldType::u16
               : sizeof(Value) == 4 ? FieldType::u32
                                    : FieldType::u64;
    }
}

TEST(SelfDescription, ParametersAreDescribedInWireOrder) {
    std::vector<FieldType> on_wire;
    Parameters<float> parameters;
    experiment::for_each_on_wire(
        parameters, [&on_wire]<class Value>(const Value&) { on_wire.push_back(type_of<Value>()); });
    std::vector<FieldType> described;
    bool behind_the_tick = false;
    for (const FieldDescription& field : fields_of(Kind::configuration)) {
        behind_the_tick = behind_the_tick && field.name != "tick_counts";
        if (behind_the_tick) {
            described.insert(described.end(), field.count, field.type);
        }
        behind_the_tick = behind_the_tick || field.name == "tick_period";
    }
    EXPECT_EQ(described, on_wire);
}

TEST(SelfDescription, HoldsTheNamesOfParametersWhereTheirValuesAre) {
    Parameters<float> parameters;
    parameters.gain = 2.5F;
    parameters.seed = 77;
    parameters.observation.window = 3;
    std::vector<std::uint8_t> bytes(256);
    stream::ByteWriter writer(bytes);
    experiment::write(writer, parameters);
    stream::ByteReader reader(writer.written());
    bool behind_the_tick = false;
    int found = 0;
    for (const FieldDescription& field : fields_of(Kind::configuration)) {
        behind_the_tick = behind_the_tick && field.name != "tick_counts";
        if (behind_the_tick && field.name == "model.gain") {
            found += reader.get<float>() == 2.5F ? 1 : 0;
        } else if (behind_the_tick && field.name == "model.seed") {
            found += reader.get<std::uint64_t>() == 77 ? 1 : 0;
        } else if (behind_the_tick && field.name == "stream.observe_window") {
            found += reader.get<std::uint32_t>() == 3 ? 1 : 0;
        } else if (behind_the_tick) {
            for (int value = 0; value < field.count; ++value) {
                skip_value(reader, field.type);
            }
        }
        behind_the_tick = behind_the_tick || field.name == "tick_period";
    }
    EXPECT_EQ(found, 3);
    EXPECT_TRUE(reader.finished());
}

TEST(SelfDescription, EveryFrameOfASessionIsReadByIt) {
    Bench bench;
    auto frames = bench.settle();
    const auto collect = [&] {
        for (auto& frame : bench.settle()) {
            frames.push_back(std::move(frame));
        }
    };
    Parameters<float> parameters;
    parameters.steps = 20;
    parameters.state_every = 5;
    bench.configure(1, parameters);
    bench.credit(1000);
    collect();
    bench.command(Kind::run_selftest, 2);
    collect();
    bench.command(Kind::step, 3,
                  [](stream::ByteWriter& payload) { payload.put(std::uint32_t{0}); });
    collect();
    bench.command(Kind::query_status, 4);
    bench.command(Kind::start, 5);
    collect();
    std::set<Kind> kinds;
    for (const auto& frame : frames) {
        kinds.insert(frame.kind);
        EXPECT_TRUE(is_described(frame.kind, frame.payload))
            << "kind " << static_cast<int>(frame.kind);
        auto longer = frame.payload;
        longer.push_back(1);
        const bool repeats = fields_of(frame.kind).back().count == stream::to_the_end;
        EXPECT_TRUE(repeats || !is_described(frame.kind, longer));
        longer.resize(frame.payload.size() - 1);
        EXPECT_TRUE(longer.empty() || !is_described(frame.kind, longer))
            << "a byte less, kind " << static_cast<int>(frame.kind);
    }
    EXPECT_EQ(kinds, (std::set{Kind::hello, Kind::profile, Kind::table, Kind::configuration,
                               Kind::state, Kind::digest, Kind::timing, Kind::status,
                               Kind::selftest, Kind::end, Kind::ack, Kind::nak}));
}

} // namespace
} // namespace tinymf::firmware
