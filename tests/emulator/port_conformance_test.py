#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs each board's conformance image under QEMU, plays the host's part, and checks the figures."""

import os
import pathlib
import queue
import re
import shlex
import shutil
import subprocess
import sys
import threading
import time

SOURCE = pathlib.Path(os.environ.get("TINYMF_SOURCE_DIR", pathlib.Path(__file__).parents[2]))
ECHOED = bytes((i * 7 + i // 256) & 0xFF for i in range(4096))
BURST = bytes((i * 13) & 0xFF for i in range(600))
SENT = bytes(i & 0xFF for i in range(4096))
TIME_LIMIT = 120

# Where each provoked reset must have happened; overflow: the deepest call that the stack shows.
PLACES = {
    "fatal": "provoke_fatal",
    "assertion": "provoke_assertion",
    "undefined_instruction": "provoke_undefined_instruction",
    "bus_fault": "provoke_bus_fault",
    "stack_overflow": "provoke_stack_overflow",
}
FUNCTIONS = ["init", "cycles", "wait", "write", "read", "restart", *PLACES]


class Board:
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


def board_fact(board, name):
    text = (SOURCE / "firmware/boards" / board / "board.cmake").read_text()
    return re.search(rf"set\({name}\s+(.*?)\)", text, re.DOTALL).group(1)


def function_at(image, address):
    """Name of the function whose symbol covers `address`."""
    symbols = subprocess.run(["arm-none-eabi-nm", "-S", image], check=True,
                             capture_output=True, text=True).stdout
    for line in symbols.splitlines():
        match = re.fullmatch(r"([0-9a-f]{8}) ([0-9a-f]{8}) [tTwW] (.*)", line)
        if match and int(match[1], 16) & ~1 <= address < (int(match[1], 16) & ~1) + int(match[2], 16):
            return match[3]
    return "no function"


def run(board, image):
    emulator = shlex.split(board_fact(board, "TINYMF_BOARD_QEMU"))
    command = [*emulator, "-icount", "shift=0,sleep=off", "-display", "none", "-monitor", "none",
               "-serial", "stdio", "-kernel", str(image)]
    link = Board(command)
    passed, figures, places = [], {}, {}
    try:
        while not (line := link.line()).startswith("CONFORMANCE "):
            word, *rest = line.split()
            if word == "PASS":
                passed.append(rest[0])
            elif word == "FAIL":
                raise AssertionError(line)
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
    assert passed == FUNCTIONS, f"passed {passed}, expected {FUNCTIONS}"
    assert line == f"CONFORMANCE {len(FUNCTIONS)} passed, 0 failed", line
    assert figures["burst_sum"] == sum(BURST), figures
    # -icount shift=0 makes one instruction take one nanosecond.
    expected = int(board_fact(board, "TINYMF_BOARD_CLOCK_HZ")) // 1000
    assert abs(figures["million_instructions"] - expected) <= 8, figures
    assert 999 <= figures["ten_ticks_per_mille"] <= 1000, figures
    assert 64 <= figures["stack_high_water"] <= figures["stack_bytes"] * 3 // 4, figures
    for name, function in PLACES.items():
        found = function_at(image, places[name])
        assert function in found, f"{name}: pc in {found}, expected {function}"
        print(f"  {name}: pc 0x{places[name]:08x} lies in {function}")


def images():
    """board -> image, from the arguments BOARD=IMAGE or from build/<board>."""
    if len(sys.argv) > 1:
        return {board: pathlib.Path(image)
                for board, image in (argument.split("=", 1) for argument in sys.argv[1:])}
    return {folder.parent.name: SOURCE / "build" / folder.parent.name / "bin/tinymf-conformance.elf"
            for folder in sorted(SOURCE.glob("firmware/boards/*/board.cmake"))}


def main():
    skipped = not shutil.which("qemu-system-arm")
    if skipped:
        print("skipped: qemu-system-arm is not installed")
        return 77
    for board, image in images().items():
        print(board)
        if image.exists():
            run(board, image)
        else:
            print(f"  skipped: no {image}; toolchain/dev build {board} makes it")
            skipped = True
    return 77 if skipped else 0


if __name__ == "__main__":
    sys.exit(main())
