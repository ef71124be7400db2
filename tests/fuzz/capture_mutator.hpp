// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "base/host_error.hpp"
#include "forged_capture.hpp"
#include "fuzz/scratch_file.hpp"
#include "fuzz/small_captures.hpp"

namespace tinymf::fuzz {

/// Changes captures so that their checksums stay right, which bytes changed at random would not
/// give once in a campaign: frames, one or some, are dropped, repeated, moved, cut, changed in a
/// field or by the fuzzer's own means, and so is the experiment's text; sequence numbers are put
/// in order, mostly. What is no capture becomes one of ours.
class CaptureMutator {
public:
    using Bytes = std::vector<std::uint8_t>;
    /// The fuzzer's own way to change `size` bytes in place into at most `most`; returns how many.
    using ChangeBytes =
        std::function<std::size_t(std::uint8_t*, std::size_t size, std::size_t most)>;

    CaptureMutator(unsigned seed, ChangeBytes change_bytes)
        : random_{seed}, change_bytes_{std::move(change_bytes)} {}

    [[nodiscard]] Bytes mutated(const Bytes& capture) {
        std::optional<test::ForgedCapture> forged = parse(capture);
        if (!forged) {
            return small_captures()[below(small_captures().size())].bytes;
        }
        for (std::size_t edits = 1 + below(3); edits > 0 && !forged->frames.empty(); --edits) {
            edit(*forged);
        }
        return written(*forged);
    }

    /// The first frames of one, the last of another; the header is of the first.
    [[nodiscard]] Bytes crossed(const Bytes& first, const Bytes& second) {
        std::optional<test::ForgedCapture> head = parse(first);
        const std::optional<test::ForgedCapture> tail = parse(second);
        if (!head || !tail) {
            return mutated(first);
        }
        auto& frames = head->frames;
        frames.resize(below(frames.size() + 1));
        const auto from = static_cast<std::ptrdiff_t>(below(tail->frames.size() + 1));
        frames.insert(frames.end(), tail->frames.begin() + from, tail->frames.end());
        return written(*head);
    }

private:
    [[nodiscard]] static std::optional<test::ForgedCapture> parse(const Bytes& bytes) {
        try {
            test::ForgedCapture capture(scratch_file("mutated.tmf", bytes));
            if (!capture.frames.empty()) {
                return capture;
            }
        } catch (const host::HostError&) { // no capture, or damaged in its header
        }
        return std::nullopt;
    }

    [[nodiscard]] Bytes written(test::ForgedCapture& capture) {
        if (!capture.frames.empty() && below(8) != 0) {
            capture.renumber();
        }
        const std::filesystem::path path = temporary_folder() / "mutant.tmf";
        try {
            capture.write(path);
        } catch (const host::HostError&) { // the text is no longer UTF-8
            return small_captures().front().bytes;
        }
        return bytes_of(path);
    }

    [[nodiscard]] std::size_t below(std::size_t count) {
        return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
    }

    void edit(test::ForgedCapture& capture) {
        const std::size_t at = below(capture.frames.size());
        test::ForgedFrame& frame = capture.frames[at];
        switch (below(10)) {
        case 0:
            capture.erase(at);
            break;
        case 1:
            capture.insert(at, test::ForgedFrame(frame));
            break;
        case 2: {
            const test::ForgedFrame moved = frame;
            capture.erase(at);
            capture.insert(below(capture.frames.size() + 1), moved);
            break;
        }
        case 3:
            change_text(capture.metadata.experiment);
            break;
        case 4:
            resize(frame.payload);
            break;
        case 5:
            change(frame.payload, stream::largest_payload);
            break;
        case 6:
            (below(4) == 0 ? frame.schema : frame.kind) ^=
                static_cast<std::uint8_t>(1U << below(8));
            break;
        case 7:
            frame.sequence += static_cast<std::uint32_t>(below(5)) - 2U;
            break;
        default:
            change_field(frame.payload);
            break;
        }
    }

    void resize(Bytes& payload) {
        constexpr std::size_t most_change = 4;
        const std::size_t size = payload.size() + below(2 * most_change + 1);
        payload.resize(std::clamp(size, most_change, stream::largest_payload + most_change) -
                       most_change);
    }

    /// One byte, mostly among the first, where the fields are.
    void change_field(Bytes& payload) {
        if (payload.empty()) {
            return;
        }
        const std::size_t fields = std::min<std::size_t>(payload.size(), 16);
        std::uint8_t& byte = payload[below(below(3) == 0 ? payload.size() : fields)];
        byte = below(2) == 0 ? static_cast<std::uint8_t>(below(256))
                             : static_cast<std::uint8_t>(byte + (below(2) == 0 ? 1 : 255));
    }

    void change(Bytes& bytes, std::size_t most) {
        const std::size_t size = bytes.size();
        bytes.resize(most);
        bytes.resize(change_bytes_(bytes.data(), size, most));
    }

    void change_text(std::string& text) {
        constexpr std::size_t longest_growth = 40;
        Bytes bytes(text.begin(), text.end());
        change(bytes, bytes.size() + longest_growth);
        text.assign(bytes.begin(), bytes.end());
    }

    std::minstd_rand random_;
    ChangeBytes change_bytes_;
};

} // namespace tinymf::fuzz
