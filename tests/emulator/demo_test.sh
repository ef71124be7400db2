#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The README's first command works, says what it found, and leaves what it promises.
set -euo pipefail
cd "$TINYMF_SOURCE_DIR"

if [ "$TINYMF_BINARY_DIR" != "$TINYMF_SOURCE_DIR/build/host" ]; then
    echo "skipped: the demo uses build/host, and this build tree is elsewhere"
    exit 77
fi

output=$(toolchain/dev demo 2>&1) || {
    printf '%s\n' "$output"
    echo "the demo failed"
    exit 1
}
printf '%s\n' "$output"

for path in out/demo/host.tmf out/demo/mps2-an386.tmf out/demo/reference.npz out/demo/report.html; do
    [ -s "$path" ] || { echo "missing: $path"; exit 1; }
    grep -qxF "$path" <<<"$output" || { echo "not named in the output: $path"; exit 1; }
done
grep -q '<svg' out/demo/report.html || { echo "the report has no plots"; exit 1; }
build/host/bin/tinymf verify out/demo/mps2-an386.tmf
