# SPDX-License-Identifier: Apache-2.0
"""The mutation tool on a toy project whose scores are known."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

try:
    from clang.cindex import Index
    Index.create()
except Exception as missing:  # the module, or the library that it loads
    print(f"skipped: {missing}; toolchain/dev setup mutate installs python3-clang-14")
    sys.exit(77)

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import mutate  # noqa: E402
import mutable_source  # noqa: E402
import mutant_draw  # noqa: E402
import mutation_points  # noqa: E402
import results_page  # noqa: E402
from mutant_runs import KILLED, SURVIVED, UNCOMPILABLE, UNREACHED  # noqa: E402

TOY = pathlib.Path(__file__).parent / "toy"
COMMIT = "0123456789ab"


def toy(folder, test):
    root = folder / "toy"
    if not root.is_dir():
        shutil.copytree(TOY, root)
        subprocess.run(["git", "-C", root, "init", "-q"], check=True)
    return mutate.Project(root, folder / "build", {"toy": ["counts", "digits"]}, (".",),
                          ("-std=c++20", f"-I{root}"),
                          ("-GNinja", "-DCMAKE_CXX_FLAGS=-O0 -w"), [f"tests/{test}_test.cpp"], {})


def verdicts(result, function):
    return [verdict for point, verdict in result.judged if point.function == function]


class OnTheToy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        folder = pathlib.Path(cls.scratch.name)
        jobs = os.cpu_count()
        [cls.thorough] = mutate.judge(toy(folder, "thorough"), ["toy"], 1000, jobs)
        [cls.idle] = mutate.judge(toy(folder, "idle"), ["toy"], 1000, jobs)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def test_a_test_that_checks_everything_kills_all_it_reaches(self):
        for function, fewest in (("count_between", 14), ("digits", 8), ("limit", 2)):
            found = verdicts(self.thorough, function)
            self.assertGreaterEqual(len(found), fewest)
            self.assertEqual(set(found), {KILLED}, results_page.survivors(self.thorough, {}))

    def test_a_test_that_checks_nothing_kills_none(self):
        self.assertEqual(self.idle.killed, 0)
        self.assertEqual(set(verdicts(self.idle, "count_between")), {SURVIVED})

    def test_what_no_test_reaches_is_not_killed(self):
        for result in (self.thorough, self.idle):
            self.assertEqual(set(verdicts(result, "forgotten")), {UNREACHED})

    def test_what_does_not_compile_is_not_killed_and_stops_nothing(self):
        judged = {point.mutated: verdict for point, verdict in self.thorough.judged
                  if point.function == "distance"}
        self.assertEqual(judged["(to) + (from)"], UNCOMPILABLE)

    def test_every_mutant_counts(self):
        self.assertEqual(self.thorough.score, self.thorough.killed / len(self.thorough.judged))
        self.assertLess(self.thorough.score, 1)


class Points(unittest.TestCase):
    def points(self, text):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "a.hpp").write_text(text)
            return mutation_points.points_of(pathlib.Path(folder), "a.hpp", ["-std=c++20"])

    def changes(self, text):
        return {(point.original, point.mutated) for point in self.points(text)}

    def test_constant_expressions_have_none(self):
        self.assertEqual(self.changes(
            "constexpr int n = 3 + 4;\nstatic_assert(n < 8);\nenum E { a = 1 + 2 };\n"
            "template <int k = 5> struct S { static constexpr int m = k * 2; };\n"
            "inline void f(int x) { switch (x) { case 1 + 1: break; } "
            "if constexpr (n > 3) { } }\n"), set())

    def test_a_comparison_has_its_boundary_and_its_opposite(self):
        self.assertEqual(self.changes("inline bool f(int a, int b) { return a < b; }"),
                         {("a < b", "a <= b"), ("a < b", "a >= b"), ("a < b", "true"),
                          ("a < b", "false")})

    def test_a_rewritten_comparison_has_no_zero(self):
        self.assertEqual(self.changes(
            "#include <compare>\nstruct S { int a; auto operator<=>(const S&) const = default; };\n"
            "inline bool f(S a, S b) { return a < b; }"), {("a < b", "true"), ("a < b", "false")})

    def test_a_conjunction_loses_each_side(self):
        changes = self.changes("inline void f(bool a, bool b, int& c) { if (a && b) { c = c; } }")
        for mutated in ("(a) || (b)", "static_cast<bool>(a)", "static_cast<bool>(b)", "!(a && b)"):
            self.assertIn(("a && b", mutated), changes)

    def test_only_an_exit_before_something_is_dropped(self):
        text = "inline int f(bool a) { if (a) { return 1; } %s }"
        self.assertIn(("return 1;", ""), self.changes(text % "return 2;"))
        both = "inline int f(bool a) { if (a) { return 1; } else { return 2; } }"
        self.assertNotIn(("return 1;", ""), self.changes(both))

    def test_a_loop_loses_its_last_step(self):
        loop = "inline void f(int* x) { for (int i = 0; i < 64; %s) { x[i] = i; } }"
        self.assertIn(("i < 64", "i + 1 < 64"), self.changes(loop % "++i"))
        self.assertIn(("i < 64", "i + 8 < 64"), self.changes(loop % "i += 8"))

    def test_keys_stay_when_lines_move(self):
        text = "inline int f(int a) { return a + 1; }\n"
        self.assertEqual([point.key for point in self.points(text)],
                         [point.key for point in self.points("// A line more.\n\n" + text)])

    def test_equal_changes_of_a_function_are_told_apart(self):
        keys = [point.key for point in self.points("inline int f(int a) { return a + a + a; }")]
        self.assertEqual(len(keys), len(set(keys)))

    def test_a_draw_takes_every_file_and_no_more_than_asked(self):
        points = [mutable_source.Point(f"{file}.hpp", at, at + 1, "expression", operator, "1",
                                        "2", at, "f", at)
                  for file in "abc" for operator in ("constant", "boundary") for at in range(20)]
        drawn = mutant_draw.drawn(points, 12)
        self.assertEqual(len(drawn), 12)
        for file in "abc":
            self.assertEqual([point.operator for point in drawn if point.file == f"{file}.hpp"],
                             ["boundary", "constant"] * 2)
        self.assertEqual(drawn, mutant_draw.drawn(points[::-1], 12))


class Page(unittest.TestCase):
    def result(self, folder, verdicts):
        return results_page.Result(folder, [
            (mutable_source.Point("a.hpp", 0, 1, "expression", "constant", "1", f"1 + {number}",
                                   7, "f"), verdict)
            for number, verdict in enumerate(verdicts)])

    def test_one_folder_is_rewritten_and_the_others_stay(self):
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder) / "RESULTS.md"
            order = ["one", "two"]
            results_page.rewrite(page, [self.result("two", [KILLED, SURVIVED])], COMMIT, {}, order)
            results_page.rewrite(page, [self.result("one", [KILLED])], "other", {}, order)
            text = page.read_text()
        self.assertIn("| one | 1 | 1 | 100.0 % | other |\n| two | 2 | 1 | 50.0 % | 0123456789ab |",
                      text)
        self.assertIn("## one\n\nNone survived.\n", text)
        self.assertIn("## two\n\n- a.hpp:7 f: `1` → `1 + 1`\n", text)

    def test_reasons_stand_beside_their_survivors(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "survivors.toml"
            file.write_text('[[survivor]]\nfile = "a.hpp"\nfunction = "f"\noriginal = "1"\n'
                            'mutated = "1 + 0"\nreason = "Changes nothing."\n')
            reasons = results_page.read_reasons(file)
        lines = results_page.survivors(self.result("one", [SURVIVED, UNREACHED]), reasons)
        self.assertEqual(lines, ["- a.hpp:7 f: `1` → `1 + 0`. Changes nothing.",
                                 "- a.hpp:7 f: `1` → `1 + 1` (unreached)"])


if __name__ == "__main__":
    unittest.main()
