#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Plays the host's part of the board's conformance image, under QEMU or, with a serial device as
the second argument, on the board itself, and checks the figures.

On a board: flash the image, start this, and reset the board.
"""

import sys

from emulated_board import board_under_test
from serial_line import device_line, emulated_line

ECHOED = bytes((i * 7 + i // 256) & 0xFF for i in range(4096))
BURST = bytes((i * 13) & 0xFF for i in range(600))
SENT = bytes(i & 0xFF for i in range(4096))
FIRST_LINE = "FIGURE reset_cause"
IMAGE = "tinymf-conformance"

# Where each provoked reset must have happened; overflow: the deepest call that the stack shows.
PLACES = {
    "fatal": "provoke_fatal",
    "assertion": "provoke_assertion",
    "undefined_instruction": "provoke_undefined_instruction",
    "bus_fault": "provoke_bus_fault",
    "stack_overflow": "provoke_stack_overflow",
    "watchdog": "provoke_endless_step",
}
FUNCTIONS = ["init", "cycles", "wait", "write", "read", "restart", *PLACES]


def function_at(board, address):
    """Name of the function whose symbol covers `address`; bit 0 of a Thumb symbol is a mark."""
    for name, begin, size in board.sized_symbols(IMAGE):
        if begin & ~1 <= address < (begin & ~1) + size:
            return name
    return "no function"


def open_line(board, device):
    if device:
        return device_line(device)
    if not board.emulator:
        sys.exit(f"{board.name} has no emulator: name the serial device it is connected to")
    return emulated_line(board.command(IMAGE, "-icount", "shift=0,sleep=off"))


def check_emulated_time(board, figures):
    """-icount shift=0 makes one instruction take one nanosecond."""
    expected = int(board.fact("TINYMF_BOARD_CLOCK_HZ")) // 1000
    assert abs(figures["million_instructions"] - expected) <= 8, figures


def run(board, device=None):
    excepted = board.conformance_exceptions
    for name in excepted:
        print(f"  EXCEPTION {name}: board.cmake says why {board.name} cannot pass it")
    expected_passes = [name for name in FUNCTIONS if name not in excepted]
    passed, figures, places = [], {}, {}
    with open_line(board, device) as link:
        link.skip_to(FIRST_LINE)  # a board may have been talking before
        while not (line := link.line()).startswith("CONFORMANCE "):
            word, *rest = line.split()
            if word == "PASS":
                passed.append(rest[0])
            elif word == "FAIL":
                assert rest[0] in excepted, line
            elif word == "FIGURE":
                figures[rest[0]] = int(rest[1])
            elif word == "PC":
                places[rest[0]] = int(rest[1], 16)
            elif word == "SEND":
                assert link.read(len(SENT)) == SENT, "bytes sent differ"
            elif word == "ECHO":
                link.write(ECHOED)
                assert link.read(len(ECHOED)) == ECHOED, "bytes echoed differ"
            elif word == "BURST":
                link.write(BURST)
            print(f"  {line}", flush=True)
    print(f"  {line}")
    assert passed == expected_passes, f"passed {passed}, expected {expected_passes}"
    assert line == f"CONFORMANCE {len(passed)} passed, {len(excepted)} failed", line
    assert figures["burst_sum"] == sum(BURST), figures
    assert figures["sent_before_restart"] == 1, figures
    if not device:
        check_emulated_time(board, figures)
    assert 999 <= figures["ten_ticks_per_mille"] <= 1000, figures
    assert 64 <= figures["stack_high_water"] <= figures["stack_bytes"] * 3 // 4, figures
    for name, function in PLACES.items():
        if name in excepted:
            continue
        found = function_at(board, places[name])
        assert function in found, f"{name}: pc in {found}, expected {function}"
        print(f"  {name}: pc 0x{places[name]:08x} lies in {function}")


if __name__ == "__main__":
    run(board_under_test(), *sys.argv[1:2])
