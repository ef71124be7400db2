# SPDX-License-Identifier: Apache-2.0
"""A capture explains itself: read by its own TABLE frames alone (table_decoder.py), every frame is
used up to the last byte and gives the numbers that `tinymf export` gives."""

import ast
import math
import os
import struct
import subprocess
import tempfile
import unittest
import zipfile
from pathlib import Path

from table_decoder import CONFIGURATION, TABLE, Damaged, Decoder, frames

TINYMF = os.environ["TINYMF"]
STATE, OBSERVE, ROW, DIGEST, TIMING = 0x10, 0x11, 0x12, 0x13, 0x14
FAULT, CHECKPOINT, INPUT_TAKEN, TICKS, RESTORED, END = 0x17, 0x18, 0x19, 0x1C, 0x1D, 0x1F
# Numbers on the wire, in the order of observe/observable.hpp and mean_field/two_time_row.hpp.
OBSERVED = {"moments": 0, "Cx": 1, "Cphi": 2, "Rx": 3, "Rphi": 4, "lyapunov": 11}
TWO_TIME = {"Cx": 0, "Cphi": 1, "Rx": 2, "Rphi": 3, "mean": 4}

NETWORK = {"model.steps": 200, "model.dt": 0.1, "network.neurons": 32, "stream.state_every": 10,
           "stream.digest_every": 40}


def npy(data: bytes):
    """Shape and flat numbers of an array file of format 1.0."""
    size, = struct.unpack("<H", data[8:10])
    facts = ast.literal_eval(data[10:10 + size].decode())
    code = {"<f4": "f", "<f8": "d", "<u4": "I", "<u8": "Q", "<i4": "i"}[facts["descr"]]
    body = data[10 + size:]
    return facts["shape"], list(struct.unpack(f"<{len(body) // struct.calcsize(code)}{code}", body))


def shortest_decimal(single: float) -> float:
    """dt as it was written: the shortest decimal that rounds to this float32."""
    for digits in range(1, 10):
        text = float(f"{single:.{digits}g}")
        if struct.unpack("<f", struct.pack("<f", text))[0] == single:
            return text
    return single


class Runs(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)

    def run_of(self, settings, *options):
        """The capture of a run, decoded by kind, and the exported arrays."""
        (self.folder / "run.toml").write_text('schema = 1\nname = "run"\n')
        sets = [word for key, value in settings.items()
                for word in ("--set", f"{key}={value}")]
        done = subprocess.run([TINYMF, "emulate", "run.toml", *sets, "-o", "run.tmf", *options], cwd=self.folder,
                              capture_output=True, text=True, check=False)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        subprocess.run([TINYMF, "export", "run.tmf", "-o", "run.npz"], cwd=self.folder, check=False,
                       capture_output=True)
        capture = (self.folder / "run.tmf").read_bytes()
        by_kind = {}
        for kind, values in Decoder().decode(capture):
            by_kind.setdefault(kind, []).append(values)
        arrays = {}
        if (self.folder / "run.npz").exists():
            with zipfile.ZipFile(self.folder / "run.npz") as archive:
                arrays = {name.removesuffix(".npy"): npy(archive.read(name)) for name in archive.namelist()
                          if name != "metadata.npy"}
        return by_kind, arrays


class TableAlone(Runs):
    def states(self, by_kind, replica):
        """Steps and whole states, put together of their pieces."""
        pieces = {}
        for frame in by_kind[STATE]:
            if frame["replica"] == replica:
                state = pieces.setdefault(frame["step"], {})
                state.update(enumerate(frame["x"], frame["first_neuron"]))
        return list(pieces), [state[i] for state in pieces.values() for i in range(len(state))]

    def check_network(self, settings, replicas=1):
        by_kind, arrays = self.run_of(settings)
        for replica in range(replicas):
            steps, x = self.states(by_kind, replica)
            self.assertEqual(x, arrays[f"x_replica_{replica}" if replica else "x"][1])
            self.assertEqual(steps, arrays["step"][1])
        dt = by_kind[CONFIGURATION][-1]["model.dt"]
        self.assertEqual([step * shortest_decimal(dt) for step in steps], arrays["t"][1])
        digests = by_kind[DIGEST] + by_kind[END]
        self.assertEqual([frame["step"] for frame in digests], arrays["digest_step"][1])
        self.assertEqual([frame["states_digest"] for frame in digests], arrays["digest"][1])
        for name in ("samples", "least", "most", "total"):
            self.assertEqual([frame[name] for frame in by_kind[TIMING]], arrays[f"timing_{name}"][1])
        self.assertEqual([count for frame in by_kind[TIMING] for count in frame["histogram"]],
                         arrays["timing_histogram"][1])
        return by_kind, arrays

    def test_gives_the_states_of_networks_in_both_precisions(self):
        for scalar in ("float32", "float64"):
            for neurons in (32, 256):  # the second in several pieces
                self.check_network({**NETWORK, "network.scalar": scalar, "network.neurons": neurons,
                                    "model.noise": 0.5, "network.replicas": 2}, replicas=2)

    def test_gives_the_parameters_that_were_set(self):
        chosen = {"model.gain": 1.25, "model.seed": 2**40 + 3, "model.noise_kind": "colored", "model.noise": 0.5,
                  "stimulus.kind": "sine", "stimulus.frequency": 0.25, "stream.observe": ["lyapunov"],
                  "stream.observe_every": 3, "model.activation": "pade", "model.pade_num": [1.0, 0.5],
                  "model.integrator": "exponential_euler"}
        by_kind, _ = self.run_of({**NETWORK, **chosen})
        said = by_kind[CONFIGURATION][-1]
        expected = {"model.gain": 1.25, "model.seed": 2**40 + 3, "model.noise_kind": 1, "stimulus.kind": 3,
                    "stimulus.frequency": 0.25, "stream.observe_every": 3, "model.activation": 5,
                    "model.pade_num": [1.0, 0.5, 0.0, 0.0], "model.integrator": 1, "model.steps": 200,
                    "stream.state_every": 10, "network.replicas": 1}
        self.assertEqual({key: said[key] for key in expected}, expected)

    def test_gives_what_a_network_observes_of_itself(self):
        settings = {**NETWORK, "model.steps": 4000, "model.noise": 0.5, "network.replicas": 2,
                    "stream.observe": ["moments", "autocorrelation", "response", "lyapunov"],
                    "stream.observe_every": 5, "stream.observe_block": 100, "stream.observe_lags": 10}
        by_kind, arrays = self.check_network(settings, replicas=2)
        for name, number in OBSERVED.items():
            blocks = {}
            for frame in by_kind[OBSERVE]:
                if frame["array"] == number:
                    blocks.setdefault(frame["step"], {}).update(enumerate(frame["values"], frame["first_element"]))
            self.assertEqual(len(blocks), 8, name)
            means = [math.fsum(block[k] for block in blocks.values()) / len(blocks) for k in range(len(blocks[500]))]
            exported = arrays[name][1]
            self.assertEqual(len(exported), len(means), name)
            for mean, value in zip(means, exported):
                # Sums of eight numbers in two orders.
                self.assertAlmostEqual(mean, value, delta=1e-14 + 1e-14 * abs(value), msg=name)

    def test_gives_the_rows_of_a_mean_field(self):
        n = 40
        by_kind, arrays = self.run_of({"model.kind": "mean_field", "mean_field.method": "gaussian_closure",
                                       "mean_field.scalar": "float64", "model.dt": 0.1, "model.steps": n - 1,
                                       "mean_field.points": 1000})
        for name, number in TWO_TIME.items():
            rows = {}
            for frame in by_kind[ROW]:
                if frame["array"] == number:
                    rows.setdefault(frame["row"], {}).update(enumerate(frame["values"], frame["first_column"]))
            # A response to the present is zero and not sent.
            self.assertEqual(sorted(rows), list(range(1 if name.startswith("R") else 0, n)), name)
            for t, row in rows.items():
                for s, value in row.items():
                    exported = arrays[name][1][t] if name == "mean" else arrays[name][1][t * n + s]
                    self.assertEqual(value, exported, (name, t, s))

    def test_reads_the_rarer_frames_to_the_last_byte(self):
        (self.folder / "input.csv").write_text("step,value\n5,0.5\n50,-1.25\n")
        by_kind, arrays = self.run_of({**NETWORK, "stimulus.kind": "live"}, "--input", "input.csv",
                                      "--snapshot-every", "100")
        self.assertEqual([frame["step"] for frame in by_kind[INPUT_TAKEN]], arrays["input_step"][1])
        self.assertEqual([frame["input"] for frame in by_kind[INPUT_TAKEN]], arrays["input"][1])
        pieces = [frame for frame in by_kind[CHECKPOINT] if frame["total"]]
        self.assertEqual(sum(len(frame["bytes"]) for frame in pieces) % pieces[0]["total"], 0)
        by_kind, _ = self.run_of({**NETWORK, "model.activation": "linear", "model.gain": 100.0, "model.dt": 1.0})
        fault = by_kind[FAULT][-1]
        self.assertEqual(fault["step"], by_kind[END][-1]["step"])
        self.assertEqual(fault["record"], [])
        by_kind, _ = self.run_of(NETWORK, "--tick-ms", "1")
        said = by_kind[CONFIGURATION][-1]
        self.assertEqual((said["tick_period"], said["tick_counts"], said["tick_clock"]), (1000, 10**6, 10**9))
        self.assertEqual(by_kind[TICKS][-1]["period"], 10**6)
        self.assertGreaterEqual(by_kind[TICKS][-1]["last_tick"], 200)


class TheDecoderItself(Runs):
    """A TABLE that is not true is noticed."""

    def decoded(self, change):
        """The capture, read by TABLE rows that went through `change`; nothing where that is noticed."""
        decoder = Decoder()
        learn = decoder.learn
        decoder.learn = lambda row: [learn(other) for other in change(row)]
        try:
            return list(decoder.decode(self.capture))
        except (Damaged, KeyError, IndexError, TypeError, UnicodeDecodeError):
            return None

    def test_a_wrong_row_is_noticed_or_gives_other_numbers(self):
        self.run_of(NETWORK)
        self.capture = (self.folder / "run.tmf").read_bytes()
        truth = self.decoded(lambda row: [row])
        self.assertEqual(len(truth), len(list(frames(self.capture))))
        for kind in sorted({kind for kind, _ in frames(self.capture)} - {TABLE}):
            self.assertIsNone(self.decoded(lambda row: [] if row["message"] == kind else [row]), f"{kind:#x}")
            for wrong in (0, 1, 2, 3, 6):
                def change(row):
                    first = (row["message"], row["field"]) == (kind, 0)
                    return [{**row, "type": wrong}] if first and row["type"] != wrong else [row]
                if any(change(row) != [row] for of, row in truth if of == TABLE):
                    self.assertNotEqual(self.decoded(change), truth, (f"{kind:#x}", wrong))

    def test_a_flipped_bit_is_noticed(self):
        self.run_of(NETWORK)
        capture = (self.folder / "run.tmf").read_bytes()
        for at in range(len(capture) - 400, len(capture), 7):
            self.capture = capture[:at] + bytes([capture[at] ^ 4]) + capture[at + 1:]
            with self.assertRaises((Damaged, IndexError, struct.error)):
                list(frames(self.capture))


if __name__ == "__main__":
    unittest.main()
