// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "compare/bit_comparison.hpp"
#include "compare/mean_field_comparison.hpp"
#include "compare/reference_comparison.hpp"
#include "compare/theory_comparison.hpp"
#include "recording/recording.hpp"

namespace tinymf::host {

/// What to hold a capture against.
struct ComparisonRequest {
    /// "host", "reference", "theory" or the path of another capture; empty: all that apply.
    std::string against;
    /// Compare although the device was built from other sources than this program.
    bool allow_other_build = false;
};

/// All that was found out about one capture.
struct Comparison {
    Recording recording;
    std::vector<std::string> unsound;  ///< why nothing may be concluded from it; usually empty
    std::vector<std::string> failures; ///< why the run itself, or the other, failed
    std::string bits_against;          ///< "host" or another capture's path
    std::optional<BitComparison> bits;
    std::optional<ReferenceComparison> reference;
    std::optional<MeanFieldDistance> mean_field; ///< the reference of a mean field
    std::optional<TheoryComparison> theory;
    std::vector<std::string> not_available; ///< comparisons that do not apply, and why

    /// unsound before fail: a run that failed, or a comparison that did; pass: all that was asked.
    [[nodiscard]] Verdict verdict() const;
    [[nodiscard]] int exit_code() const { return exit_code_of(verdict()); }
};

/// What speaks against comparing a capture of another build than this program, or nothing.
[[nodiscard]] std::optional<std::string> other_build(const DeviceIntroduction& device);

/// Reads the capture and compares. An unsound one is not compared at all.
/// Throws HostError (exit_bad_input) when a comparison is asked for that cannot be made.
[[nodiscard]] Comparison compare_capture(const std::string& file, const ComparisonRequest& request);

/// Several captures, of networks that differ in their seeds, against theory or against the capture
/// of a mean field which `request.against` names; one capture as above. `recording` is then the
/// first.
[[nodiscard]] Comparison compare_captures(std::span<const std::string> files,
                                          const ComparisonRequest& request);

/// `verdict`, `bit_exact`, `reference`, `theory`, `stream` and facts.
[[nodiscard]] nlohmann::json to_json(const Comparison& comparison);

/// The same for a reader at a terminal, one line a finding, without a newline at the end.
[[nodiscard]] std::string to_text(const Comparison& comparison);

} // namespace tinymf::host
