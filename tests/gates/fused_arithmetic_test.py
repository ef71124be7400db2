# SPDX-License-Identifier: Apache-2.0
"""With the project's flags no compiler fuses a multiplication into an addition; without, each does."""

import re
import shutil
import subprocess
import unittest

from project_sources import flags_named

MULTIPLY_ADD = """
void axpy(float* __restrict y, const float* x, float a, int n) {
    for (int i = 0; i < n; ++i) { y[i] = a * x[i] + y[i]; }
}
float step(float a, float b, float c) { return a * b - c; }
"""
FUSED = re.compile(r"\bvfn?m(?:add|sub)\w*|\bvfn?m[as]\.f(?:32|64)|\bfn?m(?:add|sub)\.[sd]")
COMPILERS = {
    "gcc with FMA": ["g++", "-mfma"],
    "clang with FMA": ["clang++", "-mfma"],
    "Cortex-M4F": ["arm-none-eabi-g++", "-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard",
                   "-mfpu=fpv4-sp-d16"],
}
DEFINITION_FLAGS = flags_named("TINYMF_ARITHMETIC_FLAGS")


def fused_instructions(compiler: list[str], level: str, flags: list[str]) -> list[str]:
    assembly = subprocess.run(
        [*compiler, level, *flags, "-x", "c++", "-S", "-o", "-", "-"],
        input=MULTIPLY_ADD, check=True, capture_output=True, text=True).stdout
    assert "axpy" in assembly
    return FUSED.findall(assembly)


class FusedArithmetic(unittest.TestCase):
    def test_absent_with_the_flags_of_the_project(self):
        for name, compiler in COMPILERS.items():
            for level in ("-O0", "-O2", "-O3", "-Os"):
                with self.subTest(compiler=name, level=level):
                    self.assertEqual(fused_instructions(compiler, level, DEFINITION_FLAGS), [])

    def test_present_when_contraction_is_allowed(self):
        for name, compiler in COMPILERS.items():
            with self.subTest(compiler=name):
                self.assertTrue(fused_instructions(compiler, "-O2", ["-ffp-contract=fast"]))

    def test_every_compiler_is_here(self):
        for compiler in COMPILERS.values():
            self.assertIsNotNone(shutil.which(compiler[0]), compiler[0])


if __name__ == "__main__":
    unittest.main()
