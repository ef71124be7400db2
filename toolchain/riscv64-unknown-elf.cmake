# SPDX-License-Identifier: Apache-2.0
# Bare-metal RISC-V, Debian's gcc-riscv64-unknown-elf.

set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR riscv)
set(CMAKE_C_COMPILER riscv64-unknown-elf-gcc)
set(CMAKE_CXX_COMPILER riscv64-unknown-elf-g++)
set(CMAKE_ASM_COMPILER riscv64-unknown-elf-gcc)
set(CMAKE_OBJCOPY riscv64-unknown-elf-objcopy)
set(CMAKE_OBJDUMP riscv64-unknown-elf-objdump)
set(CMAKE_NM riscv64-unknown-elf-nm)
set(CMAKE_SIZE riscv64-unknown-elf-size)
# There is no run-time library to link CMake's test program with.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_EXECUTABLE_SUFFIX .elf)

# Debian packages no C++ headers for RISC-V. Those for ARM serve, as long as nothing of their library
# is linked: ARM's C++ headers of the same compiler series, then newlib's C headers.
file(GLOB cxx_headers /usr/lib/arm-none-eabi/include/c++/12.*)
if(NOT cxx_headers)
    message(FATAL_ERROR "libstdc++-arm-none-eabi-dev 12 is missing: toolchain/dev setup riscv")
endif()
cmake_path(GET cxx_headers FILENAME cxx_version)
set(CMAKE_CXX_STANDARD_INCLUDE_DIRECTORIES
    "${cxx_headers}"
    "/usr/include/newlib/c++/${cxx_version}/arm-none-eabi/thumb/v7-m/nofp"
    /usr/include/newlib)
