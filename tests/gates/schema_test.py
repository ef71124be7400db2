# SPDX-License-Identifier: Apache-2.0
"""The JSON schemas that `tinymf schema` prints say of every file of the gallery that it is good, and of
every wrong value by itself what tinymf says when it reads the file: the same keys are refused, no other.
The judge is Debian's jsonschema, on the file as Python's own TOML reader has it."""

import copy
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import tomllib
import unittest
from pathlib import Path

import jsonschema

from project_sources import ROOT
from wrong_files import EXPERIMENT_FILES, GOOD, SWEEPS

TINYMF = os.environ["TINYMF"]
GALLERY = ROOT / "host_tools/experiments"
KEY_ROW = re.compile(r"^\| `([\w.]+)` \| ([^|]*) \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$", re.M)
# What tinymf says of a value by itself, and not of values that do not go together.
OF_ONE_VALUE = re.compile(r"must be (between|one of|a list|a number|a finite|a whole|a section|text|true or false|1 to|written as)"
                          r"|is listed twice|unknown key|is missing|has no (from|to|count)|must have 1 to|for logarithmic|names nothing"
                          r"|is drawn for every job")
REFUSED_KEY = re.compile(r"^\S*?bad\.toml(?::\d+:\d+)?: ([\w.]+)(?: = .*?)?: ", re.M)
# JSON does not tell 1.0 from 1 and has no numbers beside the finite ones.
ONLY_TOML_KNOWS = {"schema as real", "gain is NaN"}


def schema_of(kind):
    said = subprocess.run([TINYMF, "schema", kind], check=True, capture_output=True, text=True)
    assert said.stderr == ""
    return json.loads(said.stdout)


def validator(schema):
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def keys_of(error):
    """The keys that an error is about, without places in lists and without sections of a sweep."""
    path = [step for step in error.absolute_path if isinstance(step, str)]
    extra = []
    if error.validator == "additionalProperties":
        extra = [name for name in error.instance if name not in error.schema["properties"]]
    if path in (["set"], ["grid"]) and extra:
        return [f"{section}.{key}" for section in extra for key in error.instance[section]]
    if path[:1] in (["set"], ["grid"]) and len(path) > 1:
        # Of a range tinymf names the ends by the key, and all else by itself.
        path = path[3:] if path[3:] in (["count"], ["spacing"]) else path[1:3]
    if extra:
        return [".".join([*path, name]) for name in extra]
    if error.validator == "required" and not path:
        return [name for name in error.validator_value if name not in error.instance]
    return [".".join(path)]


def refused_by_schema(judge, document):
    return {key for error in judge.iter_errors(document) for key in keys_of(error)}


def refused_by_tinymf(folder, content, command):
    """The keys whose values tinymf refuses by themselves; None where it does not take the text as TOML."""
    (Path(folder) / "bad.toml").write_bytes(content)
    (Path(folder) / "good.toml").write_text(GOOD)
    run = subprocess.run([TINYMF, *command], cwd=folder, capture_output=True, text=True, check=False)
    if run.returncode == 0:
        return set()
    lines = run.stderr.splitlines()
    named = {match.group(1) for line in lines if OF_ONE_VALUE.search(line) and (match := REFUSED_KEY.match(line))}
    of_text = any(re.match(r"\S*bad\.toml(:\d+:\d+: (?![\w.]+( = .*)?: )|: larger than)", line) for line in lines)
    return None if of_text and not named else named


READ_EXPERIMENT = ["plan", "bad.toml", "--board", "mps2-an386"]
READ_SWEEP = ["sweep", "bad.toml", "-o", "results", "--force"]


def toml_of(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml_of, value)) + "]"
    return f'"{value}"' if isinstance(value, str) else repr(value)


def numbers_around(lowest, highest, whole):
    """Numbers at the ends of a range, and the nearest beyond them."""
    if whole:
        return [lowest, highest], [lowest - 1, highest + 1]
    return [lowest, highest], [math.nextafter(lowest, -math.inf), math.nextafter(highest, math.inf)]


def values_around(values, default):
    """Of what the page of keys says a key may be: values that it may just be, and that it just may not."""
    parts = re.fullmatch(r"(up to (\d+) of |list of )?(?:(\S+) to (\S+)|(.*))", values)
    _, most, lowest, highest, words = parts.groups()
    if lowest:
        number = int if most is None and re.fullmatch(r"\d+", default) else float
        good, bad = numbers_around(number(lowest), number(highest), number is int)
        if most:
            good = [[value] for value in good] + [[1.0] * int(most), [1]]
            bad = [[value] for value in bad] + [[0.0] * (int(most) + 1), 1.0, ["1"]]
        return good, [*bad, "1", True, [[1]]]
    words = words.split(", ")
    if values.startswith("list of"):
        return [[], words[:1], words], [words[:1] * 2, [words[0] + "s"], words[0], [1]]
    return words, [words[0] + "s", words[0].upper(), "", 0, words[:1], False]


class Schemas(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def test_every_file_of_the_gallery_is_good(self):
        for kind, files in (("experiment", GALLERY.glob("*.toml")), ("sweep", (GALLERY / "sweeps").glob("*.toml"))):
            judge, files = validator(schema_of(kind)), list(files)
            self.assertGreater(len(files), 5)
            for file in files:
                self.assertEqual(refused_by_schema(judge, tomllib.loads(file.read_text())), set(), file.name)
            print(f"{len(files)} files of the gallery are good {kind} files")

    def compare(self, judge, cases, command):
        """How many of (name, content) both read; each must be refused at the same keys by both."""
        compared = 0
        for name, content in cases:
            try:
                document = tomllib.loads(content.decode())
            except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
                continue
            expected = refused_by_tinymf(self.folder, content, command)
            if expected is None:
                continue
            if name in ONLY_TOML_KNOWS:
                self.assertNotEqual(expected, set(), name)
                expected = set()
            self.assertEqual(refused_by_schema(judge, document), expected, (name, content[:200]))
            compared += 1
        return compared

    def test_wrong_experiments_are_refused_where_tinymf_refuses_them(self):
        cases = [(name, content) for name, (content, _) in EXPERIMENT_FILES.items()]
        compared = self.compare(validator(schema_of("experiment")), cases, READ_EXPERIMENT)
        print(f"{compared} of {len(cases)} wrong experiments are compared; the others are no TOML")
        self.assertGreater(compared, 60)

    def test_every_key_takes_what_tinymf_takes_and_the_page_says(self):
        judge = validator(schema_of("experiment"))
        compared = 0
        for key, values, _, default, _ in KEY_ROW.findall((ROOT / "docs/keys.md").read_text()):
            if "." not in key:
                continue
            for good, around in zip((True, False), values_around(values.strip(), default.strip())):
                for value in around:
                    content = f"schema = 1\n{key} = {toml_of(value)}\n"
                    refused = refused_by_tinymf(self.folder, content.encode(), READ_EXPERIMENT)
                    expected = set() if good else {key}
                    self.assertIn(refused, [expected] if good else [expected, None], content)
                    self.assertEqual(refused_by_schema(judge, tomllib.loads(content)), expected, content)
                    compared += 1
        print(f"{compared} values at the ends of what keys may be, or just beyond")
        self.assertGreater(compared, 250)

    def test_wrong_sweeps_are_refused_where_tinymf_refuses_them(self):
        collect = '[collect]\nrun = ["digest"]\n'
        bodies = [collect,
                  "seeds = 0\n" + collect, "seeds = 100001\n" + collect, "seed = -1\n" + collect, "sed = 1\n" + collect,
                  "[set]\nmodel.dt = 2\n" + collect, "[set]\nmodel.dt = 0.5\n" + collect,
                  '[set]\nmodel.activation = "tahn"\n' + collect, "[set]\nmodle.dt = 0.5\n" + collect,
                  "[grid]\nmodel.gain = [0.5, 100]\n" + collect, "[grid]\nmodel.gain = [0.5, 100.5]\n" + collect,
                  "[grid]\nmodel.gain = []\n" + collect, "[grid]\nmodel.gian = [0.5]\n" + collect,
                  "[grid]\nmodel.seed = [1, 2]\n" + collect, '[grid]\nmodel.activation = ["tanh", "sigmoid"]\n' + collect,
                  "[grid]\nmodel.pade_den = [[0.5], [0.5, 0.25]]\n" + collect,
                  "[grid]\nmodel.pade_den = [[0.5], [2000.0]]\n" + collect,
                  "[grid]\nmodel.gain = { from = 0, to = 100, count = 2 }\n" + collect,
                  "[grid]\nmodel.gain = { from = 0, to = 101, count = 2 }\n" + collect,
                  "[grid]\nmodel.gain = { from = 0.5, to = 1 }\n" + collect,
                  "[grid]\nmodel.gain = { from = 0.5, to = 1, count = 1 }\n" + collect,
                  '[grid]\nmodel.gain = { from = 0.5, to = 1, count = 2, spacing = "cubic" }\n' + collect,
                  '[grid]\nmodel.gain = { from = 1, to = 2, count = 2, spacing = "logarithmic" }\n' + collect,
                  '[grid]\nmodel.gain = { from = 0, to = 2, count = 2, spacing = "logarithmic" }\n' + collect,
                  "grid = 3\n" + collect, "[gird]\nmodel.gain = [1]\n" + collect,
                  "", "[collect]\n", "[collect]\nrun = []\ntheory = []\n", '[collect]\nrun = ["digset"]\n',
                  '[collect]\nrun = ["digest", "digest"]\n', '[collect]\ntheory = ["stationary.Cx0"]\n',
                  '[collect]\ntheory = ["stationary.Cx"]\n', collect + "after = -1\n", collect + "after = 0.5\n",
                  collect + "discrete = 1\n", collect + "discrete = true\n"]
        cases = [(body, f'schema = 1\nexperiment = "good.toml"\n{body}'.encode()) for body in bodies]
        cases += [(name, content) for name, (content, _) in SWEEPS.items()]
        compared = self.compare(validator(schema_of("sweep")), cases, READ_SWEEP)
        print(f"{compared} of {len(cases)} sweeps are compared")
        self.assertGreater(compared, 40)

    def test_a_wrong_plot_is_refused(self):
        judge = validator(schema_of("sweep"))
        start = {"schema": 1, "experiment": "good.toml", "collect": {"run": ["digest"]}}
        plot = {"x": "model.gain", "y": ["digest", "theory.stationary.Cx0"], "logarithmic": ["x"]}
        self.assertEqual(refused_by_schema(judge, {**start, "plot": [plot]}), set())
        for wrong in ({"x": "model.activation"}, {"y": ["Cx0"]}, {"logarithmic": ["z"]}, {"z": 1}):
            self.assertNotEqual(refused_by_schema(judge, {**start, "plot": [{**plot, **wrong}]}), set(), wrong)
        self.assertNotEqual(refused_by_schema(judge, {**start, "plot": [{"x": "model.gain"}]}), set())

    def test_a_schema_that_takes_more_or_less_is_noticed(self):
        cases = [(name, content) for name, (content, _) in EXPERIMENT_FILES.items()]
        schema = schema_of("experiment")

        def more_gain(wrong):
            wrong["properties"]["model"]["properties"]["gain"]["minimum"] = -2.0

        def more_keys(wrong):
            del wrong["properties"]["model"]["additionalProperties"]

        def fewer_words(wrong):
            wrong["properties"]["model"]["properties"]["integrator"]["enum"].remove("heun")

        def no_schema(wrong):
            wrong["required"] = []

        for change in (more_gain, more_keys, fewer_words, no_schema):
            wrong = copy.deepcopy(schema)
            change(wrong)
            with self.assertRaises(AssertionError, msg=change.__name__):
                self.compare(validator(wrong), cases, READ_EXPERIMENT)


if __name__ == "__main__":
    sys.exit(unittest.main())
