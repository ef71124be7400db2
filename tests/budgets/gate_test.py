#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The budgets gate passes the committed figures and refuses every seeded regression of them."""

import copy
import json
import os
import subprocess
import unittest

import budgets_file
import readme_table

BUDGETS = budgets_file.read()


def changed(entry, key, value):
    other = copy.deepcopy(entry)
    other[key] = value
    return other


def without(entry, key):
    other = copy.deepcopy(entry)
    del other[key]
    return other


class Gate(unittest.TestCase):
    def assert_refused(self, committed, found, word):
        problems = budgets_file.differences(committed, found)
        self.assertTrue(any(word in problem for problem in problems), (word, problems))

    def test_the_committed_figures_pass(self):
        for board, entry in BUDGETS.items():
            self.assertEqual(budgets_file.differences(entry, entry), [], board)

    def test_growth_and_savings_beyond_the_band_are_refused_and_smaller_ones_are_not(self):
        seeded = 0
        for entry in BUDGETS.values():
            for key in budgets_file.BANDED:
                for factor, refused in ((1.021, True), (0.979, True), (1.015, False), (0.985, False)):
                    # With so much stack that only the band can be at fault.
                    roomy = changed(entry, "stack_reserve", 10 * entry["stack_bound"])
                    found = changed(roomy, key, entry[key] * factor)
                    problems = budgets_file.differences(roomy, found)
                    self.assertEqual(any(key in problem for problem in problems), refused, problems)
                    seeded += 1
        print(f"{seeded} seeded changes of {len(BUDGETS)} boards")

    def test_every_instruction_count_is_gated(self):
        for entry in BUDGETS.values():
            for name, count in entry.get("instructions", {}).items():
                slower = changed(entry["instructions"], name, count * 1.03)
                self.assert_refused(entry, changed(entry, "instructions", slower), name)
                fewer = without(entry["instructions"], name)
                self.assert_refused(entry, changed(entry, "instructions", fewer), name)

    def test_a_missing_entry_or_figure_is_refused(self):
        for entry in BUDGETS.values():
            self.assert_refused(None, entry, "no entry")
            for key in entry:
                self.assert_refused(entry, without(entry, key), key)
                self.assert_refused(without(entry, key), entry, key)

    def test_another_core_label_compiler_or_reserve_is_refused(self):
        for entry in BUDGETS.values():
            for key in budgets_file.EXACT:
                other = entry[key] + 1 if isinstance(entry[key], int) else "another"
                self.assert_refused(entry, changed(entry, key, other), key)

    def test_the_order_of_painted_bound_and_reserve_is_kept(self):
        for entry in BUDGETS.values():
            self.assertLessEqual(entry["stack_bound"], entry["stack_reserve"])
            small = changed(entry, "stack_reserve", entry["stack_bound"] - 1)
            self.assert_refused(small, small, "reserved")
            if "stack_painted" in entry:
                deep = changed(entry, "stack_painted", entry["stack_bound"] + 1)
                self.assert_refused(entry, deep, "painted")
                self.assert_refused(entry, changed(entry, "stack_painted", 0), "painted")

    def test_the_file_is_as_the_tool_writes_it(self):
        self.assertEqual(budgets_file.PATH.read_text(), budgets_file.text_of(BUDGETS))

    def test_the_readme_holds_the_table_of_the_file(self):
        readme = readme_table.README.read_text()
        self.assertEqual(readme, readme_table.with_table(readme, BUDGETS))
        for board, entry in BUDGETS.items():
            other = {**BUDGETS, board: changed(entry, "flash", entry["flash"] + 1)}
            self.assertNotEqual(readme, readme_table.with_table(readme, other), board)

    def test_the_boards_are_those_that_the_command_line_lists(self):
        listed = json.loads(subprocess.run([os.environ["TINYMF"], "boards", "--json"], check=True,
                                           capture_output=True, text=True).stdout)["boards"]
        self.assertEqual({board["name"]: (board["core"], board["label"])
                          for board in listed},
                         {board: (entry["core"], entry["label"])
                          for board, entry in BUDGETS.items()})


if __name__ == "__main__":
    unittest.main()
