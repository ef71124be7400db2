# SPDX-License-Identifier: Apache-2.0
# find_package(tinymf) gives the target tinymf::sim_core and finds what the headers include.

include(CMakeFindDependencyMacro)
if(NOT TARGET Eigen3::Eigen)
    find_dependency(Eigen3 3.4 NO_MODULE)
endif()
include("${CMAKE_CURRENT_LIST_DIR}/tinymf-targets.cmake")
