#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The committed coefficients are what their generator writes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
g++ -std=gnu++20 -O2 "$TINYMF_SOURCE_DIR/toolchain/coefficients/minimax.cpp" -o "$work/minimax" \
    -lquadmath
"$work/minimax" > "$work/coefficients.hpp"
diff -u "$TINYMF_SOURCE_DIR/sim_core/include/tinymf/numeric/coefficients.hpp" \
    "$work/coefficients.hpp"
