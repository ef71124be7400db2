# SPDX-License-Identifier: Apache-2.0
# What the toolchain files of bare machines share. Input: TINYMF_TOOLS, what the names of their
# compilers and tools begin with.

set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_C_COMPILER ${TINYMF_TOOLS}gcc)
set(CMAKE_CXX_COMPILER ${TINYMF_TOOLS}g++)
set(CMAKE_ASM_COMPILER ${TINYMF_TOOLS}gcc)
set(CMAKE_OBJCOPY ${TINYMF_TOOLS}objcopy)
set(CMAKE_OBJDUMP ${TINYMF_TOOLS}objdump)
set(CMAKE_NM ${TINYMF_TOOLS}nm)
set(CMAKE_SIZE ${TINYMF_TOOLS}size)
# There is no run-time library to link CMake's test program with.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_EXECUTABLE_SUFFIX .elf)
