#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`tinymf verify` reads a killed run up to its last whole frame and calls it incomplete; a capture
with one flipped bit or a missing end never passes."""
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

TINYMF = os.environ["TINYMF"]
EXPERIMENT = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"]) / "host_tools/experiments/chaos.toml"
UNSOUND = 3
LIMIT_S = 60


def verify(capture):
    result = subprocess.run([TINYMF, "verify", capture, "--json"], text=True, timeout=LIMIT_S,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return result.returncode, result.stdout, result.stderr


class DamagedCapture(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.capture = pathlib.Path(folder.name) / "run.tmf"

    def test_a_killed_run_is_read_to_its_last_whole_frame(self):
        process = subprocess.Popen([TINYMF, "emulate", EXPERIMENT, "--set", "model.steps=100000000",
                                    "-o", self.capture], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + LIMIT_S
        while not self.capture.exists() or self.capture.stat().st_size < 500_000:
            self.assertIsNone(process.poll(), "the run ended by itself")
            self.assertLess(time.monotonic(), deadline, "the capture does not grow")
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        code, output, errors = verify(self.capture)
        print(code, output.strip(), errors.strip())
        self.assertEqual(code, UNSOUND)
        self.assertGreater(json.loads(output)["stream"]["frames"], 1000)
        self.assertRegex(output + errors, "incomplete|END")

    def test_no_flipped_bit_and_no_cut_passes(self):
        subprocess.run([TINYMF, "emulate", EXPERIMENT, "--set", "model.steps=20", "--set",
                        "network.neurons=16", "-o", self.capture], check=True,
                       stdout=subprocess.DEVNULL)
        whole = self.capture.read_bytes()
        self.assertEqual(verify(self.capture)[0], 0)
        bits = range(0, len(whole) * 8, max(1, len(whole) * 8 // 150))
        for bit in bits:
            damaged = bytearray(whole)
            damaged[bit // 8] ^= 1 << bit % 8
            self.capture.write_bytes(damaged)
            self.assertNotEqual(verify(self.capture)[0], 0, f"bit {bit} of {len(whole) * 8}")
        cuts = range(0, len(whole), max(1, len(whole) // 50))
        for cut in cuts:
            self.capture.write_bytes(whole[:cut])
            self.assertNotEqual(verify(self.capture)[0], 0, f"cut at byte {cut} of {len(whole)}")
        print(f"{len(bits)} flips and {len(cuts)} cuts of {len(whole)} bytes, none passed")


if __name__ == "__main__":
    unittest.main()
