#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The Raspberry Pi Pico's unchanged flash image in rp2040js, with resets that end only with their clock:
it boots from its second stage, passes conformance, prints 210 golden digests, captures the host's
numbers and follows a host that closes a loop. An image with a damaged second stage does not boot, and
one whose peripheral clock does not start stays silent."""

import contextlib
import os
import pathlib
import re
import select
import subprocess
import sys
import tempfile
import threading

SOURCE = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"])
sys.path[:0] = [str(SOURCE / path) for path in ("tests/witness", "tests/emulator/each_board",
                                                "tests/golden")]
from witness_packages import NPM_FOLDER, require_rp2040js  # noqa: E402

require_rp2040js()
import conformance_test  # noqa: E402
import digests  # noqa: E402
from emulated_board import board_under_test  # noqa: E402
from serial_line import emulated_line  # noqa: E402
from short_capture import EXPERIMENT, bits_against_host, tinymf  # noqa: E402

MODEL = SOURCE / "tests/witness/rp2040/pico.mjs"
SILENCE_S = 5
# The larger networks take this model an hour; what comes until then are whole lines.
DIGESTS, DIGESTS_LIMIT_S = 210, 240
CONTROLLER = """import sys
for line in sys.stdin:
    step, *x = map(float, line.split())
    print(-0.25 * sum(x) / len(x), flush=True)
"""


def command(image, *options):
    return ["node", str(MODEL), str(NPM_FOLDER), str(image), *options]


def flash_file(board, name):
    return f"{board.image(name)}.bin"


def check_conformance(board):
    line = command(flash_file(board, conformance_test.IMAGE))
    conformance_test.open_line = lambda *_: emulated_line(line)
    conformance_test.run(board, "rp2040js")


def check_digests(board):
    process = subprocess.Popen(command(flash_file(board, "tinymf-golden")), stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, text=True)
    deadline = threading.Timer(DIGESTS_LIMIT_S, process.kill)
    deadline.start()
    lines = []
    try:
        for line in process.stdout:
            lines.append(line)
            if len(lines) == DIGESTS:
                break
    finally:
        deadline.cancel()
        process.kill()
        process.wait()
    row = digests.parse("".join(lines) + "done\n")
    wrong = digests.differences(row, digests.committed())
    print(f"{len(row)} digests, {len(wrong)} differ", flush=True)
    assert not wrong and len(row) == DIGESTS, wrong[:1]


@contextlib.contextmanager
def port_of(board):
    process = subprocess.Popen(command(flash_file(board, "tinymf-firmware"), "--port"),
                               stdout=subprocess.PIPE, text=True)
    try:
        yield re.fullmatch(r"port (\d+)\n", process.stdout.readline()).group(1)
    finally:
        process.kill()
        process.wait()


def check_capture(board, folder, *options):
    experiment, capture = folder / "run.toml", folder / "run.tmf"
    experiment.write_text(EXPERIMENT)
    with port_of(board) as port:
        tinymf("capture", experiment, "--from", f"tcp:127.0.0.1:{port}", *options, "-o", capture)
    bits = bits_against_host(capture)
    print(f"{' '.join(map(str, options[:2]))} {bits['states_checked']} states equal", flush=True)


def first_bytes(image, *options):
    """Those that come before a while has passed, and the process's end, if any."""
    process = subprocess.Popen(command(image, *options), stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        ready = select.select([process.stdout], [], [], SILENCE_S)[0]
        return os.read(process.stdout.fileno(), 16) if ready else b""
    finally:
        process.kill()
        process.wait()


def check_judges(board, folder):
    right = pathlib.Path(flash_file(board, "tinymf-firmware"))
    assert first_bytes(right), "the right image is silent"
    assert not first_bytes(right, "--seed-no-peripheral-clock"), "a UART without clock spoke"
    damaged = folder / "damaged.bin"
    content = bytearray(right.read_bytes())
    content[100] ^= 1
    damaged.write_bytes(content)
    refused = subprocess.run(command(damaged), stdin=subprocess.DEVNULL, capture_output=True,
                             text=True, timeout=SILENCE_S)
    assert refused.returncode == 1 and "wrong checksum" in refused.stderr, refused


def main():
    board = board_under_test()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        check_judges(board, folder)
        check_capture(board, folder)
        program = folder / "controller.py"
        program.write_text(CONTROLLER)
        check_capture(board, folder, "--set", "stimulus.kind=live", "--tick-ms", "20", "--controller",
                      f"{sys.executable} {program}")
    check_conformance(board)
    check_digests(board)


if __name__ == "__main__":
    sys.argv[1:] = ["raspberry-pi-pico"]
    sys.exit(main())
