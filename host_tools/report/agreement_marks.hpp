// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "compare/bit_comparison.hpp"
#include "compare/reference_comparison.hpp"
#include "recording/recording.hpp"

namespace tinymf::host {

enum class Agreement : std::uint8_t { equal, differs, not_compared };

/// One reported state or digest in the picture of agreement.
struct AgreementMark {
    std::uint32_t step = 0;
    bool digest = false;
    Agreement agreement = Agreement::equal;
};

/// States thinned out to some 800, and all digests; a differing one is never thinned out, and comes
/// last, so that it is drawn over its neighbours.
[[nodiscard]] std::vector<AgreementMark> agreement_marks(const Recording& recording,
                                                         const BitComparison& bits);

/// Indices of the states to draw of a reference comparison, ascending: thinned out to some `most`,
/// but never the first outside its bound nor the one nearest to it.
[[nodiscard]] std::vector<std::size_t> drawn_states(const ReferenceComparison& reference,
                                                    std::size_t most);

} // namespace tinymf::host
