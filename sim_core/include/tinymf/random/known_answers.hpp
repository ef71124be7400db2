// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "tinymf/random/philox.hpp"

namespace tinymf::random {

struct PhiloxKnownAnswer {
    PhiloxCounter counter;
    PhiloxKey key;
    PhiloxBlock block;
};

/// The philox4x32 10 rows of kat_vectors, published with Random123: counter and key zero, all ones,
/// and the fraction digits of pi.
inline constexpr std::array<PhiloxKnownAnswer, 3> philox_known_answers{{
    {.counter = {0U, 0U, 0U, 0U},
     .key = {0U, 0U},
     .block = {0x6627E8D5U, 0xE169C58DU, 0xBC57AC4CU, 0x9B00DBD8U}},
    {.counter = {0xFFFFFFFFU, 0xFFFFFFFFU, 0xFFFFFFFFU, 0xFFFFFFFFU},
     .key = {0xFFFFFFFFU, 0xFFFFFFFFU},
     .block = {0x408F276DU, 0x41C83B0EU, 0xA20BC7C6U, 0x6D5451FDU}},
    {.counter = {0x243F6A88U, 0x85A308D3U, 0x13198A2EU, 0x03707344U},
     .key = {0xA4093822U, 0x299F31D0U},
     .block = {0xD16CFE09U, 0x94FDCCEBU, 0x5001E420U, 0x24126EA1U}},
}};

/// True when the generator gives the published blocks. Holds at compile time (asserted below);
/// a device calls it with the answers read at run time, because there the wide product is its own.
[[nodiscard]] constexpr bool
gives_known_answers(const std::array<PhiloxKnownAnswer, 3>& answers = philox_known_answers) {
    for (const PhiloxKnownAnswer& answer : answers) {
        if (philox4x32(answer.counter, answer.key) != answer.block) {
            return false;
        }
    }
    return true;
}

static_assert(gives_known_answers());

} // namespace tinymf::random
