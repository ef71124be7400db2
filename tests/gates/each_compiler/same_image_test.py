#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A copy of the sources in another folder gives the board's application image, byte for byte."""

import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ["TINYMF_SOURCE_DIR"], "tests/emulator/each_board"))
from emulated_board import BUILD, SOURCE, board_under_test  # noqa: E402

IMAGE = "tinymf-firmware"


def run(folder, *command):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)


def copied_sources(folder):
    """The files as they lie here, in a clone of their own: the image carries the commit's hash."""
    names = subprocess.run(["git", "-C", SOURCE, "ls-files", "-z"], check=True,
                           capture_output=True).stdout
    copied = folder / "a copy in a folder of quite another name"
    run(folder, "git", "clone", "--quiet", "--no-checkout", str(SOURCE), str(copied))
    subprocess.run(["xargs", "-0", "cp", "--parents", "-t", copied], cwd=SOURCE, input=names,
                   check=True)
    run(copied, "git", "reset", "--quiet")
    return copied


def main():
    board = board_under_test()
    own = BUILD.parent / board.name
    board.image(IMAGE)
    run(SOURCE, "cmake", "--build", own, "--target", IMAGE)
    with tempfile.TemporaryDirectory() as name:
        copy = copied_sources(pathlib.Path(name))
        run(copy, "cmake", "--preset", board.name)
        run(copy, "cmake", "--build", f"build/{board.name}", "--target", IMAGE)
        other = (copy / f"build/{board.name}/bin/{IMAGE}.elf").read_bytes()
    image = (own / f"bin/{IMAGE}.elf").read_bytes()
    print(f"{board.name}: {len(image)} bytes here, {len(other)} there, "
          + ("equal" if image == other else "different"))
    return 0 if image == other else 1


if __name__ == "__main__":
    sys.exit(main())
