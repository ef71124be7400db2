# SPDX-License-Identifier: Apache-2.0
# The verbs that measure and write a table; part of toolchain/dev.
# shellcheck shell=bash
# shellcheck disable=SC2154  # root and jobs are set by toolchain/dev

bench() { # [Google Benchmark option...]: with options, no new table
    local table=tests/benchmark/RESULTS.md preset
    setup bench
    for preset in host-native host; do
        build "$preset" benchmarks
    done
    build mps2-an386 tinymf-instruction-count
    say "Measuring; leave the machine alone for six minutes"
    if [ $# -gt 0 ]; then
        measure "$@"
    else
        measure | tee "$table.new"
        mv "$table.new" "$table"
    fi
}

measure() { # [Google Benchmark option...]
    local preset
    printf '# Benchmarks\n\nWritten by toolchain/dev bench.\n'
    for preset in host-native host; do
        printf '\n## Preset %s\n\n' "$preset"
        # The competitor chooses its own kernel.
        env -u OPENBLAS_CORETYPE OPENBLAS_NUM_THREADS=1 \
            "build/$preset/bin/network_benchmark" "$@"
    done
    for preset in host-native host; do
        printf '\n## Mean field, preset %s\n\n' "$preset"
        "build/$preset/bin/mean_field_benchmark"
        printf '\n'
        "build/$preset/bin/mean_field_accuracy_benchmark"
    done
    printf '\n## Instructions on emulated boards\n\n```\n'
    env TINYMF_SOURCE_DIR="$root" TINYMF_BINARY_DIR="$root/build/host" \
        /usr/bin/python3 tests/emulator/each_board/instruction_count_test.py mps2-an386
    printf '```\n'
}

physics() { # [WORD...]: experiments whose name holds one of them, and no new table
    local table=tests/physics/RESULTS.md
    setup test
    build host tinymf
    say "Networks of growing size against theory; a quarter of an hour"
    export TINYMF=build/host/bin/tinymf
    if [ $# -gt 0 ]; then
        /usr/bin/python3 tests/physics/finite_size.py "$@"
    else
        /usr/bin/python3 tests/physics/finite_size.py | tee "$table.new"
        mv "$table.new" "$table"
    fi
}

experiments() { # [DRAWS [FIRST]]: so many of each method; with FIRST from that draw on
    local table=tests/property/EXPERIMENTS.md draws=${1:-200} first=${2:-1} number=^[1-9][0-9]*$
    local log commit
    [[ $draws =~ $number && $first =~ $number ]] ||
        die "experiments takes two whole numbers, DRAWS and FIRST; not '$*'"
    setup test
    build host property_random_experiments_test
    say "Drawing $draws legal experiments a method from number $first on"
    commit=$(toolchain/measured_commit.py "$table")
    log=$(mktemp)
    local verdict=0
    env TINYMF_DRAWS="$draws" TINYMF_FIRST_DRAW="$first" TINYMF_SOURCE_DIR="$root" \
        TINYMF_BINARY_DIR="$root/build/host" build/host/bin/property_random_experiments_test |
        tee "$log" || verdict=$?
    {
        printf '<!-- SPDX-License-Identifier: Apache-2.0 -->\n# Random legal experiments\n\n'
        printf 'Written by toolchain/dev experiments %s %s at %s.\n' "$draws" "$first" "$commit"
        printf '\nEvery activation, integrator, noise, stimulus, start, scalar, storage and '
        printf 'observable, gains from 0 to\n100, reciprocities from -1 to 1, networks of at most '
        printf '64 neurons; each run on the emulated board and\njudged against host and reference. '
        printf 'Diverged: non-finite or saturated runs, which fail rightly.\nNo reference: no '
        printf 'solution exists, or none is known. Seconds are of the processor. By theory: what\n'
        printf 'compare says without --against of runs of 200 tau without a stimulus.\n\n'
        printf '| method | draws | passed | diverged | no reference | false FAIL | '
        printf 'slowest, s |\n'
        printf '| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n'
        grep '^| ' "$log"
    } >"$table"
    rm -f "$log"
    cat "$table"
    return "$verdict"
}

scan() { # [--thin SEED]: a random part of the grid, and no new table
    local table=tests/physics/SCAN.md
    setup test
    build host scan
    if [ $# -gt 0 ]; then
        build/host/bin/scan "$@"
        return
    fi
    say "Theory and device solvers over their whole ranges; some minutes"
    {
        printf '<!-- SPDX-License-Identifier: Apache-2.0 -->\n'
        printf '# Theory and device solvers over their whole ranges\n\nWritten by toolchain/dev scan '
        printf 'at commit %s. Errors are in\nthe unit of their bound, relative ' \
            "$(toolchain/measured_commit.py "$table")"
        printf 'where it has none; worst is what takes the largest share of its bound.\n\n'
        build/host/bin/scan
    } | tee "$table.new"
    mv "$table.new" "$table"
}

measure_images() { # WHAT SCRIPT BOARD...: of the boards, with the script
    local what=$1 script=$2 board
    shift 2
    build host tinymf
    for board in "$@"; do
        require_board "$board"
    done
    build_boards "$@"
    say "$what"
    env TINYMF_SOURCE_DIR="$root" TINYMF_BINARY_DIR="$root/build/host" \
        TINYMF="$root/build/host/bin/tinymf" /usr/bin/python3 "$script" "$@"
}

budgets() { # [BOARD...]: all, unless named; others keep their figures
    local boards_named=("$@")
    [ $# -gt 0 ] || mapfile -t boards_named < <(boards)
    setup test riscv
    measure_images "Measuring" tests/budgets/write_budgets.py "${boards_named[@]}"
}

latency() { # [BOARD...]: all with a strict model, unless named; others keep their figures
    local boards_named=("$@")
    [ $# -gt 0 ] ||
        mapfile -t boards_named < <(grep -l register-strict firmware/boards/*/board.cmake |
            xargs -n 1 dirname | xargs -n 1 basename)
    setup test riscv witnesses
    measure_images "Counting instructions between a tick and its service" \
        tests/witness/clock_latency.py "${boards_named[@]}"
}

golden() { # an hour or two; an interrupted run goes on where it was
    local board emulated=()
    setup test riscv golden
    command -v node >/dev/null || install_for node
    build host golden_matrix_rows tinymf
    for board in $(boards); do
        ! grep -q TINYMF_BOARD_QEMU "firmware/boards/$board/board.cmake" || emulated+=("$board")
    done
    byte_order # first: a new table in the tree would make its programs those of another build
    say "Running the golden matrix on ${#emulated[@]} boards and the host"
    env TINYMF_SOURCE_DIR="$root" TINYMF_BINARY_DIR="$root/build/host" \
        /usr/bin/python3 tests/golden/matrix.py --jobs "$jobs" "${emulated[@]}"
}

# Captures made on a big-endian machine are read on this one, and the other way round.
byte_order() {
    local tree=build/golden/s390x-tools
    say "Exchanging captures with a big-endian machine"
    quietly cmake -S . -B "$tree" -G Ninja --toolchain tests/golden/byte_order/s390x.cmake \
        -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE=-O1 -DTINYMF_TESTS=OFF \
        -DTINYMF_BENCHMARKS=OFF
    cmake --build "$tree" -j "$jobs" --target tinymf
    env TINYMF_SOURCE_DIR="$root" /usr/bin/python3 tests/golden/byte_order/exchange.py \
        build/host/bin/tinymf "$tree/bin/tinymf"
}

mutate() { # [FOLDER...]: all, unless named; others keep their scores
    setup test mutate
    env TINYMF_SOURCE_DIR="$root" TINYMF_BINARY_DIR="$root/build/mutate" \
        /usr/bin/python3 tests/mutation/mutate.py "$@"
}

exhaustive() { # [FUNCTION]: one function only, and no new table
    local table=tests/exhaustive/RESULTS.md
    build host exhaustive
    say "Every float32 input; minutes a function"
    if [ $# -gt 0 ]; then
        build/host/bin/exhaustive "$@"
    else
        build/host/bin/exhaustive | tee "$table.new"
        mv "$table.new" "$table"
    fi
}

fuzz() { # [TARGET [SECONDS]]: all targets a quarter of an hour each, unless named
    local target targets
    setup test
    targets=$(cd tests/fuzz && printf '%s\n' *_fuzzer.cpp | sed 's/_fuzzer\.cpp$//')
    [ $# = 0 ] || grep -qx -- "$1" <<<"$targets" ||
        die "no target '$1'; targets: ${targets//$'\n'/ }"
    [[ ${2:-900} =~ ^[1-9][0-9]*$ ]] || die "fuzz takes whole seconds; not '$2'"
    build host-sanitized "${1:+fuzz_}${1:-fuzzers}"
    export TINYMF_SOURCE_DIR=$root TINYMF_BINARY_DIR=$root/build/host-sanitized
    for target in ${1:-$targets}; do
        say "Fuzzing $target for ${2:-900} s"
        /usr/bin/python3 tests/fuzz/campaign.py "$target" "${2:-900}" || return
    done
}

cavity() { # [tinymf cavity option...]: with options, no new table
    local table=tests/cavity/RESULTS.md experiment=host_tools/experiments/cavity.toml
    build host tinymf
    if [ $# -gt 0 ]; then
        build/host/bin/tinymf cavity "$experiment" "$@"
        return
    fi
    say "Adding neurons to networks of up to 4000; minutes"
    {
        printf '# Cavity check\n\nWritten by toolchain/dev cavity.\n\n```\n'
        build/host/bin/tinymf cavity "$experiment" --neurons 250,1000,4000
        printf '\nNull test, without reciprocity:\n\n'
        build/host/bin/tinymf cavity "$experiment" --neurons 250,1000 --set model.reciprocity=0
        printf '```\n'
    } | tee "$table.new"
    mv "$table.new" "$table"
}
