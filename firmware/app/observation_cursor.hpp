// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "tinymf/observe/observable.hpp"
#include "tinymf/stream/byte_writer.hpp"
#include "tinymf/stream/frame.hpp"
#include "tinymf/stream/frame_kinds.hpp"

namespace tinymf::firmware {

/// Walks through the estimates of the block that has just ended, in OBSERVE frames of at most one
/// payload each. Size 8 bytes.
class ObservationCursor {
public:
    /// To the first frame; false when there is nothing to say.
    template <class M>
    [[nodiscard]] bool begin(const M& model) {
        array_ = 0;
        first_ = 0;
        return skip_empty(model);
    }

    /// Offers one frame; when it was taken, `more` tells whether another follows.
    template <class M, class Outbox>
    [[nodiscard]] bool offer_next(Outbox& outbox, const M& model, bool& more) {
        using T = typename M::Scalar;
        constexpr std::size_t chunk = stream::values_in<stream::ObserveFrame, T>;
        const std::span<const T> values = values_of(model);
        const std::size_t left = values.size() - first_;
        const std::size_t count = left < chunk ? left : chunk;
        const bool taken =
            outbox.data(model.step_index(),
                        stream::ObserveFrame{
                            .array = array_, .step = model.step_index(), .first_element = first_},
                        stream::add_values(values.subspan(first_, count)));
        if (taken) {
            first_ += static_cast<std::uint32_t>(count);
            more = skip_empty(model);
        }
        return taken;
    }

private:
    template <class M>
    [[nodiscard]] auto values_of(const M& model) const {
        return model.observed(static_cast<observe::ObservedArray>(array_)).values;
    }

    /// Leaves arrays of which nothing is left to say.
    template <class M>
    [[nodiscard]] bool skip_empty(const M& model) {
        constexpr auto arrays = static_cast<std::uint8_t>(observe::ObservedArray::count);
        while (array_ < arrays && first_ == values_of(model).size()) {
            first_ = 0;
            ++array_;
        }
        return array_ < arrays;
    }

    std::uint8_t array_ = 0;
    std::uint32_t first_ = 0;
};

} // namespace tinymf::firmware
