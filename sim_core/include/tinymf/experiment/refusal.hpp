// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "tinymf/experiment/fields.hpp"

namespace tinymf::experiment {

/// Why a command or a configuration was not accepted; the number is part of the wire protocol.
enum class RefusalCode : std::uint8_t {
    accepted,
    malformed, ///< payload too short, too long or not decodable
    unknown_command,
    wrong_state,  ///< the command is not allowed in the present state
    stale,        ///< command of an earlier session or already answered
    out_of_range, ///< a value outside its field's range, or not finite
    no_such_profile,
    bad_combination, ///< each value allowed, together impossible (see the message of the field)
    bad_snapshot,    ///< checkpoint incomplete, damaged or of another experiment
};

inline constexpr std::array<std::string_view, 9> refusal_names{
    "accepted",     "malformed",       "unknown command",        "wrong state",  "stale",
    "out of range", "no such profile", "impossible combination", "bad snapshot",
};

/// Outcome of checking a whole command before any of it takes effect. Converts to true when
/// refused, so that `if (const auto refusal = check(...)) return refusal;` reads as it acts.
struct Refusal {
    RefusalCode code = RefusalCode::accepted;
    Field field = Field::none;

    constexpr explicit operator bool() const { return code != RefusalCode::accepted; }
    friend constexpr bool operator==(const Refusal&, const Refusal&) = default;
};

} // namespace tinymf::experiment
