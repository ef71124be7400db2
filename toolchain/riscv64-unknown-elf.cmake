# SPDX-License-Identifier: Apache-2.0
# Bare-metal RISC-V, Debian's gcc-riscv64-unknown-elf.

set(CMAKE_SYSTEM_PROCESSOR riscv)
set(TINYMF_TOOLS riscv64-unknown-elf-)
include("${CMAKE_CURRENT_LIST_DIR}/bare_metal.cmake")

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
