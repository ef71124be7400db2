# SPDX-License-Identifier: Apache-2.0
"""README.md's table of boards, made from firmware/budgets.toml."""

import os
import pathlib

README = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"]) / "README.md"
BEGIN = "<!-- Boards, written by toolchain/dev budgets -->\n"
END = "<!-- end of boards -->\n"
COLUMNS = ("board", "core", "flash", "RAM", "stack", "N", "instructions per step",
           "bytes per second", "label")


def rows(budgets):
    for board, entry in sorted(budgets.items()):
        counted = entry.get("instructions")
        instructions = round(counted["euler_step"]) if counted else "not counted"
        yield (board, entry["core"], entry["flash"], entry["static_ram"],
               f"{entry['stack_bound']} of {entry['stack_reserve']}",
               entry["neurons"], instructions, entry["stream_bytes"], entry["label"])


def line(cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |\n"


def table(budgets):
    return line(COLUMNS) + line("---" for _ in COLUMNS) + "".join(map(line, rows(budgets)))


def with_table(readme, budgets):
    """The README's text with the table between its two marks; they must be there."""
    head, rest = readme.split(BEGIN)
    return head + BEGIN + table(budgets) + END + rest.split(END)[1]
