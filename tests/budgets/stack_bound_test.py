#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The static bound of the stack is exact on images made for it, and refuses what has no bound."""

import pathlib
import re
import subprocess
import tempfile
import unittest

from linked_image import ImageError, LinkedImage
from object_code import ObjectCode
from stack_bound import stack_bound

TOOLS = "arm-none-eabi-"
OPTIONS = ["-mcpu=cortex-m4", "-mthumb", "-Os", "-ffreestanding", "-fno-exceptions",
           "-ffunction-sections", "-fcallgraph-info=su"]
# Frames by construction: naked functions with one push or subtraction, or the compiler's own.
BASE = """
extern "C" {
void leaf(char* p) { asm volatile("" :: "r"(p) : "memory"); }
void on_tick() { char room[64]; asm volatile("" :: "r"(room) : "memory", "r4", "r5", "r6", "lr"); }
void on_byte() { char room[24]; asm volatile("" :: "r"(room) : "memory", "r4", "lr"); }
[[gnu::naked]] void fault_entry() { asm volatile("b ."); }
void work();
[[gnu::naked]] void reset() { asm volatile("bl work"); asm volatile("b ."); }
}
using Handler = void (*)();
[[gnu::section(".vectors"), gnu::used]] Handler const vectors[] = {reset, fault_entry, on_tick, on_byte, on_byte};
"""
SCRIPT = """
SECTIONS { .text 0x8000 : { KEEP(*(.vectors)) tinymf_code_begin = .; *(.text*) tinymf_code_end = .;
*(.rodata*) } }
ENTRY(reset)
"""
OPAQUE = 'extern "C" [[gnu::noinline]] void '


class StackBound(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "objects").mkdir()

    def bound(self, source):
        object_file = self.folder / "objects/source.cpp.obj"
        (self.folder / "script.ld").write_text(SCRIPT)
        subprocess.run([f"{TOOLS}g++", *OPTIONS, "-x", "c++", "-", "-c", "-o", object_file],
                       input=BASE + source, text=True, check=True)
        image = self.folder / "image.elf"
        subprocess.run([f"{TOOLS}gcc", *OPTIONS[:2], "-nostdlib", object_file, "-lgcc", "-T",
                        self.folder / "script.ld", "-o", image], check=True)
        return stack_bound(LinkedImage(image, TOOLS),
                           ObjectCode(self.folder / "objects", TOOLS), has_float_unit=False)[0]

    def frame(self, function):
        text = (self.folder / "objects/source.cpp.ci").read_text()
        return int(re.search(rf'title: "[^"]*\b{function}".*?\\n(\d+) bytes', text).group(1))

    def interrupts(self):
        """What the processor pushes, and the handlers, of which one interrupts the other."""
        return 2 * 36 + self.frame("on_tick") + self.frame("on_byte")

    def test_the_deepest_chain_and_all_handlers_are_summed(self):
        found = self.bound(OPAQUE + """shallow() { char room[8]; leaf(room); }
            extern "C" [[gnu::noinline]] void deep() { char room[400]; leaf(room); asm(""); }
            extern "C" void work() { char room[40]; leaf(room); shallow(); deep(); asm(""); }""")
        chain = sum(map(self.frame, ("reset", "work", "deep", "leaf")))
        self.assertGreater(chain, 440)
        self.assertGreater(self.interrupts(), 2 * 36 + 64 + 24)
        self.assertEqual(found, chain + self.interrupts())

    def test_a_call_by_address_reaches_every_function_whose_address_is_taken(self):
        found = self.bound(OPAQUE + """small() { char room[8]; leaf(room); }
            extern "C" [[gnu::noinline]] void large() { char room[600]; leaf(room); }
            Handler const table[] = {small, large};
            extern "C" void work() { int i; asm("" : "=r"(i)); table[i](); asm(""); }""")
        self.assertEqual(found, sum(map(self.frame, ("reset", "work", "large", "leaf")))
                         + self.interrupts())

    def test_the_compilers_library_counts_too(self):
        without = self.bound('extern "C" void work() { char room[8]; leaf(room); asm(""); }')
        divided = self.bound("""volatile long long a, b;
            extern "C" void work() { char room[8]; leaf(room); a = a / b; asm(""); }""")
        self.assertGreater(divided, without + 16)

    def assert_refused(self, word, source):
        with self.assertRaisesRegex(ImageError, word):
            self.bound(source)

    def test_recursion_is_refused(self):
        self.assert_refused("recursion: again -> again", OPAQUE + """again() {
            char room[8]; again(); leaf(room); } extern "C" void work() { again(); asm(""); }""")
        self.assert_refused("recursion", """extern "C" void second();
            extern "C" [[gnu::noinline]] void first() { second(); asm(""); }
            extern "C" [[gnu::noinline]] void second() { first(); asm(""); }
            extern "C" void work() { first(); asm(""); }""")

    def test_recursion_through_an_address_is_refused(self):
        self.assert_refused("recursion", """extern "C" void work();
            Handler volatile handler = work; extern "C" void work() { handler(); asm(""); }""")

    def test_a_frame_sized_at_run_time_is_refused(self):
        self.assert_refused("run time", """extern "C" void work() {
            int n; asm("" : "=r"(n)); leaf(static_cast<char*>(__builtin_alloca(n))); }""")

    def test_a_call_by_address_that_can_reach_nothing_known_is_refused(self):
        self.assert_refused("no address is taken", """extern "C" void work() {
            Handler handler; asm("" : "=r"(handler)); handler(); asm(""); }""")

    def test_missing_figures_are_refused(self):
        self.bound('extern "C" void work() { asm(""); }')
        (self.folder / "objects/source.cpp.ci").unlink()
        with self.assertRaisesRegex(ImageError, "is missing"):
            ObjectCode(self.folder / "objects", TOOLS)


if __name__ == "__main__":
    unittest.main()
