# SPDX-License-Identifier: Apache-2.0
"""Where the gates find the project: its files as git knows them, and the one flags file."""

import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"])
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
    """The options that toolchain/flags.cmake puts into a variable."""
    text = (ROOT / "toolchain/flags.cmake").read_text()
    body = re.search(rf"^set\({variable}\s([^)]*)\)", text, re.MULTILINE)
    assert body, f"flags.cmake does not set {variable}"
    return body.group(1).split()
