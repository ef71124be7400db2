# SPDX-License-Identifier: Apache-2.0
"""A chip's registers out of tables/CHIP.txt.

A line `block NAME ADDRESS [gate=REGISTER:BIT] [delay=CYCLES] [reset=BIT] "SOURCE"` begins a block; each
line after it, `NAME OFFSET ACCESS DEFINED RESET`, is a register: access r, w or rw, the bits that the
manual defines, and the value after reset. `gate` is the bit that gives the block its clock, `delay` the
cycles that must pass between that and the first access, `reset` the bit that holds it in reset.
"""

import dataclasses
import pathlib
import re

TABLES = pathlib.Path(__file__).parent / "tables"
WORD = 0xFFFFFFFF


@dataclasses.dataclass(frozen=True)
class Block:
    name: str
    address: int
    source: str
    gate: str = ""
    gate_bit: int = 0
    delay: int = 0
    reset_bit: int = -1


@dataclasses.dataclass(frozen=True)
class Register:
    block: Block
    name: str  # BLOCK.REGISTER
    address: int
    access: str
    defined: int
    reset: int


def parse(text):
    """{address: register} of a table; ValueError names the line that is none."""
    registers, block = {}, None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("block "):
            block = _block(number, line)
            continue
        register = _register(number, line, block)
        if register.address in registers:
            raise ValueError(f"line {number}: {register.name} and "
                             f"{registers[register.address].name} share an address")
        registers[register.address] = register
    return registers


def load(chip):
    return parse((TABLES / f"{chip}.txt").read_text())


def _block(number, line):
    found = re.fullmatch(r'block (\w+) (0x[0-9a-f]{8})((?: \w+=[\w.:]+)*) "(.+)"', line)
    if not found:
        raise ValueError(f"line {number}: no block: {line}")
    name, address, options, source = found.groups()
    facts = dict(option.split("=") for option in options.split())
    gate, _, bit = facts.get("gate", "").partition(":")
    return Block(name, int(address, 16), source, gate, int(bit or 0), int(facts.get("delay", 0)),
                 int(facts.get("reset", -1)))


def _register(number, line, block):
    found = re.fullmatch(r"(\w+) (0x[0-9a-f]+) (r|w|rw) (0x[0-9a-f]{8}) (0x[0-9a-f]{8})", line)
    if not found or block is None:
        raise ValueError(f"line {number}: no register: {line}")
    name, offset, access, defined, reset = found.groups()
    return Register(block, f"{block.name}.{name}", block.address + int(offset, 16), access,
                    int(defined, 16), int(reset, 16))
