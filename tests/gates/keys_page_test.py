# SPDX-License-Identifier: Apache-2.0
"""docs/keys.md lists every key of an experiment file with the values it takes and its default, as the
program refuses others and records them, and with the unit and the meaning that the program's schema
gives; `--record` writes the rows anew."""

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


def descriptions():
    """Unit and meaning of each key, by key."""
    said = subprocess.run([TINYMF, "schema"], check=True, capture_output=True, text=True).stdout
    found = {}
    for name, schema in json.loads(said)["properties"].items():
        of_section = schema.get("properties")
        members = {f"{name}.{key}": inner for key, inner in of_section.items()} if of_section else {name: schema}
        for key, inner in members.items():
            meaning, unit = re.fullmatch(r"(.*?)(?: \[(\S+)\])?", inner["description"]).groups()
            found[key] = (unit or "", meaning)
    return found


def text_of(value):
    return str(value).replace("'", '"') if isinstance(value, list) else f'"{value}"' if isinstance(value, str) else str(value)


def columns():
    """Values, unit, default and meaning of each key, by key."""
    of_schema, of_run = descriptions(), defaults()
    assert set(of_schema) == set(of_run)
    return {key: (allowed(key, default), of_schema[key][0], "the file's" if key == "name" else text_of(default),
                  of_schema[key][1]) for key, default in of_run.items()}


class KeysPage(unittest.TestCase):
    def test_lists_every_key_as_the_program_has_it(self):
        written = {key: tuple(map(str.strip, row)) for key, *row in ROW.findall(PAGE.read_text())}
        expected = columns()
        self.assertEqual(sorted(written), sorted(expected))
        for key, row in expected.items():
            self.assertEqual(written[key], row, f"{key}; tests/gates/keys_page_test.py --record writes it anew")

    def test_says_what_every_key_means(self):
        for key, *_, meaning in ROW.findall(PAGE.read_text()):
            self.assertGreater(len(meaning.split()), 2, key)

    def test_the_program_reads_no_key_beside_its_list(self):
        folder = ROOT / "host_tools/experiment"
        sources = "".join(path.read_text() for path in folder.glob("*.cpp"))
        self.assertEqual(re.findall(r'\.(?:read_\w+|choice)(?:<[\w:]+>)?\("', sources), [])
        of_host = re.findall(r"^    keys\.\w+\(", (folder / "experiment_keys.hpp").read_text(), re.M)
        of_device = re.findall(r"^    visit\(", (ROOT / "sim_core/include/tinymf/experiment/fields.hpp").read_text(), re.M)
        # The row of replicas is shown as a key of the host's list.
        self.assertEqual(len(of_host) + len(of_device) - 1, len(columns()))


def record():
    """Writes each row anew, that of a new key behind the key before it; a key that is gone loses its row."""
    rows = {key: f"| `{key}` | {' | '.join(row)} |" for key, row in columns().items()}
    old = PAGE.read_text().splitlines()
    places = {match.group(1): number for number, line in enumerate(old) if (match := ROW.match(line))}
    behind = {}
    before = "schema"
    for key in rows:
        if key not in places:
            behind.setdefault(before, []).append(key)
        else:
            before = key
    new = []
    for line in old:
        match = ROW.match(line)
        keys = [match.group(1), *behind.get(match.group(1), [])] if match else []
        new += [rows[key] for key in keys if key in rows] if match else [line]
    PAGE.write_text("\n".join(new) + "\n")


if __name__ == "__main__":
    record() if sys.argv[1:] == ["--record"] else unittest.main()
