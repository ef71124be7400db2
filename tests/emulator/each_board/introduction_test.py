#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a board says when it starts after a fault: HELLO with the reset cause, FAULT with the record
that lay in its memory, and, asked for it, SELFTEST with the known answers."""

import pathlib
import struct
import sys
import tempfile

from emulated_board import board_under_test
from serial_line import emulated_line
from wire_frames import crc32c, on_wire, read_frame

HELLO, FAULT, SELFTEST, RUN_SELFTEST = 0x01, 0x17, 0x1B, 0x48
SCHEMA = 1
POWER_ON, PIN = 1, 2  # QEMU's nRF51 reports a pin reset
BUS_FAULT = 6
MAGIC, VERSION = 0x464D4E54, 1
WRONG_MODES = 0b1110  # flush to zero, default NaN, other rounding
IMAGE = "tinymf-firmware"


def selftest_command(number):
    return on_wire(struct.pack("<BBIII", RUN_SELFTEST, SCHEMA, 0, 0, number))


def record():
    """As a bus fault in step 41 would have left it."""
    words = [MAGIC, VERSION, BUS_FAULT, 3, 0x1234, 0x5678, 0x20000100, 0, 0x8200, 0, 0xDFFFFFF0, 41,
             4, 1, 0]
    body = struct.pack("<15I", *words)
    return body + struct.pack("<I", crc32c(body))


def reset_cause_of(hello):
    at = 4
    for skipped in (0, 0, 0, 4, 0):  # version, hash, compiler, flags fingerprint, board
        at += skipped if skipped else 1 + hello[at]
    return hello[at]


def main():
    board = board_under_test()
    place = next(address for name, address, _ in board.sized_symbols(IMAGE)
                 if name.endswith("12fault_recordE"))
    with tempfile.TemporaryDirectory() as name:
        file = pathlib.Path(name, "record")
        file.write_bytes(record())
        command = board.command(IMAGE, "-device",
                                f"loader,file={file},addr={place:#x},force-raw=on")
        with emulated_line(command) as line:
            kind, hello = read_frame(line)
            assert kind == HELLO, kind
            cause = reset_cause_of(hello)
            assert cause in (POWER_ON, PIN), cause
            kind, fault = read_frame(line)
            assert kind == FAULT, f"{kind:#x} follows HELLO"
            assert fault == struct.pack("<BII", BUS_FAULT, 41, 3) + record(), fault.hex()

            line.write(selftest_command(number=1))
            while kind != SELFTEST:
                kind, result = read_frame(line)
    passed, functions, network, generator, modes = struct.unpack("<BIQBI", result)
    print(f"{board.name}: reset cause {cause}, fault told; functions {functions:08x}, network "
          f"{network:016x}, modes {modes:04b}")
    assert passed == 1 and generator == 1, result.hex()
    assert modes & WRONG_MODES == 0, f"mode bits {modes:04b}"
    return 0


if __name__ == "__main__":
    sys.exit(main())
