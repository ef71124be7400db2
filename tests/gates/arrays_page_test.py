# SPDX-License-Identifier: Apache-2.0
"""docs/arrays.md lists the arrays that `tinymf export` writes, with type, shape and unit, and no other;
its sections are those of the kinds of run."""

import ast
import json
import os
import re
import struct
import subprocess
import tempfile
import unittest
import zipfile
from pathlib import Path

from project_sources import ROOT

TINYMF = os.environ["TINYMF"]
PAGE = ROOT / "docs/arrays.md"
ROW = re.compile(r"^\| `(\w+)` \| ([\w ]+) \| ([\w, ]+) \|([^|]*)\|([^|]+)\| (\w*) ?\|$", re.M)
TYPES = {"<f4": "float32", "<f8": "float64", "<u4": "uint32", "<u8": "uint64"}

NETWORK = ["network.neurons=16", "model.steps=400", "stream.state_every=20", "stream.digest_every=100"]
OBSERVING = [*NETWORK, "network.replicas=2", "model.noise=0.5", "stream.observe_every=2", "stream.observe_block=40",
             "stream.observe_lags=10",
             'stream.observe=["moments","autocorrelation","response","participation","covariance","lyapunov"]']
MEAN_FIELD = ["model.kind=mean_field", "model.steps=12"]
SIZES = {"N": 16, "S": 21, "D": 6, "P": 6, "I": 1, "L": 10, "n": 13}
# Sections of the page that a run needs, its settings and options, and sizes that differ.
RUNS = [
    ("Every run, A network", [*NETWORK, "network.replicas=2"], [], {}),
    ("Every run, A network", [*NETWORK, "network.scalar=float64"], [], {}),
    ("Every run, A network", [*NETWORK, "stimulus.kind=live"], ["--input", "input.csv"], {}),
    ("Every run, A network, What a network observed", OBSERVING, [], {}),
    ("Every run, A network, What a network observed", [*NETWORK, "model.noise=1.0", "model.noise_kind=static",
                                                       'stream.observe=["settling"]', "stream.observe_every=2",
                                                       "stream.observe_block=40"], [], {}),
    ("Every run, A mean field on its time grid", [*MEAN_FIELD, "mean_field.populations=2"], [], {"D": 3}),
    ("Every run, A stationary mean field", [*MEAN_FIELD, "mean_field.method=stationary",
                                            "mean_field.scalar=float64"], [], {"D": 3}),
]


def sections():
    """Type, shape, unit and whether errors stand beside it, of each array of each section."""
    found = {}
    for part in PAGE.read_text().split("\n## ")[1:]:
        rows = ROW.findall(part)
        found[part.splitlines()[0]] = {name: (kind.split(" or "), shape.split(", "), unit.strip(), error == "yes")
                                       for name, kind, shape, unit, _, error in rows}
    return {title: rows for title, rows in found.items() if rows}


def exported(settings, options):
    """Type and shape of each array of a run's npz file, and its metadata."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "run.toml").write_text('schema = 1\nname = "run"\n')
        (Path(folder) / "input.csv").write_text("step,value\n3,0.5\n")
        words = [word for setting in settings for word in ("--set", setting)]
        for command in (["emulate", "run.toml", *words, *options, "-o", "run.tmf"],
                        ["export", "run.tmf", "-o", "run.npz"]):
            subprocess.run([TINYMF, *command], cwd=folder, check=True, capture_output=True)
        arrays = {}
        with zipfile.ZipFile(Path(folder) / "run.npz") as archive:
            for file in archive.namelist():
                data = archive.read(file)
                size, = struct.unpack("<H", data[8:10])
                facts = ast.literal_eval(data[10:10 + size].decode())
                if file == "metadata.npy":
                    metadata = json.loads(data[10 + size:].decode("utf-32-le"))
                else:
                    arrays[file.removesuffix(".npy")] = TYPES[facts["descr"]], list(facts["shape"])
    return arrays, metadata


class ArraysPage(unittest.TestCase):
    def test_describes_every_array_and_no_other(self):
        pages, met = sections(), set()
        self.assertEqual(set(pages), {title for needed, *_ in RUNS for title in needed.split(", ")})
        for needed, settings, options, differing in RUNS:
            arrays, metadata = exported(settings, options)
            known = {name: row for title in needed.split(", ") for name, row in pages[title].items()}
            sizes = {**SIZES, **differing}
            for name, (kind, shape) in arrays.items():
                base = name.removesuffix("_se")
                self.assertIn(base, known, (needed, name))
                kinds, symbols, unit, errors = known[base]
                self.assertTrue(base == name or errors, name)
                self.assertIn(kind, kinds, name)
                self.assertEqual(shape, [sizes.get(symbol) or int(symbol) for symbol in symbols], (needed, name))
                self.assertEqual(metadata["units"][name], "" if base != name and not unit else unit, name)
                met.add((next(title for title in needed.split(", ") if base in pages[title]), name))
        promised = {(title, entry) for title, rows in pages.items() for name, (*_, errors) in rows.items()
                    for entry in ((name, f"{name}_se") if errors else (name,))}
        self.assertEqual(met, promised)
        print(f"{len(met)} arrays of {len(RUNS)} runs")

    def test_names_every_key_of_the_metadata(self):
        _, metadata = exported(NETWORK, [])
        text = PAGE.read_text().split("\n## `metadata`")[1]
        rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
        self.assertEqual(sorted(re.findall(r"`(\w+)`", "".join(rows))), sorted(metadata))

    def test_names_the_moments_in_their_order(self):
        header = (ROOT / "sim_core/include/tinymf/observe/observable.hpp").read_text()
        body = re.search(r"enum class Moment : std::uint8_t \{(.*?)count", header, re.S).group(1)
        names = re.findall(r"^    (\w+),", body, re.M)
        words = {"x": "x", "phi": "phi", "x_squared": "x^2", "phi_squared": "phi^2", "x_phi": "x phi", "slope": "phi'",
                 "population_x": "(sum_i x_i)^2/N", "population_phi": "(sum_i phi_i)^2/N"}
        said = [words[name] for name in names]
        self.assertIn(f"averages of {', '.join(said[:-1])} and {said[-1]}.", PAGE.read_text())


if __name__ == "__main__":
    unittest.main()
