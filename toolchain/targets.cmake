# SPDX-License-Identifier: Apache-2.0
# What all of the project's own targets share beyond tinymf::sim_core.

# Warnings and reproducible file contents. Private to this project: users choose their own.
add_library(tinymf_strict INTERFACE)
target_compile_options(tinymf_strict INTERFACE ${TINYMF_WARNINGS} ${TINYMF_REPRODUCIBLE_FLAGS})
if(TINYMF_SANITIZE)
    set(sanitizers -fsanitize=address,undefined,float-cast-overflow -fno-sanitize-recover=all
                   -fno-omit-frame-pointer)
    if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
        # Truncation shows small counters that wrap; -Wconversion sees the other conversions, and a
        # change of sign alone is what libraries do. A null pointer ends in the address sanitizer,
        # which knows an object's size better: without their checks the tree compiles faster.
        list(APPEND sanitizers
             -fsanitize=implicit-unsigned-integer-truncation,implicit-signed-integer-truncation
             -fno-sanitize=null,object-size)
        # The standard library's own bounds, for indices that miss their container but hit memory.
        target_compile_definitions(tinymf_strict INTERFACE _GLIBCXX_ASSERTIONS)
    endif()
    target_compile_options(tinymf_strict INTERFACE ${sanitizers})
    target_link_options(tinymf_strict INTERFACE ${sanitizers})
endif()
if(TINYMF_NATIVE)
    target_compile_options(tinymf_strict INTERFACE -march=native)
endif()
if(TINYMF_BOARD)
    target_compile_options(tinymf_strict INTERFACE
        ${TINYMF_BOARD_CPU} ${TINYMF_FREESTANDING_FLAGS} ${TINYMF_FREESTANDING_WARNINGS})
    target_compile_definitions(tinymf_strict INTERFACE ${TINYMF_FREESTANDING_DEFINITIONS})
    target_link_options(tinymf_strict INTERFACE ${TINYMF_BOARD_CPU})
endif()

# Version, git hash, compiler and flags, looked up at each build.
string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
get_target_property(strict_flags tinymf_strict INTERFACE_COMPILE_OPTIONS)
list(REMOVE_ITEM strict_flags ${TINYMF_REPRODUCIBLE_FLAGS})
set(fingerprinted_flags ${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${build_type}}
                        ${TINYMF_ARITHMETIC_FLAGS} ${strict_flags})
list(JOIN fingerprinted_flags " " fingerprinted_flags)
set(build_facts_source "${CMAKE_BINARY_DIR}/generated/build_facts.cpp")
add_custom_target(tinymf_build_facts_source
    COMMAND ${CMAKE_COMMAND}
        "-DSOURCE_DIR=${CMAKE_SOURCE_DIR}" "-DOUTPUT=${build_facts_source}"
        "-DVERSION=${PROJECT_VERSION}"
        "-DCOMPILER=${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}"
        "-DFLAGS=${fingerprinted_flags}"
        -P "${CMAKE_SOURCE_DIR}/toolchain/build_facts.cmake"
    BYPRODUCTS "${build_facts_source}"
    COMMENT "Checking the git hash"
    VERBATIM)
add_library(tinymf_build_facts STATIC "${build_facts_source}")
target_link_libraries(tinymf_build_facts PUBLIC tinymf::sim_core PRIVATE tinymf_strict)
add_dependencies(tinymf_build_facts tinymf_build_facts_source)
