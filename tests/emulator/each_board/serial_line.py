# SPDX-License-Identifier: Apache-2.0
"""A board's serial line as lines of text and blocks of bytes, with one deadline for all of it."""

import contextlib
import os
import queue
import select
import subprocess
import termios
import threading
import time
import tty

TIME_LIMIT = 120
LOOKS_FOR_THE_END_S = 0.1


class SerialLine:
    """`source` and `sink`: descriptors; reading goes on in a thread, so that nothing is lost."""

    def __init__(self, source, sink):
        self.sink = sink
        self.chunks = queue.Queue()
        self.buffer = b""
        self.deadline = time.monotonic() + TIME_LIMIT
        self.stopped = threading.Event()
        self.reader = threading.Thread(target=self._pump, args=(source,))
        self.reader.start()

    def _pump(self, source):
        with contextlib.suppress(OSError):  # a terminal whose other side is gone
            while not self.stopped.is_set():
                if select.select([source], [], [], LOOKS_FOR_THE_END_S)[0]:
                    chunk = os.read(source, 65536)
                    if not chunk:
                        break
                    self.chunks.put(chunk)
        self.chunks.put(b"")

    def stop(self):
        """To be called before the descriptors are closed: their numbers will be used again."""
        self.stopped.set()
        self.reader.join()

    def _fill(self):
        try:
            chunk = self.chunks.get(timeout=max(0.0, self.deadline - time.monotonic()))
        except queue.Empty:
            raise AssertionError(f"silent after {self.buffer[-200:]!r}") from None
        if not chunk:
            raise AssertionError(f"the line ended after {self.buffer[-200:]!r}")
        self.buffer += chunk

    def read(self, count):
        while len(self.buffer) < count:
            self._fill()
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def line(self):
        while b"\n" not in self.buffer:
            self._fill()
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.decode("ascii")

    def skip_to(self, text):
        """Drops whatever comes before `text`."""
        text = text.encode("ascii")
        while text not in self.buffer:
            self._fill()
        self.buffer = self.buffer[self.buffer.index(text):]

    def write(self, data):
        while data:
            data = data[os.write(self.sink, data):]


@contextlib.contextmanager
def emulated_line(command):
    """To an emulator whose serial line is its standard input and output."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    line = SerialLine(process.stdout.fileno(), process.stdin.fileno())
    try:
        yield line
    finally:
        line.stop()
        process.kill()
        process.wait()


@contextlib.contextmanager
def device_line(path):
    """To a serial device at 115,200 baud, eight bits, no flow control."""
    descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY)
    try:
        tty.setraw(descriptor)
        attributes = termios.tcgetattr(descriptor)
        attributes[4] = attributes[5] = termios.B115200
        attributes[2] |= termios.CLOCAL | termios.CREAD
        termios.tcsetattr(descriptor, termios.TCSAFLUSH, attributes)
        line = SerialLine(descriptor, descriptor)
        try:
            yield line
        finally:
            line.stop()
    finally:
        os.close(descriptor)
