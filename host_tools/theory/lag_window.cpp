// SPDX-License-Identifier: Apache-2.0
#include "theory/lag_window.hpp"

#include <algorithm>
#include <cmath>

#include "theory/decay_rate.hpp"
#include "theory/energy_condition.hpp"

namespace tinymf::host {
namespace {

constexpr double decay_times = 32.0; // exp(-32) = 1e-14

Drive white_stand_in(const Drive& drive) {
    return drive.kind == Drive::Kind::colored
               ? Drive{Drive::Kind::white, 2.0 * drive.strength * drive.time / (1.0 + drive.time),
                       1.0}
               : drive;
}

} // namespace

bool may_move(const experiment::Parameters<double>& parameters, const Drive& drive) {
    switch (drive.kind) {
    case Drive::Kind::colored:
        return true;
    case Drive::Kind::frozen:
        return chaotic_variance(parameters, drive.strength).has_value();
    case Drive::Kind::none:
    case Drive::Kind::white:
        break;
    }
    return stationary_variance(parameters, drive).value_or(0.0) > 0.0;
}

Autocorrelation continuum_guess(const experiment::Parameters<double>& parameters,
                                const Drive& drive) {
    if (drive.kind == Drive::Kind::frozen) {
        return {parameters, drive,
                chaotic_variance(parameters, drive.strength).value_or(drive.strength)};
    }
    const Drive white = white_stand_in(drive);
    return {parameters, white, stationary_variance(parameters, white).value_or(white.strength)};
}

double lag_window(double decay_rate) {
    return decay_times / std::max(decay_rate, 1e-9);
}

double guessed_window(const experiment::Parameters<double>& parameters, const Drive& drive) {
    return lag_window(drive.kind == Drive::Kind::colored
                          ? decay_rate(0.0, drive, TimeScheme::continuum())
                          : continuum_guess(parameters, drive).decay_rate());
}

} // namespace tinymf::host
