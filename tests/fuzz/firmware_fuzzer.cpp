// SPDX-License-Identifier: Apache-2.0
// The firmware application under commands of all kinds, right and wrong, and under noise.
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

#include <fuzzer/FuzzedDataProvider.h>

#include "fuzz/drawn_parameters.hpp"
#include "fuzz/execution_limits.hpp"
#include "fuzz/fuzzed_device.hpp"
#include "tinymf/checkpoint/header.hpp"
#include "tinymf/observe/digest.hpp"
#include "tinymf/stream/byte_writer.hpp"

namespace tinymf::fuzz {
namespace {

using stream::Kind;

/// As no writer of this project would: what is not finite, too.
template <class V>
void put_bits(stream::ByteWriter& writer, const V& value) {
    if constexpr (std::is_enum_v<V>) {
        writer.put(static_cast<std::underlying_type_t<V>>(value));
    } else if constexpr (std::is_floating_point_v<V>) {
        using Bits =
            std::conditional_t<sizeof(V) == sizeof(std::uint32_t), std::uint32_t, std::uint64_t>;
        writer.put(std::bit_cast<Bits>(value));
    } else {
        writer.put(value);
    }
}

class Host {
public:
    explicit Host(FuzzedDataProvider& input) : input_{input} {}

    void talk() {
        constexpr int most_actions = 60;
        for (int i = 0; i < most_actions && input_.remaining_bytes() > 0; ++i) {
            act();
            device_.run(input_.ConsumeIntegralInRange<unsigned>(0, 20), input_.ConsumeBool());
        }
        device_.settle();
    }

private:
    void act() {
        switch (input_.ConsumeIntegralInRange<unsigned>(0, 11)) {
        case 0:
            configure();
            break;
        case 1:
            plain(input_.PickValueInArray({Kind::start, Kind::pause, Kind::stop, Kind::snapshot}));
            break;
        case 2:
            numbered(Kind::step, [&](stream::ByteWriter& payload) {
                payload.put(input_.ConsumeIntegralInRange<std::uint32_t>(0, 20));
            });
            break;
        case 3:
            numbered(Kind::input, [&](stream::ByteWriter& payload) {
                input_.ConsumeBool() ? put_bits(payload, drawn_real<float>(input_))
                                     : put_bits(payload, drawn_real<double>(input_));
            });
            break;
        case 4:
            plain(input_.PickValueInArray({Kind::query_status, Kind::identify}));
            break;
        case 5:
            credit(input_.ConsumeIntegral<std::uint8_t>());
            break;
        case 6:
            restore_a_piece();
            break;
        case 7:
            restore_the_last_checkpoint();
            break;
        case 8:
            any_frame();
            break;
        case 9:
            device_.put(input_.ConsumeBytes<std::uint8_t>(
                input_.ConsumeIntegralInRange<std::size_t>(0, 80)));
            break;
        case 10:
            device_.put(std::array<std::uint8_t, 1>{0});
            break;
        default:
            device_.let_time_pass(input_.ConsumeIntegral<std::uint32_t>() >> 4U);
            break;
        }
    }

    /// The next number of the session that the device is in, most times.
    template <class Write>
    void numbered(Kind kind, Write&& write) {
        std::array<std::uint8_t, stream::largest_payload> bytes{};
        stream::ByteWriter payload(bytes);
        const bool strange = input_.ConsumeIntegral<std::uint8_t>() >= 250;
        payload.put(strange ? input_.ConsumeIntegral<std::uint32_t>() : device_.session());
        payload.put(strange ? input_.ConsumeIntegral<std::uint32_t>() : ++number_);
        write(payload);
        TINYMF_ASSERT(payload.ok());
        const auto written = payload.written();
        device_.command(static_cast<std::uint8_t>(kind), stream::schema_id,
                        {written.begin(), written.end()});
    }

    void plain(Kind kind) {
        numbered(kind, [](stream::ByteWriter&) {});
    }

    void configure() {
        constexpr std::uint32_t most_steps = 40;
        const auto profile = input_.ConsumeIntegralInRange<std::uint8_t>(0, FuzzedDevice::profiles);
        std::array<std::uint8_t, stream::largest_payload> bytes{};
        stream::ByteWriter payload(bytes);
        payload.put(1 + input_.ConsumeIntegralInRange<std::uint32_t>(0, 3));
        payload.put(++number_);
        payload.put(profile);
        payload.put(input_.ConsumeIntegralInRange<std::uint8_t>(0, 2));
        payload.put(input_.ConsumeIntegralInRange<std::uint8_t>(0, 2));
        payload.put(input_.ConsumeBool() ? std::uint32_t{0}
                                         : input_.ConsumeIntegralInRange<std::uint32_t>(0, 1100));
        const auto put = [&payload](const auto& value) { put_bits(payload, value); };
        if (profile == 1) {
            const auto parameters = drawn_parameters<double>(input_, most_steps);
            experiment::for_each_on_wire(parameters, put);
        } else {
            const auto parameters = drawn_parameters<float>(input_, most_steps);
            experiment::for_each_on_wire(parameters, put);
        }
        const auto written = payload.written();
        device_.command(static_cast<std::uint8_t>(Kind::configure), stream::schema_id,
                        {written.begin(), written.end()});
        if (input_.ConsumeBool()) {
            device_.run(2, true);
            credit(255);
        }
    }

    void credit(std::uint32_t frames) {
        credit_ += frames;
        std::array<std::uint8_t, 12> bytes{};
        stream::ByteWriter payload(bytes);
        payload.put(device_.session());
        payload.put(std::uint32_t{0});
        payload.put(credit_);
        device_.command(static_cast<std::uint8_t>(Kind::credit), stream::schema_id,
                        {bytes.begin(), bytes.end()});
    }

    void restore(std::uint32_t first, std::uint32_t total, std::span<const std::uint8_t> piece) {
        numbered(Kind::restore, [&](stream::ByteWriter& payload) {
            payload.put(first);
            payload.put(total);
            payload.put(piece);
        });
    }

    /// Of the last checkpoint or of nothing, at the right place or anywhere.
    void restore_a_piece() {
        const Bytes& whole = device_.checkpoint();
        const auto total = static_cast<std::uint32_t>(whole.size());
        if (whole.empty() || input_.ConsumeIntegral<std::uint8_t>() >= 250) {
            restore(input_.ConsumeIntegral<std::uint32_t>(),
                    input_.ConsumeIntegral<std::uint32_t>(), input_.ConsumeBytes<std::uint8_t>(90));
            return;
        }
        const auto first = input_.ConsumeIntegralInRange<std::uint32_t>(0, total);
        const auto count = input_.ConsumeIntegralInRange<std::uint32_t>(
            0, std::min<std::uint32_t>(total - first, 480));
        restore(first, total, std::span(whole).subspan(first, count));
    }

    /// In order, as it was told or changed under a digest that fits. An unchanged one is taken by
    /// the run it is of.
    void restore_the_last_checkpoint() {
        device_.put(std::array<std::uint8_t, 1>{0}); // ends whatever noise came before
        device_.settle();
        Bytes whole = device_.checkpoint();
        if (whole.empty()) {
            return;
        }
        const bool changed = input_.ConsumeBool();
        if (changed) {
            change(whole);
        }
        constexpr std::uint32_t nearly_all_numbers = 0xFFFF0000U;
        const bool fits = !changed && device_.state() == firmware::RunState::configured &&
                          device_.setup() == device_.setup_of_checkpoint() &&
                          device_.last_number() < nearly_all_numbers;
        const std::uint64_t accepted = device_.accepted();
        std::uint64_t pieces = 0;
        for (std::size_t at = 0; at < whole.size(); at += 480, ++pieces) {
            const std::size_t count = std::min<std::size_t>(480, whole.size() - at);
            number_ = device_.last_number();
            std::array<std::uint8_t, stream::largest_payload> bytes{};
            stream::ByteWriter payload(bytes);
            payload.put(device_.session());
            payload.put(++number_);
            payload.put(static_cast<std::uint32_t>(at));
            payload.put(static_cast<std::uint32_t>(whole.size()));
            payload.put(std::span<const std::uint8_t>(whole).subspan(at, count));
            const auto written = payload.written();
            device_.command(static_cast<std::uint8_t>(Kind::restore), stream::schema_id,
                            {written.begin(), written.end()});
            device_.settle();
        }
        TINYMF_ASSERT(!fits || device_.accepted() == accepted + pieces);
    }

    void change(Bytes& bytes) {
        const std::size_t content = bytes.size() - checkpoint::digest_bytes;
        for (auto changes = input_.ConsumeIntegralInRange<unsigned>(1, 4); changes > 0; --changes) {
            bytes[input_.ConsumeIntegralInRange<std::size_t>(0, content - 1)] =
                input_.ConsumeIntegral<std::uint8_t>();
        }
        observe::Digest digest;
        checkpoint::add_to(digest, std::span<const std::uint8_t>(bytes).first(content));
        stream::ByteWriter(std::span(bytes).subspan(content)).put(digest.value());
    }

    /// The self-test takes as long as thousands of other commands: once is enough.
    void any_frame() {
        auto kind = input_.ConsumeIntegral<std::uint8_t>();
        if (kind == static_cast<std::uint8_t>(Kind::run_selftest) &&
            std::exchange(self_tested_, true)) {
            kind = static_cast<std::uint8_t>(Kind::query_status);
        }
        device_.command(
            kind, input_.ConsumeBool() ? stream::schema_id : input_.ConsumeIntegral<std::uint8_t>(),
            input_.ConsumeBytes<std::uint8_t>(input_.ConsumeIntegralInRange<std::size_t>(0, 100)));
    }

    FuzzedDataProvider& input_;
    FuzzedDevice device_;
    std::uint32_t number_ = 0;
    std::uint32_t credit_ = 0;
    bool self_tested_ = false;
};

} // namespace
} // namespace tinymf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tinymf::fuzz;
    const ExecutionLimits limits({.bytes = size, .computing = std::chrono::seconds(2)});
    FuzzedDataProvider input(data, size);
    Host(input).talk();
    return 0;
}
