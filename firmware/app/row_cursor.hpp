// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "tinymf/mean_field/two_time_row.hpp"
#include "tinymf/stream/byte_writer.hpp"
#include "tinymf/stream/frame.hpp"
#include "tinymf/stream/frame_kinds.hpp"

namespace tinymf::firmware {

/// Walks through the rows that one step of a mean-field model made, in ROW frames of at most one
/// payload each. Size 8 bytes.
class RowCursor {
public:
    /// To the first frame; false when the rows are all empty.
    template <class M>
    [[nodiscard]] bool begin(const M& model) {
        array_ = 0;
        first_column_ = 0;
        return skip_empty(model.rows());
    }

    /// Offers one frame; when it was taken, `more` tells whether another follows.
    template <class M, class Outbox>
    [[nodiscard]] bool offer_next(Outbox& outbox, const M& model, bool& more) {
        using T = typename M::Scalar;
        constexpr std::size_t chunk = stream::values_in<stream::RowFrame, T>;
        const auto& row = model.rows()[array_];
        const std::size_t left = row.values.size() - first_column_;
        const std::size_t count = left < chunk ? left : chunk;
        const bool taken =
            outbox.data(model.step_index(),
                        stream::RowFrame{.array = static_cast<std::uint8_t>(row.array),
                                         .population = model.population(),
                                         .row = static_cast<std::uint32_t>(model.row_index()),
                                         .first_column = first_column_},
                        stream::add_values(row.values.subspan(first_column_, count)));
        if (taken) {
            first_column_ += static_cast<std::uint32_t>(count);
            more = skip_empty(model.rows());
        }
        return taken;
    }

private:
    /// Leaves rows of which nothing is left to say.
    template <class T>
    [[nodiscard]] bool skip_empty(std::span<const mean_field::TwoTimeRow<T>> rows) {
        while (array_ < rows.size() && first_column_ == rows[array_].values.size()) {
            first_column_ = 0;
            ++array_;
        }
        return array_ < rows.size();
    }

    std::uint32_t array_ = 0;
    std::uint32_t first_column_ = 0;
};

} // namespace tinymf::firmware
