// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tinymf/checkpoint/field_walk.hpp"

namespace tinymf::observe {

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
class LaggedProducts {
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

    /// Sample number `k` of the block. `draw_noise(span)` gives n, or fills with zeros where there
    /// is none.
    template <class DrawNoise>
    void take(std::size_t replica, std::uint32_t k, std::uint32_t lags, std::span<const T, N> x,
              std::span<const T, N> phi, DrawNoise&& draw_noise) {
        for (std::uint32_t o = 0; o < origins; ++o) {
            const std::uint32_t first = o * lags / static_cast<std::uint32_t>(origins);
            if (k < first) {
                continue;
            }
            const std::uint32_t age = (k - first) % lags;
            Origin& origin = origins_[replica][o];
            if (age == 0) {
                std::copy(x.begin(), x.end(), origin.x.begin());
                std::copy(phi.begin(), phi.end(), origin.phi.begin());
                draw_noise(std::span<T>(origin.noise));
            }
            add_products(age, origin, x, phi);
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

    void persist(checkpoint::FieldWalk& walk, std::size_t active_replicas, std::size_t lags) {
        for (std::size_t r = 0; r < active_replicas; ++r) {
            for (Origin& origin : origins_[r]) {
                walk.over(std::span(origin.x));
                walk.over(std::span(origin.phi));
                walk.over(std::span(origin.noise));
            }
        }
        walk.over(std::span(terms_).first(lags));
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

    void add_products(std::uint32_t lag, const Origin& origin, std::span<const T, N> x,
                      std::span<const T, N> phi) {
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
        cx_[lag] += cx;
        cphi_[lag] += cphi;
        rx_[lag] += rx;
        rphi_[lag] += rphi;
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
