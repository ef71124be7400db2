// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>

#include "tinymf/assert.hpp"
#include "tinymf/checkpoint/field_walk.hpp"
#include "tinymf/mean_field/population.hpp"
#include "tinymf/numeric/magnitude.hpp"

namespace tinymf::mean_field {

/// How a history keeps its numbers: `scale` times the value, as computed or in 16 bits.
template <class Stored, std::floating_point T>
struct Storage;

template <std::floating_point T>
struct Storage<T, T> {
    static constexpr T scale = T(1);
    [[nodiscard]] static T store(T value) { return value; }
    [[nodiscard]] static bool fits(T /*value*/) { return true; }
    [[nodiscard]] static bool can_be(T stored) { return numeric::is_finite(stored); }
};

/// Fixed point with 12 fractional bits: range (-8, 8), resolution 2.4e-4, values beyond the range
/// are held at its ends. Half the memory of float32; sets a floor of about 1e-4 on averages.
template <std::floating_point T>
struct Storage<std::int16_t, T> {
    static constexpr T scale = T(4096);
    [[nodiscard]] static std::int16_t store(T value) {
        const T scaled = value * scale;
        // In this order a NaN is held at an end too: there is no 16-bit number for it.
        const T bounded = scaled < top ? (scaled > -top ? scaled : -top) : top;
        return static_cast<std::int16_t>(bounded + (bounded < T(0) ? T(-0.5F) : T(0.5F)));
    }
    /// False when it is not rounded but held at an end of the range.
    [[nodiscard]] static bool fits(T value) { return numeric::abs(value * scale) < top + T(0.5F); }
    [[nodiscard]] static bool can_be(std::int16_t stored) {
        return stored != std::numeric_limits<std::int16_t>::min();
    }

private:
    static constexpr T top = T(32767);
};

/// What became of numbers that were kept.
struct Kept {
    std::uint32_t held = 0; ///< at the ends of the range
    bool finite = true;     ///< false when one of those held was NaN or infinite
};

/// What every path of a population did at every time so far: `points` rows of `paths` numbers.
///
/// Laid out in panels of 128 paths, each with all of its rows, so that the two products below run
/// through memory once and in order. Size: points paths stored values. Bit-exact: sums are defined
/// as in population.hpp, panel by panel.
template <std::floating_point T, class Stored, std::size_t points, std::size_t paths>
class History {
    static_assert(paths % population_lanes == 0);

public:
    /// Rounds `values` to what is kept of them.
    Kept keep(std::size_t row, Population<T, paths>& values) {
        TINYMF_ASSERT(row < points);
        Kept kept;
        constexpr T unit = T(1) / Storage<Stored, T>::scale;
        for_each_panel([&](std::size_t first, auto width) {
            Stored* const stored = row_in_panel(first, width, row);
            T* const panel = values.data() + first;
            for (std::size_t i = 0; i < width; ++i) {
                if (!Storage<Stored, T>::fits(panel[i])) {
                    ++kept.held;
                    kept.finite = kept.finite && numeric::is_finite(panel[i]);
                }
                stored[i] = Storage<Stored, T>::store(panel[i]);
                panel[i] = static_cast<T>(stored[i]) * unit;
            }
        });
        return kept;
    }

    /// What is kept in a row of the 16 paths from `first` on, a multiple of 16.
    void read(std::size_t row, std::size_t first, std::span<T, population_lanes> values) const {
        TINYMF_ASSERT(row < points && first % population_lanes == 0 && first < paths);
        constexpr T unit = T(1) / Storage<Stored, T>::scale;
        const std::size_t begin = first - first % panel_width;
        const std::size_t width = begin == whole_panels * panel_width ? last_width : panel_width;
        const Stored* const stored = row_in_panel(begin, width, row) + (first - begin);
        for (std::size_t i = 0; i < population_lanes; ++i) {
            values[i] = static_cast<T>(stored[i]) * unit;
        }
    }

    /// averages[s] = (1/paths) sum_p values_p h[s]_p for all rows s below averages.size().
    /// Work: paths multiplications and additions for each row.
    void average_products(const Population<T, paths>& values, std::span<T> averages) const {
        constexpr T unit = T(1) / (Storage<Stored, T>::scale * static_cast<T>(paths));
        for (T& average : averages) {
            average = T(0);
        }
        for_each_panel([&](std::size_t first, auto width) {
            const T* const panel = values.data() + first;
            add_panel_products(panel, row_in_panel(first, width, 0), width, averages);
        });
        for (T& average : averages) {
            average *= unit;
        }
    }

    /// values_p += sum_s weights[s] h[s]_p, in ascending order of s.
    /// Work: paths multiplications and additions for each row.
    void add_combination(Population<T, paths>& values, std::span<const T> weights) const {
        for_each_panel([&](std::size_t first, auto width) {
            const Stored* const panel = row_in_panel(first, width, 0);
            add_rows<combined_lanes>(values.data() + first, panel, width, weights);
        });
    }

    /// The rows 0 ... rows - 1.
    void persist(checkpoint::FieldWalk& walk, std::size_t rows) {
        for_each_panel([&](std::size_t first, auto width) {
            walk.over(std::span<Stored>(row_in_panel(first, width, 0), rows * width),
                      [](Stored stored) { return Storage<Stored, T>::can_be(stored); });
        });
    }

private:
    using Lanes = typename LaneSums<T>::Lanes;
    using Sequence = typename LaneSums<T>::Sequence;

    static constexpr std::size_t panel_width = 128;
    static constexpr std::size_t whole_panels = paths / panel_width;
    static constexpr std::size_t last_width = paths % panel_width;

    /// Paths that a combination takes through all rows at once: as many as fill half of the vector
    /// registers.
    static constexpr std::size_t combined_lanes =
        LaneSums<T>::in_vectors
            ? (network::vector_bytes >= 64 ? 16 : 8) * network::vector_bytes / sizeof(T)
            : population_lanes;

    template <std::size_t width>
    using Width = std::integral_constant<std::size_t, width>;

    /// Calls use(first path, width) for each panel; the width is known at compile time.
    template <class Use>
    static void for_each_panel(Use&& use) {
        for (std::size_t panel = 0; panel < whole_panels; ++panel) {
            use(panel * panel_width, Width<panel_width>{});
        }
        if constexpr (last_width > 0) {
            use(whole_panels * panel_width, Width<last_width>{});
        }
    }

    [[nodiscard]] Stored* row_in_panel(std::size_t first, std::size_t width, std::size_t row) {
        return values_.data() + first * points + row * width;
    }
    [[nodiscard]] const Stored* row_in_panel(std::size_t first, std::size_t width,
                                             std::size_t row) const {
        return values_.data() + first * points + row * width;
    }

    /// sums[s] += sum_i values[i] row[s width + i]; on hosts two rows share each load of the
    /// values.
    [[gnu::flatten]] static void add_panel_products(const T* values, const Stored* row,
                                                    std::size_t width, std::span<T> sums) {
        std::size_t s = 0;
        if constexpr (LaneSums<T>::in_vectors) {
            for (; s + 1 < sums.size(); s += 2) {
                LaneSums<T> first;
                LaneSums<T> second;
                for (std::size_t i = 0; i < width; i += population_lanes) {
                    first.add_products(values + i, row + i);
                    second.add_products(values + i, row + width + i);
                }
                sums[s] += first.total();
                sums[s + 1] += second.total();
                row += 2 * width;
            }
        }
        for (; s < sums.size(); ++s) {
            sums[s] += panel_product(values, row, width);
            row += width;
        }
    }

    [[nodiscard]] static T panel_product(const T* values, const Stored* stored, std::size_t width) {
        LaneSums<T> sums;
        for (std::size_t i = 0; i < width; i += population_lanes) {
            sums.add_products(values + i, stored + i);
        }
        return sums.total();
    }

    /// values[i] += sum_s weights[s] row[s width + i], `lanes` paths at a time, then fewer.
    template <std::size_t lanes>
    static void add_rows(T* values, const Stored* row, std::size_t width,
                         std::span<const T> weights, std::size_t i = 0) {
        for (; i + lanes <= width; i += lanes) {
            add_to_lanes<lanes>(values + i, row + i, width, weights);
        }
        if constexpr (lanes > population_lanes) {
            add_rows<lanes / 2>(values, row, width, weights, i);
        }
    }

    template <std::size_t lanes>
    [[gnu::flatten]] static void add_to_lanes(T* values, const Stored* stored, std::size_t width,
                                              std::span<const T> weights) {
        constexpr T unit = T(1) / Storage<Stored, T>::scale;
        if constexpr (LaneSums<T>::in_vectors) {
            using Part = Eigen::Array<T, static_cast<int>(lanes), 1>;
            auto part = Eigen::Map<Part>(values);
            Part sums = part;
            for (const T weight : weights) {
                const auto numbers =
                    Eigen::Map<const Eigen::Array<Stored, static_cast<int>(lanes), 1>>(stored);
                sums += weight * unit * numbers.template cast<T>();
                stored += width;
            }
            part = sums;
        } else {
            add_to_each(values, stored, width, weights, Sequence{});
        }
    }

    template <std::size_t... lane>
    static void add_to_each(T* values, const Stored* stored, std::size_t width,
                            std::span<const T> weights, std::index_sequence<lane...> lanes) {
        constexpr T unit = T(1) / Storage<Stored, T>::scale;
        std::array<T, lanes.size()> sums{values[lane]...};
        for (const T weight : weights) {
            const T scaled = weight * unit;
            ((sums[lane] += scaled * static_cast<T>(stored[lane])), ...);
            stored += width;
        }
        ((values[lane] = sums[lane]), ...);
    }

    std::array<Stored, points * paths> values_;
};

} // namespace tinymf::mean_field
