// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base_captures.hpp"
#include "fuzz/temporary_folder.hpp"

namespace tinymf::fuzz {

inline constexpr std::string_view two_small_replicas =
    "schema = 1\n"
    "[model]\nsteps = 12\ngain = 1.5\nnoise = 0.5\n"
    "[network]\nneurons = 16\nreplicas = 2\n"
    "[stream]\nstate_every = 5\ndigest_every = 4\n";

inline constexpr std::string_view small_closure =
    "schema = 1\n"
    "[model]\nkind = \"mean_field\"\ngain = 1.2\nnoise = 0.5\ndt = 0.1\nsteps = 8\n"
    "[mean_field]\nmethod = \"gaussian_closure\"\npoints = 16\nscalar = \"float64\"\n"
    "[stream]\ndigest_every = 5\n";

/// A capture of a few kilobytes that this very program made, so it is never out of date.
struct SmallCapture {
    std::vector<std::uint8_t> bytes;
    test::ForgedCapture frames;
};

inline std::vector<std::uint8_t> bytes_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Runs of every kind, whole and failed, made when first asked for.
inline const std::vector<SmallCapture>& small_captures() {
    using stream::DeadlinePolicy;
    using stream::Delivery;
    static const std::vector<SmallCapture> captures = [] {
        const std::vector<test::BaseRun> runs{
            {"two replicas", two_small_replicas},
            {"all observables", test::observing},
            {"fed, with checkpoints",
             test::live,
             {.inputs = {{0, 0.5}, {20, -1.0}, {59, 2.0}}, .snapshot_every = 25}},
            {"stopped", test::live, {.stop_at = 33}},
            {"two populations", test::two_populations},
            {"closure", small_closure},
            {"stationary", test::lags},
            {"became infinite", test::growing},
            {"ticking",
             two_small_replicas,
             {.tick_period_us = 1000, .deadline = DeadlinePolicy::stop}},
            {"realtime", two_small_replicas, {.delivery = Delivery::realtime}}};
        const std::filesystem::path path = temporary_folder() / "small.tmf";
        std::vector<SmallCapture> made;
        for (const test::BaseRun& run : runs) {
            std::filesystem::remove(path);
            test::record_base(run, path);
            test::ForgedCapture capture(path);
            if (run.options.delivery == Delivery::realtime) {
                capture = test::with_gap(std::move(capture), 3, 2);
                capture.write(path);
            }
            made.push_back({bytes_of(path), std::move(capture)});
        }
        return made;
    }();
    return captures;
}

} // namespace tinymf::fuzz
