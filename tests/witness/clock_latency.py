#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long the interrupt of the clock waits, and until when it is served, with the serial line full both
ways: in instructions, counted one by one on the strict model of the board's chip.

    clock_latency.py BOARD...    measures the boards and writes their rows on docs/embedded.md anew
"""

import dataclasses
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"])
sys.path[:0] = [str(SOURCE / "tests/witness"), str(SOURCE / "tests/emulator/each_board")]
from emulated_board import EmulatedBoard  # noqa: E402
from strict.chip import BAUD, BITS_PER_BYTE  # noqa: E402
from strict.conditions import Conditions  # noqa: E402
from strict.image import Image  # noqa: E402
from strict_run import core_of  # noqa: E402
from wire_frames import frames_of, on_wire  # noqa: E402

TINYMF = os.environ["TINYMF"]
PAGE = SOURCE / "docs/embedded.md"
HEADING = "| board | waits at most | then takes | served after at most | shortest tick |\n"
ROW = "| {board} | {waits} | {takes} | {served} | {least_us} µs, {least} |\n"
HELLO, PROFILE, CONFIGURATION, NAK = 0x01, 0x02, 0x04, 0x21
CONFIGURE, START, CREDIT = 0x40, 0x41, 0x4A
REALTIME, LATE = 1, 0
SESSION = 1
PROFILE_BYTES = 19
TICK_US = 203   # neither a multiple nor a part of a byte's 86.8
TICKS = 600
GIVE_UP_S = 5.0  # of the board's own time
# Steps so cheap that their states and digests fill the line of the slowest board.
ENDLESS = ["model.steps=1000000", "model.activation=relu", "model.gain=0.5", "network.neurons=16",
           "stream.state_every=1", "stream.digest_every=1"]
CHATTER = 512   # bytes that wait for the board


@dataclasses.dataclass
class Latency:
    waits: int    # instructions from the request to the handler's first: the longest lock, or more
    takes: int    # from there to its last
    seen: int     # the most that was seen of both
    least_us: int  # the shortest tick that the board takes, and its instructions
    least: int
    ticks: int
    locks: int
    nested: int   # of them that interrupted the service of the line
    out: float    # share of the time in which the line was busy, out of the board and into it
    into: float

    @property
    def served(self):
        return self.waits + self.takes


def frame(kind, number, arguments=b""):
    return on_wire(struct.pack("<BBIII", kind, 1, number, SESSION, number) + arguments)


def parameters():
    """Of a network of 16 neurons, as the device takes them."""
    with tempfile.TemporaryDirectory() as name:
        experiment, capture = pathlib.Path(name) / "run.toml", pathlib.Path(name) / "run.tmf"
        experiment.write_text("schema = 1\n")
        sets = [word for setting in ENDLESS for word in ("--set", setting)]
        subprocess.run([TINYMF, "emulate", experiment, *sets, "--stop-at", "1", "-o", capture], check=True,
                       stdout=subprocess.DEVNULL)
        payload = next(payload for kind, payload in frames_of(capture.read_bytes()) if kind == CONFIGURATION)
    return payload[11:-8]


class Board:
    """The image on its model, with someone at the other end of the line who never stops."""

    def __init__(self, name):
        self.core = core_of(name, Image(EmulatedBoard(name).image("tinymf-firmware")), Conditions())
        self.chip = self.core.chip
        self.seconds = 0.0
        self.forget()
        self.parameters = parameters()

    def turn(self):
        chip, before = self.chip, self.chip.now
        if self.core.run():
            upcoming = [time for time in [*chip.events(), self.core.next_wrap()] if time > chip.now]
            chip.now = min(upcoming, default=chip.now + 1000)
        self.seconds += (chip.now - before) / chip.core_hertz()
        self.heard += chip.outgoing
        chip.outgoing.clear()

    def until(self, reached):
        begin = self.seconds
        while not reached():
            assert self.seconds - begin < GIVE_UP_S, f"silent: {bytes(self.heard[-40:])}"
            self.turn()

    def forget(self):
        self.heard, self.whole, self.decoded = bytearray(), 0, []

    def frames(self):
        """Of what was heard since `forget`, each decoded once."""
        end = self.heard.rfind(b"\0") + 1
        if end > self.whole:
            self.decoded += frames_of(bytes(self.heard[self.whole:end]))
            self.whole = end
        return self.decoded

    def answered(self, kind):
        return any(found == kind for found, _ in self.frames())

    def profiles(self):
        return [payload[at:at + PROFILE_BYTES] for kind, payload in self.frames() if kind == PROFILE
                for at in range(1, len(payload), PROFILE_BYTES)]

    def smallest_network(self):
        """The profile of the fewest float32 neurons with stored couplings."""
        entries = self.profiles()
        plain = [(struct.unpack_from("<H", entry, 4)[0], index) for index, entry in enumerate(entries)
                 if tuple(entry[:3]) == (0, 0, 0)]
        return min(plain)

    def configure(self, number, tick_us, answer):
        """The answer's payload."""
        settings = struct.pack("<BBBI", self.profile, REALTIME, LATE, tick_us)
        self.forget()
        self.chip.incoming.extend(frame(CONFIGURE, number, settings + self.parameters))
        self.until(lambda: self.answered(answer))
        return next(payload for kind, payload in self.frames() if kind == answer)

    def start_run(self):
        self.until(lambda: self.answered(HELLO))
        announced = self.frames()[0][1][-1]
        self.until(lambda: len(self.profiles()) == announced)
        neurons, self.profile = self.smallest_network()
        assert neurons == 16, neurons
        refusal = self.configure(1, 1, NAK)
        self.least_us = round(struct.unpack_from("<f", refusal, 10)[0])
        self.configure(2, TICK_US, CONFIGURATION)
        self.forget()
        self.chip.incoming.extend(frame(START, 3))
        self.until(lambda: len(self.heard) > CHATTER)  # the line is full by now


def measured(name):
    board = Board(name)
    board.start_run()
    core, chip = board.core, board.chip
    core.count_exactly()
    begin, sent, taken = board.seconds, chip.sent, chip.taken
    chatter = frame(CREDIT, 0, struct.pack("<I", 1))
    while len(core.services) <= TICKS:
        if len(chip.incoming) < CHATTER:
            chip.incoming.extend(chatter * (CHATTER // len(chatter)))
        board.turn()
        assert board.seconds - begin < GIVE_UP_S, core.services[-3:]
    assert not chip.findings, chip.findings
    bytes_a_second = BAUD / BITS_PER_BYTE * (board.seconds - begin)
    services = core.services[1:-1]  # whole ones
    return Latency(
        waits=max([one.begin for one in services] + core.locks),
        takes=max(one.end - one.begin for one in services), seen=max(one.end for one in services),
        least_us=board.least_us, least=round(board.least_us * chip.core_hertz() / 1e6), ticks=len(services),
        locks=len(core.locks), nested=sum(one.nested for one in services),
        out=(chip.sent - sent) / bytes_a_second, into=(chip.taken - taken) / bytes_a_second)


def rows(text):
    """Board, and how long it waits and takes, by the page."""
    table = text.split(HEADING)[1].split("\n\n")[0]
    return {board: (int(waits), int(takes))
            for board, waits, takes in re.findall(r"^\| ([\w-]+) \| (\d+) \| (\d+) \|", table, re.M)}


def with_row(text, board, latency):
    row = ROW.format(board=board, served=latency.served, **dataclasses.asdict(latency))
    old = re.search(rf"^\| {board} \| \d+ \|.*\n", text.split(HEADING)[1], re.M)
    if old:
        begin = text.index(HEADING) + len(HEADING) + old.start()
        return text[:begin] + row + text[begin + len(old.group()):]
    rule = text.index("\n", text.index(HEADING) + len(HEADING)) + 1
    return text[:rule] + row + text[rule:]


def main():
    for board in sys.argv[1:]:
        latency = measured(board)
        print(board, latency, flush=True)
        PAGE.write_text(with_row(PAGE.read_text(), board, latency))


if __name__ == "__main__":
    main()
