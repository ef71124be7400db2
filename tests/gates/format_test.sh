#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The sources are laid out as .clang-format says, and the check notices when they are not.
set -euo pipefail

"$TINYMF_SOURCE_DIR/toolchain/dev" format --check

if printf 'int  main( ){return 0;}\n' |
    clang-format --style="file:$TINYMF_SOURCE_DIR/.clang-format" --dry-run --Werror 2>/dev/null; then
    echo "clang-format accepts what it should refuse" >&2
    exit 1
fi
