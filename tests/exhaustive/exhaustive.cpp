// SPDX-License-Identifier: Apache-2.0
// Runs every elementary float32 function over all of its inputs and prints a Markdown table.
// Exit code 1 if a bound is broken. A name as argument restricts the run to that function.
#include "exhaustive/ordered_float.hpp"

#include "tinymf/build_facts.hpp"
#include "tinymf/numeric/circular.hpp"
#include "tinymf/numeric/erf.hpp"
#include "tinymf/numeric/exp.hpp"
#include "tinymf/numeric/log.hpp"
#include "tinymf/numeric/sqrt.hpp"
#include "tinymf/numeric/tanh.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <limits>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

namespace tinymf::exhaustive {
namespace {

struct Findings {
    std::uint64_t inputs = 0;
    std::uint64_t measured = 0; ///< inputs whose error counts; the others only obey rules
    double largest_error = 0.0;
    double worst_input = 0.0;
    double error_sum = 0.0;
    std::uint64_t monotonicity_breaks = 0;
    std::uint64_t symmetry_breaks = 0;
    std::uint64_t range_breaks = 0;
    std::uint64_t nan_breaks = 0;

    void record(double error, double input) {
        ++inputs;
        ++measured;
        error_sum += error;
        if (error > largest_error) {
            largest_error = error;
            worst_input = input;
        }
    }

    void merge(const Findings& other) {
        inputs += other.inputs;
        measured += other.measured;
        error_sum += other.error_sum;
        if (other.largest_error > largest_error) {
            largest_error = other.largest_error;
            worst_input = other.worst_input;
        }
        monotonicity_breaks += other.monotonicity_breaks;
        symmetry_breaks += other.symmetry_breaks;
        range_breaks += other.range_breaks;
        nan_breaks += other.nan_breaks;
    }

    std::uint64_t breaks() const {
        return monotonicity_breaks + symmetry_breaks + range_breaks + nan_breaks;
    }
};

/// Splits [first, last] into pieces that all cores share; `examine(begin, end, findings)` looks at
/// the inputs begin .. end - 1.
template <typename Examine>
Findings on_all_cores(Key first, Key last, Examine examine) {
    constexpr Key piece = 1 << 22;
    std::atomic<Key> next = first;
    std::mutex merging;
    Findings total;
    const auto work = [&] {
        Findings own;
        for (Key begin = next.fetch_add(piece); begin <= last; begin = next.fetch_add(piece)) {
            examine(begin, std::min(begin + piece, last + 1), own);
        }
        const std::lock_guard lock(merging);
        total.merge(own);
    };
    std::vector<std::thread> threads(std::max(1U, std::thread::hardware_concurrency()));
    for (std::thread& thread : threads) {
        thread = std::thread(work);
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    return total;
}

/// Inputs outside the domain, NaN first of all, must give NaN.
template <typename Function>
void expect_nan(Function function, std::uint32_t first_bits, std::uint32_t last_bits,
                Findings& findings) {
    for (std::uint64_t bits = first_bits; bits <= last_bits; ++bits) {
        const float x = numeric::from_bits<float>(static_cast<std::uint32_t>(bits));
        findings.nan_breaks += std::isnan(function(x)) ? 0 : 1;
        ++findings.inputs;
    }
}

/// Odd, between -1 and 1: the error is measured for x >= 0, the symmetry for all.
template <typename Function, typename Reference>
Findings examine_odd(Function function, Reference reference) {
    Findings findings = on_all_cores(0, largest_key, [&](Key begin, Key end, Findings& own) {
        float previous = function(float_at(std::max<Key>(begin - 1, 0)));
        for (Key key = begin; key < end; ++key) {
            const float x = float_at(key);
            const float y = function(x);
            own.record(ulp_error(y, reference(static_cast<double>(x))), static_cast<double>(x));
            ++own.inputs;
            own.symmetry_breaks += numeric::to_bits(function(-x)) == numeric::to_bits(-y) ? 0 : 1;
            own.monotonicity_breaks += y >= previous ? 0 : 1;
            own.range_breaks += y >= 0.0F && y <= 1.0F ? 0 : 1;
            previous = y;
        }
    });
    expect_nan(function, 0x7F800001U, 0x7FFFFFFFU, findings);
    expect_nan(function, 0xFF800001U, 0xFFFFFFFFU, findings);
    return findings;
}

/// Never decreasing on the keys first .. infinity, NaN outside.
template <typename Function, typename Reference>
Findings examine_increasing(Key first, Function function, Reference reference) {
    Findings findings = on_all_cores(first, largest_key, [&](Key begin, Key end, Findings& own) {
        float previous = function(float_at(std::max(begin - 1, first)));
        for (Key key = begin; key < end; ++key) {
            const float x = float_at(key);
            const float y = function(x);
            own.record(ulp_error(y, reference(static_cast<double>(x))), static_cast<double>(x));
            own.monotonicity_breaks += y >= previous ? 0 : 1;
            previous = y;
        }
    });
    findings.symmetry_breaks +=
        numeric::to_bits(function(-0.0F) + 0.0F) == numeric::to_bits(function(0.0F) + 0.0F) ? 0 : 1;
    ++findings.inputs;
    expect_nan(function, 0x7F800001U, 0x7FFFFFFFU, findings);
    expect_nan(function, first < 0 ? 0xFF800001U : 0x80000001U, 0xFFFFFFFFU, findings);
    return findings;
}

Findings examine_tanh() {
    return examine_odd([](float x) { return numeric::tanh(x); },
                       [](double x) { return std::tanh(x); });
}

Findings examine_erf() {
    return examine_odd([](float x) { return numeric::erf(x); },
                       [](double x) { return std::erf(x); });
}

/// The library's exponential is slow where it overflows.
double exp_in_range(double x) {
    constexpr double beyond_float = 200.0;
    if (std::fabs(x) > beyond_float) {
        return x > 0 ? std::numeric_limits<double>::infinity() : 0.0;
    }
    return std::exp(x);
}

Findings examine_exp() {
    return examine_increasing(
        -largest_key, [](float x) { return numeric::exp(x); }, exp_in_range);
}

Findings examine_log() {
    return examine_increasing(
        0, [](float x) { return numeric::log(x); }, [](double x) { return std::log(x); });
}

Findings examine_sqrt() {
    return examine_increasing(
        0, [](float x) { return numeric::sqrt(x); }, [](double x) { return std::sqrt(x); });
}

/// Also counts, as range breaks, every result that differs from the hardware's.
Findings examine_integer_sqrt() {
    Findings findings = examine_increasing(
        0, [](float x) { return numeric::integer_sqrt(x); }, [](double x) { return std::sqrt(x); });
    findings.merge(on_all_cores(0, largest_key, [](Key begin, Key end, Findings& own) {
        for (Key key = begin; key < end; ++key) {
            const float x = float_at(key);
            own.range_breaks += numeric::integer_sqrt(x) == std::sqrt(x) ? 0 : 1;
        }
    }));
    return findings;
}

/// All 2^32 phases; symmetric under reflection at the axes except at odd multiples of an eighth.
Findings examine_cos_sin() {
    constexpr double radians = 0x1.921fb54442d18p+2 * 0x1p-32;
    return on_all_cores(0, 0xFFFFFFFF, [](Key begin, Key end, Findings& own) {
        for (Key key = begin; key < end; ++key) {
            const auto phase = static_cast<std::uint32_t>(key);
            const auto quadrant = static_cast<std::uint32_t>((key + 0x20000000) >> 30) & 3U;
            const auto rest = static_cast<std::int32_t>(phase - (quadrant << 30U));
            const double sine = std::sin(rest * radians);
            const double cosine = std::cos(rest * radians);
            const double expected_cos[4] = {cosine, -sine, -cosine, sine};
            const double expected_sin[4] = {sine, cosine, -sine, -cosine};
            const auto value = numeric::cos_sin_turn(phase);
            own.record(std::max(ulp_error(value.cos, expected_cos[quadrant]),
                                ulp_error(value.sin, expected_sin[quadrant])),
                       static_cast<double>(key));
            own.range_breaks +=
                numeric::abs(value.cos) <= 1.0F && numeric::abs(value.sin) <= 1.0F ? 0 : 1;
            if ((phase & 0x3FFFFFFFU) != 0x20000000U) {
                const auto mirrored = numeric::cos_sin_turn(0U - phase);
                own.symmetry_breaks +=
                    mirrored.cos == value.cos && mirrored.sin == -value.sin ? 0 : 1;
            }
        }
    });
}

struct Examination {
    std::string_view name;
    double bound;
    Findings (*examine)();
};

constexpr Examination examinations[] = {
    {"exp", 2.0, examine_exp},
    {"log", 2.0, examine_log},
    {"tanh", 4.0, examine_tanh},
    {"erf", 4.0, examine_erf},
    {"sqrt", 0.5, examine_sqrt},
    {"integer_sqrt", 0.5, examine_integer_sqrt},
    {"cos_sin_turn", 3.0, examine_cos_sin},
};

/// Prints one row; true if everything holds.
bool report(const Examination& examination) {
    const auto start = std::chrono::steady_clock::now();
    const Findings f = examination.examine();
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    const bool holds = f.largest_error <= examination.bound && f.breaks() == 0;
    std::printf("| %s | %llu | %.3f | %.1f | %.9g (%a) | %.3f | %llu | %llu | %llu | %llu | %.0f | "
                "%s |\n",
                examination.name.data(), static_cast<unsigned long long>(f.inputs), f.largest_error,
                examination.bound, f.worst_input, f.worst_input,
                f.error_sum / static_cast<double>(f.measured),
                static_cast<unsigned long long>(f.monotonicity_breaks),
                static_cast<unsigned long long>(f.symmetry_breaks),
                static_cast<unsigned long long>(f.range_breaks),
                static_cast<unsigned long long>(f.nan_breaks), elapsed.count(),
                holds ? "holds" : "BROKEN");
    std::fflush(stdout);
    return holds;
}

} // namespace
} // namespace tinymf::exhaustive

int main(int argc, char** argv) {
    using namespace tinymf::exhaustive;
    std::printf("# Elementary functions on every float32 input\n\n"
                "Built with %.*s; %u threads. One ulp is 2^(max(e, -126) - 23) for a reference in\n"
                "[2^e, 2^(e+1)); the reference is the host's library in double precision.\n"
                "`cos_sin_turn` runs over phases, its worst input is one; range breaks of\n"
                "`integer_sqrt` count differences from the hardware's root.\n\n",
                static_cast<int>(tinymf::build_facts.compiler.size()),
                tinymf::build_facts.compiler.data(), std::thread::hardware_concurrency());
    std::printf(
        "| function | inputs | max ulp | bound | worst input | mean ulp | monotonicity breaks "
        "| symmetry breaks | range breaks | NaN breaks | seconds | verdict |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|---|\n");
    std::fflush(stdout);
    bool all_hold = true;
    for (const Examination& examination : examinations) {
        if (argc < 2 || examination.name == argv[1]) {
            all_hold = report(examination) && all_hold;
        }
    }
    return all_hold ? 0 : 1;
}
