// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "experiment/override.hpp"
#include "tinymf/experiment/parameters.hpp"
#include "tinymf/experiment/profile.hpp"
#include "tinymf/mean_field/method.hpp"
#include "tinymf/mean_field/path_storage.hpp"
#include "tinymf/model/coupling.hpp"

namespace tinymf::host {

/// The part of a network that is chosen at compile time, by a profile.
struct NetworkShape {
    std::uint16_t neurons = 64;
    model::CouplingKind coupling = model::CouplingKind::gaussian;
    experiment::ScalarKind scalar = experiment::ScalarKind::float32;
    std::uint8_t replicas = 1;
};

/// The same of a mean field.
struct MeanFieldShape {
    mean_field::Method method = mean_field::Method::forward;
    std::uint16_t points = 100;  ///< time points of the grid; model.steps may end it sooner
    std::uint32_t row_every = 1; ///< every how many rows one is sent; 0: none
    experiment::ScalarKind scalar = experiment::ScalarKind::float32;
    // Of the forward sampler:
    std::uint32_t trajectories = 400;
    mean_field::PathStorage storage = mean_field::PathStorage::scalar;
    std::uint8_t populations = 1;
};

/// One experiment file, schema 1, with its overrides applied: every value typed, in range and
/// possible together with the others. An invalid one never exists; see load_experiment.
struct Experiment {
    std::string name;
    std::string source; ///< where it was read from, for messages
    /// Every key with its value, overrides applied, in a fixed order. Reading it again gives an
    /// equal experiment, so a capture that holds it does not depend on later defaults.
    std::string text;
    experiment::ModelKind kind = experiment::ModelKind::network;
    experiment::Parameters<double> parameters;
    NetworkShape network;
    MeanFieldShape mean_field;

    [[nodiscard]] experiment::ScalarKind scalar() const {
        return kind == experiment::ModelKind::network ? network.scalar : mean_field.scalar;
    }
};

/// Index of the last step of a whole run: the populations of a mean field follow each other.
[[nodiscard]] std::uint32_t last_step_of(const Experiment& experiment);

/// Reads and validates an experiment file. `overrides` are `section.key=value` in TOML syntax,
/// where a bare word may stand for a string; the last one of a key counts. Throws HostError (exit
/// code 2) with one line for each problem.
[[nodiscard]] Experiment load_experiment(const std::filesystem::path& file,
                                         std::span<const std::string> overrides = {});

/// As load_experiment, from text already in memory; `source` names it in messages.
[[nodiscard]] Experiment parse_experiment(std::string_view text, std::string_view source,
                                          std::span<const std::string> overrides = {});

/// The same with overrides from elsewhere than a command line.
[[nodiscard]] Experiment parse_experiment(std::string_view text, std::string_view source,
                                          std::span<const Override> overrides);

/// The parameters as a float32 profile gets them, rounded once. Throws HostError (exit code 2) when
/// a value that is not zero becomes zero, which would silently switch something off.
[[nodiscard]] experiment::Parameters<float> rounded_to_float(const Experiment& experiment);

} // namespace tinymf::host
