#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Two copies of the sources in folders of different names give the same image, byte for byte, and a
# changed source another. That the images of all boards are so: each_board/same_image_test.py.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

copy_sources() { # NAME
    mkdir "$folder/$1"
    git -C "$TINYMF_SOURCE_DIR" ls-files -z |
        (cd "$TINYMF_SOURCE_DIR" && xargs -0 cp --parents -t "$folder/$1")
}

build_image() { # NAME
    (cd "$folder/$1" && cmake --preset microbit &&
        cmake --build build/microbit --target tinymf-firmware) >"$folder/log" 2>&1 ||
        { cat "$folder/log" >&2; return 1; }
}

same_image() { # NAME NAME
    cmp "$folder/$1/build/microbit/bin/tinymf-firmware.elf" \
        "$folder/$2/build/microbit/bin/tinymf-firmware.elf"
}

for name in one a_longer_name; do
    copy_sources "$name"
    build_image "$name"
done
same_image one a_longer_name

# The comparison can fail: one more instruction is another image.
sed -i 's/application.run();/asm volatile("nop"); application.run();/' \
    "$folder/a_longer_name/firmware/app/main.cpp"
build_image a_longer_name
if same_image one a_longer_name >/dev/null; then
    echo "a changed source gave an unchanged image" >&2
    exit 1
fi
