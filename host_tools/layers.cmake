# SPDX-License-Identifier: Apache-2.0
# One library for each folder, or file that lies apart from its folder, of toolchain/layers.txt: of
# its sources, and linked to those of the layer below, which are linked to those below them. So a
# test that links the libraries of what it includes shows that these layers need no higher one.

set(layers_file "${CMAKE_SOURCE_DIR}/toolchain/layers.txt")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${layers_file}")

# tinymf_layer_unit(<variable> <file>): the entry of the list that holds host_tools/<file>; an error
# where none does.
function(tinymf_layer_unit variable file)
    get_property(units GLOBAL PROPERTY tinymf_layer_units)
    cmake_path(GET file PARENT_PATH folder)
    string(REGEX REPLACE "\\.[ch]pp$" ".*" both "${file}")
    foreach(unit IN ITEMS "${file}" "${both}" "${folder}")
        if(unit IN_LIST units)
            set(${variable} "${unit}" PARENT_SCOPE)
            return()
        endif()
    endforeach()
    message(FATAL_ERROR "host_tools/${file} is in no layer of toolchain/layers.txt")
endfunction()

# tinymf_layer_library(<variable> <file>): the library that host_tools/<file> belongs to.
function(tinymf_layer_library variable file)
    tinymf_layer_unit(unit "${file}")
    string(REGEX REPLACE "(\\.\\*|\\.[ch]pp)$" "" name "${unit}")
    string(REPLACE "/" "_" name "${name}")
    set(${variable} "tinymf_${name}" PARENT_SCOPE)
endfunction()

# tinymf_add_layers(SOURCES <file>... INTERFACE <library>... PRIVATE <library>... PRECOMPILED
# <header>...): the libraries, of sources named relative to host_tools. All link the first libraries
# and give them on, the second for themselves, and share one precompiled header; where
# TINYMF_JOIN_SOURCES is on, a compilation takes up to four sources of a library. Sets
# tinymf_layer_libraries to their names, lowest first, but for headers alone.
function(tinymf_add_layers)
    cmake_parse_arguments(PARSE_ARGV 0 layers "" "" "SOURCES;INTERFACE;PRIVATE;PRECOMPILED")
    file(STRINGS "${layers_file}" lines REGEX "^host_tools/")
    list(REVERSE lines)
    list(TRANSFORM lines REPLACE "host_tools/" "")
    string(REPLACE " " ";" units "${lines}")
    set_property(GLOBAL PROPERTY tinymf_layer_units "${units}")

    foreach(source IN LISTS layers_SOURCES)
        tinymf_layer_unit(unit "${source}")
        list(APPEND "sources_of_${unit}" "${source}")
    endforeach()
    set(below ${layers_INTERFACE})
    set(libraries)
    foreach(line IN LISTS lines)
        string(REPLACE " " ";" units "${line}")
        set(layer)
        foreach(unit IN LISTS units)
            tinymf_layer_library(library "${unit}")
            list(APPEND layer ${library})
            if(NOT sources_of_${unit})
                add_library(${library} INTERFACE)
                target_link_libraries(${library} INTERFACE ${below})
                continue()
            endif()
            add_library(${library} STATIC ${sources_of_${unit}})
            set_target_properties(${library} PROPERTIES
                UNITY_BUILD ${TINYMF_JOIN_SOURCES} UNITY_BUILD_BATCH_SIZE 4)
            target_link_libraries(${library} PUBLIC ${below} PRIVATE ${layers_PRIVATE})
            if(libraries)
                list(GET libraries 0 owner)
                target_precompile_headers(${library} REUSE_FROM ${owner})
            else()
                target_precompile_headers(${library} PRIVATE ${layers_PRECOMPILED})
            endif()
            list(APPEND libraries ${library})
        endforeach()
        set(below ${layer})
    endforeach()
    set(tinymf_layer_libraries ${libraries} PARENT_SCOPE)
endfunction()
