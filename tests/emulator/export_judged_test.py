#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`tinymf export` writes nothing of a damaged capture unless it was asked for what there is, writes
that of a failed run and then fails, and leaves no array out of a CSV export."""
import os
import pathlib
import subprocess
import tempfile
import unittest

import numpy

TINYMF = os.environ["TINYMF"]
EXPERIMENTS = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"]) / "host_tools/experiments"
FAILED, UNSOUND = 1, 3


def tinymf(*arguments):
    return subprocess.run([TINYMF, *map(str, arguments)], text=True, timeout=120,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


class JudgedExport(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.capture = self.folder / "run.tmf"

    def emulate(self, experiment, *settings):
        overrides = [word for setting in settings for word in ("--set", setting)]
        return tinymf("emulate", EXPERIMENTS / experiment, "-o", self.capture, *overrides)

    def cut(self, share):
        whole = self.capture.read_bytes()
        self.capture.write_bytes(whole[:int(len(whole) * share)])

    def test_a_cut_capture_is_exported_only_where_asked(self):
        for experiment in ("chaos.toml", "two_time.toml", "stationary.toml", "observed.toml"):
            self.assertEqual(self.emulate(experiment).returncode, 0)
            self.cut(0.9)
            for name in ("out.npz", "out.csv"):
                output = self.folder / name
                refused = tinymf("export", self.capture, "-o", output)
                self.assertEqual(refused.returncode, UNSOUND, refused.stderr)
                self.assertFalse(output.exists(), "something was written")
                self.assertIn("--partial", refused.stderr)
                self.assertEqual(len(refused.stderr.splitlines()), 1, refused.stderr)
                partial = tinymf("export", self.capture, "-o", output, "--partial")
                print(experiment, name, partial.returncode, partial.stderr.strip())
                self.assertEqual(partial.returncode, 0, partial.stderr)
                self.assertIn("END", partial.stderr)
                self.assertGreater(output.stat().st_size, 100)
                output.unlink()

    def test_a_failed_run_is_written_and_fails(self):
        run = self.emulate("chaos.toml", "model.activation=linear", "model.gain=100",
                           "model.dt=1.0")
        self.assertEqual(run.returncode, FAILED, run.stderr)
        for name in ("out.npz", "out.csv"):
            output = self.folder / name
            exported = tinymf("export", self.capture, "-o", output)
            self.assertEqual(exported.returncode, FAILED, exported.stderr)
            self.assertIn("NaN or infinite at step", exported.stderr)
            self.assertTrue(output.exists())

    def test_csv_holds_every_array_of_the_archive(self):
        for experiment in ("observed.toml", "two_time.toml", "stationary.toml"):
            self.assertEqual(self.emulate(experiment).returncode, 0)
            self.assertEqual(tinymf("export", self.capture, "-o", self.folder / "out.npz").returncode, 0)
            exported = tinymf("export", self.capture, "-o", self.folder / "out.csv")
            self.assertEqual(exported.returncode, 0, exported.stderr)
            archive = numpy.load(self.folder / "out.npz")
            heading = (self.folder / "out.csv").read_text().splitlines()[0].split(",")
            in_table = {column.split(" ")[0] for column in heading}
            if "x0" in in_table:
                in_table.add("x")
            checked = 0
            for name in archive.files:
                if name == "metadata" or name.split("_replica_")[0] in in_table:
                    continue
                beside = self.folder / f"out.{name}.csv"
                self.assertTrue(beside.exists(), f"{experiment}: {name} is in no file")
                dtype = archive[name].dtype
                table = numpy.array([line.split(",") for line in
                                     beside.read_text().splitlines()[1:]]).astype(dtype)
                numpy.testing.assert_array_equal(table.reshape(archive[name].shape), archive[name])
                beside.unlink()
                checked += 1
            print(experiment, checked, "arrays in files of their own")
            self.assertGreater(checked, 2)


if __name__ == "__main__":
    unittest.main()
