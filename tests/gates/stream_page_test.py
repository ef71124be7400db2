# SPDX-License-Identifier: Apache-2.0
"""docs/stream.md lists the frames as a device describes them and the sources name their values;
`--record` writes that part of the page anew."""

import os
import re
import shlex
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from project_sources import ROOT
from table_decoder import CODES, Damaged, Decoder, Field, Payload, frames

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
    ("configuration", "delivery"): "stream/run_policy.hpp delivery_names",
    ("configuration", "deadline"): "stream/run_policy.hpp deadline_policy_names",
    ("configuration", "model.activation"): "model/activation.hpp activation_traits",
    ("configuration", "model.noise_kind"): "model/noise.hpp noise_names",
    ("configuration", "model.integrator"): "model/integrator.hpp integrator_names",
    ("configuration", "initial.kind"): "model/initial.hpp initial_names",
    ("configuration", "stimulus.kind"): "model/stimulus.hpp stimulus_names",
    ("configuration", "stream.observe"): "set of observe/observable.hpp observable_names",
    ("observe", "array"): "observe/observable.hpp observed_arrays",
    ("row", "array"): "mean_field/two_time_row.hpp two_time_names",
    ("timing", "phase"): "observe/work_phase.hpp work_phase_names",
    ("end", "reason"): "stream/run_policy.hpp end_reason_names",
    ("nak", "code"): "experiment/refusal.hpp refusal_names",
}

# Runs whose frames are shown, byte by byte; no number of theirs depends on the machine, for the emulated
# device counts no time. Settings, options, and which frame of the kind.
NETWORK = ["model.steps=4", "network.neurons=16", "stream.state_every=4", "stream.digest_every=4"]
LINEAR = ["model.activation=linear", "model.gain=100", "model.dt=1"]
EXAMPLES = {
    "hello": (NETWORK, [], 0),
    "profile": (NETWORK, [], -1),
    "table": (NETWORK, [], 0),
    "configuration": (NETWORK, ["--tick-ms", "1"], 0),
    "state": (NETWORK, [], 0),
    "observe": ([*NETWORK, 'stream.observe=["moments"]', "stream.observe_every=2", "stream.observe_block=2"], [], 0),
    "row": (["model.kind=mean_field", "mean_field.method=gaussian_closure", "mean_field.points=1000",
             "mean_field.scalar=float64", "model.steps=1"], [], -1),
    "digest": (NETWORK, [], 0),
    "timing": (NETWORK, [], 0),
    "fault": ([*NETWORK, *LINEAR, "model.steps=400"], [], 0),
    "checkpoint": (NETWORK, ["--snapshot-every", "2"], 0),
    "input_taken": ([*NETWORK, "stimulus.kind=live"], ["--input", "input.csv"], 0),
    "status": ([*NETWORK, "stimulus.kind=live"], ["--input", "input.csv"], 0),
    "ticks": (NETWORK, ["--tick-ms", "1"], 0),
    "restored": (NETWORK, ["--stop-at", "2"], 0),
    "saturation": (["model.kind=mean_field", "mean_field.storage=fixed16", *LINEAR], [], 0),
    "end": (NETWORK, [], 0),
    "ack": (NETWORK, [], -1),
}
INPUT = "step,value\n1,0.5\n"
# What depends on the build, as the page shows it.
BUILD = {"version": "1.0.0", "git_hash": "0123456789ab", "compiler": "gcc 12.2.0", "flags_fingerprint": 0x1A2B3C4D}
# Frames that no emulated run has: tests/unit/firmware_stream_page_test.cpp holds these bytes against a device.
OF_DIALOGUES = {
    "gap": ("a full line took no STATE of step 604", "5c 02 00 00 01 00 00 00"),
    "selftest": ("RUN_SELFTEST", "01 54 e0 2e d2 70 6b 89 dd 1b 98 ec a3 01 01 00 00 00"),
    "nak": ("CONFIGURE with a gain of 200", "07 00 00 00 01 00 00 00 05 05 00 00 00 00 00 00 c8 42"),
}


# What a host sends: the fields behind session and command, and an example of each. In this order they
# make a dialogue that tests/unit/firmware_stream_page_test.cpp has with a device.
COMMANDS_BEGIN = "<!-- Commands, written by tests/gates/stream_page_test.py --record -->\n"
COMMANDS_END = "<!-- end of commands -->\n"
DIALOGUE = {"identify": 1, "configure": 1, "restore": 2, "credit": 0, "input": 3, "step": 4, "snapshot": 5,
            "query_status": 6, "start": 7, "pause": 8, "stop": 9, "run_selftest": 10}
COMMAND_FIELDS = {
    "step": [Field("u32", "", "steps", "steps")],
    "input": [Field("scalar", "", "input", "")],
    "restore": [Field("u32", "", "first_byte", "byte"), Field("u32", "", "total", "byte"), Field("bytes", "[n]", "bytes", "")],
    "credit": [Field("u32", "", "frames", "")],
}
OF_THE_CLOCK = ("tick_counts", "tick_clock")  # of a CONFIGURATION, which tells more than was asked
MEANINGS = {
    "identify": "asks for HELLO, PROFILE and TABLE again",
    "configure": "opens the session with the run that it describes; CONFIGURATION echoes it and adds the tick in counts of the board's clock",
    "restore": "a piece of a checkpoint, in order; RESTORED follows the last",
    "credit": "how many STATE, ROW, OBSERVE and DIGEST frames the device may have sent in this session, in all; not answered",
    "input": "gives the value that the stimulus `live` has from the next step on; INPUT_TAKEN says from which",
    "step": "makes so many steps, then pauses",
    "snapshot": "asks for CHECKPOINT frames of the present step",
    "query_status": "asks for STATUS",
    "start": "begins the run, or goes on with it",
    "pause": "stops after the present step; START goes on",
    "stop": "ends the run; END follows",
    "run_selftest": "asks for SELFTEST",
}
COMMANDED = ["model.steps=400", "network.neurons=16", "stream.state_every=4", "stream.digest_every=4", "stimulus.kind=live"]


def capture_of(settings, options=()):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "run.toml").write_text('schema = 1\nname = "run"\n')
        (Path(folder) / "input.csv").write_text(INPUT)
        words = [word for setting in settings for word in ("--set", setting)]

        def emulate(*arguments):
            subprocess.run([TINYMF, "emulate", *arguments], cwd=folder, check=False, capture_output=True)

        emulate("run.toml", *words, *options, "-o", "run.tmf")
        if "--stop-at" in options:
            emulate("--resume", "run.tmf", "-o", "resumed.tmf")
            return (Path(folder) / "resumed.tmf").read_bytes()
        return (Path(folder) / "run.tmf").read_bytes()


def kinds():
    """Number and meaning of each message, by name, as stream/frame_kinds.hpp has them."""
    text = (CORE / "stream/frame_kinds.hpp").read_text()
    body = re.search(r"enum class Kind : std::uint8_t \{(.*?)\n\};", text, re.S).group(1)
    return {name: int(number, 16) for name, number in re.findall(r"^    (\w+) = (0x\w+),", body, re.M)}


def names_of(places):
    """The names at one or more places such as "model/noise.hpp noise_names"."""
    said = []
    for place in places.removeprefix("set of ").split(", "):
        header, array = place.split()
        text = (CORE / header).read_text()
        body = re.search(rf"\b{array}(?: = std::to_array<\w+>\()?\{{(.*?)\}}\)?;", text, re.S).group(1)
        name_of_each = r'\{[^{}"]*"([^"]*)"' if "{" in body else r'"([^"]*)"'  # of rows the first text
        said.append(", ".join(f"{number} {name}" for number, name in enumerate(re.findall(name_of_each, body))))
    return ("bits: " if places.startswith("set of") else "") + "; or ".join(said)


class PageDecoder(Decoder):
    """Knows of frames what stands in the tables of the page, and no TABLE frame."""

    def __init__(self, page, scalar):
        super().__init__()
        self.scalar, self.profiles = scalar, [scalar] * 256
        for number, rows in re.findall(r"^### \w+, (0x\w\w)\n\n\|.*\n\|.*\n((?:\|.*\n)+)", page, re.M):
            fields = [[cell.strip() for cell in row.split("|")[1:4]] for row in rows.splitlines()]
            self.table[int(number, 16)] = [
                Field(*re.fullmatch(r"(\w+)(\[\w+\])?", kind).groups(default=""), name, unit) for name, kind, unit in fields]


def shown(value):
    """A value on the page: the fewest digits that give it again, of long lists the beginning."""
    if isinstance(value, list):
        some = ", ".join(map(shown, value[:4]))
        return f"{some}, ... ({len(value)})" if len(value) > 4 else some
    if isinstance(value, float):
        single = struct.unpack("<f", struct.pack("<f", value))[0] == value
        texts = (f"{value:.{digits}g}" for digits in range(1, 18))
        return next(text for text in texts if (struct.unpack("<f", struct.pack("<f", float(text)))[0] if single
                                               else float(text)) == value)
    return str(value)


def with_known_build(data, fields):
    """A HELLO as another build would say it: the same fields in the page's own bytes."""
    payload, found = Payload(data, None), bytearray()
    for field in fields:
        value = payload.take(field.type)
        value = BUILD.get(field.name, value)
        found += (bytes([len(value)]) + value.encode()) if field.type == "text" else struct.pack(CODES[field.type], value)
    return bytes(found)


def example_of(name, number, fields):
    """Words that say where a payload comes from, and the payload; nothing where none is shown."""
    if name in OF_DIALOGUES:
        words, text = OF_DIALOGUES[name]
        return f"Payload after {words}", bytes.fromhex(text)
    settings, options, which = EXAMPLES[name]
    data = [data for kind, data in frames(capture_of(settings, options)) if kind == number][which]
    words = " ".join([*(f"--set {shlex.quote(setting)}" for setting in settings), *options])
    if name == "hello":
        return f"Payload with `{words}`, of a build `{BUILD['git_hash']}`", with_known_build(data, fields)
    return f"Payload with `{words}`", data


def frames_section():
    numbers = kinds()
    decoder = Decoder()
    list(decoder.decode(capture_of(NETWORK)))
    parts = [BEGIN]
    for name, number in sorted(numbers.items(), key=lambda item: item[1]):
        if number not in decoder.table:
            continue
        words, payload = example_of(name, number, decoder.table[number])
        decoder.scalar = "f64" if "float64" in words else "f32"
        example = decoder.values(number, payload)
        parts.append(f"\n### {name.upper()}, 0x{number:02x}\n\n| field | type | unit | values | example |\n"
                     "| --- | --- | --- | --- | --- |\n")
        for field in decoder.table[number]:
            places = VALUES.get((name, field.name))
            parts.append(f"| {field.name} | {field.type}{field.shape} | {field.unit} | "
                         f"{names_of(places) if places else ''} | {shown(example[field.name])} |\n")
        lines = [payload[at:at + 24].hex(" ") for at in range(0, len(payload), 24)]
        parts.append(f"\n{words}:\n\n```\n" + "\n".join(lines) + "\n```\n")
    return "".join([*parts, "\n", END])


def encoded(fields, values):
    """The payload that the page describes: values one after the other, little-endian."""
    found = bytearray()
    for field in fields:
        value = values[field.name]
        code = CODES["f32" if field.type == "scalar" else field.type]
        for one in value if isinstance(value, list) else [value]:
            found += struct.pack(code, one)
    return bytes(found)


def commands_section():
    """Each command with its fields and a payload, in the order of the dialogue."""
    decoder = Decoder()
    found = list(decoder.decode(checkpointed()))
    numbers, head = kinds(), [Field("u32", "", "session", ""), Field("u32", "", "command", "")]
    configuration = numbers["configuration"]
    asked = [field for field in decoder.table[configuration][1:] if field.name not in OF_THE_CLOCK]
    fields_of = {**COMMAND_FIELDS, "configure": asked}
    pieces = [values for kind, values in found if kind == numbers["checkpoint"]]
    values = {**next(values for kind, values in found if kind == configuration), "steps": 2, "input": 0.5, "frames": 1000,
              **pieces[0], "bytes": [byte for piece in pieces for byte in piece["bytes"]]}
    parts = [COMMANDS_BEGIN]
    for name, number in DIALOGUE.items():
        fields = head + fields_of.get(name, [])
        example = {**values, "session": 7, "command": number}
        data = encoded(fields, example)
        parts.append(f"\n### {name.upper()}, 0x{numbers[name]:02x}\n\n| field | type | unit | values | example |\n"
                     "| --- | --- | --- | --- | --- |\n")
        parts += [f"| {field.name} | {field.type}{field.shape} | {field.unit} | | {shown(example[field.name])} |\n" for field in fields]
        lines = [data[at:at + 24].hex(" ") for at in range(0, len(data), 24)]
        parts.append(f"\n{MEANINGS[name][0].upper()}{MEANINGS[name][1:]}.\n\nPayload:\n\n```\n" + "\n".join(lines) + "\n```\n")
    return "".join([*parts, "\n", COMMANDS_END])


def checkpointed():
    """The capture of a run that ended with a checkpoint at step 2."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "run.toml").write_text('schema = 1\nname = "run"\n')
        words = [word for setting in COMMANDED for word in ("--set", setting)]
        subprocess.run([TINYMF, "emulate", "run.toml", *words, "--stop-at", "2", "-o", "run.tmf"], cwd=folder, check=True,
                       capture_output=True)
        return (Path(folder) / "run.tmf").read_bytes()


def examples_on(page):
    """Number, payload, width of scalars, and the example column by field, of each frame on the page."""
    pattern = (r"^### (\w+), (0x\w\w)\n\n\|.*\n\|.*\n((?:\|.*\n)+)\n(?:.*\.\n\n)?(Payload.*):\n\n```\n([\s0-9a-f]+)```")
    for name, number, rows, words, payload in re.findall(pattern, page, re.M):
        cells = [[cell.strip() for cell in row.split("|")] for row in rows.splitlines()]
        yield (name, int(number, 16), bytes.fromhex(payload), "f64" if "float64" in words else "f32",
               {row[1]: row[5] for row in cells})


class StreamPage(unittest.TestCase):
    def test_lists_the_frames_as_devices_and_sources_have_them(self):
        text = PAGE.read_text()
        written = text[text.index(BEGIN):text.index(END) + len(END)]
        self.assertEqual(written, frames_section(), "tests/gates/stream_page_test.py --record writes it anew")

    def test_lists_the_commands(self):
        text = PAGE.read_text()
        written = text[text.index(COMMANDS_BEGIN):text.index(COMMANDS_END) + len(COMMANDS_END)]
        self.assertEqual(written, commands_section(), "tests/gates/stream_page_test.py --record writes it anew")

    def test_every_payload_on_the_page_is_what_the_page_says_of_it(self):
        page = PAGE.read_text()
        names = []
        for name, number, payload, scalar, example in examples_on(page):
            values = PageDecoder(page, scalar).values(number, payload)
            self.assertEqual({field: shown(value) for field, value in values.items()}, example, name)
            names.append(name.lower())
        self.assertEqual(sorted(names), sorted(kinds()))

    def test_a_payload_that_is_not_what_the_page_says_is_noticed(self):
        page = PAGE.read_text()
        for name, number, payload, scalar, example in examples_on(page):
            for at in {0, len(payload) // 3, min(len(payload) - 1, 20)}:
                other = payload[:at] + bytes([payload[at] ^ 1]) + payload[at + 1:]
                try:
                    values = PageDecoder(page, scalar).values(number, other)
                except (Damaged, UnicodeDecodeError):
                    continue
                seen = {field: shown(value) for field, value in values.items()}
                whole = all("..." not in text for text in example.values())
                self.assertTrue(seen != example or not whole, (name, at))
            with self.assertRaises(Damaged, msg=name):
                PageDecoder(page, scalar).values(number, payload[:2])

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
        old = old[:old.index(BEGIN)] + frames_section() + old[old.index(END) + len(END):]
        PAGE.write_text(old[:old.index(COMMANDS_BEGIN)] + commands_section() + old[old.index(COMMANDS_END) + len(COMMANDS_END):])
    else:
        unittest.main()
