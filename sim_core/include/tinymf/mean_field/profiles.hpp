// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "tinymf/experiment/profile.hpp"
#include "tinymf/mean_field/forward_sampler.hpp"
#include "tinymf/mean_field/gaussian_closure.hpp"
#include "tinymf/mean_field/linear_closure.hpp"
#include "tinymf/mean_field/stationary_run.hpp"

// The announcements of the mean-field models.
namespace tinymf::experiment {

namespace detail {

template <class M>
[[nodiscard]] constexpr ProfileInfo mean_field_profile(mean_field::Method method,
                                                       std::size_t points) {
    return {
        .kind = ModelKind::mean_field,
        .scalar = scalar_kind<typename M::Scalar>,
        .method = method,
        .replicas = 1,
        .points = static_cast<std::uint16_t>(points),
        .bytes = sizeof(M),
    };
}

} // namespace detail

template <std::floating_point T, std::size_t points>
struct ProfileOf<mean_field::LinearClosure<T, points>> {
    static constexpr ProfileInfo value =
        detail::mean_field_profile<mean_field::LinearClosure<T, points>>(mean_field::Method::linear,
                                                                         points);
};

template <std::floating_point T, std::size_t points, std::size_t terms>
struct ProfileOf<mean_field::GaussianClosure<T, points, terms>> {
    static constexpr ProfileInfo value =
        detail::mean_field_profile<mean_field::GaussianClosure<T, points, terms>>(
            mean_field::Method::gaussian_closure, points);
};

/// A stationary run has as many lags as asked for.
template <std::floating_point T, std::size_t terms>
struct ProfileOf<mean_field::StationaryRun<T, terms>> {
    static constexpr ProfileInfo value =
        detail::mean_field_profile<mean_field::StationaryRun<T, terms>>(
            mean_field::Method::stationary, 65535);
};

template <std::floating_point T, std::size_t points, std::size_t paths, class Stored>
struct ProfileOf<mean_field::ForwardSampler<T, points, paths, Stored>> {
    using Model = mean_field::ForwardSampler<T, points, paths, Stored>;
    static constexpr ProfileInfo value = [] {
        ProfileInfo info = detail::mean_field_profile<Model>(mean_field::Method::forward, points);
        info.replicas = 255;
        info.trajectories = static_cast<std::uint32_t>(paths);
        info.path_bits = std::uint8_t{8 * sizeof(Stored)};
        return info;
    }();
};

} // namespace tinymf::experiment
