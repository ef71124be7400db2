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
set(golden_list "${golden_folder}/rows.txt")
file(WRITE "${golden_list}" "")

# tinymf_list_golden_row(<name> <program> [RUNNER <word>...] [ARGUMENTS <word>...]): a line for those
# who run it; its digests must differ where the name begins with must-fail.
function(tinymf_list_golden_row name program)
    cmake_parse_arguments(PARSE_ARGV 2 row "" "" "RUNNER;ARGUMENTS")
    list(JOIN row_RUNNER " " runner)
    list(JOIN row_ARGUMENTS " " arguments)
    file(APPEND "${golden_list}" "${name}\t${program}\t${runner}\t${arguments}\n")
endfunction()

# tinymf_add_golden_row(<name> <compiler> <option>... [RUNNER <word>...] [ARGUMENTS <word>...]):
# options come last, so they win. Sets golden_row to the program.
function(tinymf_add_golden_row name compiler)
    cmake_parse_arguments(PARSE_ARGV 2 row "" "" "RUNNER;ARGUMENTS")
    set(row "${golden_folder}/${name}")
    add_custom_command(OUTPUT "${row}"
        COMMAND ${CMAKE_CXX_COMPILER_LAUNCHER} ${compiler} -std=c++20 ${TINYMF_ARITHMETIC_FLAGS}
            ${golden_before_${name}} ${golden_includes} -MMD -MF "${row}.d" -MT "${row}"
            ${row_UNPARSED_ARGUMENTS} "${golden_source}" -o "${row}"
        DEPENDS "${golden_source}" DEPFILE "${row}.d"
        COMMENT "Golden row ${name}" VERBATIM)
    tinymf_list_golden_row(${name} "${row}" RUNNER ${row_RUNNER} ARGUMENTS ${row_ARGUMENTS})
    set(golden_row "${row}" PARENT_SCOPE)
endfunction()

# tinymf_golden_row(<name> <compiler> ...): a row of `dev test` and of `dev golden`.
macro(tinymf_golden_row)
    tinymf_add_golden_row(${ARGN})
    list(APPEND golden_rows "${golden_row}")
endmacro()

# tinymf_golden_matrix_row(<name> <compiler> ...): of `dev golden` only.
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

# tinymf_golden_machine(<name> <compiler> <runner> [<option>...]): four rows for another processor, if
# its compiler is there; static, so that the runner needs no libraries.
macro(tinymf_golden_machine name compiler runner)
    find_program(GOLDEN_${name} ${compiler})
    if(GOLDEN_${name})
        foreach(level IN ITEMS O0 O1 O2 O3)
            tinymf_golden_matrix_row(${name}-${level} ${GOLDEN_${name}} -static ${ARGN} -${level}
                RUNNER ${runner})
        endforeach()
    endif()
endmacro()

tinymf_golden_machine(aarch64 aarch64-linux-gnu-g++ qemu-aarch64)
tinymf_golden_machine(armhf arm-linux-gnueabihf-g++ qemu-arm)
tinymf_golden_machine(i686 i686-linux-gnu-g++ qemu-i386 -msse2 -mfpmath=sse)
tinymf_golden_machine(ppc64le powerpc64le-linux-gnu-g++ qemu-ppc64le)
tinymf_golden_machine(riscv64 riscv64-linux-gnu-g++ qemu-riscv64)
tinymf_golden_machine(s390x s390x-linux-gnu-g++ qemu-s390x)
# The same processors by the other compiler, with the first one's libraries (riscv64's it does not find).
macro(tinymf_golden_machine_by_clang name target runner)
    if(GOLDEN_${name})
        tinymf_golden_machine(${name}-clang clang++ ${runner} --target=${target} ${ARGN})
    endif()
endmacro()
tinymf_golden_machine_by_clang(aarch64 aarch64-linux-gnu qemu-aarch64)
tinymf_golden_machine_by_clang(armhf arm-linux-gnueabihf qemu-arm)
tinymf_golden_machine_by_clang(i686 i686-linux-gnu qemu-i386 -msse2 -mfpmath=sse)
tinymf_golden_machine_by_clang(ppc64le powerpc64le-linux-gnu qemu-ppc64le)
tinymf_golden_machine_by_clang(s390x s390x-linux-gnu qemu-s390x)
if(EXISTS /usr/lib/wasm32-wasi)
    tinymf_golden_machine(wasm32 clang++ "node;--no-warnings;${CMAKE_CURRENT_SOURCE_DIR}/golden/run_wasi.mjs"
        --target=wasm32-wasi -stdlib=libc++ -fno-exceptions)
endif()

# AVX2 and FMA by name: the rows must fail on every x86-64 machine that can run them.
set(golden_unchecked -O2 -DTINYMF_ARITHMETIC_UNCHECKED)
tinymf_golden_matrix_row(must-fail-contraction ${GOLDEN_GCC} ${golden_unchecked} -mavx2 -mfma
    -ffp-contract=fast)
tinymf_golden_matrix_row(must-fail-fast-math ${GOLDEN_GCC} ${golden_unchecked} -ffast-math)
tinymf_golden_matrix_row(must-fail-flushed-subnormals ${GOLDEN_GCC} ${golden_unchecked}
    ARGUMENTS flush)
set(golden_before_must-fail-reordered-sum "-I${CMAKE_CURRENT_SOURCE_DIR}/golden/reordered_sum")
tinymf_golden_row(must-fail-reordered-sum ${GOLDEN_GCC} -O2)
if(GOLDEN_s390x)
    set(golden_before_must-fail-native-bytes "-I${CMAKE_CURRENT_SOURCE_DIR}/golden/native_bytes")
    tinymf_golden_matrix_row(must-fail-native-bytes ${GOLDEN_s390x} -static -O2 RUNNER qemu-s390x)
endif()
tinymf_list_golden_row(must-fail-flipped-bit "${golden_folder}/gcc-O2" ARGUMENTS flip)

list(JOIN golden_rows "\n" programs)
file(WRITE "${golden_folder}/built_by_tests.txt" "${programs}\n")
add_custom_target(golden_rows ALL DEPENDS ${golden_rows})
add_custom_target(golden_matrix_rows DEPENDS ${golden_rows} ${golden_matrix_rows})
add_dependencies(golden_tests golden_rows)
