#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Two copies of the sources in folders of different names give the same image, byte for byte.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

build_copy() { # NAME: an image built from a copy of the sources in that folder
    mkdir "$folder/$1"
    git -C "$TINYMF_SOURCE_DIR" ls-files -z |
        (cd "$TINYMF_SOURCE_DIR" && xargs -0 cp --parents -t "$folder/$1")
    (cd "$folder/$1" && cmake --preset microbit && cmake --build build/microbit) \
        >"$folder/log" 2>&1 || { cat "$folder/log" >&2; return 1; }
}

build_copy one
build_copy a_longer_name
cmp "$folder/one/build/microbit/bin/tinymf-firmware.elf" \
    "$folder/a_longer_name/build/microbit/bin/tinymf-firmware.elf"

# The comparison can fail: one more instruction is another image.
sed -i 's/application.run();/asm volatile("nop"); application.run();/' \
    "$folder/a_longer_name/firmware/app/main.cpp"
(cd "$folder/a_longer_name" && cmake --build build/microbit >/dev/null)
if cmp -s "$folder/one/build/microbit/bin/tinymf-firmware.elf" \
    "$folder/a_longer_name/build/microbit/bin/tinymf-firmware.elf"; then
    echo "a changed source gave an unchanged image" >&2
    exit 1
fi
