# SPDX-License-Identifier: Apache-2.0
# Bare-metal ARM (Cortex-M), Debian's gcc-arm-none-eabi.

set(CMAKE_SYSTEM_PROCESSOR arm)
set(TINYMF_TOOLS arm-none-eabi-)
include("${CMAKE_CURRENT_LIST_DIR}/bare_metal.cmake")
# libgcc was built with short enums, but passes none.
set(TINYMF_TOOLCHAIN_LINK_OPTIONS -Wl,--no-enum-size-warning)
