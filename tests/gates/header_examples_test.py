# SPDX-License-Identifier: Apache-2.0
"""The examples in the headers of the core compile as they stand, with warnings as errors, and run."""

import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from project_sources import ROOT

CORE = ROOT / "sim_core/include"
COMPILER = os.environ.get("CXX", "g++")
FLAGS = ["-std=c++20", "-O1", "-ffp-contract=off", "-DTINYMF_CONTRACTION_OFF", "-Wall", "-Wextra",
         "-Wconversion", "-Werror", "-Wno-unused-variable", f"-I{CORE}", "-isystem", "/usr/include/eigen3"]

def examples(text):
    """Of a header, the lines of each, without the marks of their comment."""
    for block in re.findall(r"^/// Example[^\n]*:\n///\n((?:///(?:     [^\n]*)?\n)+)", text, re.M):
        yield "\n".join(line[8:] for line in block.splitlines())


def program(headers):
    found = [(header, number, code) for header in headers
             for number, code in enumerate(examples((CORE / header).read_text()))]
    includes = "".join(f'#include "{header}"\n' for header in headers)
    functions = "".join(f"void example_{index}() {{ // {header}\n{code}\n}}\n"
                        for index, (header, _, code) in enumerate(found))
    calls = "".join(f"    example_{index}();\n" for index in range(len(found)))
    return len(found), f"#include <array>\n{includes}{functions}int main() {{\n{calls}}}\n"


class HeaderExamples(unittest.TestCase):
    def setUp(self):
        self.headers = sorted(str(path.relative_to(CORE)) for path in CORE.rglob("*.hpp")
                              if "/// Example" in path.read_text())

    def test_types_that_a_user_meets_first_have_one_and_say_what_they_are_not_for(self):
        self.assertGreaterEqual(len(self.headers), 10, self.headers)
        for header in self.headers:
            text = (CORE / header).read_text()
            self.assertEqual(len(list(examples(text))), text.count("/// Example"), header)
            self.assertRegex(text, r"(?m)^/// Not ", header)

    def test_compile_and_run(self):
        count, source = program(self.headers)
        self.assertEqual(count, len(self.headers))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "examples.cpp"
            path.write_text(source)
            compiled = subprocess.run([COMPILER, *FLAGS, path, "-o", Path(folder) / "examples"],
                                      capture_output=True, text=True)
            self.assertEqual(compiled.returncode, 0, compiled.stderr)
            subprocess.run([Path(folder) / "examples"], check=True, timeout=60)

    def test_finds_a_line_of_an_example_that_does_not_compile(self):
        block = "/// Example:\n///\n///     int x = 0;\n///\n///     wrong(x);\n///\n/// Not for y.\n"
        self.assertEqual(list(examples(block)), ["int x = 0;\n\nwrong(x);\n"])


if __name__ == "__main__":
    unittest.main()
