#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Each fault seeded into a right image is found by the strict run, and as what it is; without a seed the
image boots and introduces itself without a finding. The tables themselves are read as they are written.
"""

import os
import pathlib
import sys
import unittest

SOURCE = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"])
sys.path[:0] = [str(SOURCE / "tests/witness"), str(SOURCE / "tests/emulator/each_board")]
from witness_packages import require_unicorn, skip_without_compiler  # noqa: E402

require_unicorn()
from emulated_board import EmulatedBoard  # noqa: E402
from strict import registers  # noqa: E402
from strict.conditions import Conditions  # noqa: E402
from strict.processor import Stopped  # noqa: E402
from strict.image import Image  # noqa: E402
from strict.seeds import SEEDS  # noqa: E402
from strict_run import BOARDS, core_of  # noqa: E402

BOOT_SECONDS = 0.15  # a start-up and a HELLO at 115,200 baud
FEWEST_BYTES = 60


def booted(test, board, under):
    """The chip after its first moments, in which nobody answers."""
    skip_without_compiler(test, EmulatedBoard(board))
    core = core_of(board, Image(EmulatedBoard(board).image("tinymf-firmware")), under)
    chip, seconds = core.chip, 0.0
    try:
        while seconds < BOOT_SECONDS and chip.sent < FEWEST_BYTES:
            before = chip.now
            if core.run():
                upcoming = [time for time in [*chip.events(), core.next_wrap()] if time > chip.now]
                chip.now = min(upcoming, default=chip.now + 1000)
            seconds += (chip.now - before) / chip.core_hertz()
    except Stopped as stop:
        chip.find("stopped", str(stop))
    return chip


class SeededFaults(unittest.TestCase):
    def test_each_is_found(self):
        for name, seed in SEEDS.items():
            with self.subTest(seed=name):
                under = Conditions(start=seed.start, crystal=seed.crystal, seeds=[seed])
                kinds = {kind for kind, _ in booted(self, seed.board, under).findings}
                print(f"{name}: {seed.meaning} on {seed.board}: {', '.join(sorted(kinds))}", flush=True)
                self.assertIn(seed.finding, kinds)

    def test_without_a_seed_nothing_is_found(self):
        for board in BOARDS:
            for start in ("power", "loader"):
                with self.subTest(board=board, start=start):
                    chip = booted(self, board, Conditions(start=start))
                    self.assertEqual(chip.findings, {})
                    self.assertGreaterEqual(chip.sent, FEWEST_BYTES)

    def test_they_are_of_enough_kinds(self):
        self.assertGreaterEqual(len({seed.finding for seed in SEEDS.values()}), 12)
        self.assertEqual({seed.board for seed in SEEDS.values()}, set(BOARDS))


class Tables(unittest.TestCase):
    GOOD = 'block A 0x40000000 gate=B.EN:3 delay=2 "Manual 1"\nR 0x04 rw 0x000000ff 0x00000001\n'

    def test_reads_blocks_and_registers(self):
        register, = registers.parse("# words\n" + self.GOOD).values()
        self.assertEqual((register.name, register.address, register.access), ("A.R", 0x40000004, "rw"))
        self.assertEqual((register.defined, register.reset), (0xFF, 1))
        block = register.block
        self.assertEqual((block.gate, block.gate_bit, block.delay, block.source),
                         ("B.EN", 3, 2, "Manual 1"))

    def test_refuses_each_damage_by_its_line(self):
        for damaged in (self.GOOD.replace(' "Manual 1"', ""), self.GOOD.replace("rw", "wr"),
                        self.GOOD.replace("0x000000ff", "0xff"), self.GOOD.split("\n")[1],
                        self.GOOD + "S 0x04 r 0x00000000 0x00000000\n"):
            with self.subTest(text=damaged), self.assertRaisesRegex(ValueError, "^line [123]: "):
                registers.parse(damaged)

    def test_every_table_is_sound(self):
        for path in sorted(registers.TABLES.glob("*.txt")):
            table = registers.load(path.stem)
            names = {register.name for register in table.values()}
            print(f"{path.stem}: {len(table)} registers")
            self.assertGreater(len(table), 15)
            for register in table.values():
                self.assertTrue(register.block.gate in names or not register.block.gate, register)


if __name__ == "__main__":
    unittest.main()
