#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`toolchain/dev build BOARD` builds the application alone, says what it takes of its budget as the
image itself shows it, and names a next command that works."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import unittest

SOURCE = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"])
sys.path[:0] = [str(SOURCE / "tests/budgets"), str(SOURCE / "tests/emulator/each_board")]
from emulated_board import SKIPPED, EmulatedBoard  # noqa: E402
from linked_image import LinkedImage  # noqa: E402

EMULATED, FLASH_ONLY, BOTH, SMALL = "mps2-an386", "nucleo-h743zi2", "netduinoplus2", "stm32vldiscovery"
EMULATE = "Next, in the emulator: build/host/bin/tinymf capture host_tools/experiments/chaos.toml"
BUDGETS = tomllib.loads((SOURCE / "firmware/budgets.toml").read_text())
IMAGE = "tinymf-firmware"


def said_by(*command):
    done = subprocess.run(command, cwd=SOURCE, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def summary(board, image, budgets=None, root=SOURCE):
    """What toolchain/image_summary.sh says; with other budgets from a copy of what it reads."""
    if budgets is None:
        return said_by(root / "toolchain/image_summary.sh", board, image)
    with tempfile.TemporaryDirectory() as name:
        copy = pathlib.Path(name)
        for path in ("toolchain/image_summary.sh", f"firmware/boards/{board}/board.cmake"):
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(SOURCE / path, copy / path)
        (copy / "firmware/budgets.toml").write_text(budgets)
        return summary(board, image, root=copy)


def next_commands(said):
    return [line for line in said.splitlines() if line.startswith("Next")]


class Build(unittest.TestCase):
    def check(self, board):
        """What the command says, after a look at its numbers."""
        images = SOURCE / "build" / board / "bin"
        before = {path: path.stat().st_mtime_ns for path in images.glob("*.elf")}
        said = said_by("toolchain/dev", "build", board)
        after = {path: path.stat().st_mtime_ns for path in images.glob("*.elf")}
        changed = {path.stem for path in after if before.get(path) != after[path]}
        self.assertLessEqual(changed, {IMAGE}, "one image, and no other")
        flash, ram, stack = LinkedImage(images / f"{IMAGE}.elf", EmulatedBoard(board).tools).memory()
        budget = BUDGETS[board]
        self.assertRegex(said, rf"\n  flash +{flash} of \d+ bytes \([\d.]+ %\); budget {budget['flash']}, [+-]\d\.\d %\n")
        self.assertRegex(said, rf"\n  RAM +{ram} of \d+ bytes \([\d.]+ %\); budget {budget['static_ram']}, [+-]\d\.\d %\n")
        self.assertRegex(said, rf"\n  stack +{stack} bytes reserved; {budget['stack_bound']} are the most it can need\n")
        return said

    def test_of_an_emulated_board(self):
        said = self.check(EMULATED)
        self.assertEqual(next_commands(said), [f"{EMULATE} --from qemu:{EMULATED}"])
        with tempfile.TemporaryDirectory() as folder:
            command = EMULATE.partition(": ")[2].split() + ["--from", f"qemu:{EMULATED}"]
            self.assertIn("completed", said_by(*command, "-o", f"{folder}/run.tmf"))

    def test_of_a_board_that_is_only_flashed(self):
        said = self.check(FLASH_ONLY)
        self.assertEqual(next_commands(said), [f"Next, on a board: toolchain/dev flash {FLASH_ONLY}"])


class Summary(unittest.TestCase):
    """Of other boards and budgets; any image shows them."""

    def setUp(self):
        self.image = SOURCE / "build" / EMULATED / f"bin/{IMAGE}.elf"
        self.flash = LinkedImage(self.image, EmulatedBoard(EMULATED).tools).memory()[0]

    def test_names_what_a_board_can_do(self):
        self.assertEqual(next_commands(summary(BOTH, self.image)),
                         [f"{EMULATE} --from qemu:{BOTH}", f"Next, on a board: toolchain/dev flash {BOTH}"])
        self.assertIn(f"{EMULATE} --set network.neurons=16 --from qemu:{SMALL}\n", summary(SMALL, self.image))

    def test_tells_growth_and_savings_that_tests_refuse(self):
        other = "[mps2-an385]\nflash = 1\nstatic_ram = 1\n"
        for part, refused in ((1.03, True), (1.015, False), (0.985, False), (0.97, True)):
            budget = round(self.flash / part)
            said = summary(EMULATED, self.image, f"{other}[{EMULATED}]\nflash = {budget}\nstatic_ram = 9\n"
                                                 f"[{EMULATED}.profile_flash]\nflash = 2\n{other}")
            change = f"{100 * (self.flash - budget) / budget:+.1f} %"
            line = next(line for line in said.splitlines() if line.startswith("  flash"))
            self.assertIn(f"budget {budget}, {change}", line)
            self.assertEqual("which tests refuse; toolchain/dev budgets" in line, refused, line)

    def test_says_that_a_board_has_no_budget_yet(self):
        said = summary(EMULATED, self.image, "[mps2-an385]\nflash = 1\n")
        self.assertEqual(said.count("; no budget yet, toolchain/dev budgets mps2-an386 writes it\n"), 2)


if __name__ == "__main__":
    if not re.search(r"/build/host$", os.environ["TINYMF_BINARY_DIR"]):
        print("skipped: toolchain/dev uses build/host, and this build tree is elsewhere")
        sys.exit(SKIPPED)
    if not shutil.which("arm-none-eabi-g++") or not shutil.which("qemu-system-arm"):
        print("skipped: toolchain/dev setup arm installs compiler and emulator")
        sys.exit(SKIPPED)
    unittest.main()
