// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>

#include "tinymf/numeric/arithmetic_guard.hpp"
#include "tinymf/numeric/coefficients.hpp"

namespace tinymf::mean_field {

/// A function of an angle in [0, pi/2] by Chebyshev polynomials on panels that halve towards 0:
/// panel j, from the row `first` on, spans (pi/2) 2^-(j+1) to (pi/2) 2^-j, the last one reaches 0.
/// A power of the angle, or a feature as narrow as the last panel, is resolved to
/// 6^-order of its share: rounding.
///
/// Size: rows order scalars. Work: of `fill` for each panel `order` values and 2 order^2
/// operations; of `value` 3 order operations and at most 32 halvings.
template <std::floating_point T, std::size_t rows>
class AngularTable {
public:
    static constexpr std::size_t order = sizeof(T) == 4 ? 8 : 16;
    static constexpr T quarter_turn = numeric::Coefficients<T>::half_pi;

    /// Several functions of the angle, as an array: function k in the rows first + k panels and on.
    template <std::size_t functions, class Function>
    void fill(std::size_t first, std::size_t panels, const Function& f) {
        T high = quarter_turn;
        for (std::size_t panel = 0; panel < panels; ++panel) {
            const T low = panel + 1 == panels ? T(0) : high / T(2);
            std::array<std::array<T, order>, functions> values;
            for (std::size_t i = 0; i < order; ++i) {
                const std::array<T, functions> all =
                    f((high + low) / T(2) + (high - low) / T(2) * node(i));
                for (std::size_t k = 0; k < functions; ++k) {
                    values[k][i] = all[k];
                }
            }
            for (std::size_t k = 0; k < functions; ++k) {
                transform(values[k], coefficients_[first + k * panels + panel]);
            }
            high = low;
        }
    }

    [[nodiscard]] T value(std::size_t first, std::size_t panels, T angle) const {
        const Place place = find(panels, angle);
        const auto& c = coefficients_[first + place.panel];
        T next = T(0);
        T after = T(0);
        for (std::size_t k = order; k-- > 1;) {
            const T now = T(2) * place.at * next - after + c[k];
            after = next;
            next = now;
        }
        return place.at * next - after + c[0];
    }

    /// The derivative with respect to the angle.
    [[nodiscard]] T derivative(std::size_t first, std::size_t panels, T angle) const {
        const Place place = find(panels, angle);
        const auto& c = coefficients_[first + place.panel];
        // sum_k k c_k U_(k-1), by the recursion of the second kind
        T next = T(0);
        T after = T(0);
        for (std::size_t k = order; k-- > 1;) {
            const T now = T(2) * place.at * next - after + static_cast<T>(k) * c[k];
            after = next;
            next = now;
        }
        return next * place.stretch;
    }

private:
    struct Place {
        std::size_t panel;
        T at;      ///< in [-1, 1]
        T stretch; ///< d(at)/d(angle)
    };

    [[nodiscard]] static Place find(std::size_t panels, T angle) {
        T high = quarter_turn;
        std::size_t panel = 0;
        while (panel + 1 < panels && angle < high / T(2)) {
            high /= T(2);
            ++panel;
        }
        const T low = panel + 1 == panels ? T(0) : high / T(2);
        const T stretch = T(2) / (high - low);
        const T at = (angle - low) * stretch - T(1);
        return {panel, at < T(-1) ? T(-1) : at > T(1) ? T(1) : at, stretch};
    }

    /// cos((i + 1/2) pi/order), a table so that no function has to be evaluated: filled once.
    [[nodiscard]] static T node(std::size_t i) { return cosine(2 * i + 1); }

    /// cos(k pi/(2 order)).
    [[nodiscard]] static T cosine(std::size_t k) {
        const std::size_t turn = 4 * order;
        std::size_t index = k % turn;
        index = index <= turn / 2 ? index : turn - index;
        const bool negative = index > order;
        const std::size_t folded = negative ? turn / 2 - index : index;
        const T angle = quarter_turn * static_cast<T>(folded) / static_cast<T>(order);
        const T square = angle * angle;
        T term = T(1);
        T sum = T(1);
        for (int n = 1; n <= 11; ++n) {
            term *= -square / static_cast<T>((2 * n - 1) * 2 * n);
            sum += term;
        }
        return negative ? -sum : sum;
    }

    static void transform(const std::array<T, order>& values, std::array<T, order>& coefficients) {
        for (std::size_t k = 0; k < order; ++k) {
            T sum = T(0);
            for (std::size_t i = 0; i < order; ++i) {
                sum += values[i] * cosine(k * (2 * i + 1));
            }
            coefficients[k] = sum * (k == 0 ? T(1) : T(2)) / static_cast<T>(order);
        }
    }

    std::array<std::array<T, order>, rows> coefficients_;
};

} // namespace tinymf::mean_field
