# SPDX-License-Identifier: Apache-2.0
# Installs the library: headers, the target tinymf::sim_core with its flags, and what find_package
# reads. Nothing of it depends on the machine.

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(package_folder "${CMAKE_INSTALL_DATADIR}/cmake/tinymf")
# Defined by the programs of this project only.
install(DIRECTORY sim_core/include/ DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
        PATTERN build_facts.hpp EXCLUDE)
install(TARGETS sim_core EXPORT tinymf-targets)
install(EXPORT tinymf-targets NAMESPACE tinymf:: DESTINATION "${package_folder}")
# Before 1.0 a new minor version may change an interface.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/tinymf-config-version.cmake"
    COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES sim_core/tinymf-config.cmake "${PROJECT_BINARY_DIR}/tinymf-config-version.cmake"
        DESTINATION "${package_folder}")
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")
