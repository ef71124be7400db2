// SPDX-License-Identifier: Apache-2.0
// Prints a Markdown table: products against OpenBLAS, a whole step against OpenBLAS and libm.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <new>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>
#include <cblas.h>
#include <sys/mman.h>

#include "fastest_run.hpp"
#include "tinymf/model/activation.hpp"
#include "tinymf/model/coupling.hpp"
#include "tinymf/model/parameters.hpp"
#include "tinymf/network/couplings.hpp"
#include "tinymf/network/network.hpp"

namespace tinymf {
namespace {

using model::CouplingKind;
using network::PanelOrder;

constexpr std::uint64_t seed = 58;
constexpr float gain = 3.0F;
constexpr float dt = 0.05F;

/// Memory for both competitors: huge pages, because the luck of 4 KiB pages in the second-level
/// cache moves the figures at N = 512 by 10 %.
class HugePages {
public:
    explicit HugePages(std::size_t bytes) : bytes_{(bytes + page - 1) / page * page} {
        memory_ = std::aligned_alloc(page, bytes_);
        if (memory_ == nullptr) {
            std::abort();
        }
        madvise(memory_, bytes_, MADV_HUGEPAGE);
    }
    ~HugePages() { std::free(memory_); }
    HugePages(const HugePages&) = delete;
    HugePages& operator=(const HugePages&) = delete;

    [[nodiscard]] void* get() const { return memory_; }

private:
    static constexpr std::size_t page = std::size_t{1} << 21U;
    std::size_t bytes_;
    void* memory_ = nullptr;
};

template <class T>
class OnHugePages {
public:
    OnHugePages() : pages_{sizeof(T)}, object_{new (pages_.get()) T} {}
    T& operator*() { return *object_; }
    T* operator->() { return object_; }

private:
    HugePages pages_;
    T* object_;
};

template <class T, std::size_t N>
struct Vectors {
    alignas(64) std::array<T, N> rates{};
    alignas(64) std::array<T, N> out{};

    Vectors() {
        const random::NormalStream<T> normals{seed, random::Purpose::initial};
        normals.fill(rates, 0);
    }
    [[nodiscard]] std::span<const T, N> in() const { return std::span<const T, N>(rates); }
};

template <std::size_t N>
struct ColumnMajor {
    std::array<float, N * N> values;

    void draw() {
        model::GaussianCouplings<float>{seed, N, 0.0F}.for_each(
            [this](std::size_t i, std::size_t j, float value) { values[j * N + i] = value; });
    }
    void multiply(CBLAS_TRANSPOSE transpose, const float* rates, float* out) const {
        constexpr auto n = static_cast<blasint>(N);
        cblas_sgemv(CblasColMajor, transpose, n, n, 1.0F, values.data(), n, rates, 1, 0.0F, out, 1);
    }
};

/// As many floats as eight vector registers hold: enough sums for every addition to find one ready.
constexpr std::size_t block_floats =
    8 * std::max<std::size_t>(network::vector_bytes, 16) / sizeof(float);
using Block = Eigen::Array<float, static_cast<int>(block_floats), 1>;

/// Adds all values up, block by block: one vector load and one addition a register, nothing else.
[[gnu::noinline]] void read_all(std::span<const float> values, PanelOrder order, Block& sums_out) {
    const auto stride = static_cast<std::ptrdiff_t>(block_floats);
    const bool ascending = order == PanelOrder::ascending;
    const float* block = ascending ? values.data() : values.data() + values.size() - block_floats;
    Block sums = Block::Zero();
    for (std::size_t read = 0; read < values.size(); read += block_floats) {
        sums += Eigen::Map<const Block, Eigen::AlignedMax>(block);
        block += ascending ? stride : -stride;
    }
    sums_out = sums;
}

/// Reads N^2 floats; with `alternate`, every other time from the last to the first.
template <std::size_t N>
void reading(benchmark::State& state, bool alternate) {
    static_assert(N * N % block_floats == 0);
    OnHugePages<ColumnMajor<N>> matrix;
    matrix->draw();
    Block sums;
    auto order = PanelOrder::ascending;
    for (auto _ : state) {
        read_all(matrix->values, order, sums);
        benchmark::DoNotOptimize(sums.data());
        benchmark::ClobberMemory();
        order = alternate ? opposite(order) : order;
    }
}

/// Stored as columns (NoTrans) or, the same memory read as rows, transposed (Trans).
template <std::size_t N>
void sgemv(benchmark::State& state, CBLAS_TRANSPOSE transpose) {
    OnHugePages<ColumnMajor<N>> matrix;
    matrix->draw();
    Vectors<float, N> vectors;
    for (auto _ : state) {
        matrix->multiply(transpose, vectors.rates.data(), vectors.out.data());
        benchmark::ClobberMemory();
    }
}

/// With `alternate`, every other product takes the panels in descending order.
template <class T, std::size_t N, CouplingKind kind>
void product(benchmark::State& state, bool alternate) {
    OnHugePages<network::Couplings<T, N, kind>> couplings;
    couplings->draw(seed, T(0));
    Vectors<T, N> vectors;
    auto order = PanelOrder::ascending;
    for (auto _ : state) {
        couplings->multiply(vectors.in(), std::span<T, N>(vectors.out), order);
        benchmark::ClobberMemory();
        order = alternate ? opposite(order) : order;
    }
}

constexpr std::size_t step_neurons = 64;

/// x <- (1 - dt) x + dt g J tanh(x), with the libraries' product and function.
void step_of_libraries(benchmark::State& state, CBLAS_TRANSPOSE transpose) {
    constexpr std::size_t N = step_neurons;
    OnHugePages<ColumnMajor<N>> matrix;
    matrix->draw();
    Vectors<float, N> vectors;
    std::array<float, N> x = vectors.rates;
    for (auto _ : state) {
        for (std::size_t i = 0; i < N; ++i) {
            vectors.rates[i] = std::tanh(x[i]);
        }
        matrix->multiply(transpose, vectors.rates.data(), vectors.out.data());
        for (std::size_t i = 0; i < N; ++i) {
            x[i] = (1.0F - dt) * x[i] + (dt * gain) * vectors.out[i];
        }
        benchmark::ClobberMemory();
    }
}

void step_of_network(benchmark::State& state) {
    OnHugePages<network::Network<float, step_neurons, CouplingKind::gaussian>> chaos;
    chaos->configure({.gain = gain, .dt = dt, .seed = seed});
    for (auto _ : state) {
        chaos->step();
        benchmark::ClobberMemory();
    }
}

void activation_of_libm(benchmark::State& state) {
    Vectors<float, step_neurons> vectors;
    for (auto _ : state) {
        for (std::size_t i = 0; i < step_neurons; ++i) {
            vectors.out[i] = std::tanh(vectors.rates[i]);
        }
        benchmark::ClobberMemory();
    }
}

void activation_of_model(benchmark::State& state) {
    Vectors<float, step_neurons> vectors;
    const model::Activation<float> activation{.kind = model::ActivationKind::tanh};
    for (auto _ : state) {
        activation.apply(vectors.in(), vectors.out);
        benchmark::ClobberMemory();
    }
}

using ComparedSizes = std::index_sequence<64, 128, 256, 512, 1024>;

std::string named(const char* what, std::size_t neurons) {
    return what + (" " + std::to_string(neurons));
}

template <std::size_t... N>
void register_products(std::index_sequence<N...>) {
    using benchmark::RegisterBenchmark;
    const auto add = [](const std::string& name, auto run) {
        RegisterBenchmark(name.c_str(), run);
    };
    (add(named("sgemv columns", N), [](auto& s) { sgemv<N>(s, CblasNoTrans); }), ...);
    (add(named("sgemv rows", N), [](auto& s) { sgemv<N>(s, CblasTrans); }), ...);
    (add(named("reading", N), [](auto& s) { reading<N>(s, false); }), ...);
    (add(named("reading alternating", N), [](auto& s) { reading<N>(s, true); }), ...);
    (add(named("float", N), [](auto& s) { product<float, N, CouplingKind::gaussian>(s, false); }),
     ...);
    (add(named("float alternating", N),
         [](auto& s) { product<float, N, CouplingKind::gaussian>(s, true); }),
     ...);
    (add(named("double", N), [](auto& s) { product<double, N, CouplingKind::gaussian>(s, true); }),
     ...);
    (add(named("sign", N), [](auto& s) { product<float, N, CouplingKind::sign>(s, false); }), ...);
}

void register_steps() {
    using benchmark::RegisterBenchmark;
    RegisterBenchmark("step, sgemv columns and tanhf",
                      [](auto& s) { step_of_libraries(s, CblasNoTrans); });
    RegisterBenchmark("step, sgemv rows and tanhf",
                      [](auto& s) { step_of_libraries(s, CblasTrans); });
    RegisterBenchmark("step, tinymf", step_of_network);
    RegisterBenchmark("tanh, libm", activation_of_libm);
    RegisterBenchmark("tanh, tinymf", activation_of_model);
    RegisterBenchmark("procedural 64",
                      [](auto& s) { product<float, 64, CouplingKind::procedural>(s, false); });
}

std::string processor_name() {
    std::ifstream facts("/proc/cpuinfo");
    const std::string key = "model name\t: ";
    for (std::string line; std::getline(facts, line);) {
        if (line.starts_with(key)) {
            return line.substr(key.size());
        }
    }
    return "unknown processor";
}

/// The goals are for the build that is tuned for its machine.
constexpr bool has_goals = network::vector_bytes >= 32;

std::string judged(double ratio, double goal) {
    std::array<char, 32> text{};
    if (has_goals) {
        std::snprintf(text.data(), text.size(), "%.2f %s", goal, ratio >= goal ? "met" : "missed");
    }
    return text.data();
}

/// 10^9 matrix elements a second, as the benchmark of that name handles them.
double rate(const FastestRun& fastest, const char* what, std::size_t neurons) {
    const auto elements = static_cast<double>(neurons * neurons);
    return elements / fastest.seconds(named(what, neurons)) * 1e-9;
}

void print_product(const FastestRun& fastest, std::size_t neurons) {
    const double columns = rate(fastest, "sgemv columns", neurons);
    const double rows = rate(fastest, "sgemv rows", neurons);
    const double fixed = rate(fastest, "float", neurons);
    const double alternating = rate(fastest, "float alternating", neurons);
    const double reading = rate(fastest, "reading", neurons);
    const double reading_alternating = rate(fastest, "reading alternating", neurons);
    const double own = std::max(fixed, alternating);
    const double ratio = own / std::max(columns, rows);
    const double goal = neurons == 1024 ? 0.95 : 1.2;
    std::printf("| %zu | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f | %.2f | %s", neurons, columns,
                rows, fixed, alternating, reading, reading_alternating, ratio,
                judged(ratio, goal).c_str());
    if (has_goals && ratio < goal) {
        std::printf(", %.0f %% of reading alone",
                    100 * own / std::max(reading, reading_alternating));
    }
    std::puts(" |");
}

template <std::size_t... N>
void print_products(const FastestRun& fastest, std::index_sequence<N...>) {
    std::puts("| N | sgemv, columns | sgemv, rows | tinymf | tinymf, alternating order | reading "
              "alone | reading alone, alternating | ratio to the better sgemv | goal |\n"
              "| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    (print_product(fastest, N), ...);
    std::puts("\nReading alone: 10^9 floats a second that a loop of vector loads and additions "
              "takes of the same N^2 floats, in one order or in alternating orders. A product "
              "that reads every coupling is bound by it.");
}

template <std::size_t... N>
void print_other_storages(const FastestRun& fastest, std::index_sequence<N...>) {
    std::puts("| N | double | sign |\n| --- | --- | --- |");
    const auto row = [&](std::size_t neurons) {
        std::printf("| %zu | %.1f | %.1f |\n", neurons, rate(fastest, "double", neurons),
                    rate(fastest, "sign", neurons));
    };
    (row(N), ...);
}

void print_steps(const FastestRun& fastest) {
    const auto nanoseconds = [&](const char* name) { return fastest.seconds(name) * 1e9; };
    const double libraries = std::min(nanoseconds("step, sgemv columns and tanhf"),
                                      nanoseconds("step, sgemv rows and tanhf"));
    const double own = nanoseconds("step, tinymf");
    const double libm = nanoseconds("tanh, libm");
    const double own_tanh = nanoseconds("tanh, tinymf");
    std::puts(
        "| N = 64, ns | libraries | tinymf | ratio | goal |\n| --- | --- | --- | --- | --- |");
    std::printf("| Euler step with tanh | %.0f | %.0f | %.2f | %s |\n", libraries, own,
                libraries / own, judged(libraries / own, 5.0).c_str());
    std::printf("| tanh of 64 values | %.0f | %.0f | %.2f | |\n", libm, own_tanh, libm / own_tanh);
    std::printf("| product, procedural couplings | | %.0f | | |\n", nanoseconds("procedural 64"));
}

int run(std::vector<char*> arguments) {
    // The user's options come later and win.
    std::vector<std::string> defaults{"--benchmark_repetitions=100",
                                      "--benchmark_enable_random_interleaving=true",
                                      "--benchmark_min_time=0.002"};
    std::vector<char*> all{arguments[0]};
    for (std::string& option : defaults) {
        all.push_back(option.data());
    }
    all.insert(all.end(), arguments.begin() + 1, arguments.end());
    auto count = static_cast<int>(all.size());
    benchmark::Initialize(&count, all.data());
    if (benchmark::ReportUnrecognizedArguments(count, all.data())) {
        return 2;
    }
    openblas_set_num_threads(1);
    register_products(ComparedSizes{});
    register_steps();
    FastestRun fastest;
    benchmark::RunSpecifiedBenchmarks(&fastest);

    std::printf("%s; compiler %s, vectors of %zu bytes; OpenBLAS kernels for %s. One thread "
                "each, fastest of the interleaved repetitions.\n\n"
                "Matrix-vector product, float32, 10^9 multiply-adds a second:\n\n",
                processor_name().c_str(), __VERSION__, network::vector_bytes,
                openblas_get_corename());
    print_products(fastest, ComparedSizes{});
    std::puts("\nOther storages, 10^9 terms a second:\n");
    print_other_storages(fastest, ComparedSizes{});
    std::puts("\nWhole step:\n");
    print_steps(fastest);
    return 0;
}

} // namespace
} // namespace tinymf

int main(int count, char** arguments) {
    if (std::getenv("OPENBLAS_CORETYPE") != nullptr) {
        std::fputs("OPENBLAS_CORETYPE would choose the competitor's kernel; unset it\n", stderr);
        return 2;
    }
    return tinymf::run({arguments, arguments + count});
}
