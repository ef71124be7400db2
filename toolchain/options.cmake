# SPDX-License-Identifier: Apache-2.0
# Every option of the build. A TINYMF_ option that is not in this list is a misspelling, but for
# another project's, which has only the first.

option(TINYMF_INSTALL "Install the library" ${PROJECT_IS_TOP_LEVEL})
if(NOT PROJECT_IS_TOP_LEVEL)
    return()
endif()

option(TINYMF_LIBRARY_ONLY "The library without programs, firmware and tests" OFF)
option(TINYMF_SANITIZE "Address and undefined-behaviour sanitizers (host)" OFF)
option(TINYMF_FUZZERS "Build the fuzzers (host; clang with sanitizers)" OFF)
option(TINYMF_NATIVE "Tune for this machine; never for images that leave it" OFF)
option(TINYMF_TESTS "Build the tests (host)" ON)
option(TINYMF_BENCHMARKS "Build the benchmarks (host; needs Google Benchmark)" ON)
# Off where each source has to show that it compiles by itself.
option(TINYMF_JOIN_SOURCES "Compile several sources of the host tools at a time" ON)
option(TINYMF_CVODE "SUNDIALS CVODE as a second reference solver (host; libsundials-dev)" OFF)
set(TINYMF_BOARD "" CACHE STRING "Build firmware for this folder of firmware/boards, not the host")

set(known_options TINYMF_INSTALL TINYMF_LIBRARY_ONLY TINYMF_SANITIZE TINYMF_FUZZERS TINYMF_NATIVE
    TINYMF_TESTS TINYMF_BENCHMARKS TINYMF_JOIN_SOURCES TINYMF_CVODE TINYMF_BOARD)
get_cmake_property(cache_variables CACHE_VARIABLES)
foreach(variable IN LISTS cache_variables)
    if(variable MATCHES "^TINYMF_" AND NOT variable IN_LIST known_options)
        message(FATAL_ERROR "Unknown option ${variable}; known: ${known_options}")
    endif()
endforeach()

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE}")
endif()
