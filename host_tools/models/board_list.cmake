# SPDX-License-Identifier: Apache-2.0
# Collects firmware/boards/*/{board.cmake,profiles.hpp} into board_list.inc for models/board_info.cpp.

# tinymf_board_label(<variable>): of the board whose facts were included, what its image ran on.
function(tinymf_board_label variable)
    set(label "nothing but a build")
    if(TINYMF_BOARD_WITNESSES)
        list(JOIN TINYMF_BOARD_WITNESSES ", " label)
    endif()
    if(TINYMF_BOARD_QEMU_TELLS_NO_TIME)
        string(REPLACE "QEMU" "QEMU without time" label "${label}")
    endif()
    if(TINYMF_BOARD_RESERVATION)
        string(APPEND label ", ${TINYMF_BOARD_RESERVATION}")
    endif()
    set(${variable} "${label}" PARENT_SCOPE)
endfunction()

# tinymf_board_entry(<folder> <variable>): the board's BoardInfo initialiser.
function(tinymf_board_entry folder variable)
    include("${folder}/board.cmake")
    cmake_path(GET folder FILENAME name)
    list(FILTER TINYMF_BOARD_CPU INCLUDE REGEX "^-m(cpu|arch)=")
    list(GET TINYMF_BOARD_CPU 0 core)
    string(REGEX REPLACE "^-m(cpu|arch)=" "" core "${core}")
    list(JOIN TINYMF_BOARD_QEMU " " qemu)
    tinymf_board_label(label)
    file(READ "${folder}/profiles.hpp" profiles)
    if(NOT profiles MATCHES "BoardModelList<([^;]*)>;")
        message(FATAL_ERROR "${folder}/profiles.hpp has no list BoardModelList<...>;")
    endif()
    set(models "${CMAKE_MATCH_1}")
    set(${variable} "    {\"${name}\", \"${core}\", ${TINYMF_BOARD_CLOCK_HZ}U,
     ${TINYMF_BOARD_FLASH_BYTES}U, ${TINYMF_BOARD_RAM_BYTES}U,
     \"${label}\",
     \"${qemu}\",
     profiles_of<${models}>()},\n" PARENT_SCOPE)
endfunction()

file(GLOB board_files CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/firmware/boards/*/board.cmake")
set(board_list "")
foreach(board_file IN LISTS board_files)
    cmake_path(GET board_file PARENT_PATH folder)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
        "${board_file}" "${folder}/profiles.hpp")
    tinymf_board_entry("${folder}" entry)
    string(APPEND board_list "${entry}")
endforeach()
file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/generated/board_list.inc" CONTENT "${board_list}" @ONLY)

# What images take, as text for plan/budgets.cpp.
set(budgets_file "${CMAKE_SOURCE_DIR}/firmware/budgets.toml")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${budgets_file}")
file(READ "${budgets_file}" budgets)
file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/generated/budgets_text.inc" @ONLY
     CONTENT "R\"budgets(@budgets@)budgets\"\n")
