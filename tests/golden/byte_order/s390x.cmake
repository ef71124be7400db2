# SPDX-License-Identifier: Apache-2.0
# The host tools for Linux on s390x, a big-endian machine, statically linked for qemu-user.

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR s390x)
set(CMAKE_C_COMPILER s390x-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER s390x-linux-gnu-g++)
set(CMAKE_ASM_COMPILER s390x-linux-gnu-gcc)
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_PROJECT_tinymf_INCLUDE "${CMAKE_CURRENT_LIST_DIR}/header_libraries.cmake")
