# SPDX-License-Identifier: Apache-2.0
"""Compiler launcher of the golden matrix's clang rows for boards: by_clang.py COMPILER ARGUMENT...
compiles the program of the scenarios, and with it the whole model, by clang with the headers and the
calling convention of COMPILER, arm-none-eabi-g++; everything else as it is told."""

import pathlib
import subprocess
import sys

# Debian 12's; nothing of the C++ library is linked.
CXX_HEADERS = sorted(pathlib.Path("/usr/lib/arm-none-eabi/include/c++").glob("12.*"))
# Clang knows no names of GNU's bare-metal types and routines for memory but those of Linux.
LIKE_GCC = ["--target=arm-none-linux-gnueabi", "-fno-pic", "-U__UINT32_TYPE__", "-U__INT32_TYPE__",
            "-D__UINT32_TYPE__=long unsigned int", "-D__INT32_TYPE__=long int", "-nostdinc++", "-nostdlibinc"]


def main(command):
    if any(word.endswith("device_digests.cpp") for word in command):
        headers = CXX_HEADERS[-1]
        known = [word for word in command[1:] if not word.startswith("-W")]
        command = ["clang++", *LIKE_GCC, "-Wno-everything", *known, "-isystem", headers, "-isystem",
                   headers / "arm-none-eabi/thumb/v7-m/nofp", "-isystem", "/usr/include/newlib"]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
