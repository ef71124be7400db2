# SPDX-License-Identifier: Apache-2.0
"""A board's image on the strict model in a process of its own, and what it found."""

import contextlib
import pathlib
import re
import subprocess
import sys

STRICT_RUN = pathlib.Path(__file__).parent / "strict_run.py"
GIVE_UP_S = 20


class StrictRun:
    def __init__(self, process):
        self.process = process
        self.port = re.fullmatch(r"port (\d+)\n", process.stdout.readline()).group(1)

    def findings(self):
        """After the other side hung up; the last line says how the run went."""
        text, _ = self.process.communicate(timeout=GIVE_UP_S)
        lines = text.splitlines()
        return [line for line in lines if line.startswith("FINDING ")], lines[-1]


@contextlib.contextmanager
def strict_run(board, *options):
    process = subprocess.Popen([sys.executable, STRICT_RUN, board.name,
                                board.image("tinymf-firmware"), *options],
                               stdout=subprocess.PIPE, text=True)
    try:
        yield StrictRun(process)
    finally:
        process.kill()
        process.wait()
