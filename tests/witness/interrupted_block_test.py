#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""On the strict model of a Cortex-M an interrupt within an IT block does not make its handler conditional,
and the block goes on where it was (DDI 0403, B1.5.6: ITSTATE is kept on the stack and cleared).
Unicorn stops in such a block where a page ends."""

import os
import pathlib
import struct
import sys
import unittest

SOURCE = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"])
sys.path[:0] = [str(SOURCE / "tests/witness")]
from witness_packages import require_unicorn  # noqa: E402

require_unicorn()
from unicorn import arm_const as arm  # noqa: E402
from strict.conditions import Conditions  # noqa: E402
from strict.cortex_m import SYSTICK  # noqa: E402
from strict_run import core_of  # noqa: E402

FLASH, STACK_END = 0x08000000, 0x20001000
HANDLER, PAGE = FLASH + 0x200, FLASH + 0x400
CODE = struct.pack("<7H", 0x2001,  # movs r0, #1
                   0x2802,         # cmp r0, #2
                   0xBFB6,         # itet lt
                   0x3101,         # addlt r1, #1
                   0x3201,         # addge r2, #1
                   0x3301,         # addlt r3, #1
                   0xE7FE)         # b .
SERVICE = struct.pack("<4H", 0x3501,  # adds r5, #1
                      0x3601,         # adds r6, #1
                      0x2F00,         # cmp r7, #0: other flags than the block's
                      0x4770)         # bx lr
COUNTED = (arm.UC_ARM_REG_R1, arm.UC_ARM_REG_R2, arm.UC_ARM_REG_R3, arm.UC_ARM_REG_R5, arm.UC_ARM_REG_R6)


class Program:
    """In place of an image: vectors, the code above and nothing else."""

    def __init__(self, begin):
        self.end = begin + len(CODE) - 2
        vectors = struct.pack("<2I", STACK_END, begin | 1).ljust(4 * SYSTICK, b"\0")
        self.segments = [(FLASH, vectors + struct.pack("<I", HANDLER | 1)), (begin, CODE),
                         (HANDLER, SERVICE)]

    @staticmethod
    def place(address):
        return f"{address:#010x}"


def counted(begin, interrupted_at=None):
    """What the registers hold at the end of the program, the timer having asked there; None where the
    model did not stop at that place."""
    core = core_of("stm32vldiscovery", Program(begin), Conditions())
    core.check_stack_guard = lambda: None  # a matter of the firmware
    interrupted = interrupted_at is None
    while core.pc != core.image.end or core.exceptions.active:
        if core.pc == interrupted_at and not interrupted:
            interrupted = True
            core.requested.add(SYSTICK)
        core.single_steps = 2
        core.run()
    return [core.uc.reg_read(register) for register in COUNTED] if interrupted else None


class InterruptedBlock(unittest.TestCase):
    def test_without_an_interrupt(self):
        self.assertEqual(counted(PAGE), [1, 0, 1, 0, 0])

    def test_before_each_of_its_instructions(self):
        for instruction in (1, 2, 4, 5):  # behind `itet` itself Unicorn never stops
            with self.subTest(instruction=instruction):
                self.assertEqual(counted(PAGE - 2 * instruction, interrupted_at=PAGE), [1, 0, 1, 1, 1])


if __name__ == "__main__":
    unittest.main()
