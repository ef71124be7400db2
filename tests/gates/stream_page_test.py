# SPDX-License-Identifier: Apache-2.0
"""docs/stream.md lists the frames as a device describes them and the sources name their values;
`--record` writes that part of the page anew."""

import os
import re
import shlex
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from project_sources import ROOT
from table_decoder import Decoder, frames

TINYMF = os.environ["TINYMF"]
PAGE = ROOT / "docs/stream.md"
CORE = ROOT / "sim_core/include/tinymf"
BEGIN = "<!-- Frames, written by tests/gates/stream_page_test.py --record -->\n"
END = "<!-- end of frames -->\n"

# Where the sources name the values of a field, counted from 0; `set of` where bits are.
VALUES = {
    ("profile", "kind"): "experiment/profile.hpp model_names",
    ("profile", "scalar"): "experiment/profile.hpp scalar_names",
    ("profile", "coupling_or_method"): "model/coupling.hpp coupling_names, mean_field/method.hpp method_names",
    ("profile", "observables"): "set of observe/observable.hpp observable_names",
    ("configuration", "delivery"): "stream/message.hpp delivery_names",
    ("configuration", "deadline"): "stream/message.hpp deadline_policy_names",
    ("configuration", "model.activation"): "model/activation.hpp activation_names",
    ("configuration", "model.noise_kind"): "model/noise.hpp noise_names",
    ("configuration", "model.integrator"): "model/integrator.hpp integrator_names",
    ("configuration", "initial.kind"): "model/initial.hpp initial_names",
    ("configuration", "stimulus.kind"): "model/stimulus.hpp stimulus_names",
    ("configuration", "stream.observe"): "set of observe/observable.hpp observable_names",
    ("observe", "array"): "observe/observable.hpp observed_array_names",
    ("row", "array"): "mean_field/two_time_row.hpp two_time_names",
    ("timing", "phase"): "observe/work_phase.hpp work_phase_names",
    ("end", "reason"): "stream/message.hpp end_reason_names",
    ("nak", "code"): "experiment/refusal.hpp refusal_names",
}

# Runs whose first frame of a kind is shown, byte by byte; no number of theirs depends on the machine.
NETWORK = ["model.steps=4", "network.neurons=16", "stream.state_every=4", "stream.digest_every=4"]
EXAMPLES = {
    "configuration": NETWORK,
    "state": NETWORK,
    "observe": [*NETWORK, 'stream.observe=["moments"]', "stream.observe_every=2", "stream.observe_block=2"],
    "row": ["model.kind=mean_field", "mean_field.method=gaussian_closure", "mean_field.points=1000",
            "mean_field.scalar=float64", "model.steps=1"],
    "digest": NETWORK,
    "end": NETWORK,
}


def capture_of(settings):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "run.toml").write_text('schema = 1\nname = "run"\n')
        words = [word for setting in settings for word in ("--set", setting)]
        subprocess.run([TINYMF, "emulate", "run.toml", *words, "-o", "run.tmf"], cwd=folder, check=True,
                       capture_output=True)
        return (Path(folder) / "run.tmf").read_bytes()


def kinds():
    """Number and meaning of each message, by name, as stream/message.hpp has them."""
    text = (CORE / "stream/message.hpp").read_text()
    body = re.search(r"enum class Kind : std::uint8_t \{(.*?)\n\};", text, re.S).group(1)
    return {name: int(number, 16) for name, number in re.findall(r"^    (\w+) = (0x\w+),", body, re.M)}


def names_of(places):
    """The names at one or more places such as "model/noise.hpp noise_names"."""
    said = []
    for place in places.removeprefix("set of ").split(", "):
        header, array = place.split()
        text = (CORE / header).read_text()
        body = re.search(rf"\b{array}\{{(.*?)\}};", text, re.S).group(1)
        said.append(", ".join(f"{number} {name}" for number, name in enumerate(re.findall(r'"([^"]*)"', body))))
    return ("bits: " if places.startswith("set of") else "") + "; or ".join(said)


def frames_section():
    numbers = kinds()
    decoder = Decoder()
    list(decoder.decode(capture_of(NETWORK)))
    parts = [BEGIN]
    for name, number in sorted(numbers.items(), key=lambda item: item[1]):
        if number not in decoder.table:
            continue
        parts.append(f"\n### {name.upper()}, 0x{number:02x}\n\n| field | type | unit | values |\n| --- | --- | --- | --- |\n")
        for field in decoder.table[number]:
            places = VALUES.get((name, field.name))
            parts.append(f"| {field.name} | {field.type}{field.shape} | {field.unit} | {names_of(places) if places else ''} |\n")
        if name in EXAMPLES:
            payload = next(data for kind, data in frames(capture_of(EXAMPLES[name])) if kind == number)
            lines = [payload[at:at + 24].hex(" ") for at in range(0, len(payload), 24)]
            settings = " ".join(f"--set {shlex.quote(setting)}" for setting in EXAMPLES[name])
            parts.append(f"\nPayload with `{settings}`:\n\n```\n" + "\n".join(lines) + "\n```\n")
    return "".join([*parts, "\n", END])


class StreamPage(unittest.TestCase):
    def test_lists_the_frames_as_devices_and_sources_have_them(self):
        text = PAGE.read_text()
        written = text[text.index(BEGIN):text.index(END) + len(END)]
        self.assertEqual(written, frames_section(), "tests/gates/stream_page_test.py --record writes it anew")

    def test_every_frame_a_device_sends_is_described(self):
        decoder = Decoder()
        list(decoder.decode(capture_of(NETWORK)))
        from_device = {number for number in kinds().values() if number < 0x40}
        self.assertEqual(set(decoder.table), from_device)

    def test_the_words_that_the_decoder_relies_on_are_on_the_page(self):
        text = PAGE.read_text()
        for words in ("u8, u16, u32, u64, f32, f64, text, bytes, scalar", "`[n]`", "`TMFCAP`", "0x82F63B78",
                      "they repeat together", "field `scalar`"):
            self.assertIn(words, text)


if __name__ == "__main__":
    if sys.argv[1:] == ["--record"]:
        old = PAGE.read_text()
        PAGE.write_text(old[:old.index(BEGIN)] + frames_section() + old[old.index(END) + len(END):])
    else:
        unittest.main()
