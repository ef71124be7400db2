# SPDX-License-Identifier: Apache-2.0
# Proves on the linked image what the rules promise; run after each firmware link.
# Inputs: NM OBJDUMP IMAGE MAP, and ALLOW_DOUBLE=ON for images with float64 profiles.
# A missing image, map or tool is a failure.

cmake_minimum_required(VERSION 3.25)
set(heap_symbols
    "(malloc|calloc|realloc|free|_malloc_r|_free_r|sbrk|_sbrk|atexit|_Zn[wa][a-zA-Z0-9_]*|_Zd[la][a-zA-Z0-9_]*|__cxa_(guard|throw|atexit|allocate|begin|end|rethrow|pure)[a-z_]*|__aeabi_atexit|_Unwind_[A-Za-z]*|__gxx_personality[a-z0-9_]*)")
# libgcc's double-precision routines, by their ARM EABI and their generic names.
set(double_symbols
    "(__aeabi_(d[a-z0-9]+|cd[a-z]+|f2d|i2d|ui2d|l2d|ul2d)|__(add|sub|mul|div|neg|eq|ne|ge|le|lt|gt|unord)df[23]|__extendsfdf2|__truncdfsf2|__float[a-z]*df|__fix[a-z]*df[a-z]*)")

foreach(file IN ITEMS "${IMAGE}" "${MAP}")
    if(NOT EXISTS "${file}")
        message(FATAL_ERROR "image check: ${file} is missing")
    endif()
endforeach()

execute_process(COMMAND "${NM}" "${IMAGE}" OUTPUT_VARIABLE symbols RESULT_VARIABLE failed)
if(failed OR NOT symbols MATCHES " [Tt] ")
    message(FATAL_ERROR "image check: ${NM} found no code in ${IMAGE}")
endif()

# refuse_symbols(<why> <regex>): names the symbols of the image that match.
function(refuse_symbols why pattern)
    string(REGEX MATCHALL "[ ]${pattern}\n" found "${symbols}")
    if(found)
        string(REGEX REPLACE "[\n; ]+" " " found "${found}")
        message(FATAL_ERROR "image check: ${why}:${found}")
    endif()
endfunction()

refuse_symbols("heap, exception or exit symbols" "${heap_symbols}")
if(NOT ALLOW_DOUBLE)
    refuse_symbols("double-precision routines" "${double_symbols}")
endif()

# Static constructors would run before the numbered boot order.
file(STRINGS "${MAP}" constructors REGEX "^ +\\.(init_array|ctors)[^ ]* +0x[0-9a-f]+ +0x0*[1-9a-f]")
if(constructors)
    message(FATAL_ERROR "image check: static constructors: ${constructors}")
endif()

# A fused multiply-add rounds once where the definition rounds twice.
# Constants after the code may look like one.
set(code_range "")
foreach(end IN ITEMS begin end)
    if(symbols MATCHES "([0-9a-f]+) [A-Za-z] tinymf_code_${end}\n")
        string(REPLACE "end" "stop" option "${end}")
        string(REPLACE "begin" "start" option "${option}")
        list(APPEND code_range "--${option}-address=0x${CMAKE_MATCH_1}")
    endif()
endforeach()
execute_process(COMMAND "${OBJDUMP}" -d ${code_range} "${IMAGE}" OUTPUT_VARIABLE code RESULT_VARIABLE failed)
if(failed OR NOT code MATCHES "Disassembly of section")
    message(FATAL_ERROR "image check: ${OBJDUMP} disassembled nothing of ${IMAGE}")
endif()
if(code MATCHES "[ \t](vfn?m[as][a-z]*\\.f(32|64)|fn?m(add|sub)\\.[sd])[ \t]")
    message(FATAL_ERROR "image check: fused multiply-add: ${CMAKE_MATCH_1}")
endif()
