// SPDX-License-Identifier: Apache-2.0
// Random small edits of captures, with right checksums and unbroken sequence numbers: `verify` and
// `compare --against host` together accept only those that leave everything as it was that the run
// said of itself, and `verify` alone refuses each that the definition of a sound capture can see.
//
// TINYMF_EDITS in the environment chooses how many are made of each base.
#include <cstdint>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/host_error.hpp"
#include "base_captures.hpp"
#include "compare/comparison.hpp"
#include "device/resumption.hpp"
#include "forged_capture.hpp"
#include "recording/recording.hpp"

namespace tinymf::host {
namespace {

using stream::Kind;
using test::ForgedCapture;
using test::ForgedFrame;
using Bytes = std::vector<std::uint8_t>;

constexpr std::string_view saturating =
    "schema = 1\n"
    "[model]\nkind = \"mean_field\"\nactivation = \"linear\"\ngain = 100\ndt = 1.0\n"
    "[mean_field]\npoints = 16\ntrajectories = 32\nstorage = \"fixed16\"\n";

constexpr std::array<std::string_view, 11> base_names{
    "two replicas", "all observables", "fed, with checkpoints", "stopped", "two populations",
    "closure",      "stationary",      "became infinite",       "ticking", "realtime with gaps",
    "saturated"};

ForgedCapture base_capture(std::size_t number, const test::TestFolder& folder) {
    SessionOptions options;
    std::string_view experiment = test::two_replicas;
    switch (number) {
    case 1:
        experiment = test::observing;
        break;
    case 2:
        experiment = test::live;
        options.inputs = {{0, 0.5}, {20, -1.0}, {59, 2.0}};
        options.snapshot_every = 25;
        break;
    case 3:
        experiment = test::live;
        options.stop_at = 33;
        break;
    case 4:
        experiment = test::two_populations;
        break;
    case 5:
        experiment = test::closure;
        break;
    case 6:
        experiment = test::lags;
        break;
    case 7:
        experiment = test::growing;
        break;
    case 8:
        options.tick_period_us = 1000;
        options.deadline = stream::DeadlinePolicy::stop;
        break;
    case 9:
        options.delivery = stream::Delivery::realtime;
        break;
    case 10:
        experiment = saturating;
        break;
    default:
        break;
    }
    const auto path = folder / "base.tmf";
    test::record_base({.name = "", .experiment = experiment, .options = options}, path);
    ForgedCapture capture(path);
    return number == 9 ? with_gap(with_gap(capture, 3, 2), 6, 1) : capture;
}

/// Bytes of a data frame's payload before its values; 0 for other frames.
std::size_t bytes_before_values(const ForgedFrame& frame) {
    return frame.is(Kind::state) ? 7 : frame.is(Kind::observe) ? 9 : frame.is(Kind::row) ? 10 : 0;
}

/// What the run said of itself, as lists of bytes; device facts and answers are not of it.
struct Essence {
    std::vector<Bytes> frames;             ///< data, GAP, FAULT, END, parameters, in order
    std::map<std::uint64_t, Bytes> inputs; ///< by step, those that act
    std::vector<Bytes> checkpoints;        ///< whole, each once
    std::vector<Bytes> saturation;         ///< wherever it is told
    std::vector<Bytes> structure;          ///< the part that the definition speaks of
    bool of_known_schema = true;
};

Bytes tagged(const ForgedFrame& frame, std::size_t begin, std::size_t size) {
    Bytes bytes{frame.kind};
    const auto from = frame.payload.begin() + static_cast<std::ptrdiff_t>(begin);
    const std::size_t left = frame.payload.size() < begin ? 0 : frame.payload.size() - begin;
    bytes.insert(bytes.end(), from, from + static_cast<std::ptrdiff_t>(std::min(size, left)));
    return bytes;
}

/// Minus zero, which is read as plus zero, written so.
void write_zeros_alike(Bytes& bytes, std::size_t first, std::size_t width) {
    for (std::size_t at = first; at + width <= bytes.size(); at += width) {
        bool zero = (bytes[at + width - 1] & 0x7FU) == 0;
        for (std::size_t i = 0; i + 1 < width; ++i) {
            zero = zero && bytes[at + i] == 0;
        }
        bytes[at + width - 1] = zero ? 0 : bytes[at + width - 1];
    }
}

class EssenceReader {
public:
    explicit EssenceReader(const ForgedCapture& capture) {
        for (const ForgedFrame& frame : capture.frames) {
            essence_.of_known_schema = essence_.of_known_schema && frame.schema == 1;
            run_ = run_ || frame.is(Kind::configuration);
            if (run_) {
                take(frame, capture);
            }
        }
        std::erase_if(essence_.inputs,
                      [this](const auto& input) { return input.first >= end_step_; });
    }

    [[nodiscard]] const Essence& essence() const { return essence_; }

private:
    void take(const ForgedFrame& frame, const ForgedCapture& capture) {
        constexpr std::size_t all = 1000;
        if (const std::size_t header = bytes_before_values(frame); header != 0) {
            Bytes bytes = tagged(frame, 0, all);
            const bool wide = capture.metadata.experiment.find("float64") != std::string::npos &&
                              frame.is(Kind::row);
            write_zeros_alike(bytes, header + 1, wide ? 8 : 4);
            essence_.frames.push_back(std::move(bytes));
            Bytes place = tagged(frame, 0, header);
            place.push_back(static_cast<std::uint8_t>(frame.payload.size()));
            essence_.structure.push_back(std::move(place));
        } else if (frame.is(Kind::digest)) {
            essence_.frames.push_back(tagged(frame, 0, all));
            essence_.structure.push_back(tagged(frame, 0, 4));
        } else if (frame.is(Kind::configuration)) {
            essence_.frames.push_back(tagged(frame, 11, all));
            essence_.structure.push_back(tagged(frame, 11, all));
        } else if (frame.is(Kind::gap)) {
            essence_.frames.push_back(tagged(frame, 0, all));
            essence_.structure.push_back(tagged(frame, 0, all));
        } else if (frame.is(Kind::fault)) {
            essence_.frames.push_back(tagged(frame, 0, all));
            essence_.structure.push_back(tagged(frame, 1, 4));
        } else if (frame.is(Kind::end)) {
            essence_.frames.push_back(tagged(frame, 0, all));
            essence_.structure.push_back(tagged(frame, 21, 4));
            end_step_ = frame.payload.size() >= 5 ? frame.get(1, 4) : 0;
        } else if (frame.is(Kind::input_taken) && frame.payload.size() == 8) {
            essence_.inputs[frame.get(0, 4)] = tagged(frame, 4, 4);
        } else if (frame.is(Kind::saturation)) {
            essence_.saturation.push_back(tagged(frame, 0, all));
        } else if (frame.is(Kind::checkpoint)) {
            take_checkpoint(frame);
        }
    }

    void take_checkpoint(const ForgedFrame& frame) {
        const Bytes piece = tagged(frame, 8, 1000);
        checkpoint_.insert(checkpoint_.end(), piece.begin() + 1, piece.end());
        const bool last = frame.payload.size() >= 8 &&
                          frame.get(0, 4) + frame.payload.size() - 8 == frame.get(4, 4);
        if (last) {
            if (essence_.checkpoints.empty() || essence_.checkpoints.back() != checkpoint_) {
                essence_.checkpoints.push_back(checkpoint_);
            }
            checkpoint_.clear();
        }
    }

    Essence essence_;
    Bytes checkpoint_;
    std::uint64_t end_step_ = ~std::uint64_t{0};
    bool run_ = false;
};

using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
}

/// Changes one field or bit of a frame; the first bytes, where the fields are, as often as the
/// others.
std::string change_field(ForgedFrame& frame, Random& random) {
    if (frame.payload.empty() || below(random, 20) == 0) {
        std::uint8_t& byte = below(random, 2) == 0 ? frame.kind : frame.schema;
        byte ^= static_cast<std::uint8_t>(1U << below(random, 8));
        return "kind or schema";
    }
    const std::size_t reach = below(random, 2) == 0
                                  ? std::min<std::size_t>(frame.payload.size(), 12)
                                  : frame.payload.size();
    const std::size_t at = below(random, reach);
    std::uint8_t& byte = frame.payload[at];
    switch (below(random, 4)) {
    case 0:
        byte = static_cast<std::uint8_t>(byte + 1);
        break;
    case 1:
        byte = static_cast<std::uint8_t>(byte - 1);
        break;
    case 2:
        byte ^= static_cast<std::uint8_t>(1U << below(random, 8));
        break;
    default:
        byte = static_cast<std::uint8_t>(below(random, 256));
    }
    return fmt::format("byte {} of its content", at);
}

/// One small edit, described.
std::string edit(ForgedCapture& capture, Random& random) {
    // The introduction is long and says nothing of the run: seldom.
    const std::size_t run = capture.find(Kind::configuration);
    const bool in_run = below(random, 20) != 0;
    const std::size_t at =
        in_run ? run + below(random, capture.frames.size() - run) : below(random, run);
    const ForgedFrame frame = capture.frames[at];
    const std::string which = fmt::format("frame {} of kind 0x{:02x}", at, frame.kind);
    switch (below(random, 5)) {
    case 0:
        capture.erase(at);
        return which + " dropped";
    case 1:
        capture.insert(at, frame);
        return which + " repeated";
    case 2: {
        capture.erase(at);
        const std::size_t to = below(random, capture.frames.size() + 1);
        capture.insert(to, frame);
        return which + fmt::format(" moved to {}", to);
    }
    default:
        return which + ": " + change_field(capture.frames[at], random);
    }
}

int edits_of_each_base() {
    const char* const text = std::getenv("TINYMF_EDITS"); // NOLINT(concurrency-mt-unsafe)
    return text == nullptr ? 1000 : std::atoi(text);
}

class RandomEdits : public testing::TestWithParam<std::size_t> {};

TEST_P(RandomEdits, AreRefusedUnlessTheRunSaysTheSame) {
    const int edits = edits_of_each_base();
    const test::TestFolder folder;
    const ForgedCapture base = base_capture(GetParam(), folder);
    const Essence whole = EssenceReader(base).essence();
    const auto path = folder / "edited.tmf";
    base.write(path);
    ASSERT_TRUE(judge_capture(path).judgement.sound());
    ASSERT_TRUE(compare_capture(path, {.against = "host"}).bits->passed());

    Random random(20261129 + GetParam());
    int refused_by_verify = 0;
    int refused_by_compare = 0;
    int accepted = 0;
    for (int i = 0; i < edits; ++i) {
        ForgedCapture edited = base;
        const std::string what = edit(edited, random);
        edited.renumber();
        edited.write(path);
        const Essence essence = EssenceReader(edited).essence();
        if (!judge_capture(path).judgement.sound()) {
            ++refused_by_verify;
            continue;
        }
        EXPECT_TRUE(essence.structure == whole.structure && essence.of_known_schema)
            << "verify accepts: " << what;
        bool equal = false;
        try {
            const Comparison comparison = compare_capture(path, {.against = "host"});
            equal = comparison.bits && comparison.bits->passed();
        } catch (const HostError&) {
            equal = false; // refused in words
        }
        if (!equal) {
            ++refused_by_compare;
            continue;
        }
        ++accepted;
        EXPECT_TRUE(essence.frames == whole.frames && essence.inputs == whole.inputs &&
                    essence.checkpoints == whole.checkpoints &&
                    essence.saturation == whole.saturation)
            << "accepted: " << what;
    }
    fmt::print("{}: {} edits, {} refused by verify, {} by compare, {} accepted\n",
               base_names[GetParam()], edits, refused_by_verify, refused_by_compare, accepted);
    EXPECT_GT(refused_by_verify, edits / 4);
    EXPECT_GT(refused_by_compare, 0);
}

INSTANTIATE_TEST_SUITE_P(Bases, RandomEdits, testing::Range<std::size_t>(0, base_names.size()),
                         [](const auto& info) {
                             std::string name(base_names[info.param]);
                             std::erase_if(name, [](char c) { return c == ' ' || c == ','; });
                             return name;
                         });

} // namespace
} // namespace tinymf::host
