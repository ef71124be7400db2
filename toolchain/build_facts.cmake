# SPDX-License-Identifier: Apache-2.0
# Writes build_facts.cpp. Run at every build, because the git hash changes between configurations;
# the file is touched only when its content changes.
# Inputs: SOURCE_DIR OUTPUT VERSION COMPILER FLAGS

execute_process(
    COMMAND git -C "${SOURCE_DIR}" describe --always --dirty --abbrev=12 --exclude=*
    OUTPUT_VARIABLE git_hash OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT git_hash)
    set(git_hash "unversioned")
endif()

string(SHA256 fingerprint "${FLAGS}")
string(SUBSTRING "${fingerprint}" 0 8 fingerprint)

file(CONFIGURE OUTPUT "${OUTPUT}" @ONLY CONTENT
[[// SPDX-License-Identifier: Apache-2.0
#include "tinymf/build_facts.hpp"

namespace tinymf {

extern constinit const BuildFacts build_facts{
    .version = "@VERSION@",
    .git_hash = "@git_hash@",
    .compiler = "@COMPILER@",
    .flags_fingerprint = 0x@fingerprint@U,
};

} // namespace tinymf
]])
