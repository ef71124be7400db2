// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <type_traits>

#include "experiment/experiment.hpp"
#include "tinymf/experiment/fields.hpp"

namespace tinymf::host {

/// One key of an experiment file.
struct Key {
    std::string_view name; ///< as it is written, `section.key`
    std::string_view meaning;
    double lowest = 0.0; ///< of a number, or of each number of a list
    double highest = 0.0;
    std::string_view unit = {};
};

/// A key that a device knows, too: it has the range in which the device takes it.
[[nodiscard]] constexpr Key key_of(const experiment::FieldInfo& info, std::string_view meaning) {
    return {info.key, meaning, static_cast<double>(info.lowest), static_cast<double>(info.highest),
            info.unit};
}

/// Shows `keys` a parameter by the function for its kind of value.
template <class Keys, class Value>
void show_parameter(Keys& keys, const experiment::ParameterRow& row, Value& value) {
    using V = std::remove_const_t<Value>;
    const Key key = key_of(row.info, row.meaning);
    if constexpr (std::is_enum_v<V>) {
        keys.choice(key, row.names, value);
    } else if constexpr (std::floating_point<V>) {
        keys.real(key, value);
    } else if constexpr (!std::integral<V>) {
        keys.reals(key, row.fewest, value);
    } else if constexpr (std::same_as<V, observe::ObservableSet>) {
        row.names.empty() ? keys.whole(key, value) : keys.names(key, row.names, value);
    } else {
        keys.whole(key, value);
    }
}

/// The keys of the model that only the host knows: they choose the profile.
template <class Keys, class AnyExperiment>
void show_shapes(Keys& keys, const experiment::ParameterRow& replicas, AnyExperiment& experiment) {
    using experiment::Field;
    constexpr double most = std::numeric_limits<std::uint16_t>::max();
    auto& network = experiment.network;
    keys.whole({"network.neurons", "N, of a network", 1.0, most}, network.neurons);
    keys.choice({"network.coupling", "law and storage of J: Gaussian, +-1/sqrt N in one bit, or "
                                     "Gaussian drawn again at each use"},
                model::coupling_names, network.coupling);
    keys.choice({"network.scalar", "precision of a network"}, experiment::scalar_names,
                network.scalar);
    keys.whole(key_of(replicas.info, replicas.meaning), network.replicas);

    auto& shape = experiment.mean_field;
    constexpr double most_trajectories = 16777216.0;
    keys.choice({"mean_field.method",
                 "how the limit is solved: by sampling, or where it is exact by closed equations"},
                mean_field::method_names, shape.method);
    keys.whole({"mean_field.points",
                "n, points of the time grid, and so the size of two-time arrays", 2.0, most},
               shape.points);
    keys.choice({"mean_field.scalar", "precision of a mean field"}, experiment::scalar_names,
                shape.scalar);
    keys.whole({"mean_field.trajectories", "M, effective neurons that `forward` samples", 1.0,
                most_trajectories},
               shape.trajectories);
    keys.choice(
        {"mean_field.storage", "numbers of a path's history: as the scalar, or 16 bits wide"},
        mean_field::path_storage_names, shape.storage);
    keys.whole(key_of(experiment::info(Field::populations),
                      "independent samples of `forward`, for its standard errors"),
               shape.populations);
    keys.whole({"mean_field.row_every",
                "every how many rows of the two-time arrays one is sent; 0: none", 0.0, most},
               shape.row_every);
}

/// The one list of the keys of schema 1: shows `keys` each of them with the member of the
/// experiment that holds it, in the order of the canonical text. An experiment that was read from
/// nothing holds the defaults. The parameters that a device knows come from their own list, see
/// experiment::for_each_parameter.
///
/// `keys` has a function for each kind of value: version(key, number), text(key, longest, member),
/// real(key, member), reals(key, fewest, member), whole(key, member), and, with the names of the
/// values in the order of their numbers, choice(key, names, member) and names(key, names, member).
template <class Keys, class AnyExperiment>
void for_each_key(Keys&& keys, AnyExperiment& experiment) {
    constexpr std::size_t longest_name = 64;
    keys.version({"schema", "version of these keys; must be given"}, std::uint32_t{1});
    keys.text({"name", "names the files and the report, up to 64 characters; else the name of the "
                       "file"},
              longest_name, experiment.name);
    keys.choice(
        {"model.kind", "one network, or its limit of infinitely many neurons: the mean field"},
        experiment::model_names, experiment.kind);
    experiment::for_each_parameter(
        [&](const experiment::ParameterRow& row, auto& value) {
            if (row.info.field == experiment::Field::replicas) {
                show_shapes(keys, row, experiment); // which hold one number for each kind of model
            } else {
                show_parameter(keys, row, value);
            }
        },
        experiment.parameters);
}

} // namespace tinymf::host
