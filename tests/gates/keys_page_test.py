# SPDX-License-Identifier: Apache-2.0
"""docs/keys.md lists every key of an experiment file with the values it takes, its unit and its default,
as the program and the sources have them; `--record` writes these columns anew and keeps the meanings."""

import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import tomllib
import unittest
from pathlib import Path

from project_sources import ROOT

TINYMF = os.environ["TINYMF"]
PAGE = ROOT / "docs/keys.md"
FIELDS = ROOT / "sim_core/include/tinymf/experiment/fields.hpp"
ROW = re.compile(r"^\| `([\w.]+)` \| ([^|]*) \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$", re.M)
NO_MODEL_HAS_SUCH = {bool: "3", str: '"no such name"', float: "1e30", int: "-99999999999"}


def emulate(folder, *settings):
    (Path(folder) / "run.toml").write_text('schema = 1\nname = "run"\n')
    words = [word for setting in settings for word in ("--set", setting)]
    return subprocess.run([TINYMF, "emulate", "run.toml", "--set", "model.steps=1", *words, "-o", "run.tmf"],
                          cwd=folder, capture_output=True, text=True, check=False)


def defaults():
    """Key and value of each line of an experiment that sets nothing, from the text in its capture."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "run.toml").write_text("schema = 1\n")
        subprocess.run([TINYMF, "emulate", "run.toml", "-o", "run.tmf"], cwd=folder, check=True, capture_output=True)
        capture = (Path(folder) / "run.tmf").read_bytes()
    size, = struct.unpack_from("<I", capture, 8)
    text = json.loads(capture[12:12 + size])["experiment"]
    found = {}
    for key, value in tomllib.loads(text).items():
        found.update({f"{key}.{name}": inner for name, inner in value.items()} if isinstance(value, dict)
                     else {key: value})
    return found


def wrong_value(key, default):
    if isinstance(default, list):
        return "[1e30]" if key.startswith("model.pade") else '["no such name"]'
    return NO_MODEL_HAS_SUCH[type(default)]


def allowed(key, default):
    """What the program says when the key gets a value that it cannot have."""
    if key == "name":
        return "text"
    with tempfile.TemporaryDirectory() as folder:
        run = emulate(folder, f"{key}={wrong_value(key, default)}")
    said = re.search(r": must be (?:between (\S+) and (\S+)|one of (.*))$", run.stderr.strip(), re.M)
    assert run.returncode == 2 and said, (key, run.stderr)
    lowest, highest, names = said.groups()
    values = names if names else lowest if lowest == highest else f"{lowest} to {highest}"
    return f"up to 4 of {values}" if key.startswith("model.pade") else f"list of {values}" if isinstance(default, list) else values


def units():
    return dict(re.findall(r'\{Field::\w+, "([\w.]+)", "([^"]*)"', FIELDS.read_text()))


def text_of(value):
    return str(value).replace("'", '"') if isinstance(value, list) else f'"{value}"' if isinstance(value, str) else str(value)


def columns():
    """Values, unit and default of each key, by key."""
    of_unit = units()
    return {key: (allowed(key, default), of_unit.get(key, ""), "the file's" if key == "name" else text_of(default))
            for key, default in defaults().items()}


class KeysPage(unittest.TestCase):
    def test_lists_every_key_as_the_program_has_it(self):
        written = {key: (values.strip(), unit.strip(), default.strip())
                   for key, values, unit, default, _ in ROW.findall(PAGE.read_text())}
        expected = columns()
        self.assertEqual(sorted(written), sorted(expected))
        for key, row in expected.items():
            self.assertEqual(written[key], row, f"{key}; tests/gates/keys_page_test.py --record writes it anew")

    def test_says_what_every_key_means(self):
        for key, *_, meaning in ROW.findall(PAGE.read_text()):
            self.assertGreater(len(meaning.split()), 2, key)

    def test_the_program_takes_no_other_key(self):
        sources = "".join(path.read_text() for path in (ROOT / "host_tools/experiment_file").glob("*.cpp"))
        quoted = set(re.findall(r'read_\w+(?:<[\w:]+>)?\("([\w.]+)"', sources))
        fields = dict((name, key) for name, key in
                      re.findall(r'\{Field::(\w+), "([\w.]+)"', FIELDS.read_text()))
        read = {fields[name] for name in re.findall(r"read_\w+\((?:experiment::info\()?Field::(\w+)", sources)}
        self.assertEqual(quoted | read, set(columns()))


def record():
    page = PAGE.read_text()
    for key, (values, unit, default) in columns().items():
        page, count = re.subn(rf"^\| `{re.escape(key)}` \|[^|]*\|[^|]*\|[^|]*\|([^|]*)\|$",
                              lambda match: f"| `{key}` | {values} | {unit} | {default} |{match.group(1)}|", page, flags=re.M)
        assert count == 1, f"{PAGE.name} needs one row of {key}, and its meaning"
    PAGE.write_text(page)


if __name__ == "__main__":
    record() if sys.argv[1:] == ["--record"] else unittest.main()
