#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the named boards, puts their entries into the budgets file, and the table into the
README. Entries of other boards stay; those of boards that are gone go."""

import sys

import budgets_file
import measurement
import readme_table
from emulated_board import EmulatedBoard


def main():
    known = {path.parent.name
             for path in (measurement.SOURCE / "firmware/boards").glob("*/board.cmake")}
    budgets = budgets_file.read() if budgets_file.PATH.exists() else {}
    budgets = {board: entry for board, entry in budgets.items() if board in known}
    for board in sys.argv[1:]:
        print(board, flush=True)
        budgets[board] = measurement.measured(EmulatedBoard(board))
    budgets_file.PATH.write_text(budgets_file.text_of(budgets))
    readme = readme_table.README
    readme.write_text(readme_table.with_table(readme.read_text(), budgets))
    print(readme_table.table(budgets), end="")


if __name__ == "__main__":
    main()
