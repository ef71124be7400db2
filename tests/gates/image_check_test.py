# SPDX-License-Identifier: Apache-2.0
"""The check that runs after each firmware link accepts a clean image and refuses seeded offences."""

import pathlib
import subprocess
import tempfile
import unittest

from project_sources import ROOT

CPU = ["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"]
COMPILER = ["arm-none-eabi-g++", *CPU, "-O2", "-ffreestanding", "-fno-exceptions", "-nostdlib",
            "-fno-use-cxa-atexit", "-Wl,-e,reset", "-Wl,-Ttext=0x8000", "-x", "c++", "-"]
# volatile keeps the compiler from removing the offence.
CLEAN = "volatile float sink; extern \"C\" void reset() { sink = sink * 2.0f; }"
OFFENCES = {
    "heap": 'extern "C" void* malloc(unsigned n) { return reinterpret_cast<void*>(n); }'
            'void* volatile sink; extern "C" void reset() { sink = malloc(4); }',
    "heap, exception": 'void* operator new(unsigned n) { return reinterpret_cast<void*>(n); }'
                       'int* volatile sink; extern "C" void reset() { sink = new int; }',
    "exit symbols": 'extern "C" int __cxa_guard_acquire(void*) { return 1; }'
                    'extern "C" void __cxa_guard_release(void*) {}'
                    'int first(); int first() { volatile int x = 1; return x; }'
                    'extern "C" void reset() { static int once = first(); (void)once; }',
    "double-precision": 'volatile double sink; extern "C" void reset() { sink = sink * 1.5; }',
    "static constructors": 'volatile int seen; struct Early { Early() { seen = 1; } } early;'
                           'extern "C" void reset() { seen = 2; }',
    "fused multiply-add": 'volatile float a, b, c; extern "C" void reset() {'
                          ' a = __builtin_fmaf(a, b, c); }',
}


class ImageCheck(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.image = pathlib.Path(self.folder.name) / "image.elf"
        self.map = pathlib.Path(self.folder.name) / "image.map"

    def link(self, source: str):
        subprocess.run([*COMPILER, "-o", self.image, f"-Wl,-Map={self.map}", "-lgcc"],
                       input=source, check=True, text=True)

    def check(self) -> subprocess.CompletedProcess:
        return subprocess.run(
            ["cmake", "-DNM=arm-none-eabi-nm", "-DOBJDUMP=arm-none-eabi-objdump",
             f"-DIMAGE={self.image}", f"-DMAP={self.map}",
             "-P", ROOT / "toolchain/check_image.cmake"], capture_output=True, text=True)

    def test_accepts_a_clean_image(self):
        self.link(CLEAN)
        result = self.check()
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_refuses_each_offence_by_name(self):
        for name, source in OFFENCES.items():
            with self.subTest(offence=name):
                self.link(source)
                result = self.check()
                self.assertNotEqual(result.returncode, 0)
                self.assertIn(name, " ".join(result.stderr.split()))

    def test_refuses_what_it_cannot_see(self):
        self.link(CLEAN)
        self.map.unlink()
        self.assertIn("is missing", self.check().stderr)
        self.link(CLEAN)
        self.image.unlink()
        self.assertIn("is missing", self.check().stderr)
        self.image.write_bytes(b"")
        self.assertNotEqual(self.check().returncode, 0)


if __name__ == "__main__":
    unittest.main()
