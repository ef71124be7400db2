#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a board's image on a strict model of its chip, its serial line on a TCP port of this machine.

    strict_run.py BOARD IMAGE.elf [--crystal usual|slow|dead] [--start power|loader]
                  [--reset-reasons N] [--seed NAME] [--limit SECONDS]

Prints `port N`, waits for one connection, and serves it until the other side hangs up. Then each finding
is a line `FINDING kind: what (place)`, and the last line says how many there were. Ends with 1 if any.
"""

import argparse
import pathlib
import socket
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from strict import conditions, seeds  # noqa: E402
from strict.boards import BOARDS  # noqa: E402
from strict.cortex_m import CortexM  # noqa: E402
from strict.image import Image  # noqa: E402
from strict.processor import Stopped  # noqa: E402
from strict.riscv import RiscV  # noqa: E402
from strict.serve import serve  # noqa: E402

def core_of(board, image, under):
    chip = BOARDS[board](under)
    return (RiscV if board == "hifive1-revb" else CortexM)(chip, image)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("board", choices=sorted(BOARDS))
    parser.add_argument("image")
    parser.add_argument("--crystal", choices=conditions.CRYSTALS, default="usual")
    parser.add_argument("--start", choices=conditions.STARTS, default="power")
    parser.add_argument("--reset-reasons", type=lambda text: int(text, 0), default=0)
    parser.add_argument("--seed", choices=sorted(seeds.SEEDS), action="append", default=[])
    parser.add_argument("--limit", type=float, default=120.0)
    options = parser.parse_args()
    under = conditions.Conditions(options.crystal, options.start, options.reset_reasons,
                                  [seeds.SEEDS[name] for name in options.seed])
    core = core_of(options.board, Image(options.image), under)
    server = socket.create_server(("127.0.0.1", 0))
    print(f"port {server.getsockname()[1]}", flush=True)
    connection, _ = server.accept()
    seconds, stopped = 0.0, ""
    try:
        seconds = serve(core, connection, options.limit)
    except Stopped as stop:
        stopped = str(stop)
        core.chip.find("stopped", stopped)
    connection.close()
    chip = core.chip
    for (kind, what), place in chip.findings.items():
        print(f"FINDING {kind}: {what} ({place})")
    print(f"{len(chip.findings)} findings; {chip.sent} bytes out, {chip.taken} in, {chip.lost} lost, "
          f"{seconds:.3f} s at last {chip.core_hertz() / 1e6:.1f} MHz")
    return 1 if chip.findings else 0


if __name__ == "__main__":
    sys.exit(main())
