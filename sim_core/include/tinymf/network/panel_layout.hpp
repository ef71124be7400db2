// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <type_traits>

namespace tinymf::network {

/// Which panel of a matrix comes first. Panels are independent, so the order changes no bit of a
/// product. Alternating from one product to the next finds the last panels still in the cache.
enum class PanelOrder : bool { ascending, descending };

constexpr PanelOrder opposite(PanelOrder order) {
    return order == PanelOrder::ascending ? PanelOrder::descending : PanelOrder::ascending;
}

/// Cuts N rows into panels of `widest` rows, then one each of widest/2, widest/4 ... 1 as the
/// remainder needs them: no padding for any N, and every panel starts at a multiple of its own
/// number of rows.
template <std::size_t N, std::size_t widest>
requires(N > 0 && std::has_single_bit(widest)) struct PanelLayout {
    struct Panel {
        std::size_t first_row;
        std::size_t rows;
    };

    /// The panel that holds a row.
    static constexpr Panel panel_of(std::size_t row) {
        std::size_t rows = widest;
        while (row >= first_row_below(rows)) {
            rows /= 2;
        }
        return {.first_row = row / rows * rows, .rows = rows};
    }

    /// Calls visit(std::integral_constant rows, first_row) for every panel.
    template <class Visit>
    static constexpr void for_each(PanelOrder order, Visit&& visit) {
        if (order == PanelOrder::ascending) {
            ascend<widest>(visit);
        } else {
            descend<1>(visit);
        }
    }

private:
    /// The end of the panels with `rows` rows, which is where the narrower ones start.
    static constexpr std::size_t first_row_below(std::size_t rows) { return N / rows * rows; }

    template <std::size_t rows>
    static constexpr std::size_t first_row_of_width = rows == widest ? 0
                                                                     : first_row_below(2 * rows);

    template <std::size_t rows, class Visit>
    static constexpr void ascend(Visit& visit) {
        for (std::size_t row = first_row_of_width<rows>; row < first_row_below(rows); row += rows) {
            visit(std::integral_constant<std::size_t, rows>{}, row);
        }
        if constexpr (rows > 1) {
            ascend<rows / 2>(visit);
        }
    }

    template <std::size_t rows, class Visit>
    static constexpr void descend(Visit& visit) {
        for (std::size_t end = first_row_below(rows); end > first_row_of_width<rows>; end -= rows) {
            visit(std::integral_constant<std::size_t, rows>{}, end - rows);
        }
        if constexpr (rows < widest) {
            descend<2 * rows>(visit);
        }
    }
};

} // namespace tinymf::network
