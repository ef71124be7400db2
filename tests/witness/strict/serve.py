# SPDX-License-Identifier: Apache-2.0
"""Runs a processor with its chip, and carries the serial line over a TCP socket of this machine."""

import socket
import time

LINE_LOOKS = 20_000     # cycles between two looks at the socket
IDLE_SECONDS = 0.001
BOOT_SECONDS = 1.0      # of silence after which the host's bytes go in all the same
LEAP = 100_000          # cycles, while nothing happens by itself


class Line:
    """The host speaks to a board that runs already: nothing is handed over before its first words."""

    def __init__(self, chip, connection):
        self.chip = chip
        self.connection = connection
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setblocking(False)
        self.open = True

    def exchange(self):
        try:
            if self.chip.outgoing:
                self.connection.setblocking(True)
                self.connection.sendall(bytes(self.chip.outgoing))
                self.connection.setblocking(False)
                self.chip.outgoing.clear()
            if not self.chip.sent and self.chip.seconds < BOOT_SECONDS:
                return
            content = self.connection.recv(4096)
            self.open = bool(content)
            self.chip.incoming.extend(content)
        except BlockingIOError:
            pass
        except ConnectionError:
            self.open = False


def serve(core, connection, limit_s):
    """Until the other side hangs up. The time the chip spent, in seconds."""
    chip, line = core.chip, Line(core.chip, connection)
    next_look, before = 0, chip.now
    deadline = time.monotonic() + limit_s
    while line.open and time.monotonic() < deadline:
        asleep = core.run()
        chip.seconds += (chip.now - before) / chip.core_hertz()
        before = chip.now
        if core.wants_reset:
            chip.before_reset()
            chip.system_reset()
            core.restart()
        if asleep or chip.now >= next_look:
            next_look = chip.now + LINE_LOOKS
            line.exchange()
        if asleep:
            upcoming = [event for event in [*chip.events(), core.next_wrap()] if event > chip.now]
            if chip.quiet():
                time.sleep(IDLE_SECONDS)
            chip.now = min(upcoming) if upcoming else chip.now + LEAP
    return chip.seconds
