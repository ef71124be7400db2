# SPDX-License-Identifier: Apache-2.0
"""A library that makes subnormals zero, loaded into the tool, changes no bit of a run."""

import os
import pathlib
import platform
import subprocess
import sys
import tempfile

TINYMF = os.environ["TINYMF"]
FLUSHES = {
    "x86_64": """
#include <immintrin.h>
__attribute__((constructor)) static void flush(void) { _mm_setcsr(_mm_getcsr() | 0x8040); }
""",
    "aarch64": """
__attribute__((constructor)) static void flush(void) {
    unsigned long mode;
    __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
    __asm__ volatile("msr fpcr, %0" : : "r"(mode | 1ul << 24));
}
""",
}
# Decays through the subnormals: with flushing another digest.
DECAY = """schema = 1
[model]
activation = "linear"
gain = 0.1
dt = 1.0
steps = 40
[network]
neurons = 16
[stream]
state_every = 1
digest_every = 1
"""
# Prints whether the mode is set when main begins: the library must do what it is there for.
WITNESS = """
#include <cstdio>
int main() { volatile float x = 0x1p-126f; std::printf("%d\\n", x * 0.5f > 0); }
"""


def run_of(folder, name, environment):
    capture = folder / name
    subprocess.run([TINYMF, "emulate", folder / "decay.toml", "-o", capture], check=True,
                   capture_output=True, env=environment)
    return capture.read_bytes()


def main():
    if platform.machine() not in FLUSHES:
        print(f"no flush-to-zero library for {platform.machine()}")
        return 77
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "decay.toml").write_text(DECAY)
        library = folder / "flush.so"
        subprocess.run(["gcc", "-shared", "-fPIC", "-x", "c", "-", "-o", library],
                       input=FLUSHES[platform.machine()], check=True, text=True)
        preloaded = {**os.environ, "LD_PRELOAD": str(library)}
        witness = folder / "witness"
        subprocess.run(["g++", "-x", "c++", "-", "-o", witness], input=WITNESS, check=True,
                       text=True)
        kept = [subprocess.run([witness], env=environment, check=True, capture_output=True,
                               text=True).stdout.strip() for environment in (os.environ, preloaded)]
        assert kept == ["1", "0"], f"the library does not flush: {kept}"

        plain = run_of(folder, "plain.tmf", os.environ)
        flushed = run_of(folder, "flushed.tmf", preloaded)
        print(f"{len(plain)} bytes of capture, equal with the library: {plain == flushed}")
        assert plain == flushed
    return 0


if __name__ == "__main__":
    sys.exit(main())
