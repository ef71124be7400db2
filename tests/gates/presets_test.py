# SPDX-License-Identifier: Apache-2.0
"""CMakePresets.json has a preset for every folder of firmware/boards, and no other board; `--record`
writes them anew. A tree configured by it has the settings of one that `toolchain/dev` configures."""

import json
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from project_sources import ROOT

PRESETS = ROOT / "CMakePresets.json"
BOARDS = ROOT / "firmware/boards"
# Everything behind the preset that those of boards inherit from.
OF_BOARDS = re.compile(r'(?<="cacheVariables": \{ "TINYMF_BOARD": "\$\{presetName\}" \}\n        \}).*(?=\n    \]\n\}\n\Z)', re.S)


def description(board: Path) -> str:
    return re.search(r'^set\(TINYMF_BOARD_DESCRIPTION "(.+)"\)$', (board / "board.cmake").read_text(), re.M).group(1)


def presets(folder: Path = BOARDS) -> str:
    boards = sorted(path.parent for path in folder.glob("*/board.cmake"))
    entries = ({"name": board.name, "inherits": "board", "description": f"Firmware: {description(board)}"}
               for board in boards)
    return "".join(",\n" + re.sub("^", "        ", json.dumps(entry, indent=4), flags=re.M) for entry in entries)


class Presets(unittest.TestCase):
    def test_every_board_has_one(self):
        self.assertEqual(OF_BOARDS.search(PRESETS.read_text()).group(0), presets(),
                         "tests/gates/presets_test.py --record writes them anew")
        names = {entry["name"] for entry in json.loads(PRESETS.read_text())["configurePresets"]}
        boards = {path.parent.name for path in BOARDS.glob("*/board.cmake")}
        self.assertLessEqual(boards, names)
        print(f"{len(boards)} boards")
        self.assertGreater(len(boards), 10)

    def test_a_preset_configures_what_the_folder_alone_does(self):
        with tempfile.TemporaryDirectory() as scratch:
            caches = []
            for tree, words in (("preset", ["--preset", "microbit"]),
                                ("folder", ["-G", "Ninja", "--toolchain", "toolchain/board.cmake",
                                            "-DTINYMF_BOARD=microbit"])):
                subprocess.run(["cmake", *words, "-B", f"{scratch}/{tree}"], cwd=ROOT, check=True, capture_output=True)
                cache = Path(scratch, tree, "CMakeCache.txt").read_text()
                caches.append({name: value.replace(f"{scratch}/{tree}", "") for name, value in
                               re.findall(r"^(CMAKE_(?:BUILD_TYPE|C\w*_FLAGS\w*|GENERATOR)|TINYMF_\w+):\w+=(.*)$", cache, re.M)})
        self.assertEqual(*caches)
        self.assertEqual(caches[0]["CMAKE_CXX_FLAGS_RELEASE"], "-Os")
        self.assertEqual(caches[0]["CMAKE_BUILD_TYPE"], "Release")

    def test_a_board_more_and_one_less_are_noticed(self):
        with tempfile.TemporaryDirectory() as scratch:
            board = Path(scratch, "toy")
            board.mkdir()
            (board / "board.cmake").write_text('set(TINYMF_BOARD_DESCRIPTION "Cortex-M4F, a toy")\n')
            self.assertEqual(json.loads(presets(Path(scratch))[1:]),
                             {"name": "toy", "inherits": "board", "description": "Firmware: Cortex-M4F, a toy"})
        self.assertNotEqual(presets(), presets().replace("microbit-v2", "microbit-v3"))


def record():
    text, count = OF_BOARDS.subn(lambda _: presets(), PRESETS.read_text())
    assert count == 1, f"{PRESETS.name} has no preset that boards inherit from"
    PRESETS.write_text(text)


if __name__ == "__main__":
    record() if sys.argv[1:] == ["--record"] else unittest.main()
