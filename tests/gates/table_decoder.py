# SPDX-License-Identifier: Apache-2.0
"""Decodes a capture by its own TABLE frames: a reader that knows what docs/stream.md says of the file,
of frames and of TABLE, and of no other message what it holds."""

import dataclasses
import re
import struct

HEADER = b"TMFCAP"
CHECKSUM_BYTES = 4
PROFILE, TABLE, CONFIGURATION = 0x02, 0x03, 0x04
TYPES = ("u8", "u16", "u32", "u64", "f32", "f64", "text", "bytes", "scalar")
CODES = {"u8": "<B", "u16": "<H", "u32": "<I", "u64": "<Q", "f32": "<f", "f64": "<d", "bytes": "<B"}
SCALARS = ("f32", "f64")  # by the field `scalar` of PROFILE


class Damaged(Exception):
    """A frame that is not what its checksum or its description says."""


@dataclasses.dataclass(frozen=True)
class Field:
    type: str
    shape: str
    name: str
    unit: str


def crc32c(data: bytes) -> int:
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
    return value ^ 0xFFFFFFFF


def uncobs(coded: bytes) -> bytes:
    """A run of bytes without zeros: each block's first byte tells where the next zero was."""
    plain, at = bytearray(), 0
    while at < len(coded):
        length = coded[at]
        block = coded[at + 1:at + length]
        if len(block) != length - 1:
            raise Damaged("a block of COBS is cut")
        plain += block
        at += length
        if length < 0xFF and at < len(coded):
            plain.append(0)
    return bytes(plain)


def frames(capture: bytes):
    """Kind and payload of each frame of the file."""
    if not capture.startswith(HEADER):
        raise Damaged("no capture file")
    metadata, = struct.unpack_from("<I", capture, len(HEADER) + 2)
    stream = capture[len(HEADER) + 2 + 4 + metadata + CHECKSUM_BYTES:]
    if not stream.endswith(b"\0"):
        raise Damaged("the last frame has no end")
    for coded in stream[:-1].split(b"\0"):
        content = uncobs(coded)
        checksum, = struct.unpack("<I", content[-CHECKSUM_BYTES:])
        if crc32c(content[:-CHECKSUM_BYTES]) != checksum:
            raise Damaged("a checksum is wrong")
        yield content[0], content[6:-CHECKSUM_BYTES]


class Payload:
    def __init__(self, data: bytes, scalar: str | None):
        self.data, self.at, self.scalar = data, 0, scalar

    @property
    def left(self) -> int:
        return len(self.data) - self.at

    def take(self, kind: str):
        if kind == "text":
            size = self.take("u8")
            text = self.data[self.at:self.at + size]
            if len(text) != size:
                raise Damaged("a text is cut")
            self.at += size
            return text.decode()
        if kind == "scalar":
            if self.scalar is None:
                raise Damaged("a scalar before a CONFIGURATION says how wide it is")
            kind = self.scalar
        size = struct.calcsize(CODES[kind])
        if self.left < size:
            raise Damaged(f"no {kind} is left")
        value, = struct.unpack_from(CODES[kind], self.data, self.at)
        self.at += size
        return value


# TABLE describes itself, but its reader must know it to begin with.
TABLE_FIELDS = [Field("u8", "", "message", ""), Field("u8", "", "field", ""), Field("u8", "", "type", ""),
                Field("text", "", "shape", ""), Field("text", "", "name", ""), Field("text", "", "unit", "")]


class Decoder:
    """Reads frames in the order in which they came."""

    def __init__(self):
        self.table: dict[int, list[Field]] = {TABLE: TABLE_FIELDS}
        self.profiles: list[str] = []  # scalar of each
        self.scalar: str | None = None

    def learn(self, row: dict) -> None:
        known = self.table.setdefault(row["message"], [])
        field = Field(TYPES[row["type"]], row["shape"], row["name"], row["unit"])
        if row["field"] == len(known):
            known.append(field)
        elif known[row["field"]] != field:
            raise Damaged(f"field {row['field']} of message {row['message']} is described in two ways")

    def values(self, kind: int, data: bytes) -> dict:
        """What the payload holds, by name; lists where the shape is not that of one value."""
        if kind not in self.table:
            raise Damaged(f"no TABLE row describes message {kind:#x}")
        payload, found, repeated = Payload(data, self.scalar), {}, []
        for field in self.table[kind]:
            if field.shape == "[n]":
                repeated.append(field)
                found[field.name] = []
                continue
            count = re.fullmatch(r"\[(\d+)\]", field.shape)
            found[field.name] = ([payload.take(field.type) for _ in range(int(count.group(1)))] if count
                                 else payload.take(field.type))
            if kind == CONFIGURATION and field.name == "profile":
                payload.scalar = self.scalar = self.profiles[found["profile"]]
        while repeated and payload.left:
            for field in repeated:
                found[field.name].append(payload.take(field.type))
        if payload.left:
            raise Damaged(f"{payload.left} bytes of message {kind:#x} are not described")
        return found

    def decode(self, capture: bytes):
        """Kind and values of each frame. HELLO and PROFILE come before the TABLE that describes them."""
        everything = list(frames(capture))
        for kind, data in everything:
            if kind == TABLE:
                self.learn(self.values(kind, data))
        for kind, data in everything:
            values = self.values(kind, data)
            if kind == PROFILE:
                del self.profiles[values["first_index"]:]
                self.profiles += [SCALARS[scalar] for scalar in values["scalar"]]
            yield kind, values
