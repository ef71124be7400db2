// SPDX-License-Identifier: Apache-2.0
// Theory and device solvers over the legal ranges of their parameters, against independent
// evaluations and against each other. Prints a Markdown table; exit code 1 if a bound is broken or
// a value lies outside its possible range. `--thin SEED` takes a random twelfth of the
// grid, and less of what costs much.

#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>

#include "scan/scans.hpp"

namespace tinymf::scan {
namespace {

int run(std::optional<std::uint64_t> thin) {
    Table table;
    Choice choice(thin);
    scan_linear(table, choice);
    scan_finite_size(table, choice);
    scan_energy(table, choice);
    scan_states(table, choice);
    scan_stationary(table, choice);
    scan_closure(table, choice);
    scan_linear_method(table, choice);
    scan_responses(table, choice);
    return table.print() ? 0 : 1;
}

} // namespace
} // namespace tinymf::scan

int main(int argc, char** argv) {
    std::optional<std::uint64_t> thin;
    if (argc == 3 && std::string(argv[1]) == "--thin") {
        thin = std::stoull(argv[2]);
    } else if (argc != 1) {
        std::fputs("scan [--thin SEED]\n", stderr);
        return 2;
    }
    return tinymf::scan::run(thin);
}
