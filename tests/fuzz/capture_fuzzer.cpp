// SPDX-License-Identifier: Apache-2.0
// A capture by anybody, from its bytes to the page about it: judged, read, held against the host,
// exported, reported. In the place of gnuplot stands a check of what it would be given.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/terminal_text.hpp"
#include "capture/capture_reader.hpp"
#include "compare/comparison.hpp"
#include "export/run_export.hpp"
#include "fuzz/capture_mutator.hpp"
#include "fuzz/execution_limits.hpp"
#include "fuzz/markup.hpp"
#include "fuzz/refusal.hpp"
#include "fuzz/scratch_file.hpp"
#include "fuzz/small_captures.hpp"
#include "recording/recording.hpp"
#include "report/gnuplot.hpp"
#include "report/run_report.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

/// What gnuplot would be given is lines of text.
std::string tinymf::host::draw_svg(std::string_view name, int width, int height,
                                   std::string_view script) {
    TINYMF_ASSERT(!name.empty() && width > 0 && height > 0);
    TINYMF_ASSERT(std::ranges::none_of(script, [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t';
    }));
    return "<svg role=\"img\"/>";
}

namespace tinymf::fuzz {
namespace {

using host::Comparison;
using host::Recording;
using host::Verdict;
using Bytes = std::vector<std::uint8_t>;

/// Every byte is of the header, of a frame, of a damaged one, a zero between, or of the tail.
void check_byte_accounting(const std::filesystem::path& path, std::size_t size) {
    host::CaptureReader reader(path);
    const std::uint64_t begin = reader.offset();
    std::uint64_t frame_bytes = 0;
    std::uint64_t end = begin;
    while (const auto captured = reader.next()) {
        TINYMF_ASSERT(captured->place.offset >= end);
        end = captured->place.offset + captured->place.size;
        frame_bytes += captured->place.size;
    }
    const stream::FrameCounters& counters = reader.counters();
    TINYMF_ASSERT(reader.offset() == size);
    TINYMF_ASSERT(begin + frame_bytes + counters.skipped_bytes + counters.idle_zeros +
                      reader.tail().size ==
                  size);
}

/// Header and frames, written again, are the same capture; without damage they are worth the same.
void check_round_trip(const std::filesystem::path& path, const Recording& judged) {
    const test::ForgedCapture capture(path);
    const std::filesystem::path again_path = temporary_folder() / "again.tmf";
    capture.write(again_path);
    const test::ForgedCapture again(again_path);
    TINYMF_ASSERT(again.metadata == capture.metadata);
    TINYMF_ASSERT(again.frames == capture.frames);
    if (judged.survey.counters.clean() && judged.survey.tail.size == 0) {
        const Recording judged_again = host::judge_capture(again_path);
        TINYMF_ASSERT(judged_again.judgement.sound() == judged.judgement.sound());
        TINYMF_ASSERT(judged_again.judgement.failures == judged.judgement.failures);
    }
}

/// Multiplications that the host's twin of a run takes, roughly and rather too many.
double work_of_twin(const Recording& recording) {
    const auto& parameters = recording.parameters;
    const double steps = parameters.steps + 10.0;
    if (recording.of_network()) {
        const double neurons = recording.profile.neurons;
        return steps * parameters.replicas * neurons * (neurons + 8.0 * recording.profile.lags);
    }
    const double points = std::max<double>(recording.profile.points, steps);
    const double paths = std::max<double>(recording.profile.trajectories, points);
    return 16.0 * points * points * paths * parameters.replicas;
}

void check_text(const std::string& text) {
    TINYMF_ASSERT(is_plain(host::terminal_text(text)));
}

/// What is printed and what a page shows, of any comparison.
void check_outputs(const Comparison& comparison) {
    check_text(host::to_text(comparison));
    TINYMF_ASSERT(!host::to_json(comparison).dump(-1, ' ', true).empty());
    TINYMF_ASSERT(MarkupReader(host::run_report(std::span(&comparison, 1))).is_well_formed());
}

/// What holds nothing of a kind that its arrays are made of is refused in words.
void check_arrays(const Recording& recording) {
    const host::StateSource states = host::states_in(recording);
    const auto exported = [&] {
        for (const host::NamedArray& array : host::run_arrays(recording, states)) {
            const std::size_t width = static_cast<std::size_t>(array.type.at(2) - '0');
            std::size_t size = 0;
            host::visit_bytes(array, [&size](std::string_view bytes) { size += bytes.size(); });
            TINYMF_ASSERT(size == width * host::element_count(array));
        }
        host::export_recording(recording, states, temporary_folder() / "arrays.npz", true);
        std::string table;
        host::visit_csv(recording, states, [&table](std::string_view text) { table += text; });
        TINYMF_ASSERT(table.ends_with('\n'));
    };
    const int code = exit_code_of(exported);
    TINYMF_ASSERT(code == host::exit_passed || code == host::exit_bad_input);
}

/// Recordings of our own captures, in the same order.
const std::vector<Recording>& our_recordings() {
    static const std::vector<Recording> recordings = [] {
        std::vector<Recording> read;
        for (const SmallCapture& capture : small_captures()) {
            read.push_back(host::read_recording(scratch_file("ours.tmf", capture.bytes)));
        }
        return read;
    }();
    return recordings;
}

/// Whatever both tell of the same step is the same.
void check_same_data(const Recording& recording, const Recording& ours) {
    TINYMF_ASSERT(recording.channels() == ours.channels());
    for (std::uint8_t channel = 0; channel < ours.channels(); ++channel) {
        const auto& steps = recording.steps_of(channel);
        const auto& our_steps = ours.steps_of(channel);
        for (std::size_t i = 0; i < steps.size(); ++i) {
            const auto found = std::ranges::lower_bound(our_steps, steps[i]);
            if (found != our_steps.end() && *found == steps[i]) {
                const auto index = static_cast<std::size_t>(found - our_steps.begin());
                TINYMF_ASSERT(std::ranges::equal(recording.vector_of(channel, i),
                                                 ours.vector_of(channel, index)));
            }
        }
    }
    for (const stream::DigestFrame& mark : recording.digests) {
        const auto found = std::ranges::find(ours.digests, mark.step, &stream::DigestFrame::step);
        TINYMF_ASSERT(found == ours.digests.end() ||
                      (found->states_digest == mark.states_digest &&
                       found->couplings_digest == mark.couplings_digest));
    }
}

/// A capture that passed against the host says what ours of the same run says, which the twin had
/// no part in.
void check_against_ours(const Recording& recording) {
    for (const Recording& ours : our_recordings()) {
        if (ours.parameter_bytes == recording.parameter_bytes &&
            ours.profile == recording.profile && ours.live_inputs == recording.live_inputs) {
            check_same_data(recording, ours);
        }
    }
}

void compare(const std::filesystem::path& path, const Recording& read) {
    constexpr double most_work = 2e7;
    if (read.judgement.sound() && work_of_twin(read) > most_work) {
        return;
    }
    std::optional<Comparison> comparison;
    const int code = exit_code_of([&] {
        comparison =
            host::compare_capture(path.string(), {.against = "host", .allow_other_build = true});
    });
    TINYMF_ASSERT(comparison ? code == host::exit_passed
                             : code == host::exit_bad_input || code == host::exit_unsound_stream);
    if (!comparison) {
        return;
    }
    const Verdict verdict = comparison->verdict();
    TINYMF_ASSERT((verdict == Verdict::unsound) == !read.judgement.sound());
    TINYMF_ASSERT(verdict != Verdict::pass ||
                  (read.judgement.failures.empty() && comparison->bits->passed()));
    check_outputs(*comparison);
    if (comparison->bits && comparison->bits->passed()) {
        check_against_ours(comparison->recording);
    }
}

void read(const std::filesystem::path& path, std::size_t size) {
    std::optional<Recording> judged;
    const int judged_code = exit_code_of([&] { judged = host::judge_capture(path); });
    TINYMF_ASSERT(judged ? judged_code == host::exit_passed
                         : judged_code == host::exit_bad_input ||
                               judged_code == host::exit_unsound_stream);
    std::optional<Recording> recording;
    const int code = exit_code_of([&] { recording = host::read_recording(path); });
    if (!judged) {
        TINYMF_ASSERT(!recording && code == judged_code);
        return;
    }
    check_byte_accounting(path, size);
    check_round_trip(path, *judged);
    check_text(host::judgement_line(*judged));
    if (!recording) {
        TINYMF_ASSERT(code == host::exit_unsound_stream && !judged->judgement.sound());
        return;
    }
    TINYMF_ASSERT(recording->judgement.unsound == judged->judgement.unsound &&
                  recording->judgement.failures == judged->judgement.failures);
    check_arrays(*recording);
    compare(path, *recording);
}

/// Frames that GAPs announce as dropped: judging takes O(1) for each, so they are configured work.
std::uint64_t announced_frames(const std::filesystem::path& path) {
    std::uint64_t announced = 0;
    try {
        for (const test::ForgedFrame& frame : test::ForgedCapture(path).frames) {
            if (frame.is(stream::Kind::gap) && frame.payload.size() == 8) {
                announced += frame.get(4, 4);
            }
        }
    } catch (const host::HostError&) { // no capture
    }
    return announced;
}

std::size_t put(const Bytes& bytes, std::uint8_t* data, std::size_t most) {
    const std::size_t size = std::min(bytes.size(), most);
    std::ranges::copy_n(bytes.begin(), static_cast<std::ptrdiff_t>(size), data);
    return size;
}

} // namespace
} // namespace tinymf::fuzz

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned int seed) {
    using namespace tinymf::fuzz;
    constexpr unsigned plainly = 8; // one in so many is damaged in its bytes
    if (seed % plainly == 0) {
        return LLVMFuzzerMutate(data, size, most);
    }
    return put(CaptureMutator(seed, LLVMFuzzerMutate).mutated({data, data + size}), data, most);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* first, std::size_t first_size,
                                                 const std::uint8_t* second,
                                                 std::size_t second_size, std::uint8_t* out,
                                                 std::size_t most, unsigned int seed) {
    using namespace tinymf::fuzz;
    return put(CaptureMutator(seed, LLVMFuzzerMutate)
                   .crossed({first, first + first_size}, {second, second + second_size}),
               out, most);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tinymf::fuzz;
    static_cast<void>(our_recordings());
    const auto path = scratch_file("drawn.tmf", {data, size});
    constexpr std::uint64_t most_announced = 1'000'000;
    if (announced_frames(path) <= most_announced) {
        const ExecutionLimits limits({.bytes = size, .computing = std::chrono::seconds(2)});
        read(path, size);
    }
    return 0;
}
