# SPDX-License-Identifier: Apache-2.0
"""A linked image as its binutils show it: sections, symbols, and the code of every function."""

import collections
import dataclasses
import re
import subprocess

HEADER = re.compile(r"^([0-9a-f]{8}) <(.+)>:$")
INSTRUCTION = re.compile(r"^ *([0-9a-f]+):\t[0-9a-f ]+\t(\S+)(?:\t(.*))?$")
SECTION = re.compile(r"^ *\d+ (\S+) +([0-9a-f]{8}) .*\n +(.*)$", re.MULTILINE)


class ImageError(Exception):
    """Something that a sound image has is not there, or cannot be understood."""


@dataclasses.dataclass(frozen=True)
class Instruction:
    address: int
    mnemonic: str  # without the width suffix .n or .w
    operands: str


class LinkedImage:
    """`tools`: prefix of the binutils."""

    def __init__(self, path, tools):
        self.path = path
        self.tools = tools
        # Several names may share an address: identical functions are kept once.
        self.names = collections.defaultdict(set)
        listing = self._run("nm")
        found = re.search(r"^([0-9a-f]+) \w tinymf_code_end$", listing, re.MULTILINE)
        if not found:
            raise ImageError(f"{path}: no symbol tinymf_code_end")
        self.code_end = int(found.group(1), 16)
        for address, name in re.findall(r"^([0-9a-f]+) [tTwW] (\S+)$", listing, re.MULTILINE):
            if int(address, 16) < self.code_end and name != "tinymf_code_begin":
                self.names[int(address, 16) & ~1].add(name)
        self.addresses = {name: address for address, names in self.names.items()
                          for name in names}
        self.functions = self._disassembled()
        if not self.functions:
            raise ImageError(f"{path}: no code")

    def _run(self, tool, *options):
        done = subprocess.run([f"{self.tools}{tool}", *options, self.path], capture_output=True,
                              text=True)
        if done.returncode != 0:
            raise ImageError(done.stderr.strip())
        return done.stdout

    def _disassembled(self):
        """address -> instructions"""
        functions, current = {}, None
        for line in self._run("objdump", "-d").splitlines():
            if header := HEADER.match(line):
                if int(header.group(1), 16) >= self.code_end:
                    break  # constants
                current = functions.setdefault(int(header.group(1), 16), [])
            elif found := INSTRUCTION.match(line):
                address, mnemonic, operands = found.groups()
                current.append(Instruction(int(address, 16), mnemonic.removesuffix(".n")
                                           .removesuffix(".w"), operands or ""))
        return functions

    def memory(self):
        """Bytes of flash, of RAM beside the stack, and of the stack."""
        flash = ram = stack = 0
        for name, size, flags in SECTION.findall(self._run("objdump", "-h")):
            size = int(size, 16)
            flash += size if "LOAD" in flags else 0
            if name == ".stack":
                stack = size
            elif "ALLOC" in flags and "READONLY" not in flags:
                ram += size
        if not (flash and ram and stack):
            raise ImageError(f"{self.path}: flash {flash}, RAM {ram} and stack {stack} bytes")
        return flash, ram, stack

    def address_of(self, function):
        if function not in self.addresses:
            raise ImageError(f"{self.path}: no function {function}")
        return self.addresses[function]

    def name_at(self, address):
        return min(self.names[address], default=f"0x{address:x}")
