#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The board's application image takes what firmware/budgets.toml says, within 2 % up and down."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import budgets_file  # noqa: E402
import measurement  # noqa: E402
from emulated_board import board_under_test  # noqa: E402


def main():
    board = board_under_test()
    committed = budgets_file.read().get(board.name)
    found = measurement.measured(board)
    print({name: value for name, value in found.items() if name != "instructions"})
    problems = budgets_file.differences(committed, found)
    for problem in problems:
        print(f"{board.name}: {problem}", file=sys.stderr)
    if problems:
        print(f"where that is meant: toolchain/dev budgets {board.name}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
