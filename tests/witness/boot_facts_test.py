#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What images say and do around a reset, on the strict models: reset causes by their registers, an
interrupt that was withdrawn before it was claimed, the last byte before a reset, the chip's watchdog,
and a board whose crystal never starts."""

import os
import pathlib
import struct
import sys
import unittest

SOURCE = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"])
sys.path[:0] = [str(SOURCE / "tests/witness"), str(SOURCE / "tests/emulator/each_board")]
from witness_packages import require_unicorn, skip_without_compiler  # noqa: E402

require_unicorn()
from emulated_board import EmulatedBoard  # noqa: E402
from introduction_test import HELLO, reset_cause_of  # noqa: E402
from strict.boards import BOARDS  # noqa: E402
from strict.conditions import Conditions  # noqa: E402
from strict.image import Image  # noqa: E402
from strict.seeds import Seed  # noqa: E402
from strict_run import core_of  # noqa: E402
from wire_frames import frames_of  # noqa: E402

POWER_ON, PIN, SOFTWARE, WATCHDOG = 1, 2, 3, 4
NO_CLOCK = 14
MAGIC = 0x464D4E54
# Where a board's light is switched: register and bit, and what two changes write to it.
LIGHTS = {"hifive1-revb": ("GPIO.OUTPUT_VAL", 22, [1, 0]), "lm3s6965evb": ("GPIOF.DATA0", 0, [1, 0]),
          "raspberry-pi-pico": ("SIO.GPIO_OUT_XOR", 25, [1, 1])}
ECHOED = bytes((i * 7 + i // 256) & 0xFF for i in range(4096))
BURST = bytes((i * 13) & 0xFF for i in range(600))


def run(core, until, seconds):
    """Lets the image run until something is true of it; False when the time passed first."""
    chip, spent = core.chip, 0.0
    while spent < seconds:
        before = chip.now
        if core.run():
            upcoming = [time for time in [*chip.events(), core.next_wrap()] if time > chip.now]
            chip.now = min(upcoming, default=chip.now + 1000)
        spent += (chip.now - before) / chip.core_hertz()
        if until(chip):
            return True
        if core.wants_reset:
            chip.before_reset()
            chip.system_reset()
            core.restart()
            core.resets += 1
    return False


def started(test, board, image="tinymf-firmware", under=None):
    facts = EmulatedBoard(board)
    skip_without_compiler(test, facts)
    core = core_of(board, Image(facts.image(image)), under or Conditions())
    core.resets = 0
    return core


def first_frame(core):
    assert run(core, lambda chip: b"\0" in chip.outgoing, 1.0), "no frame came"
    (kind, payload), = list(frames_of(bytes(core.chip.outgoing)))[:1]
    assert kind == HELLO, kind
    return payload


class ResetCause(unittest.TestCase):
    def of(self, board, reasons, scratch=0):
        core = started(self, board, under=Conditions(reset_reasons=reasons))
        if scratch:
            core.chip.set("WATCHDOG.SCRATCH0", scratch)
        return reset_cause_of(first_frame(core))

    def test_of_an_nrf5_is_the_pin_whatever_else_is_set(self):
        for board in ("microbit", "microbit-v2"):
            with self.subTest(board=board):
                self.assertEqual(self.of(board, 0), POWER_ON)
                self.assertEqual(self.of(board, 1 << 0), PIN)
                self.assertEqual(self.of(board, 1 << 1), WATCHDOG)
                self.assertEqual(self.of(board, 1 << 2), SOFTWARE)
                self.assertEqual(self.of(board, 0b1111), PIN)

    def test_of_an_rp2040_is_its_watchdog_only_after_its_own_program(self):
        board = "raspberry-pi-pico"
        self.assertEqual(self.of(board, 0), POWER_ON)
        self.assertEqual(self.of(board, 1 << 1), SOFTWARE, "the boot ROM ended a copy to its drive")
        self.assertEqual(self.of(board, 1 << 1, MAGIC), WATCHDOG)


class WithdrawnInterrupt(unittest.TestCase):
    def test_is_no_fault(self):
        claims = []

        def first_claim_is_empty(name, value):
            if name != "PLIC.CLAIM":
                return value
            claims.append(value)
            if len(claims) > 1:
                return value
            core.chip.claimed = False  # nobody has taken it
            return 0

        seed = Seed("hifive1-revb", "", "the source is withdrawn", read=first_claim_is_empty)
        core = started(self, "hifive1-revb", under=Conditions(seeds=[seed]))
        first_frame(core)
        self.assertGreater(len(claims), 1, "no interrupt came")
        self.assertEqual(core.resets, 0)


class Restart(unittest.TestCase):
    """The conformance image restarts on purpose, after it has been answered, with a line on its way."""

    def test_sends_the_last_byte_whole(self):
        for board in ("hifive1-revb", "lm3s6965evb", "nucleo-f446re"):
            with self.subTest(board=board):
                core = started(self, board, "tinymf-conformance")
                for words, answer in ((b"ECHO 4096\n", ECHOED), (b"BURST 600\n", BURST)):
                    self.assertTrue(run(core, lambda chip, w=words: w in chip.outgoing, 20.0), words)
                    core.chip.incoming.extend(answer)
                restarted = run(core, lambda chip: b"PASS restart" in chip.outgoing, 20.0)
                self.assertTrue(restarted, bytes(core.chip.outgoing[-200:]))
                self.assertGreater(core.resets, 0)
                self.assertNotIn("last byte", {kind for kind, _ in core.chip.findings})


class HardwareWatchdog(unittest.TestCase):
    """Ends a loop that holds interrupts back, to which the software's watchdog is blind."""

    def test_resets_a_loop_that_holds_interrupts_back(self):
        for board in sorted(BOARDS):
            with self.subTest(board=board):
                core = started(self, board)
                first_frame(core)
                core.chip.outgoing.clear()
                core.hold_interrupts_in_a_loop()
                seconds = 0.0
                while not core.wants_reset and seconds < 20:
                    core.run()
                    core.chip.now += core.chip.core_hertz() // 10
                    seconds += 0.1
                print(f"{board}: reset after {seconds:.1f} s", flush=True)
                self.assertTrue(core.wants_reset)
                self.assertGreater(seconds, 2.0, "the clock's interrupt may come once a second")
                core.chip.system_reset()
                core.restart()
                self.assertEqual(reset_cause_of(first_frame(core)), WATCHDOG)

    def test_is_fed_while_the_image_sleeps(self):
        for board in sorted(BOARDS):
            with self.subTest(board=board):
                core = started(self, board)
                first_frame(core)
                run(core, lambda chip: core.wants_reset, 15.0)
                self.assertFalse(core.chip.was_bitten)


def with_watched_light(test, board):
    """The board with a dead crystal, and the list of what it writes to its light."""
    core = started(test, board, under=Conditions(crystal="dead"))
    lights, (register, bit, _) = [], LIGHTS[board]

    def watch(name, address, value):
        if name == register:
            lights.append(value >> bit & 1)
        return address, value

    core.chip.conditions.seeds.append(Seed(board, "", "watches", write=watch))
    return core, lights


class DeadCrystal(unittest.TestCase):
    """Of boards whose internal oscillator is too inexact for the serial line; the others go on with it
    (each_board/strict_capture_test.py)."""

    def test_ends_no_wait_for_ever(self):
        for board, (_, _, flashes) in LIGHTS.items():
            with self.subTest(board=board):
                core, lights = with_watched_light(self, board)
                self.assertTrue(run(core, lambda chip, seen=lights: len(seen) >= 2, 10.0), "it waits for ever")
                self.assertEqual(lights, flashes)
                self.assertEqual(core.chip.findings, {})

    def test_ends_in_flashes_and_a_record(self):
        core, lights = with_watched_light(self, "hifive1-revb")
        place = next(address for name, address, _ in
                     EmulatedBoard("hifive1-revb").sized_symbols("tinymf-firmware")
                     if name.endswith("12fault_recordE"))
        self.assertTrue(run(core, lambda chip: core.wants_reset, 60.0), "it never tries again")
        self.assertEqual(lights[:4], [1, 0, 1, 0])
        magic, _, cause = struct.unpack("<3I", core.uc.mem_read(place, 12))
        self.assertEqual((magic, cause), (MAGIC, NO_CLOCK))


if __name__ == "__main__":
    unittest.main()
