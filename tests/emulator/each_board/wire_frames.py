# SPDX-License-Identifier: Apache-2.0
"""Frames on the wire, written down once more from their description in tinymf/stream/frame.hpp, so
that tests of devices share no code with what they test."""

import struct

HEADER, CHECKSUM = 6, 4


def crc32c(data):
    value = 0xFFFF_FFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x82F6_3B78 if value & 1 else 0)
    return value ^ 0xFFFF_FFFF


def cobs_encoded(data):
    result, block = bytearray(), bytearray()
    for byte in data:
        if byte != 0:
            block.append(byte)
        if byte == 0 or len(block) == 254:
            result += bytes([len(block) + 1]) + block
            block.clear()
    return bytes(result + bytes([len(block) + 1]) + block)


def cobs_decoded(data):
    result = bytearray()
    while data:
        code = data[0]
        result += data[1:code]
        data = data[code:]
        if code < 255 and data:
            result.append(0)
    return bytes(result)


def on_wire(content):
    """A frame's header and payload, with its checksum, encoded and ended."""
    return cobs_encoded(content + struct.pack("<I", crc32c(content))) + b"\0"


def frames_of(stream):
    """(kind, payload) of every whole frame in bytes as received or recorded."""
    for wire in stream.split(b"\0")[:-1]:
        content = cobs_decoded(wire)
        if len(content) >= HEADER + CHECKSUM and struct.unpack("<I", content[-4:])[0] == crc32c(
                content[:-4]):
            yield content[0], content[HEADER:-CHECKSUM]


def read_frame(line):
    """(kind, payload) of the next frame of an open line; a damaged one ends the test, and so does
    the end of the line."""
    wire = bytearray()
    while (byte := line.read(1)) != b"\0":
        assert byte, "the line ended within a frame"
        wire += byte
    (frame,) = frames_of(bytes(wire) + b"\0")
    return frame
