// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>

#include "tinymf/model/parameters.hpp"

namespace tinymf {

/// Seconds of the fastest of several calls: three at least, and half a second of them.
template <class Work>
[[nodiscard]] double fastest_of_several(Work&& work) {
    using Clock = std::chrono::steady_clock;
    double fastest = std::numeric_limits<double>::infinity();
    double spent = 0;
    for (int call = 0; call < 3 || spent < 0.5; ++call) {
        const auto begin = Clock::now();
        work();
        const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
        fastest = std::min(fastest, seconds);
        spent += seconds;
    }
    return fastest;
}

/// Tanh networks, Euler with dt = 0.1, x(0) of unit variance, over the whole grid.
template <class T>
[[nodiscard]] model::Parameters<T> tanh_run(double gain, double reciprocity, double noise) {
    return {.gain = static_cast<T>(gain),
            .reciprocity = static_cast<T>(reciprocity),
            .noise = static_cast<T>(noise),
            .dt = static_cast<T>(0.1),
            .seed = 58};
}

/// All rows of one population; look(row) after each.
template <class Model, class Look>
void run_whole_grid(Model& model, model::Parameters<typename Model::Scalar> parameters,
                    Look&& look) {
    parameters.steps = static_cast<std::uint32_t>(Model::largest - 1);
    model.configure(parameters);
    look(std::size_t{0});
    for (std::size_t row = 1; row < Model::largest; ++row) {
        model.step();
        look(row);
    }
}

template <class Model>
[[nodiscard]] double seconds_of_run(const model::Parameters<typename Model::Scalar>& parameters) {
    const auto model = std::make_unique<Model>();
    return fastest_of_several([&] { run_whole_grid(*model, parameters, [](std::size_t) {}); });
}

} // namespace tinymf
