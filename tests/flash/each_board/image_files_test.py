#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The files a board is flashed with: .elf, .hex, .bin and, where a board takes one, .uf2 hold the
same bytes, all of them in flash, and begin as the chip expects."""

import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import zlib

sys.path.insert(0, os.path.join(os.environ["TINYMF_SOURCE_DIR"], "tests/emulator/each_board"))
from emulated_board import SOURCE, board_under_test  # noqa: E402
from image_bytes import elf_bytes, elf_entry, hex_bytes, uf2_bytes  # noqa: E402
from memory_regions import memory_regions  # noqa: E402

IMAGES = ["tinymf-firmware", "tinymf-conformance"]
SECOND_STAGE = 256  # bytes


def words(image, address, count):
    return struct.unpack(f"<{count}I", bytes(image[address + i] for i in range(4 * count)))


def symbols(board, name):
    listing = subprocess.run([f"{board.tools}nm", board.image(name)], check=True, text=True,
                             capture_output=True).stdout
    return {symbol: int(address, 16)
            for address, symbol in re.findall(r"^([0-9a-f]{8}) \w (\S+)$", listing, re.MULTILINE)}


def same_bytes_everywhere(path):
    """The image's bytes, which .elf, .hex and .bin agree on."""
    image = elf_bytes(path.read_bytes())
    assert hex_bytes(pathlib.Path(f"{path}.hex").read_text()) == image, ".hex and .elf differ"
    binary = pathlib.Path(f"{path}.bin").read_bytes()
    begin, end = min(image), max(image) + 1
    assert binary == bytes(image.get(i, 0) for i in range(begin, end)), ".bin and .elf differ"
    return image


def check_vectors(board, image, places, flash, ram):
    """Cortex-M: the initial stack pointer, and the address of every handler."""
    table = next(address for symbol, address in places.items() if "vectors" in symbol)
    expected = flash.begin + (SECOND_STAGE if board.fact("TINYMF_BOARD_UF2_FAMILY") else 0)
    assert table == expected, f"vectors at {table:#x}, expected at {expected:#x}"
    stack, *handlers = words(image, table, (places["tinymf_code_begin"] - table) // 4)
    assert ram.begin < stack <= ram.end and stack % 8 == 0, f"stack pointer {stack:#x}"
    assert stack == places["tinymf_stack_top"], f"stack pointer {stack:#x}"
    assert handlers[0] == places["reset"] | 1, f"reset vector {handlers[0]:#x}"
    for number, handler in enumerate(handlers, 1):
        inside = places["tinymf_code_begin"] <= handler & ~1 < places["tinymf_code_end"]
        assert handler & 1 and inside, f"vector {number}: {handler:#x}"
    return f"{len(handlers)} handlers, stack pointer {stack:#x}"


def check_entry(path, places, flash):
    """RISC-V: the first instruction."""
    entry = elf_entry(path.read_bytes())
    assert entry == places["reset"] == flash.begin, f"entry {entry:#x}"
    return f"entry {entry:#x}"


def reflected(value, bits):
    return int(f"{value:0{bits}b}"[::-1], 2)


def boot_checksum(stage):
    """The boot ROM's CRC by way of zlib's, which goes through the bits the other way round."""
    mirrored = bytes(reflected(byte, 8) for byte in stage)
    return reflected(zlib.crc32(mirrored) ^ 0xFFFFFFFF, 32)


def decoded_writes(board, stage):
    """(address, value) of every store in a second stage, as objdump reads its instructions; the last
    pair is where it goes on, and with which stack pointer's address."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(stage)
        file.flush()
        listing = subprocess.run([f"{board.tools}objdump", "-D", "-b", "binary", "-marm",
                                  "-Mforce-thumb", file.name], check=True, text=True,
                                 capture_output=True).stdout
    registers, writes = {}, []
    for mnemonic, operands in re.findall(r"^ +[0-9a-f]+:\t[0-9a-f ]+\t(\w+)\t(.*)$", listing,
                                         re.MULTILINE):
        if literal := re.match(r"(r\d), \[pc, #\d+\].*\(0x([0-9a-f]+)\)", operands):
            registers[literal[1]] = struct.unpack_from("<I", stage, int(literal[2], 16))[0]
        elif mnemonic == "str":
            value, address = re.match(r"(r\d), \[(r\d), #0\]", operands).groups()
            writes.append((registers[address], registers[value]))
        elif mnemonic == "ldr":
            target, base, offset = re.match(r"(r\d), \[(r\d), #(\d+)\]", operands).groups()
            registers[target] = ("word at", registers[base] + int(offset))
        elif mnemonic == "msr":
            registers["stack"] = registers[operands.split()[1]]
        elif mnemonic == "bx":
            return writes, (registers["stack"], registers[operands])
        else:
            raise AssertionError(f"unexpected {mnemonic} {operands}")
    raise AssertionError("the second stage does not end in a jump")


def check_second_stage(board, image, flash):
    stage = bytes(image[flash.begin + i] for i in range(SECOND_STAGE))
    stated = struct.unpack_from("<I", stage, SECOND_STAGE - 4)[0]
    assert stated == boot_checksum(stage[:-4]), f"checksum {stated:#x}"
    writes, (stack, start) = decoded_writes(board, stage)
    vectors = flash.begin + SECOND_STAGE
    assert writes[-1] == (0xE000ED08, vectors), "the vectors are not moved"
    assert (stack, start) == (("word at", vectors), ("word at", vectors + 4)), (stack, start)
    interface = [address for address, _ in writes[:-1]]
    assert interface[0] == interface[-1] == 0x18000008, "the interface is set up while it is on"
    assert (writes[0][1], writes[-2][1]) == (0, 1), writes
    print(f"  second stage: {len(writes)} writes, checksum {stated:#010x}")


def check_uf2(board, path, image, flash):
    family = board.fact("TINYMF_BOARD_UF2_FAMILY")
    with tempfile.TemporaryDirectory() as folder:
        output = pathlib.Path(folder) / "image.uf2"
        subprocess.run([SOURCE / "toolchain/uf2.py", "--family", family, "--hex", f"{path}.hex",
                        "-o", output], check=True)
        content = uf2_bytes(output.read_bytes(), int(family, 0))
    assert all(content[address] == byte for address, byte in image.items()), ".uf2 and .elf differ"
    assert {content[address] for address in content.keys() - image.keys()} <= {0xFF}, "filling"
    assert all(flash.holds(address) for address in content), "blocks outside flash"
    print(f"  .uf2: {len(content) // 256} blocks for family {family}")


def check_image(board, name, regions):
    path, places = board.image(name), symbols(board, name)
    flash, ram = regions["FLASH"], regions["RAM"]
    image = same_bytes_everywhere(path)
    outside = [address for address in image if not flash.holds(address)]
    assert not outside, f"{len(outside)} bytes outside flash, first at {outside[0]:#x}"
    assert min(image) == flash.begin, f"flash begins with nothing: {min(image):#x}"
    start = (check_vectors(board, image, places, flash, ram) if board.packages == "arm"
             else check_entry(path, places, flash))
    print(f"{board.name}: {name}: {len(image)} bytes in {flash}; {start}")
    if board.fact("TINYMF_BOARD_UF2_FAMILY"):
        check_second_stage(board, image, flash)
        check_uf2(board, path, image, flash)


def main():
    board = board_under_test()
    regions = memory_regions(board)
    for name in regions:
        stated = int(board.fact(f"TINYMF_BOARD_{name}_BYTES"))
        assert regions[name].size == stated, f"memory.ld: {regions[name]}, board.cmake: {stated}"
    for name in IMAGES:
        check_image(board, name, regions)


if __name__ == "__main__":
    main()
