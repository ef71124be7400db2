// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tinymf/checkpoint/field_walk.hpp"
#include "tinymf/numeric/magnitude.hpp"

namespace tinymf::observe {

/// Which averages are wanted of CorrelationEstimator; the sums of the others stay zero.
struct WantedProducts {
    bool correlations = false;
    bool responses = false;
};

/// The four averages of CorrelationEstimator, in the order of ObservedArray.
enum class LaggedProduct : std::uint8_t { cx, cphi, rx, rphi };

/// Autocorrelations and responses of a block, in O(N) memory whatever the number of lags.
///
/// A few origins, staggered by lags/origins samples, each keep one past state, its outputs, and the
/// standard normals n that made the state. Each sample is multiplied with what the origins keep,
/// and goes to the lag that is the age of the origin; an origin of age `lags` is taken anew:
///
///     C_x(tau) = <x(t) x(t + tau)>,      R_x = <x(t + tau) n(t)>/sqrt(nu),
///
/// phi likewise, R being Novikov's theorem for the white increment sqrt(nu) n (Zou & Huang 2023).
/// The standard error of a response is about sqrt(C_x(0)/(nu N samples origins/lags)).
///
/// Size: 3 origins replicas N + 5 lags words. Work per sample and replica: 4 origins N
/// multiplications and additions, and N normals whenever an origin is taken anew.
template <std::floating_point T, std::size_t N, std::size_t replicas, std::size_t most_lags,
          std::size_t origins = 4>
class CorrelationEstimator {
public:
    void begin() {
        terms_.fill(0);
        for (Sums* sums : {&cx_, &cphi_, &rx_, &rphi_}) {
            sums->fill(T(0));
        }
        for (auto& of_replica : origins_) {
            of_replica.fill(Origin{});
        }
    }

    /// Sample number `k` of the block. `draw_noise(span)` gives n, and is asked for responses only.
    template <class DrawNoise>
    void take(std::size_t replica, std::uint32_t k, std::uint32_t lags, WantedProducts wanted,
              std::span<const T, N> x, std::span<const T, N> phi, DrawNoise&& draw_noise) {
        for (std::uint32_t o = 0; o < origins; ++o) {
            const std::uint32_t first = first_sample_of(o, lags);
            if (k < first) {
                continue;
            }
            const std::uint32_t age = (k - first) % lags;
            Origin& origin = origins_[replica][o];
            if (age == 0) {
                std::copy(x.begin(), x.end(), origin.x.begin());
                std::copy(phi.begin(), phi.end(), origin.phi.begin());
                if (wanted.responses) {
                    draw_noise(std::span<T>(origin.noise));
                }
            }
            add_products(age, wanted, origin, x, phi);
        }
    }

    /// From sums to averages; `root_nu` is the size of the noise increment, zero for none.
    void finish(std::uint32_t lags, T root_nu) {
        for (std::uint32_t lag = 0; lag < lags; ++lag) {
            const T terms = static_cast<T>(terms_[lag]) * static_cast<T>(N);
            cx_[lag] /= terms;
            cphi_[lag] /= terms;
            if (root_nu > T(0)) {
                rx_[lag] /= terms * root_nu;
                rphi_[lag] /= terms * root_nu;
            }
        }
    }

    [[nodiscard]] std::span<const T> cx() const { return cx_; }
    [[nodiscard]] std::span<const T> cphi() const { return cphi_; }
    [[nodiscard]] std::span<const T> rx() const { return rx_; }
    [[nodiscard]] std::span<const T> rphi() const { return rphi_; }

    /// A sum that is NaN or infinite.
    struct Place {
        bool found = false;
        LaggedProduct product = LaggedProduct::cx;
        std::uint32_t lag = 0;
    };

    /// The first such sum among those that sample number `k` was added to.
    [[nodiscard]] Place first_non_finite(std::uint32_t k, std::uint32_t lags) const {
        Place place;
        for (std::uint32_t o = 0; o < origins; ++o) {
            const std::uint32_t first = first_sample_of(o, lags);
            if (k >= first && !place.found) {
                place = first_non_finite_at((k - first) % lags);
            }
        }
        return place;
    }

    /// `samples`: how many of the block were taken so far.
    void persist(checkpoint::FieldWalk& walk, std::size_t active_replicas, std::uint32_t lags,
                 std::uint32_t samples) {
        for (std::size_t r = 0; r < active_replicas; ++r) {
            for (Origin& origin : origins_[r]) {
                walk.over(std::span(origin.x));
                walk.over(std::span(origin.phi));
                walk.over(std::span(origin.noise));
            }
        }
        for (std::uint32_t lag = 0; lag < lags; ++lag) {
            const std::uint32_t expected =
                static_cast<std::uint32_t>(active_replicas) * terms_of(lag, lags, samples);
            walk.over(terms_[lag], [expected](std::uint32_t terms) { return terms == expected; });
        }
        for (Sums* sums : {&cx_, &cphi_, &rx_, &rphi_}) {
            walk.over(std::span(*sums).first(lags));
        }
    }

private:
    using Sums = std::array<T, most_lags>;

    struct Origin {
        std::array<T, N> x{};
        std::array<T, N> phi{};
        std::array<T, N> noise{};
    };

    [[nodiscard]] static std::uint32_t first_sample_of(std::uint32_t origin, std::uint32_t lags) {
        return origin * lags / static_cast<std::uint32_t>(origins);
    }

    /// Products that one replica has added to a lag after so many samples of a block.
    [[nodiscard]] static std::uint32_t terms_of(std::uint32_t lag, std::uint32_t lags,
                                                std::uint32_t samples) {
        std::uint32_t terms = 0;
        for (std::uint32_t o = 0; o < origins; ++o) {
            const std::uint32_t first = first_sample_of(o, lags);
            const std::uint32_t ages = samples > first ? samples - first : 0;
            terms += ages / lags + (lag < ages % lags ? 1U : 0U);
        }
        return terms;
    }

    [[nodiscard]] Place first_non_finite_at(std::uint32_t lag) const {
        std::uint8_t product = 0;
        for (const Sums* sums : {&cx_, &cphi_, &rx_, &rphi_}) {
            if (!numeric::is_finite((*sums)[lag])) {
                return {.found = true, .product = static_cast<LaggedProduct>(product), .lag = lag};
            }
            ++product;
        }
        return {};
    }

    void add_products(std::uint32_t lag, WantedProducts wanted, const Origin& origin,
                      std::span<const T, N> x, std::span<const T, N> phi) {
        T cx = T(0);
        T cphi = T(0);
        T rx = T(0);
        T rphi = T(0);
        for (std::size_t i = 0; i < N; ++i) {
            cx += x[i] * origin.x[i];
            cphi += phi[i] * origin.phi[i];
            rx += x[i] * origin.noise[i];
            rphi += phi[i] * origin.noise[i];
        }
        if (wanted.correlations) {
            cx_[lag] += cx;
            cphi_[lag] += cphi;
        }
        if (wanted.responses) {
            rx_[lag] += rx;
            rphi_[lag] += rphi;
        }
        ++terms_[lag];
    }

    std::array<std::array<Origin, origins>, replicas> origins_;
    std::array<std::uint32_t, most_lags> terms_{};
    Sums cx_{};
    Sums cphi_{};
    Sums rx_{};
    Sums rphi_{};
};

} // namespace tinymf::observe
