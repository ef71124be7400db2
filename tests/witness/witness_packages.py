# SPDX-License-Identifier: Apache-2.0
"""What the witnesses need besides the tree; a test whose package is missing says so and is skipped."""

import importlib.util
import os
import pathlib
import shutil
import sys

SKIPPED = 77
NPM_FOLDER = pathlib.Path(os.environ["TINYMF_BINARY_DIR"]).parent / "witnesses"


def skip_without(missing):
    if missing:
        print(f"skipped: {' and '.join(missing)} not installed; "
              "toolchain/dev setup witnesses installs them")
        sys.exit(SKIPPED)


def skip_without_compiler(test, board):
    """Skips the test, or its part for this board, where its image cannot be built."""
    compiler = f"{board.tools}g++"
    if not shutil.which(compiler):
        print(f"skipped {board.name}: {compiler} not installed; "
              f"toolchain/dev setup {board.packages} installs it", flush=True)
        test.skipTest(compiler)


def require_unicorn():
    skip_without([name for name in ("unicorn", "elftools") if not importlib.util.find_spec(name)])


def require_rp2040js():
    there = {"node": shutil.which("node"),
             "rp2040js": (NPM_FOLDER / "node_modules/rp2040js").exists()}
    skip_without([name for name, found in there.items() if not found])
