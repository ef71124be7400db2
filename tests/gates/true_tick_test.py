# SPDX-License-Identifier: Apache-2.0
"""Every reader of a capture shows the true tick beside the one that was asked for, and says so where
they differ by more than 0.1 %. The capture is that of an emulated run as a board would tell it whose
clock has 32,768 counts a second: a millisecond is 33 of them."""

import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

from project_sources import ROOT

sys.path.append(str(ROOT / "tests/emulator/each_board"))
from wire_frames import cobs_decoded, on_wire  # noqa: E402

TINYMF = os.environ["TINYMF"]
HELLO, CONFIGURATION, TICKS = 0x01, 0x04, 0x1C
RATE, COUNTS = 32768, 33
ASKED = "1000 us asked, "
TRUE = "1007.08 us by the board's clock (33 counts of 32768 a second)"
REMARK = ("the tick lasts 1007.08 us, 0.71 % longer than the 1000 us that were asked: the board's clock counts 32768 a second")
TOLD = {"asked_us": 1000, "true_us": 1007.080078125, "counts": COUNTS, "counts_per_second": RATE}
EXPERIMENT = 'schema = 1\nname = "run"\n[model]\nsteps = 40\n[network]\nneurons = 16\n'


def with_clock(capture, counts=COUNTS, rate=RATE):
    """The capture, its clock another: in HELLO, CONFIGURATION and TICKS."""
    size, = struct.unpack_from("<I", capture, 8)
    begin = 8 + 4 + size + 4
    found = bytearray(capture[:begin])
    for coded in capture[begin:].split(b"\0")[:-1]:
        content = bytearray(cobs_decoded(coded)[:-4])
        if content[0] == HELLO:
            struct.pack_into("<I", content, len(content) - 6, rate)
        elif content[0] == CONFIGURATION:
            struct.pack_into("<II", content, len(content) - 8, counts, rate)
        elif content[0] == TICKS:
            struct.pack_into("<I", content, 6, counts)
        found += on_wire(bytes(content))
    return bytes(found)


class TrueTick(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        (self.folder / "run.toml").write_text(EXPERIMENT)
        self.said = self.tinymf("emulate", "run.toml", "--tick-ms", "1", "-o", "exact.tmf").stdout
        exact = (self.folder / "exact.tmf").read_bytes()
        (self.folder / "run.tmf").write_bytes(with_clock(exact))
        (self.folder / "off.tmf").write_bytes(with_clock(exact, COUNTS + 1))

    def tinymf(self, *words, code=0):
        done = subprocess.run([TINYMF, *words], cwd=self.folder, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def assert_told(self, tick):
        self.assertEqual({key: tick[key] for key in TOLD}, TOLD)
        self.assertAlmostEqual(tick["deviation"], 0.007080078125, delta=1e-12)

    def test_is_shown_by_verify(self):
        said = self.tinymf("verify", "run.tmf").stdout
        self.assertIn(ASKED + TRUE, said)
        self.assertIn(REMARK, said)
        facts = json.loads(self.tinymf("verify", "run.tmf", "--json").stdout)
        self.assert_told(facts["tick"])
        self.assertEqual(facts["remarks"], [REMARK])

    def test_is_shown_by_compare(self):
        for against in ("host", "exact.tmf"):
            self.assertIn(ASKED + TRUE, self.tinymf("compare", "run.tmf", "--against", against).stdout)
            self.assert_told(json.loads(self.tinymf("compare", "run.tmf", "--against", against, "--json").stdout)["tick"])

    def test_is_shown_by_export(self):
        self.tinymf("export", "run.tmf", "-o", "run.npz")
        with zipfile.ZipFile(self.folder / "run.npz") as archive:
            data = archive.read("metadata.npy")
        size, = struct.unpack_from("<H", data, 8)
        self.assert_told(json.loads(data[10 + size:].decode("utf-32-le"))["tick"])

    def test_is_shown_by_report(self):
        self.tinymf("report", "run.tmf", "-o", "run.html")
        page = (self.folder / "run.html").read_text().replace("&#39;", "'")
        self.assertIn(ASKED + TRUE, page)
        self.assertIn(REMARK, page)

    def test_is_shown_by_capture(self):
        self.assertIn("1000 us asked, 1000 us by the board's clock (1000000 counts of 1000000000 a second)", self.said)
        done = self.tinymf("capture", "run.toml", "--from", "file:run.tmf", "--tick-ms", "1", "-o", "again.tmf")
        self.assertIn(ASKED + TRUE, done.stdout)
        self.assertEqual(done.stderr, f"note: run.toml: {REMARK}\n")
        done = self.tinymf("capture", "run.toml", "--from", "file:run.tmf", "--tick-ms", "1", "-o", "again.tmf", "--json")
        self.assert_told(json.loads(done.stdout)["tick"])
        self.assertEqual((self.folder / "again.tmf").read_bytes().split(b"\0")[-5:],
                         (self.folder / "run.tmf").read_bytes().split(b"\0")[-5:])

    def test_off_by_a_count_is_refused_by_every_reader(self):
        finding = "CONFIGURATION tells a tick of 34 counts, the nearest to 1000 us are 33"
        done = self.tinymf("verify", "off.tmf", code=3)
        self.assertIn(finding, done.stdout)
        facts = json.loads(self.tinymf("verify", "off.tmf", "--json", code=3).stdout)
        self.assertEqual(facts["findings"], [finding])
        self.assertIn(finding, self.tinymf("export", "off.tmf", "-o", "off.npz", code=3).stderr)
        self.assertEqual(json.loads(self.tinymf("compare", "off.tmf", "--against", "host", "--json", code=3).stdout)["unsound"],
                         [finding])
        self.tinymf("report", "off.tmf", "-o", "off.html", code=3)
        self.assertIn(finding, (self.folder / "off.html").read_text())

    def test_that_is_exact_is_worth_no_word(self):
        facts = json.loads(self.tinymf("verify", "exact.tmf", "--json").stdout)
        self.assertEqual(facts["remarks"], [])
        self.assertEqual(facts["tick"]["deviation"], 0.0)
        self.tinymf("emulate", "run.toml", "-o", "free.tmf")
        self.assertIsNone(json.loads(self.tinymf("verify", "free.tmf", "--json").stdout)["tick"])
        self.assertNotIn("tick", self.tinymf("verify", "free.tmf").stdout)


if __name__ == "__main__":
    unittest.main()
