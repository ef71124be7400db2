// SPDX-License-Identifier: Apache-2.0
#include "report/agreement_marks.hpp"

#include <algorithm>
#include <optional>

#include "report/plot_style.hpp"

namespace tinymf::host {

std::vector<AgreementMark> agreement_marks(const Recording& recording, const BitComparison& bits) {
    constexpr std::size_t most_states = 800;
    std::optional<std::uint32_t> difference;
    if (bits.state_difference) {
        difference = bits.state_difference->step;
    } else if (bits.digest_difference) {
        difference = bits.digest_difference->step;
    }
    const auto mark_at = [&difference](std::uint32_t step, bool digest) {
        return AgreementMark{step, digest,
                             !difference || step < *difference ? Agreement::equal
                             : step == *difference             ? Agreement::differs
                                                               : Agreement::not_compared};
    };
    std::vector<AgreementMark> marks;
    if (recording.channels() > 0) {
        const auto& steps = recording.steps_of(0);
        const std::size_t stride = stride_for(steps.size(), most_states);
        for (std::size_t k = 0; k < steps.size(); k += stride) {
            marks.push_back(mark_at(steps[k], false));
        }
    }
    if (bits.state_difference) { // also when it is an estimate or a row of another array
        std::erase_if(
            marks, [](const AgreementMark& mark) { return mark.agreement == Agreement::differs; });
        marks.push_back(mark_at(*difference, false));
    }
    for (const stream::DigestFrame& digest : recording.digests) {
        marks.push_back(mark_at(digest.step, true));
    }
    std::stable_partition(marks.begin(), marks.end(), [](const AgreementMark& mark) {
        return mark.agreement != Agreement::differs;
    });
    return marks;
}

std::vector<std::size_t> drawn_states(const ReferenceComparison& reference, std::size_t most) {
    std::vector<std::size_t> drawn;
    const std::size_t stride = stride_for(reference.times.size(), most);
    for (std::size_t k = 0; k < reference.times.size(); k += stride) {
        drawn.push_back(k);
    }
    for (const BoundedDistance* distance : {&reference.solution, &reference.scheme}) {
        for (const auto& point : {distance->violation(), distance->nearest()}) {
            if (point) {
                drawn.push_back(*point);
            }
        }
    }
    std::ranges::sort(drawn);
    drawn.erase(std::unique(drawn.begin(), drawn.end()), drawn.end());
    return drawn;
}

} // namespace tinymf::host
