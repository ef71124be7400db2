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
    # Both builds ask the same repository for the hash that the image carries.
    environment = {**os.environ, "GIT_WORK_TREE": str(SOURCE), "GIT_DIR": subprocess.run(
        ["git", "-C", SOURCE, "rev-parse", "--absolute-git-dir"], check=True, text=True,
        capture_output=True).stdout.strip()}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)


def copied_sources(folder):
    names = subprocess.run(["git", "-C", SOURCE, "ls-files", "-z"], check=True,
                           capture_output=True).stdout
    copied = folder / "a copy in a folder of quite another name"
    copied.mkdir()
    subprocess.run(["xargs", "-0", "cp", "--parents", "-t", copied], cwd=SOURCE, input=names,
                   check=True)
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
