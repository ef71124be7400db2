# SPDX-License-Identifier: Apache-2.0
# Toolchain file of every board, named by TINYMF_BOARD: its folder says which compiler it needs. Images
# are built for size.

list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES TINYMF_BOARD)
set(board_facts "${CMAKE_CURRENT_LIST_DIR}/../firmware/boards/${TINYMF_BOARD}/board.cmake")
if(NOT EXISTS "${board_facts}")
    message(FATAL_ERROR "No board '${TINYMF_BOARD}': firmware/boards has no such folder")
endif()
include("${board_facts}")
if(NOT TINYMF_BOARD_TOOLCHAIN)
    set(TINYMF_BOARD_TOOLCHAIN arm-none-eabi)
endif()
include("${CMAKE_CURRENT_LIST_DIR}/${TINYMF_BOARD_TOOLCHAIN}.cmake")

set(CMAKE_BUILD_TYPE Release CACHE STRING "Kind of build")
foreach(language IN ITEMS C CXX)
    set(CMAKE_${language}_FLAGS_RELEASE -Os CACHE STRING "Options of a release")
endforeach()
