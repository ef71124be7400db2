#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A board's flash tool fits the board, as far as that shows without one connected.

OpenOCD reads the whole configuration and stops where it would open the adapter: the target must be of
the board's architecture, and a bank of flash must lie where the image does. Other tools are given the
address of flash. Skipped, and listed so, where openocd is not installed.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["TINYMF_SOURCE_DIR"], "tests/emulator/each_board"))
from emulated_board import SKIPPED, SOURCE, EmulatedBoard  # noqa: E402
from memory_regions import memory_regions  # noqa: E402

# Some configurations call init themselves.
STOP_AT_INIT = """
rename init open_the_adapter
proc init {} {
    foreach target [target names] { echo "TARGET [$target cget -type]" }
    foreach bank [flash list] { echo "BANK [dict get $bank base]" }
    shutdown
}
"""
ARCHITECTURES = {"arm": {"cortex_m", "hla_target"}, "riscv": {"riscv"}}
CHOSEN_BY_THE_CHIP = 0  # a bank without address takes the chip's own


def openocd_says(options):
    done = subprocess.run(["openocd", "-c", STOP_AT_INIT, *options, "-c", "init"], text=True,
                          capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return (set(re.findall(r"^TARGET (\S+)$", done.stderr, re.MULTILINE)),
            {int(base) for base in re.findall(r"^BANK (\d+)$", done.stderr, re.MULTILINE)})


def check_openocd(board, flash):
    options = shlex.split(board.fact("TINYMF_BOARD_OPENOCD"))
    targets, banks = openocd_says(options)
    expected = ARCHITECTURES[board.packages]
    assert targets and targets <= expected, f"targets {targets}, expected {expected}"
    fitting = [bank for bank in banks if bank in (CHOSEN_BY_THE_CHIP, flash.begin)
               or bank <= flash.begin < bank + flash.size]
    assert fitting, f"banks at {banks}, image at {flash}"
    print(f"{board.name}: openocd {' '.join(options)}: {targets.pop()}, flash at {fitting[0]:#x}")


def check_other_tool(board, flash):
    tool, *options = board.fact("TINYMF_BOARD_FLASH").split()
    packages = (SOURCE / "toolchain/packages.txt").read_text()
    package = {"st-flash": "stlink-tools"}.get(tool, tool)
    assert re.search(rf"^flash +{package} ", packages, re.MULTILINE), f"{tool}: not in packages.txt"
    addresses = re.findall(r"\b0x[0-9a-fA-F]+", " ".join(options))
    assert [int(address, 16) for address in addresses] == [flash.begin], addresses
    assert any("IMAGE" in option for option in options), options
    print(f"{board.name}: {tool} {' '.join(options)}")


def main():
    board = EmulatedBoard(sys.argv[1])
    flash = memory_regions(board)["FLASH"]
    if board.fact("TINYMF_BOARD_FLASH"):
        check_other_tool(board, flash)
    if not board.fact("TINYMF_BOARD_OPENOCD"):
        assert board.emulator, "neither emulated nor flashed"
        print(f"{board.name} exists in QEMU only: nothing to flash")
        return 0
    if not shutil.which("openocd"):
        print("skipped: openocd not installed; toolchain/dev setup flash installs it")
        return SKIPPED
    check_openocd(board, flash)
    return 0


if __name__ == "__main__":
    sys.exit(main())
