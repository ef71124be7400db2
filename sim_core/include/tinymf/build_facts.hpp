// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace tinymf {

/// What an image, capture or report was built from. Equal sources, compiler and flags give equal
/// facts: no dates, no paths, no host names.
struct BuildFacts {
    std::string_view version;        ///< project version, "major.minor.patch"
    std::string_view git_hash;       ///< 12 digits, "-dirty" appended when files differ from it
    std::string_view compiler;       ///< "GNU 12.2.0"
    std::uint32_t flags_fingerprint; ///< 32 bits of a hash over all compile options and the CPU
};

/// Defined in a source that each build writes anew, so that a commit relinks but never recompiles.
/// Link `tinymf_build_facts` to use it.
extern const BuildFacts build_facts;

} // namespace tinymf
