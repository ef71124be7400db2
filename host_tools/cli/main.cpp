// SPDX-License-Identifier: Apache-2.0
#include <cfenv>

#include "cli/command_line.hpp"

int main(int argc, char** argv) {
    // Rounding to nearest, subnormals kept: a library loaded before may have set otherwise, and the
    // bits of every run here would be others.
    std::fesetenv(FE_DFL_ENV);
    return tinymf::host::run_command_line(argc, argv);
}
