// SPDX-License-Identifier: Apache-2.0
// Prints Markdown tables: time, memory and work of the mean-field models, and their exponents.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "power_fit.hpp"
#include "tinymf/mean_field/forward_sampler.hpp"
#include "tinymf/mean_field/gaussian_closure.hpp"
#include "tinymf/mean_field/linear_closure.hpp"
#include "tinymf/random/stream.hpp"
#include "whole_run.hpp"

namespace tinymf {
namespace {

using mean_field::ForwardSampler;
using mean_field::GaussianClosure;
using mean_field::LinearClosure;

/// The formulas of the models' comments, in multiplications and additions.
double forward_work(double n, double paths, bool memory) {
    return memory ? 7 * n * n * paths / 2 + 3 * n * n * n / 2
                  : 3 * n * n * paths / 2 + 2 * n * n * n / 3;
}
/// Three operations for each pair of times and term, five for each time, node and order.
double closure_work(double n, double terms) {
    constexpr auto nodes = static_cast<double>(mean_field::HermiteQuadrature<double, 1>::nodes);
    return (3 * n * n / 2 * terms + 5 * n * nodes * 2 * terms) / 2;
}
double linear_work(double n) {
    return 2 * n * n * n / 3;
}

constexpr double mebibyte = 1 << 20;

struct Measured {
    double seconds = 0;
    double bytes = 0;
    double work = 0;
};

void print_row(const std::string& what, const Measured& m) {
    std::printf("| %s | %.2f | %.2f | %.1f |\n", what.c_str(), m.seconds * 1e3, m.bytes / mebibyte,
                m.work / m.seconds * 1e-9);
}

template <std::size_t n, std::size_t paths, class Stored = float>
Measured forward(double reciprocity) {
    using Model = ForwardSampler<float, n, paths, Stored>;
    const bool memory = reciprocity > 0;
    const double noise = memory ? 1.0 : 0.0;
    const auto parameters = tanh_run<float>(memory ? 1.0 : 1.5, reciprocity, noise);
    return {seconds_of_run<Model>(parameters), sizeof(Model),
            forward_work(double{n}, double{paths}, memory)};
}

template <class T, std::size_t n, std::size_t terms>
Measured closure() {
    using Model = GaussianClosure<T, n, terms>;
    return {seconds_of_run<Model>(tanh_run<T>(1.5, 0, 0)), sizeof(Model),
            closure_work(double{n}, double{terms})};
}

template <class T, std::size_t n>
Measured linear() {
    using Model = LinearClosure<T, n>;
    auto parameters = tanh_run<T>(0.5, 0.5, 1);
    parameters.activation = model::ActivationKind::linear;
    return {seconds_of_run<Model>(parameters), sizeof(Model), linear_work(double{n})};
}

void print_times() {
    std::puts("| whole run | ms | MiB | 10^9 multiply-adds a second |\n| --- | --- | --- | --- |");
    print_row("forward, n = 100, M = 1024", forward<100, 1024>(0));
    print_row("forward, n = 100, M = 20000", forward<100, 20000>(0));
    print_row("the same, 16-bit histories", forward<100, 20000, std::int16_t>(0));
    print_row("forward, n = 200, M = 20000", forward<200, 20000>(0));
    print_row("forward with reciprocity, n = 100, M = 1024", forward<100, 1024>(0.5));
    print_row("forward with reciprocity, n = 100, M = 20000", forward<100, 20000>(0.5));
    print_row("forward with reciprocity, n = 200, M = 20000", forward<200, 20000>(0.5));
    print_row("gaussian_closure, float64, 64 terms, n = 100", closure<double, 100, 64>());
    print_row("gaussian_closure, float64, 64 terms, n = 4000", closure<double, 4000, 64>());
    print_row("gaussian_closure, float32, 6 terms, n = 4000", closure<float, 4000, 6>());
    print_row("linear, float64, n = 100", linear<double, 100>());
    print_row("linear, float64, n = 1000", linear<double, 1000>());
}

void print_exponents(const char* what, std::span<const double> sizes,
                     std::span<const Measured> runs) {
    const auto exponent = [&](auto cost) {
        std::vector<SizeAndCost> points;
        for (std::size_t i = 0; i < sizes.size(); ++i) {
            points.push_back({sizes[i], cost(runs[i])});
        }
        return fitted_exponent(points);
    };
    std::printf("| %s, %.0f to %.0f | %.2f | %.2f | %.2f |\n", what, sizes.front(), sizes.back(),
                exponent([](const Measured& m) { return m.seconds; }),
                exponent([](const Measured& m) { return m.work; }),
                exponent([](const Measured& m) { return m.bytes; }));
}

template <class... Runs>
void print_exponents(const char* what, std::array<double, sizeof...(Runs)> sizes, Runs... runs) {
    const std::array<Measured, sizeof...(Runs)> measured{runs...};
    print_exponents(what, sizes, measured);
}

void print_all_exponents() {
    std::puts("| exponent in | time | multiply-adds of the formula | bytes |\n"
              "| --- | --- | --- | --- |");
    print_exponents("forward, M = 1024, n", {100, 200, 400}, forward<100, 1024>(0),
                    forward<200, 1024>(0), forward<400, 1024>(0));
    print_exponents("forward, n = 100, M", {1024, 4096, 16384}, forward<100, 1024>(0),
                    forward<100, 4096>(0), forward<100, 16384>(0));
    print_exponents("with reciprocity, M = 1024, n", {100, 200, 400}, forward<100, 1024>(0.5),
                    forward<200, 1024>(0.5), forward<400, 1024>(0.5));
    print_exponents("with reciprocity, n = 100, M", {1024, 4096, 16384}, forward<100, 1024>(0.5),
                    forward<100, 4096>(0.5), forward<100, 16384>(0.5));
    print_exponents("gaussian_closure, float64, 64 terms, n", {1000, 2000, 4000},
                    closure<double, 1000, 64>(), closure<double, 2000, 64>(),
                    closure<double, 4000, 64>());
    print_exponents("linear, float64, n", {250, 500, 1000}, linear<double, 250>(),
                    linear<double, 500>(), linear<double, 1000>());
}

/// Normals, which every path takes one of a step.
void print_draws() {
    std::vector<float> values(1024);
    const random::NormalStream<float> normals{58, random::Purpose::path_noise};
    constexpr std::uint32_t steps = 1000;
    const double seconds = fastest_of_several([&] {
        for (std::uint32_t step = 0; step < steps; ++step) {
            normals.fill(values, step);
        }
    });
    const double nanoseconds = seconds * 1e9 / static_cast<double>(steps * values.size());
    std::printf("Of the time, %.1f ns a path and step are its draw.\n", nanoseconds);
}

} // namespace
} // namespace tinymf

int main() {
    std::puts(
        "tanh, Euler with dt = 0.1; forward g = 1.5 and no noise, with reciprocity 0.5 g = 1 and "
        "white noise 1; float32 unless said. Processor time of one thread, fastest run.\n");
    tinymf::print_times();
    std::puts("");
    tinymf::print_draws();
    std::puts("");
    tinymf::print_all_exponents();
    return 0;
}
