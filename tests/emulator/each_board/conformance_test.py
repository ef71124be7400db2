#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the board's conformance image under QEMU, plays the host's part, and checks the figures."""

import os
import queue
import subprocess
import threading
import time

from emulated_board import board_under_test

ECHOED = bytes((i * 7 + i // 256) & 0xFF for i in range(4096))
BURST = bytes((i * 13) & 0xFF for i in range(600))
SENT = bytes(i & 0xFF for i in range(4096))
TIME_LIMIT = 120
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


class SerialLine:
    """The emulator's serial line as a stream of bytes with a deadline."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.chunks = queue.Queue()
        self.buffer = b""
        self.deadline = time.monotonic() + TIME_LIMIT
        threading.Thread(target=self._pump, daemon=True).start()

    def _pump(self):
        while chunk := os.read(self.process.stdout.fileno(), 65536):
            self.chunks.put(chunk)
        self.chunks.put(b"")

    def _fill(self):
        try:
            chunk = self.chunks.get(timeout=max(0.0, self.deadline - time.monotonic()))
        except queue.Empty:
            raise AssertionError(f"silent after {self.buffer[-200:]!r}") from None
        if not chunk:
            raise AssertionError(f"emulator ended after {self.buffer[-200:]!r}")
        self.buffer += chunk

    def read(self, count):
        while len(self.buffer) < count:
            self._fill()
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def line(self):
        while b"\n" not in self.buffer:
            self._fill()
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.decode("ascii")

    def write(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def close(self):
        self.process.kill()
        self.process.wait()


def function_at(board, address):
    """Name of the function whose symbol covers `address`; bit 0 of a Thumb symbol is a mark."""
    for name, begin, size in board.sized_symbols(IMAGE):
        if begin & ~1 <= address < (begin & ~1) + size:
            return name
    return "no function"


def run(board):
    excepted = board.conformance_exceptions
    for name in excepted:
        print(f"  EXCEPTION {name}: board.cmake says why {board.name} cannot pass it")
    expected_passes = [name for name in FUNCTIONS if name not in excepted]
    link = SerialLine(board.command(IMAGE, "-icount", "shift=0,sleep=off"))
    passed, figures, places = [], {}, {}
    try:
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
            print(f"  {line}")
    finally:
        link.close()

    print(f"  {line}")
    assert passed == expected_passes, f"passed {passed}, expected {expected_passes}"
    assert line == f"CONFORMANCE {len(passed)} passed, {len(excepted)} failed", line
    assert figures["burst_sum"] == sum(BURST), figures
    # -icount shift=0 makes one instruction take one nanosecond.
    expected = int(board.fact("TINYMF_BOARD_CLOCK_HZ")) // 1000
    assert abs(figures["million_instructions"] - expected) <= 8, figures
    assert 999 <= figures["ten_ticks_per_mille"] <= 1000, figures
    assert 64 <= figures["stack_high_water"] <= figures["stack_bytes"] * 3 // 4, figures
    for name, function in PLACES.items():
        if name in excepted:
            continue
        found = function_at(board, places[name])
        assert function in found, f"{name}: pc in {found}, expected {function}"
        print(f"  {name}: pc 0x{places[name]:08x} lies in {function}")


if __name__ == "__main__":
    run(board_under_test())
