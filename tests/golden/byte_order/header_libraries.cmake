# SPDX-License-Identifier: Apache-2.0
# Debian's packages for this machine serve another processor as well, with their headers alone, which
# come after that one's own C library.

add_library(tinymf_header_libraries INTERFACE IMPORTED GLOBAL)
target_compile_definitions(tinymf_header_libraries INTERFACE FMT_HEADER_ONLY TOML_HEADER_ONLY=1)
target_compile_options(tinymf_header_libraries INTERFACE
    "SHELL:-idirafter /usr/include/eigen3" "SHELL:-idirafter /usr/include")
foreach(target IN ITEMS Eigen3::Eigen fmt::fmt tomlplusplus::tomlplusplus CLI11::CLI11
                        nlohmann_json::nlohmann_json Boost::headers)
    add_library(${target} INTERFACE IMPORTED GLOBAL)
    target_link_libraries(${target} INTERFACE tinymf_header_libraries)
    string(REGEX REPLACE "::.*" "" package "${target}")
    string(TOLOWER "${package}" package)
    file(WRITE "${CMAKE_FIND_PACKAGE_REDIRECTS_DIR}/${package}-config.cmake" "")
endforeach()
