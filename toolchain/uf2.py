#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a UF2 file, the form in which boards take images that are copied onto them, from an Intel
HEX file. Format: https://github.com/microsoft/uf2, blocks of 512 bytes with 256 of the image."""

import argparse
import pathlib
import struct

FIRST_MAGIC, SECOND_MAGIC, LAST_MAGIC = 0x0A324655, 0x9E5D5157, 0x0AB16F30
FAMILY_IS_GIVEN = 0x2000
PAYLOAD = 256


def bytes_of_hex(text):
    """{address: byte} of the records; the checksum of each must be right."""
    image, base = {}, 0
    for line in text.split():
        record = bytes.fromhex(line.removeprefix(":"))
        if not line.startswith(":") or sum(record) % 256 or len(record) != record[0] + 5:
            raise SystemExit(f"uf2: no sound record: {line}")
        offset, kind, data = int.from_bytes(record[1:3], "big"), record[3], record[4:-1]
        if kind == 0:
            image.update((base + offset + i, byte) for i, byte in enumerate(data))
        elif kind in (2, 4):
            base = int.from_bytes(data, "big") << (4 if kind == 2 else 16)
    return image


def blocks(image, family):
    """One block for each aligned page of flash that holds a byte, gaps filled as erased flash."""
    pages = sorted({address // PAYLOAD for address in image})
    for number, page in enumerate(pages):
        begin = page * PAYLOAD
        data = bytes(image.get(begin + i, 0xFF) for i in range(PAYLOAD))
        header = struct.pack("<8I", FIRST_MAGIC, SECOND_MAGIC, FAMILY_IS_GIVEN, begin, PAYLOAD,
                             number, len(pages), family)
        yield header + data.ljust(476, b"\0") + struct.pack("<I", LAST_MAGIC)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--family", required=True, type=lambda text: int(text, 0),
                        help="the chip's number in the format's list")
    parser.add_argument("--hex", required=True, type=pathlib.Path, help="the image")
    parser.add_argument("-o", required=True, type=pathlib.Path, dest="output", help="file to write")
    options = parser.parse_args()
    image = bytes_of_hex(options.hex.read_text())
    options.output.write_bytes(b"".join(blocks(image, options.family)))


if __name__ == "__main__":
    main()
