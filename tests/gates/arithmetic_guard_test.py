# SPDX-License-Identifier: Apache-2.0
"""Headers that compute stop a compiler that was told to compute otherwise, and name the flag to
change; the project's own flags pass. What no compiler option tells is found by the probe at run
time."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from project_sources import ROOT, flags_named

INCLUDE = ROOT / "sim_core/include"
HEADERS = INCLUDE / "tinymf"
GUARD = '#include "tinymf/numeric/arithmetic_guard.hpp"\n'
CONTRACTION_OFF = ["-ffp-contract=off", "-DTINYMF_CONTRACTION_OFF"]
EIGEN = ["-isystem", os.environ.get("TINYMF_EIGEN", "/usr/include/eigen3")]

# Headers that name a floating-point type and compute nothing: layouts, names, tables, bits.
DECLARE_ONLY = {"mean_field/two_time_row.hpp", "numeric/coefficients.hpp", "numeric/arithmetic_guard.hpp",
                "observe/digest.hpp", "observe/observable.hpp", "observe/observed_vector.hpp",
                "stream/byte_reader.hpp", "stream/byte_writer.hpp", "stream/command_frames.hpp",
                "stream/frame_fields.hpp", "checkpoint/field_walk.hpp"}

HOSTS = {"gcc": ["g++"], "clang": ["clang++"]}
CORTEX_M = ["arm-none-eabi-g++", "-mthumb"]
EMBEDDED = {
    "Cortex-M4F": [*CORTEX_M, "-mcpu=cortex-m4", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"],
    "Cortex-M55": [*CORTEX_M, "-mcpu=cortex-m55", "-mfloat-abi=hard"],
    "RV32IMAFC": ["riscv64-unknown-elf-g++", "-march=rv32imafc", "-mabi=ilp32f"],
}
FUSED = {"gcc": ["g++", "-mfma"], "clang": ["clang++", "-mfma"], **EMBEDDED}
WITHOUT_FUSED = {
    **HOSTS,
    "Cortex-M3": [*CORTEX_M, "-mcpu=cortex-m3", "-mfloat-abi=soft"],
    "RV32IMAC": ["riscv64-unknown-elf-g++", "-march=rv32imac", "-mabi=ilp32"],
}

# flags: (words of the error, compilers that tell)
REFUSED = {
    ("-ffast-math",): ("-fno-fast-math", ("gcc", "clang")),
    ("-Ofast",): ("-fno-fast-math", ("gcc", "clang")),
    ("-ffinite-math-only",): ("-fno-finite-math-only", ("gcc", "clang")),
    ("-fassociative-math", "-fno-signed-zeros", "-fno-trapping-math"):
        ("-fno-associative-math", ("gcc",)),
    ("-freciprocal-math",): ("-fno-reciprocal-math", ("gcc",)),
    ("-fno-signed-zeros",): ("-fsigned-zeros", ("gcc",)),
    ("-m32", "-mno-sse"): ("-mfpmath=sse", ("gcc", "clang")),
}


def here(compilers):
    return {name: command for name, command in compilers.items() if shutil.which(command[0])}


def compiled(command, *flags, source=GUARD):
    """The first error of a compiler about a source; empty when it takes it."""
    run = subprocess.run(
        [*command, "-std=c++20", *flags, f"-I{INCLUDE}", *EIGEN, "-fsyntax-only",
         "-Wfatal-errors", "-x", "c++", "-"],
        input=source, capture_output=True, text=True)
    return run.stderr if run.returncode != 0 else ""


class ArithmeticGuard(unittest.TestCase):
    def test_plain_arithmetic_passes(self):
        for name, command in here(WITHOUT_FUSED).items():
            with self.subTest(compiler=name):
                self.assertEqual(compiled(command), "")

    def test_every_option_that_changes_results_is_refused(self):
        for flags, (words, compilers) in REFUSED.items():
            for name in compilers:
                with self.subTest(compiler=name, flags=flags):
                    said = compiled(HOSTS[name], *flags)
                    self.assertRegex(said, rf"#error .*tinymf: .*{re.escape(words)}|"
                                           rf"error: .*tinymf: .*{re.escape(words)}")

    def test_the_named_flag_is_enough(self):
        for flags, (words, compilers) in REFUSED.items():
            mended = ["-mfpmath=sse", "-msse2"] if words.startswith("-mfpmath") else [words]
            if flags[0] in ("-ffast-math", "-Ofast", "-fassociative-math"):
                mended.append("-fsigned-zeros")
            for name in compilers:
                with self.subTest(compiler=name, flags=flags):
                    self.assertEqual(compiled(HOSTS[name], *flags, *mended), "")

    def test_fused_operations_need_contraction_off_and_its_word(self):
        for name, command in here(FUSED).items():
            with self.subTest(compiler=name):
                for flags in ([], ["-ffp-contract=off"]):
                    self.assertRegex(compiled(command, *flags),
                                     " ".join(CONTRACTION_OFF).replace("-", r"\-"))
                self.assertEqual(compiled(command, *CONTRACTION_OFF), "")

    def test_the_flags_of_the_project_bring_the_word_along(self):
        flags = flags_named("TINYMF_ARITHMETIC_FLAGS")
        self.assertLessEqual(set(CONTRACTION_OFF), set(flags))
        for name, command in here(FUSED).items():
            with self.subTest(compiler=name):
                self.assertEqual(compiled(command, *flags), "")

    def test_tests_can_do_without(self):
        for flags in (["-ffast-math"], ["-mfma"]):
            self.assertEqual(compiled(HOSTS["gcc"], *flags, "-DTINYMF_ARITHMETIC_UNCHECKED"), "")

    def test_every_header_that_computes_is_guarded(self):
        checked = 0
        for header in sorted(HEADERS.rglob("*.hpp")):
            name = str(header.relative_to(HEADERS))
            names_floats = re.search(r"\bfloat\b|\bdouble\b|floating_point", header.read_text())
            if name in DECLARE_ONLY or not names_floats:
                continue
            checked += 1
            with self.subTest(header=name):
                said = compiled(HOSTS["gcc"], "-freciprocal-math",
                                source=f'#include "tinymf/{name}"\n')
                self.assertIn("-fno-reciprocal-math", said)
        print(f"{checked} headers")
        self.assertGreater(checked, 50)


PROBE = """
#include <cstdio>
#include "tinymf/numeric/arithmetic_probe.hpp"
int main() {
    std::printf("%d%d\\n", tinymf::numeric::computes_as_written<float>(),
                tinymf::numeric::computes_as_written<double>());
}
"""


class Probe(unittest.TestCase):
    """A compiler that was told contraction is off when it is not."""

    def answer(self, command, *flags):
        with tempfile.TemporaryDirectory() as folder:
            program = pathlib.Path(folder, "probe")
            subprocess.run([*command, "-std=c++20", *flags, f"-I{INCLUDE}", *EIGEN, "-x", "c++",
                            "-", "-o", program], input=PROBE, check=True, text=True)
            return subprocess.run([program], check=True, capture_output=True,
                                  text=True).stdout.strip()

    def test_finds_contraction_under_a_false_word(self):
        if "fma" not in pathlib.Path("/proc/cpuinfo").read_text():
            print("this machine has no FMA: the lie cannot be told here")
            return
        for name, command in HOSTS.items():
            with self.subTest(compiler=name):
                self.assertEqual(self.answer(command, "-O2", "-mfma", "-ffp-contract=fast",
                                             "-DTINYMF_CONTRACTION_OFF"), "00")

    def test_is_content_with_the_flags_of_the_project(self):
        flags = flags_named("TINYMF_ARITHMETIC_FLAGS")
        for name, command in HOSTS.items():
            for level in ("-O0", "-O2", "-O3"):
                with self.subTest(compiler=name, level=level):
                    self.assertEqual(self.answer(command, level, *flags), "11")

    def test_finds_flush_to_zero_set_by_the_linker(self):
        # gcc links crtfastmath.o, which sets the mode before main.
        self.assertEqual(self.answer(HOSTS["gcc"], "-O2", "-ffast-math",
                                     "-DTINYMF_ARITHMETIC_UNCHECKED"), "00")


if __name__ == "__main__":
    unittest.main()
