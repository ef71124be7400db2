# SPDX-License-Identifier: Apache-2.0
"""Where the gates find the project: its files as git knows them, and its files of flags."""

import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"])
FLAGS_FILES = ("sim_core/arithmetic_flags.cmake", "toolchain/flags.cmake")
BUILD_TREE = pathlib.Path(os.environ["TINYMF_BINARY_DIR"])


def tracked_files(*patterns: str) -> list[pathlib.Path]:
    """Files of the project matching the git patterns that exist; never an empty list."""
    listing = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z", "--", *patterns],
        check=True, capture_output=True, text=True).stdout
    paths = [ROOT / name for name in listing.split("\0") if name]
    paths = [path for path in paths if path.is_file()]
    assert paths, f"no file matches {patterns}"
    return paths


def flags_named(variable: str) -> list[str]:
    """The options that one of the files of flags puts into a variable."""
    text = "".join((ROOT / name).read_text() for name in FLAGS_FILES)
    body = re.search(rf"^set\({variable}\s([^)]*)\)", text, re.MULTILINE)
    assert body, f"none of {FLAGS_FILES} sets {variable}"
    return body.group(1).split()
