# SPDX-License-Identifier: Apache-2.0
"""A host's side of the stream, as far as a measurement needs it: see tinymf/stream/frame_kinds.hpp."""

import os
import pathlib
import queue
import struct
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "emulator/each_board"))
from wire_frames import frames_of, on_wire  # noqa: E402

HELLO, PROFILE, CONFIGURATION, STATUS, SELFTEST = 0x01, 0x02, 0x04, 0x1A, 0x1B
END, ACK, NAK = 0x1F, 0x20, 0x21
DATA = (0x10, 0x11, 0x12, 0x13)  # STATE, OBSERVE, ROW, DIGEST
CONFIGURE, START, RUN_SELFTEST, QUERY_STATUS, CREDIT = 0x40, 0x41, 0x48, 0x49, 0x4A
SCHEMA = 1
SESSION = 1
UNLIMITED = 0xFFFF_FFFF
PROFILE_BYTES = 19
COUNTED_TICK_BYTES = 8  # at the end of CONFIGURATION


class Device:
    """Firmware in an emulator whose serial line is the standard input and output of `command`."""

    def __init__(self, command, limit_s):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL)
        self.deadline = time.monotonic() + limit_s
        self.frames = queue.Queue()
        self.number = 0
        threading.Thread(target=self._pump, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def _pump(self):
        pending = b""
        while chunk := os.read(self.process.stdout.fileno(), 65536):
            whole, zero, pending = (pending + chunk).rpartition(b"\0")
            for frame in frames_of(whole + zero):
                self.frames.put(frame)
        self.frames.put((END, b""))

    def wait_for(self, kind):
        """The payload of the next frame of that kind."""
        while True:
            try:
                found, payload = self.frames.get(
                    timeout=max(0.0, self.deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no frame of kind 0x{kind:02x} in time") from None
            assert found != NAK, f"refused with code {payload[8]}, field {payload[9]}"
            if found == kind:
                return payload

    def send(self, kind, arguments=b""):
        self.number += 1
        content = struct.pack("<BBIII", kind, SCHEMA, self.number, SESSION, self.number) + arguments
        self.process.stdin.write(on_wire(content))
        self.process.stdin.flush()

    def ask(self, kind, arguments=b""):
        self.send(kind, arguments)
        self.wait_for(ACK)

    def profiles(self):
        """Kind of model of every profile, with the method if it is a mean field: from the
        introduction that follows a reset."""
        count, found = self.wait_for(HELLO)[-1], []
        while len(found) < count:
            payload = self.wait_for(PROFILE)
            found += [(payload[at], payload[at + 2])
                      for at in range(1, len(payload), PROFILE_BYTES)]
        return found

    def run(self, profile, configuration):
        """A whole run of a profile; `configuration`: what a CONFIGURATION frame holds of it."""
        arguments = bytes([profile]) + configuration[5:]
        self.ask(CONFIGURE, arguments)
        self.send(CREDIT, struct.pack("<I", UNLIMITED))
        self.ask(START)
        self.wait_for(END)

    def self_test(self):
        self.ask(RUN_SELFTEST)
        assert self.wait_for(SELFTEST)[0] == 1, "the self-test failed"

    def stack_high_water(self):
        self.ask(QUERY_STATUS)
        return struct.unpack_from("<I", self.wait_for(STATUS), 21)[0]
