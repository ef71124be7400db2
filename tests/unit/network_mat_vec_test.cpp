// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tinymf/network/mat_vec.hpp"
#include "tinymf/network/panel_layout.hpp"
#include "tinymf/network/panel_matrix.hpp"
#include "tinymf/network/sign_matrix.hpp"
#include "tinymf/numeric/format.hpp"
#include "tinymf/observe/digest.hpp"
#include "tinymf/random/philox.hpp"
#include "tinymf/random/stream.hpp"

namespace tinymf::network {
namespace {

/// Values over 40 binades, so that nearly every sum rounds and any other order shows.
template <std::floating_point T>
class WideValues {
public:
    T next() {
        const random::PhiloxBlock words = words_.block(0, drawn_++);
        const int exponent = static_cast<int>(words[0] % 40U) - 20;
        const double fraction = static_cast<double>(words[1]) / 0x1p31 - 1.0;
        return static_cast<T>(std::ldexp(fraction, exponent));
    }

private:
    random::BlockStream words_{58, random::Purpose::initial};
    std::uint32_t drawn_ = 0;
};

template <std::floating_point T, std::size_t N>
struct Problem {
    std::array<std::array<T, N>, N> weights{};
    std::array<T, N> rates{};

    Problem() {
        WideValues<T> values;
        for (auto& row : weights) {
            for (T& weight : row) {
                weight = values.next();
            }
        }
        for (T& rate : rates) {
            rate = values.next();
        }
    }
};

/// The definition, one row at a time; volatile keeps the compiler from reordering or fusing.
template <std::floating_point T, std::size_t N>
std::array<T, N> sums_left_to_right(const Problem<T, N>& problem) {
    std::array<T, N> out{};
    for (std::size_t i = 0; i < N; ++i) {
        volatile T sum = T(0);
        for (std::size_t j = 0; j < N; ++j) {
            const volatile T product = problem.weights[i][j] * problem.rates[j];
            sum = sum + product;
        }
        out[i] = sum;
    }
    return out;
}

template <std::floating_point T, std::size_t N>
std::array<T, N> sums_right_to_left(const Problem<T, N>& problem) {
    std::array<T, N> out{};
    for (std::size_t i = 0; i < N; ++i) {
        volatile T sum = T(0);
        for (std::size_t j = N; j-- > 0;) {
            const volatile T product = problem.weights[i][j] * problem.rates[j];
            sum = sum + product;
        }
        out[i] = sum;
    }
    return out;
}

template <std::floating_point T, std::size_t N>
std::uint64_t digest_of(const std::array<T, N>& values) {
    observe::Digest digest;
    digest.add(std::span<const T>(values));
    return digest.value();
}

template <std::size_t panel_rows, std::floating_point T, std::size_t N>
[[gnu::noinline]] std::array<T, N> product_on_panels(const Problem<T, N>& problem,
                                                     PanelOrder order) {
    const auto matrix = std::make_unique<PanelMatrix<T, N, panel_rows>>();
    for (std::size_t i = 0; i < N; ++i) {
        for (std::size_t j = 0; j < N; ++j) {
            matrix->set(i, j, problem.weights[i][j]);
        }
    }
    std::array<T, N> out{};
    mat_vec(*matrix, std::span<const T, N>(problem.rates), std::span<T, N>(out), order);
    return out;
}

template <std::size_t panel_rows, std::floating_point T, std::size_t N>
void expect_on_panels(const Problem<T, N>& problem, std::uint64_t expected) {
    for (const PanelOrder order : {PanelOrder::ascending, PanelOrder::descending}) {
        EXPECT_EQ(digest_of(product_on_panels<panel_rows>(problem, order)), expected)
            << "N=" << N << ", panels of " << panel_rows << " rows";
    }
}

template <std::floating_point T, std::size_t N, std::size_t... panel_rows>
void expect_the_defined_sums(std::index_sequence<panel_rows...>) {
    const auto problem = std::make_unique<Problem<T, N>>();
    const std::uint64_t expected = digest_of(sums_left_to_right(*problem));
    (expect_on_panels<panel_rows>(*problem, expected), ...);
}

/// Rows alone, a device's panels, a host's; and all, for sizes whose remainder has every width.
using UsualPanels = std::index_sequence<1, 16, 64>;
using AllPanels = std::index_sequence<1, 2, 4, 8, 16, 32, 64, 128>;
#if defined(__SANITIZE_ADDRESS__)
// The sanitizers look for what the sizes have in common, and take minutes to compile all of them.
using NetworkSizes = std::index_sequence<1, 7, 24, 64>;
#else
using NetworkSizes = std::index_sequence<1, 2, 3, 7, 8, 16, 24, 31, 64, 100, 128, 130, 256>;
#endif

template <std::floating_point T, std::size_t... N>
void expect_the_defined_sums_for_all_sizes(std::index_sequence<N...>) {
    (expect_the_defined_sums<T, N>(UsualPanels{}), ...);
}

TEST(MatVec, AddsFromLeftToRightInFloat) {
    expect_the_defined_sums_for_all_sizes<float>(NetworkSizes{});
}

TEST(MatVec, AddsFromLeftToRightInDouble) {
    expect_the_defined_sums_for_all_sizes<double>(NetworkSizes{});
}

TEST(MatVec, AddsFromLeftToRightOnPanelsOfAnySize) {
    expect_the_defined_sums<float, 255>(AllPanels{});
    expect_the_defined_sums<double, 127>(AllPanels{});
}

/// What boards without vector registers run, on panels as they lie in memory.
template <std::size_t rows, std::floating_point T>
void expect_the_same_sums_in_scalars() {
    const Problem<T, rows> problem;
    std::array<T, rows * rows> panel{};
    for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t j = 0; j < rows; ++j) {
            panel[j * rows + i] = problem.weights[i][j];
        }
    }
    std::array<T, rows> out{};
    multiply_panel_in_scalars<T>(panel.data(), problem.rates, out.data(),
                                 std::make_index_sequence<rows>{});
    EXPECT_EQ(digest_of(out), digest_of(sums_left_to_right(problem))) << rows << " rows";
}

TEST(MatVec, AddsFromLeftToRightInScalarRegistersToo) {
    expect_the_same_sums_in_scalars<1, float>();
    expect_the_same_sums_in_scalars<7, float>();
    expect_the_same_sums_in_scalars<16, float>();
    expect_the_same_sums_in_scalars<16, double>();
}

TEST(MatVec, NoticesAnotherOrder) {
    const Problem<float, 24> problem;
    EXPECT_NE(digest_of(product_on_panels<16>(problem, PanelOrder::ascending)),
              digest_of(sums_right_to_left(problem)));
}

TEST(MatVec, ReturnsPositiveZeroFromNegativeProducts) {
    PanelMatrix<float, 3> matrix;
    matrix.set(1, 2, -1.0F);
    const std::array<float, 3> rates{};
    std::array<float, 3> out{1.0F, 1.0F, 1.0F};
    mat_vec(matrix, std::span<const float, 3>(rates), std::span<float, 3>(out));
    for (const float sum : out) {
        EXPECT_EQ(std::bit_cast<std::uint32_t>(sum), 0U);
    }
}

TEST(MatVecDeathTest, RefusesToOverwriteItsInput) {
    PanelMatrix<float, 2> matrix;
    std::array<float, 2> rates{};
    EXPECT_DEATH(mat_vec(matrix, std::span<const float, 2>(rates), std::span<float, 2>(rates)),
                 "assertion failed");
}

struct Panel {
    std::size_t first_row;
    std::size_t rows;

    friend bool operator==(const Panel&, const Panel&) = default;
};

template <class Layout>
std::vector<Panel> panels_in(PanelOrder order) {
    std::vector<Panel> panels;
    Layout::for_each(order, [&panels]<std::size_t rows>(std::integral_constant<std::size_t, rows>,
                                                        std::size_t first_row) {
        panels.push_back({first_row, rows});
    });
    return panels;
}

template <class Layout>
Panel panel_with(std::size_t row) {
    const auto [first_row, rows] = Layout::panel_of(row);
    return {first_row, rows};
}

template <std::size_t N, std::size_t widest>
void expect_every_row_once() {
    using Layout = PanelLayout<N, widest>;
    auto panels = panels_in<Layout>(PanelOrder::ascending);
    std::size_t next = 0;
    for (const Panel& panel : panels) {
        EXPECT_TRUE(panel.first_row == next && next % panel.rows == 0) << next;
        next += panel.rows;
        EXPECT_EQ(panel_with<Layout>(panel.first_row), panel);
        EXPECT_EQ(panel_with<Layout>(next - 1), panel);
    }
    EXPECT_EQ(next, N);
    std::reverse(panels.begin(), panels.end());
    EXPECT_EQ(panels_in<Layout>(PanelOrder::descending), panels);
}

TEST(PanelOrder, HasAnOpposite) {
    EXPECT_EQ(opposite(PanelOrder::ascending), PanelOrder::descending);
    EXPECT_EQ(opposite(PanelOrder::descending), PanelOrder::ascending);
}

TEST(PanelLayout, CoversEveryRowOnceInBothOrders) {
    expect_every_row_once<1, 16>();
    expect_every_row_once<7, 16>();
    expect_every_row_once<31, 8>();
    expect_every_row_once<64, 64>();
    expect_every_row_once<100, 64>();
    expect_every_row_once<130, 1>();
}

static_assert(sizeof(PanelMatrix<float, 64, 16>) == 16384);
static_assert(sizeof(PanelMatrix<double, 7, 4>) <= 392 + 63, "no padding but the last");

TEST(PanelMatrix, KeepsPanelsColumnByColumn) {
    PanelMatrix<float, 7, 4> matrix;
    matrix.set(0, 1, 1.0F);
    matrix.set(4, 1, 2.0F);
    matrix.set(6, 6, 3.0F);
    EXPECT_EQ(matrix.panel<4>(0)[4], 1.0F);
    EXPECT_EQ(matrix.panel<2>(4)[2], 2.0F);
    EXPECT_EQ(matrix.panel<1>(6)[6], 3.0F);
}

template <std::floating_point T, std::size_t N, std::size_t panel_rows>
void expect_sign_sums() {
    WideValues<T> values;
    SignMatrix<N> signs;
    Problem<T, N> problem;
    const T scale = T(0.3F);
    for (std::size_t i = 0; i < N; ++i) {
        for (std::size_t j = 0; j < N; ++j) {
            const bool negative = values.next() < T(0);
            signs.set_negative(i, j, negative);
            problem.weights[i][j] = i == j ? T(0) : (negative ? T(-1) : T(1));
        }
    }
    std::array<T, N> expected = sums_left_to_right(problem);
    for (T& sum : expected) {
        sum = scale * sum;
    }
    std::array<T, N> out{};
    mat_vec<panel_rows>(signs, scale, std::span<const T, N>(problem.rates), std::span<T, N>(out));
    EXPECT_EQ(digest_of(out), digest_of(expected)) << "N=" << N << ", " << panel_rows << " rows";
}

TEST(SignMatVec, AddsSignedRatesFromLeftToRight) {
    expect_sign_sums<float, 1, 16>();
    expect_sign_sums<float, 7, 4>();
    expect_sign_sums<float, 31, 32>();
    expect_sign_sums<float, 64, 16>();
    expect_sign_sums<double, 100, 8>();
    expect_sign_sums<double, 130, 32>();
}

} // namespace
} // namespace tinymf::network
