#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A capture over a line that loses or repeats frames says so and exits with 3, and keeps what came."""
import os
import pathlib
import struct
import subprocess
import tempfile
import unittest

TINYMF = os.environ["TINYMF"]
EXPERIMENT = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"]) / "host_tools/experiments/chaos.toml"
SETTINGS = ["--set", "model.steps=200", "--set", "network.neurons=16"]
UNSOUND = 3


def tinymf(*arguments):
    return subprocess.run([TINYMF, *map(str, arguments)], text=True, timeout=120,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def header_and_frames(capture):
    """As the capture's header is laid out: magic, version, length, text, checksum; then frames, each
    closed by a zero."""
    data = capture.read_bytes()
    size, = struct.unpack_from("<I", data, 8)
    begin = 12 + size + 4
    return data[:begin], [frame + b"\0" for frame in data[begin:].split(b"\0")[:-1]]


class LossyLine(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.sent = self.folder / "sent.tmf"
        made = tinymf("emulate", EXPERIMENT, *SETTINGS, "-o", self.sent)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.header, self.frames = header_and_frames(self.sent)

    def received(self, frames):
        self.sent.write_bytes(self.header + b"".join(frames))
        got = self.folder / "got.tmf"
        done = tinymf("capture", EXPERIMENT, *SETTINGS, "--from", f"file:{self.sent}", "-o", got)
        return done, got

    def test_an_undamaged_line_gives_a_sound_capture(self):
        done, _ = self.received(self.frames)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_one_frame_less_or_twice_is_said(self):
        data = len(self.frames) - 20  # states and digests lie there, before the closing frames
        for what, frames in (("lost", self.frames[:data] + self.frames[data + 1:]),
                             ("repeated", self.frames[:data] + self.frames[data - 1:])):
            done, got = self.received(frames)
            print(what, done.returncode, done.stderr.strip())
            self.assertEqual(done.returncode, UNSOUND, done.stdout + done.stderr)
            self.assertIn("unsound", done.stderr)
            self.assertGreater(got.stat().st_size, 1000)
            self.assertEqual(tinymf("verify", got).returncode, UNSOUND)


if __name__ == "__main__":
    unittest.main()
