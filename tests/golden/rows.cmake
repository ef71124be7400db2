# SPDX-License-Identifier: Apache-2.0
# Host rows of the golden matrix: one program from one source, built by other compilers and at
# other optimisation levels than the rest of the tree. Their digests must all be equal; those of
# the must-fail rows must not. `dev test` builds golden_rows, for each takes long to compile;
# `dev golden` builds golden_matrix_rows, too.

set(golden_source "${CMAKE_CURRENT_SOURCE_DIR}/golden/host_digests.cpp")
set(golden_folder "${CMAKE_CURRENT_BINARY_DIR}/golden")
file(MAKE_DIRECTORY "${golden_folder}")
get_target_property(golden_eigen Eigen3::Eigen INTERFACE_INCLUDE_DIRECTORIES)
set(golden_includes "-I${CMAKE_SOURCE_DIR}/sim_core/include" "-I${CMAKE_CURRENT_SOURCE_DIR}"
                    -isystem "${golden_eigen}")
set(golden_rows)
set(golden_matrix_rows)

# tinymf_add_golden_row(<name> <compiler> <option>...): options come last, so they win. Sets
# golden_row to the program.
function(tinymf_add_golden_row name compiler)
    set(row "${golden_folder}/${name}")
    add_custom_command(OUTPUT "${row}"
        COMMAND ${CMAKE_CXX_COMPILER_LAUNCHER} ${compiler} -std=c++20 ${TINYMF_ARITHMETIC_FLAGS}
            ${golden_before_${name}} ${golden_includes} -MMD -MF "${row}.d" -MT "${row}"
            ${ARGN} "${golden_source}" -o "${row}"
        DEPENDS "${golden_source}" DEPFILE "${row}.d"
        COMMENT "Golden row ${name}" VERBATIM)
    set(golden_row "${row}" PARENT_SCOPE)
endfunction()

# tinymf_golden_row(<name> <compiler> <option>...): a row of `dev test` and of `dev golden`.
macro(tinymf_golden_row)
    tinymf_add_golden_row(${ARGN})
    list(APPEND golden_rows "${golden_row}")
endmacro()

# tinymf_golden_matrix_row(<name> <compiler> <option>...): of `dev golden` only.
macro(tinymf_golden_matrix_row)
    tinymf_add_golden_row(${ARGN})
    list(APPEND golden_matrix_rows "${golden_row}")
endmacro()

find_program(GOLDEN_GCC g++ REQUIRED)
find_program(GOLDEN_CLANG clang++ REQUIRED)
foreach(compiler IN ITEMS gcc clang)
    string(TOUPPER "GOLDEN_${compiler}" path)
    tinymf_golden_matrix_row(${compiler}-O0 ${${path}} -O0)
    tinymf_golden_matrix_row(${compiler}-O1 ${${path}} -O1)
    tinymf_golden_row(${compiler}-O2 ${${path}} -O2)
    tinymf_golden_matrix_row(${compiler}-O3 ${${path}} -O3)
    tinymf_golden_matrix_row(${compiler}-O3-native ${${path}} -O3 -march=native)
endforeach()
# The two that differ most from -O2, one of each compiler.
list(APPEND golden_rows "${golden_folder}/gcc-O3-native" "${golden_folder}/clang-O0")
tinymf_golden_matrix_row(gcc-debug ${GOLDEN_GCC} -O1 -fno-wrapv
    -fsanitize=address,undefined -fno-sanitize-recover=all)

# Runs under qemu-aarch64; without its libraries, which the machine need not have.
find_program(GOLDEN_AARCH64 aarch64-linux-gnu-g++)
if(GOLDEN_AARCH64)
    foreach(level IN ITEMS O0 O1 O2 O3)
        tinymf_golden_matrix_row(aarch64-${level} ${GOLDEN_AARCH64} -static -${level})
    endforeach()
endif()

# AVX2 and FMA by name: the rows must fail on every x86-64 machine that can run them.
set(golden_fused -O2 -mavx2 -mfma -DTINYMF_ARITHMETIC_UNCHECKED)
tinymf_golden_matrix_row(must-fail-contraction ${GOLDEN_GCC} ${golden_fused} -ffp-contract=fast)
tinymf_golden_matrix_row(must-fail-fast-math ${GOLDEN_GCC} -O2 -ffast-math
    -DTINYMF_ARITHMETIC_UNCHECKED)
set(golden_before_must-fail-reordered-sum "-I${CMAKE_CURRENT_SOURCE_DIR}/golden/reordered_sum")
tinymf_golden_row(must-fail-reordered-sum ${GOLDEN_GCC} -O2)

add_custom_target(golden_rows ALL DEPENDS ${golden_rows})
add_custom_target(golden_matrix_rows DEPENDS ${golden_rows} ${golden_matrix_rows})
add_dependencies(golden_tests golden_rows)
