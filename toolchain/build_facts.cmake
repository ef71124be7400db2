# SPDX-License-Identifier: Apache-2.0
# Writes build_facts.cpp. Run at every build, because the git hash changes between configurations;
# the file is touched only when its content changes.
# Inputs: SOURCE_DIR OUTPUT VERSION COMPILER FLAGS

# tinymf_git(<variable> <argument>...): what git says of SOURCE_DIR, whatever repository the
# environment names.
function(tinymf_git variable)
    execute_process(
        COMMAND "${CMAKE_COMMAND}" -E env --unset=GIT_DIR --unset=GIT_WORK_TREE
                --unset=GIT_INDEX_FILE --unset=GIT_COMMON_DIR --unset=GIT_OBJECT_DIRECTORY
                git -C "${SOURCE_DIR}" ${ARGN}
        OUTPUT_VARIABLE said OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    set(${variable} "${said}" PARENT_SCOPE)
endfunction()

# Sources that were unpacked inside another repository have no commit: that one's says nothing of
# them.
set(git_hash "unversioned")
tinymf_git(top_level rev-parse --show-toplevel)
file(REAL_PATH "${SOURCE_DIR}" sources)
if(top_level)
    file(REAL_PATH "${top_level}" top_level)
endif()
if(top_level STREQUAL sources)
    tinymf_git(commit describe --always --dirty --abbrev=12 --exclude=*)
    if(commit)
        set(git_hash "${commit}")
    endif()
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
