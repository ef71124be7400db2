# SPDX-License-Identifier: Apache-2.0
"""What the witnesses need besides the tree; a test whose package is missing says so and is skipped."""

import importlib.util
import os
import pathlib
import sys

SKIPPED = 77


def require_unicorn():
    missing = [name for name in ("unicorn", "elftools") if not importlib.util.find_spec(name)]
    if missing:
        print(f"skipped: {' and '.join(missing)} not installed; "
              "toolchain/dev setup witnesses installs them")
        sys.exit(SKIPPED)
