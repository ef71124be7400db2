// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <limits>
#include <memory>

#include "tinymf/model/parameters.hpp"

namespace tinymf {

/// Processor time of one call, in seconds: what other programs leave of the wall clock does not
/// matter, only what they leave of the caches.
template <class Work>
[[nodiscard]] double processor_seconds(Work&& work) {
    const std::clock_t begin = std::clock();
    work();
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

/// Of the fastest of several calls: three at least, and half a second of them.
template <class Work>
[[nodiscard]] double fastest_of_several(Work&& work) {
    double fastest = std::numeric_limits<double>::infinity();
    double spent = 0;
    for (int call = 0; call < 3 || spent < 0.5; ++call) {
        const double seconds = processor_seconds(work);
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
