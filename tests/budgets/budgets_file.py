# SPDX-License-Identifier: Apache-2.0
"""firmware/budgets.toml: one table a board, written by toolchain/dev budgets and held to by tests."""

import os
import pathlib
import re
import tomllib

PATH = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"]) / "firmware/budgets.toml"
BAND = 0.02  # of growth that stops a build, and of savings that must be written down

HEAD = """# SPDX-License-Identifier: Apache-2.0
# What each board's application image takes. Written by `toolchain/dev budgets`, which is also how a
# number is moved: tests fail where an image differs from here by more than 2 %, up or down.
#
# flash          bytes of code, constants and initial data
# static_ram     bytes of data, zeroes and kept memory; the stack comes on top
# stack_reserve  bytes the linker script sets aside
# stack_bound    bytes that no chain of calls and interrupts can exceed (tests/budgets/stack_bound.py)
# stack_painted  bytes found overwritten under QEMU after a run of every profile and self-tests; it
#                depends on where interrupts fell, so only painted <= bound <= reserve is tested
# neurons        of the largest stored network up to 64 that the board carries: that of the next two
# stream_bytes   on the line in 1000 steps with the default rates of STATE and DIGEST
# profile_flash  bytes of flash that one profile of a kind brings along, part of flash above
# instructions   under QEMU -icount, see tests/emulator/instruction_count: never cycles of silicon.
#                float32, -Os
"""
EXACT = ("core", "label", "compiler", "stack_reserve", "neurons")
TABLES = ("profile_flash",)
BANDED = ("flash", "static_ram", "stack_bound", "stream_bytes")
EMULATED = ("stack_painted", "instructions")


def read():
    return tomllib.loads(PATH.read_text())


def value_text(value):
    return f'"{value}"' if isinstance(value, str) else str(value)


def text_of(budgets):
    parts = [HEAD]
    for board, entry in sorted(budgets.items()):
        plain = {key: value for key, value in entry.items() if not isinstance(value, dict)}
        parts.append(f"\n[{board}]\n" + "".join(f"{key} = {value_text(value)}\n"
                                                for key, value in plain.items()))
        for name, table in entry.items():
            if isinstance(table, dict):
                parts.append(f"[{board}.{name}]\n" + "".join(
                    f"{key} = {value}\n" for key, value in table.items()))
    return "".join(parts)


def out_of_band(name, committed, found):
    change = (found - committed) / committed
    if abs(change) <= BAND:
        return []
    return [f"{name} is {found}, {100 * change:+.1f} % against the {committed} of the budgets file"]


def differences(committed, found):
    """One line for each way in which a measured entry leaves the committed one."""
    if committed is None:
        return ["the budgets file has no entry"]
    emulated = re.search(r"\bQEMU\b(?! without time)", committed.get("label", "QEMU")) is not None
    wanted = EXACT + BANDED + TABLES + (EMULATED if emulated else ())
    problems = [f"{key} is missing in the {where}" for where, entry in
                (("budgets file", committed), ("measurement", found))
                for key in wanted if key not in entry]
    if problems:
        return problems
    for key in EXACT:
        if committed[key] != found[key]:
            problems.append(f"{key} is {found[key]}, not {committed[key]}")
    for key in BANDED:
        problems += out_of_band(key, committed[key], found[key])
    if emulated:
        if not 0 < found["stack_painted"] <= found["stack_bound"]:
            problems.append(f"{found['stack_painted']} bytes of stack were painted over, "
                            f"the bound is {found['stack_bound']}")
        problems += table_differences("instructions", committed, found)
    problems += table_differences("profile_flash", committed, found)
    if found["stack_bound"] > found["stack_reserve"]:
        problems.append(f"the stack may need {found['stack_bound']} bytes, "
                        f"reserved are {found['stack_reserve']}")
    return problems


def table_differences(table, committed, found):
    committed, found = committed[table], found[table]
    if committed.keys() != found.keys():
        names = sorted(committed.keys() ^ found.keys())
        return [f"{table}.{name} is on one side only" for name in names]
    return [problem for name in committed
            for problem in out_of_band(f"{table}.{name}", committed[name], found[name])]
