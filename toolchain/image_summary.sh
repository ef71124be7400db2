#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# image_summary.sh BOARD IMAGE: what the board's application takes, beside its budget and its memory,
# and what to do with it next.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
board=$1 image=$2
facts=firmware/boards/$board/board.cmake

fact() { # NAME: what board.cmake sets, empty if nothing
    sed -n "s/^set(TINYMF_BOARD_$1 \\(.*\\))/\\1/p" "$facts"
}

budget() { # KEY: of the board's own table in the budgets file, empty if there is none
    awk -v table="[$board]" -v key="$1" '
        /^\[/ { own = $0 == table }
        own && $1 == key { print $3 }' firmware/budgets.toml
}

compiler=$(fact TOOLCHAIN)
# Flash holds what is loaded; RAM what is allocated and written, and the stack apart.
read -r flash ram stack < <("${compiler:-arm-none-eabi}-objdump" -h "$image" | awk '
    function number(hexadecimal,  i, value) {
        for (i = 1; i <= length(hexadecimal); ++i) {
            value = 16 * value + index("0123456789abcdef", substr(hexadecimal, i, 1)) - 1
        }
        return value
    }
    $1 ~ /^[0-9]+$/ { name = $2; bytes = number($3); next }
    /LOAD/ { flash += bytes }
    /ALLOC/ && name == ".stack" { stack += bytes; next }
    /ALLOC/ && !/READONLY/ { ram += bytes }
    END { print flash + 0, ram + 0, stack + 0 }')

line() { # WHAT BYTES BUDGET CHIP: BUDGET may be empty
    awk -v what="$1" -v bytes="$2" -v budget="$3" -v chip="$4" -v board="$board" 'BEGIN {
        if (budget == "") {
            verdict = "no budget yet, toolchain/dev budgets " board " writes it"
        } else {
            growth = 100 * (bytes - budget) / budget
            verdict = sprintf("budget %d, %+.1f %%", budget, growth)
            if (growth > 2 || growth < -2) {  # the band of tests/budgets/budgets_file.py
                verdict = verdict ", which tests refuse; toolchain/dev budgets " board " moves it"
            }
        }
        printf "  %-5s %7d of %d bytes (%.1f %%); %s\n", what, bytes, chip, 100 * bytes / chip, verdict
    }'
}

printf '%s\n' "$image"
line flash "$flash" "$(budget flash)" "$(fact FLASH_BYTES)"
line RAM "$ram" "$(budget static_ram)" "$(fact RAM_BYTES)"
bound=$(budget stack_bound)
printf '  stack %7d bytes reserved%s\n' "$stack" "${bound:+; $bound are the most it can need}"

tinymf=build/host/bin/tinymf
[ -x "$tinymf" ] || printf 'Next, the command line: toolchain/dev build host tinymf\n'
if [ -n "$(fact QEMU)" ]; then
    neurons=$(budget neurons)
    [ "$neurons" != 64 ] || neurons= # as in the file
    printf 'Next, in the emulator: %s capture host_tools/experiments/chaos.toml%s --from qemu:%s\n' \
        "$tinymf" "${neurons:+ --set network.neurons=$neurons}" "$board"
fi
if grep -qE '^set\(TINYMF_BOARD_(OPENOCD|FLASH|UF2_DRIVE)( |$)' "$facts"; then
    printf 'Next, on a board: toolchain/dev flash %s\n' "$board"
fi
