# SPDX-License-Identifier: Apache-2.0
# The one place where compile options are chosen, for every target including the host, but for those
# that users of the library share.

# TINYMF_ARITHMETIC_FLAGS, which make equal sources give equal bits.
include("${CMAKE_CURRENT_LIST_DIR}/../sim_core/arithmetic_flags.cmake")

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

# tinymf_refuse_forbidden_flags(<where> <flag>...): stops the configuration on a flag that would
# break bit-exactness, and on -march=native outside the preset made for it. A flag within a generator
# expression counts whatever the condition.
function(tinymf_refuse_forbidden_flags where)
    string(REGEX REPLACE "[<>:, ]|SHELL:|LINKER:" ";" flags "${ARGN}")
    foreach(flag IN LISTS flags)
        if(flag IN_LIST TINYMF_FORBIDDEN_FLAGS)
            message(FATAL_ERROR "${where} contains ${flag}, which changes results; remove it")
        endif()
        if(flag STREQUAL "-march=native" AND NOT TINYMF_NATIVE)
            message(FATAL_ERROR "${where} contains ${flag}; use the preset host-native")
        endif()
    endforeach()
endfunction()

# The flags of every configuration that can be built: one, or with a generator of several all.
set(configurations ${CMAKE_CONFIGURATION_TYPES})
if(NOT configurations)
    set(configurations ${CMAKE_BUILD_TYPE})
endif()
foreach(variable IN ITEMS CMAKE_CXX_FLAGS CMAKE_C_FLAGS CMAKE_ASM_FLAGS CMAKE_EXE_LINKER_FLAGS
                          CMAKE_SHARED_LINKER_FLAGS CMAKE_MODULE_LINKER_FLAGS)
    separate_arguments(flags UNIX_COMMAND "${${variable}}")
    tinymf_refuse_forbidden_flags(${variable} ${flags})
    foreach(configuration IN LISTS configurations)
        string(TOUPPER "${variable}_${configuration}" per_configuration)
        separate_arguments(flags UNIX_COMMAND "${${per_configuration}}")
        tinymf_refuse_forbidden_flags(${per_configuration} ${flags})
    endforeach()
endforeach()

# tinymf_refuse_forbidden_options_of_targets(<folder>): the same for what folders and targets add.
# To be called when all targets exist.
function(tinymf_refuse_forbidden_options_of_targets folder)
    foreach(property IN ITEMS COMPILE_OPTIONS LINK_OPTIONS)
        get_property(flags DIRECTORY "${folder}" PROPERTY ${property})
        tinymf_refuse_forbidden_flags("${property} of ${folder}" ${flags})
    endforeach()
    get_property(targets DIRECTORY "${folder}" PROPERTY BUILDSYSTEM_TARGETS)
    foreach(target IN LISTS targets)
        foreach(property IN ITEMS COMPILE_OPTIONS COMPILE_FLAGS LINK_OPTIONS LINK_FLAGS
                                  INTERFACE_COMPILE_OPTIONS INTERFACE_LINK_OPTIONS)
            get_property(flags TARGET ${target} PROPERTY ${property})
            tinymf_refuse_forbidden_flags("${property} of ${target}" ${flags})
        endforeach()
    endforeach()
    get_property(folders DIRECTORY "${folder}" PROPERTY SUBDIRECTORIES)
    foreach(inner IN LISTS folders)
        tinymf_refuse_forbidden_options_of_targets("${inner}")
    endforeach()
endfunction()
cmake_language(EVAL CODE
    "cmake_language(DEFER DIRECTORY [[${CMAKE_CURRENT_SOURCE_DIR}]]
        CALL tinymf_refuse_forbidden_options_of_targets [[${CMAKE_CURRENT_SOURCE_DIR}]])")
