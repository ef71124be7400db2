# SPDX-License-Identifier: Apache-2.0
# The one place where compile options are chosen, for every target including the host.

# Without these, equal sources do not give equal bits. They travel with tinymf::sim_core. No compiler
# tells sources that contraction is off, so the definition does; see numeric/arithmetic_guard.hpp.
set(TINYMF_ARITHMETIC_FLAGS
    -ffp-contract=off
    -DTINYMF_CONTRACTION_OFF
    -fno-fast-math
    -fno-unsafe-math-optimizations
    -fno-associative-math
    -fno-reciprocal-math
    -fsigned-zeros
    -ftrapping-math
    -fno-math-errno
    -fno-strict-aliasing)

# Each of them has changed the bits of a test network, or can.
set(TINYMF_FORBIDDEN_FLAGS
    -Ofast
    -ffast-math
    -funsafe-math-optimizations
    -fassociative-math
    -freciprocal-math
    -ffinite-math-only
    -fno-signed-zeros
    -fsingle-precision-constant
    -fcx-limited-range
    -ffp-contract=fast
    -ffp-contract=on
    -ffp-model=precise
    -ffp-model=fast
    -ffp-exception-behavior=ignore
    -mfpmath=387
    -mfpmath=both
    -mfp16-format=ieee
    -fshort-enums
    -flto)

# Equal sources give equal files, wherever they were unpacked.
set(TINYMF_REPRODUCIBLE_FLAGS "-ffile-prefix-map=${CMAKE_SOURCE_DIR}=." -fno-common)

set(TINYMF_WARNINGS
    -Wall
    -Wextra
    -Wconversion
    -Wdouble-promotion
    -Wfloat-conversion
    -Wvla
    -Werror)

# A misspelt option must stop the build; gcc refuses unknown options by itself.
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    list(APPEND TINYMF_WARNINGS
         -Werror=unknown-warning-option
         -Werror=unused-command-line-argument
         -Werror=ignored-optimization-argument)
endif()

# What an image without run-time library and heap needs on top.
set(TINYMF_FREESTANDING_FLAGS
    -ffreestanding
    -fno-exceptions
    -fno-rtti
    -fno-threadsafe-statics
    -fno-use-cxa-atexit
    -fno-short-enums
    -ffunction-sections
    -fdata-sections)
set(TINYMF_FREESTANDING_DEFINITIONS EIGEN_NO_MALLOC EIGEN_NO_IO)
set(TINYMF_FREESTANDING_WARNINGS -Wfloat-equal -Wstack-usage=2048)

# Wrapping integers as a belt for release builds; the sanitizer build runs without, to see overflow.
if(NOT TINYMF_SANITIZE)
    list(APPEND TINYMF_ARITHMETIC_FLAGS -fwrapv)
endif()

# tinymf_refuse_forbidden_flags(<where> <flag>...): stops the configuration on a flag that would
# break bit-exactness, and on -march=native outside the preset made for it.
function(tinymf_refuse_forbidden_flags where)
    foreach(flag IN LISTS ARGN)
        if(flag IN_LIST TINYMF_FORBIDDEN_FLAGS)
            message(FATAL_ERROR "${where} contains ${flag}, which changes results; remove it")
        endif()
        if(flag STREQUAL "-march=native" AND NOT TINYMF_NATIVE)
            message(FATAL_ERROR "${where} contains ${flag}; use the preset host-native")
        endif()
    endforeach()
endfunction()

foreach(variable IN ITEMS CMAKE_CXX_FLAGS CMAKE_C_FLAGS CMAKE_EXE_LINKER_FLAGS)
    string(TOUPPER "${variable}_${CMAKE_BUILD_TYPE}" per_build_type)
    separate_arguments(flags UNIX_COMMAND "${${variable}} ${${per_build_type}}")
    tinymf_refuse_forbidden_flags(${variable} ${flags})
endforeach()
