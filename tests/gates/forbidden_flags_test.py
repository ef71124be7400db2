# SPDX-License-Identifier: Apache-2.0
"""Every compile command of every build tree has the arithmetic flags and none that break them."""

import json
import shlex
import unittest

from project_sources import BUILD_TREE, ROOT, flags_named

REQUIRED = flags_named("TINYMF_ARITHMETIC_FLAGS")
FORBIDDEN = set(flags_named("TINYMF_FORBIDDEN_FLAGS"))


def build_trees():
    """The tree under test and every other preset's tree beside the sources."""
    trees = {BUILD_TREE.resolve()}
    trees.update(path.parent.resolve() for path in ROOT.glob("build/*/compile_commands.json"))
    return sorted(trees)


def complaints(arguments: list[str], may_tune_for_this_machine: bool) -> list[str]:
    found = [f"forbidden {flag}" for flag in arguments if flag in FORBIDDEN]
    found += [f"missing {flag}" for flag in REQUIRED if flag not in arguments]
    if "-march=native" in arguments and not may_tune_for_this_machine:
        found.append("forbidden -march=native")
    return found


class CompileCommands(unittest.TestCase):
    def test_every_command_keeps_the_arithmetic(self):
        for tree in build_trees():
            commands = json.loads((tree / "compile_commands.json").read_text())
            self.assertTrue(commands, tree)
            tuned = "TINYMF_NATIVE:BOOL=ON" in (tree / "CMakeCache.txt").read_text()
            for command in commands:
                if command["file"].endswith((".S", ".c")):
                    continue
                with self.subTest(tree=tree.name, file=command["file"]):
                    self.assertEqual(complaints(shlex.split(command["command"]), tuned), [])

    def test_no_link_line_changes_the_arithmetic(self):
        # -ffast-math on the link line alone switches the process to flush-to-zero.
        for tree in build_trees():
            lines = (tree / "build.ninja").read_text().splitlines()
            link_lines = [line for line in lines if line.strip().startswith("LINK_FLAGS")]
            words = set(" ".join(link_lines).split())
            self.assertEqual(words & FORBIDDEN, set(), tree)


class TheScanItself(unittest.TestCase):
    def test_finds_each_forbidden_flag(self):
        for flag in FORBIDDEN:
            self.assertEqual(complaints(REQUIRED + [flag], False), [f"forbidden {flag}"])

    def test_finds_each_missing_flag(self):
        for flag in REQUIRED:
            kept = [other for other in REQUIRED if other != flag]
            self.assertEqual(complaints(kept, False), [f"missing {flag}"])

    def test_allows_native_tuning_only_where_it_was_asked_for(self):
        self.assertEqual(complaints(REQUIRED + ["-march=native"], False),
                         ["forbidden -march=native"])
        self.assertEqual(complaints(REQUIRED + ["-march=native"], True), [])


if __name__ == "__main__":
    unittest.main()
