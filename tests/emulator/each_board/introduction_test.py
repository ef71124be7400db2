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

HELLO, FAULT, SELFTEST, RUN_SELFTEST = 0x01, 0x17, 0x1B, 0x48
SCHEMA = 1
POWER_ON, PIN = 1, 2  # QEMU's nRF51 reports a pin reset
BUS_FAULT = 6
MAGIC, VERSION = 0x464D4E54, 1
WRONG_MODES = 0b1110  # flush to zero, default NaN, other rounding
IMAGE = "tinymf-firmware"


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def decoded(block):
    result = bytearray()
    while block:
        code = block[0]
        result += block[1:code]
        block = block[code:]
        if code < 255 and block:
            result.append(0)
    return bytes(result)


def encoded(data):
    """Blocks of less than 254 bytes are enough here."""
    return b"".join(bytes([len(part) + 1]) + part for part in data.split(b"\0")) + b"\0"


def selftest_command(number):
    frame = struct.pack("<BBIII", RUN_SELFTEST, SCHEMA, 0, 0, number)
    return encoded(frame + struct.pack("<I", crc32c(frame)))


def payloads(line):
    """(kind, payload) of every frame; a damaged one ends the test."""
    while True:
        block = bytearray()
        while (byte := line.read(1)) != b"\0":
            block += byte
        frame = decoded(bytes(block))
        assert crc32c(frame[:-4]) == struct.unpack("<I", frame[-4:])[0], frame
        yield frame[0], frame[6:-4]


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
            frames = payloads(line)
            kind, hello = next(frames)
            assert kind == HELLO, kind
            cause = reset_cause_of(hello)
            assert cause in (POWER_ON, PIN), cause
            kind, fault = next(frames)
            assert kind == FAULT, f"{kind:#x} follows HELLO"
            assert fault == struct.pack("<BII", BUS_FAULT, 41, 3) + record(), fault.hex()

            line.write(selftest_command(number=1))
            result = next(payload for kind, payload in frames if kind == SELFTEST)
    passed, functions, network, generator, modes = struct.unpack("<BIQBI", result)
    print(f"{board.name}: reset cause {cause}, fault told; functions {functions:08x}, network "
          f"{network:016x}, modes {modes:04b}")
    assert passed == 1 and generator == 1, result.hex()
    assert modes & WRONG_MODES == 0, f"mode bits {modes:04b}"
    return 0


if __name__ == "__main__":
    sys.exit(main())
