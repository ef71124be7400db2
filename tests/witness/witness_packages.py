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


def require_unicorn():
    skip_without([name for name in ("unicorn", "elftools") if not importlib.util.find_spec(name)])


def require_rp2040js():
    there = {"node": shutil.which("node"),
             "rp2040js": (NPM_FOLDER / "node_modules/rp2040js").exists()}
    skip_without([name for name, found in there.items() if not found])
