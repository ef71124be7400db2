# SPDX-License-Identifier: Apache-2.0
"""With the project's flags no compiler fuses a multiplication into an addition; without, each does."""

import os
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
# gcc 12 fuses this one whatever the flags say, unless the products pass through numeric::rounded.
SUM_AND_DIFFERENCE = """
#include "tinymf/numeric/rounded.hpp"
#ifdef ROUNDED
using tinymf::numeric::rounded;
#else
static float rounded(float value) { return value; }
#endif
void axpy(float* __restrict out, const float* __restrict u, const float* __restrict v, float a,
          float b) {
    for (int i = 0; i < 2; ++i) {
        const float common = rounded(a * u[i]);
        const float difference = rounded(b * v[i]);
        out[2 * i] = common - difference;
        out[2 * i + 1] = common + difference;
    }
}
"""
FUSED = re.compile(r"\bvfn?m(?:add|sub)\w*|\bvfn?m[as]\.f(?:32|64)|\bfn?m(?:add|sub)\.[sd]")
COMPILERS = {
    "gcc with FMA": ["g++", "-mfma"],
    "clang with FMA": ["clang++", "-mfma"],
    "Cortex-M4F": ["arm-none-eabi-g++", "-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard",
                   "-mfpu=fpv4-sp-d16"],
    "Cortex-M7": ["arm-none-eabi-g++", "-mcpu=cortex-m7", "-mthumb", "-mfloat-abi=hard",
                  "-mfpu=fpv5-sp-d16"],
    "Cortex-M33": ["arm-none-eabi-g++", "-mcpu=cortex-m33", "-mthumb", "-mfloat-abi=hard",
                   "-mfpu=fpv5-sp-d16"],
}
if shutil.which("riscv64-unknown-elf-g++"):  # installed where RISC-V boards are asked for only
    COMPILERS["RV32IMAFC"] = ["riscv64-unknown-elf-g++", "-march=rv32imafc", "-mabi=ilp32f"]
DEFINITION_FLAGS = flags_named("TINYMF_ARITHMETIC_FLAGS")


def fused_instructions(compiler: list[str], level: str, flags: list[str],
                       source: str = MULTIPLY_ADD) -> list[str]:
    assembly = subprocess.run(
        [*compiler, level, *flags, "-x", "c++", "-S", "-o", "-", "-"],
        input=source, check=True, capture_output=True, text=True).stdout
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

    def test_products_of_a_pair_stay_rounded(self):
        include = f"-I{os.environ['TINYMF_SOURCE_DIR']}/sim_core/include"
        flags = [*DEFINITION_FLAGS, "-std=c++20", include]
        for name in ("gcc with FMA", "clang with FMA"):
            for level in ("-O0", "-O2", "-O3", "-Os"):
                with self.subTest(compiler=name, level=level):
                    self.assertEqual(fused_instructions(COMPILERS[name], level,
                                                        [*flags, "-DROUNDED"],
                                                        SUM_AND_DIFFERENCE), [])
        without = fused_instructions(COMPILERS["gcc with FMA"], "-O3", flags, SUM_AND_DIFFERENCE)
        print(f"gcc -O3 without numeric::rounded: {without or 'nothing fused'}")

    def test_every_compiler_is_here(self):
        for compiler in COMPILERS.values():
            self.assertIsNotNone(shutil.which(compiler[0]), compiler[0])


if __name__ == "__main__":
    unittest.main()
