#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One more instruction in the sources gives another image: what each_compiler/same_image_test.py finds
# equal could have differed.
set -euo pipefail

image=build/microbit/bin/tinymf-firmware.elf
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

git -C "$TINYMF_SOURCE_DIR" ls-files -z |
    (cd "$TINYMF_SOURCE_DIR" && xargs -0 cp --parents -t "$copy")
sed -i 's/application.run();/asm volatile("nop"); application.run();/' "$copy/firmware/app/main.cpp"
# The image carries the hash of the repository's commit.
GIT_DIR=$(git -C "$TINYMF_SOURCE_DIR" rev-parse --absolute-git-dir)
export GIT_DIR GIT_WORK_TREE=$TINYMF_SOURCE_DIR
(cd "$copy" && cmake --preset microbit && cmake --build build/microbit --target tinymf-firmware) \
    >"$copy/log" 2>&1 || { cat "$copy/log" >&2; exit 1; }

if cmp "$copy/$image" "$TINYMF_SOURCE_DIR/$image"; then
    echo "a changed source gave an unchanged image" >&2
    exit 1
fi
