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

refuses_with_2() { # EXPECTED_WORDS COMMAND...: one line, and exit code 2
    refuses "$@"
    local code=0 output
    output=$("${@:2}" 2>&1 >/dev/null) || code=$?
    if [ "$code" != 2 ] || [ "$(wc -l <<<"$output")" != 1 ]; then
        printf 'exit code %s, not 2 and one line: %s\n%s\n' "$code" "${*:2}" "$output" >&2
        failures=$((failures + 1))
    fi
}

configure() { # PRESET OPTION...
    cmake -S "$TINYMF_SOURCE_DIR" --preset "$1" -B "$tree/build" --fresh "${@:2}"
}

refuses_with_2 "unknown verb 'dance'; toolchain/dev help lists them" "$dev" dance
refuses_with_2 "unknown verb 'biuld'; nearest is build" "$dev" biuld
refuses_with_2 "setup knows" "$dev" setup everything
refuses_with_2 "build needs a board or a preset" "$dev" build
# A swap, a letter too few, one too many, another one; and what is like none of them.
refuses_with_2 "no board or preset 'mps2-an368'; nearest is mps2-an386;" "$dev" build mps2-an368
refuses_with_2 "no board or preset 'micobit'; nearest is microbit;" "$dev" build micobit
refuses_with_2 "no board or preset 'nucleo-f4466re'; nearest is nucleo-f446re;" "$dev" build nucleo-f4466re all
refuses_with_2 "no board or preset 'hast'; nearest is host;" "$dev" build hast
refuses_with_2 "no board or preset 'refrigerator'; cmake --list-presets names them" "$dev" build refrigerator
refuses_with_2 "no board or preset 'common'" "$dev" build common
refuses_with_2 "no board 'toaster'; boards: hifive1-revb" "$dev" size toaster
refuses_with_2 "no board 'sifive-e'; nearest is sifive_e;" "$dev" flash sifive-e
refuses_with_2 "no board ''" "$dev" flash

refuses "Unknown option TINYMF_BORAD" configure host -DTINYMF_BORAD=microbit
refuses "no such folder" configure microbit -DTINYMF_BOARD=toaster
refuses "contains -ffast-math" configure host -DCMAKE_CXX_FLAGS=-ffast-math
refuses "contains -Ofast" configure host -DCMAKE_CXX_FLAGS_RELEASE=-Ofast
refuses "contains -ffast-math" configure host -DCMAKE_EXE_LINKER_FLAGS=-ffast-math
refuses "use the preset host-native" configure host -DCMAKE_CXX_FLAGS=-march=native

exit $((failures > 0))
