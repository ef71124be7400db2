# SPDX-License-Identifier: Apache-2.0
"""What the files of an image would write, as {address: byte}; each reader trusts nothing."""

import struct

PT_LOAD = 1


def elf_bytes(content):
    """Of the loadable segments, at the addresses they are loaded to."""
    assert content[:5] == b"\x7fELF\x01", "no 32-bit ELF file"
    offset, = struct.unpack_from("<I", content, 28)
    entry_size, count = struct.unpack_from("<HH", content, 42)
    image = {}
    for i in range(count):
        kind, begin, _, address, size = struct.unpack_from("<5I", content, offset + i * entry_size)
        if kind == PT_LOAD:
            image.update(enumerate(content[begin:begin + size], address))
    return image


def elf_entry(content):
    return struct.unpack_from("<I", content, 24)[0]


def hex_bytes(text):
    """Of an Intel HEX file, whose every record must be well-formed."""
    image, base, ended = {}, 0, False
    for number, line in enumerate(text.splitlines(), 1):
        assert not ended, f"line {number} follows the end record"
        assert line.startswith(":"), f"line {number} is no record"
        record = bytes.fromhex(line[1:])
        assert len(record) == record[0] + 5, f"line {number} has another length than it says"
        assert sum(record) % 256 == 0, f"line {number}: wrong checksum"
        kind, offset, data = record[3], int.from_bytes(record[1:3], "big"), record[4:-1]
        if kind == 0:
            bytes_here = dict(enumerate(data, base + offset))
            assert not bytes_here.keys() & image.keys(), f"line {number} writes bytes again"
            image |= bytes_here
        elif kind in (2, 4):
            base = int.from_bytes(data, "big") << (4 if kind == 2 else 16)
        elif kind == 1:
            ended = True
        else:
            assert kind in (3, 5), f"line {number}: unknown kind {kind}"
    assert ended, "no end record"
    return image


def uf2_bytes(content, family):
    """Of a UF2 file, whose every block must be complete and for chips of that family."""
    assert len(content) % 512 == 0, "no whole number of blocks"
    count = len(content) // 512
    image = {}
    for number in range(count):
        block = content[512 * number:512 * (number + 1)]
        magic, magic2, flags, address, size, here, total, kind = struct.unpack_from("<8I", block)
        last_magic, = struct.unpack_from("<I", block, 508)
        assert (magic, magic2, last_magic) == (0x0A324655, 0x9E5D5157, 0x0AB16F30), number
        assert (flags, kind) == (0x2000, family), f"block {number}: {flags:#x}, {kind:#x}"
        assert (here, total) == (number, count), f"block {number} says {here} of {total}"
        assert size == 256 and address % 256 == 0, f"block {number}: {size} bytes at {address:#x}"
        page = dict(enumerate(block[32:32 + size], address))
        assert not page.keys() & image.keys(), f"block {number} writes bytes again"
        image |= page
    return image
