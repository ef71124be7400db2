#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The entry script and the configuration refuse what they do not know, in words that help.
set -uo pipefail

dev="$TINYMF_SOURCE_DIR/toolchain/dev"
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failures=0

refuses() { # EXPECTED_WORDS COMMAND...: the command fails and says so
    local words=$1 output
    shift
    if output=$("$@" 2>&1); then
        echo "succeeded, but must not: $*" >&2
        failures=$((failures + 1))
    elif [[ $(tr -s ' \n' ' ' <<<"$output") != *"$words"* ]]; then
        printf 'no "%s" in the output of: %s\n%s\n' "$words" "$*" "$output" >&2
        failures=$((failures + 1))
    fi
}

configure() { # PRESET OPTION...
    cmake -S "$TINYMF_SOURCE_DIR" --preset "$1" -B "$tree/build" --fresh "${@:2}"
}

refuses "unknown verb 'dance'" "$dev" dance
refuses "setup knows" "$dev" setup everything
refuses "build needs a preset" "$dev" build
refuses "no board 'toaster'" "$dev" size toaster
refuses "no board ''" "$dev" flash

refuses "Unknown option TINYMF_BORAD" configure host -DTINYMF_BORAD=microbit
refuses "no such folder" configure microbit -DTINYMF_BOARD=toaster
refuses "contains -ffast-math" configure host -DCMAKE_CXX_FLAGS=-ffast-math
refuses "contains -Ofast" configure host -DCMAKE_CXX_FLAGS_RELEASE=-Ofast
refuses "contains -ffast-math" configure host -DCMAKE_EXE_LINKER_FLAGS=-ffast-math
refuses "use the preset host-native" configure host -DCMAKE_CXX_FLAGS=-march=native

exit $((failures > 0))
