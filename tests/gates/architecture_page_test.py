# SPDX-License-Identifier: Apache-2.0
"""docs/architecture.md shows the layers as toolchain/layers.txt has them (`--record` writes them anew),
lists every folder of the sources with what it holds, and names no file that is not there."""

import re
import sys
import unittest
from pathlib import Path

from project_sources import ROOT, tracked_files

PAGE = ROOT / "docs/architecture.md"
BEGIN = "<!-- Layers, written by tests/gates/architecture_page_test.py --record -->\n"
END = "<!-- end of layers -->\n"
PARTS = ("host_tools", "firmware", "sim_core/include/tinymf")
NAME_OF_FILE = re.compile(r"`([\w./-]+/[\w./-]+|[\w-]+\.(?:md|txt|py|hpp|cpp|cmake|json))`")


def layers_section(layers=None):
    """A table a part, highest floor first."""
    text = layers or (ROOT / "toolchain/layers.txt").read_text()
    floors = {part: [] for part in PARTS}
    for line in text.splitlines():
        units = [unit for unit in line.split() if not line.startswith("#")]
        for part in PARTS:
            own = [unit.removeprefix(f"{part}/") for unit in units if unit.startswith(f"{part}/")]
            floors[part] += [own] if own else []
    tables = []
    for part, lines in floors.items():
        rows = "".join(f"| {len(lines) - i} | {' · '.join(units)} |\n" for i, units in enumerate(lines))
        tables.append(f"\n| floor | of `{part}` |\n| --- | --- |\n{rows}")
    return BEGIN + "".join(tables) + "\n" + END


def folders_of(part):
    files = (path.relative_to(ROOT / part) for path in tracked_files(f"{part}/*"))
    return {path.parts[0] for path in files if len(path.parts) > 1}


def listed_folders(page, part):
    table = re.search(rf"^\| folder of `{part}` \| holds \|\n\| --- \| --- \|\n((?:\|.*\n)+)", page, re.M).group(1)
    return re.findall(r"^\| `([\w/]+)` \| .*\w+.* \|$", table, re.M)


def small_files(files):
    """Headers of host_tools that have fewer than 30 lines together with their source."""
    def lines(file):
        return file.read_text().count("\n") if file.exists() else 0
    return sorted(str(file.relative_to(ROOT)) for file in files
                  if file.suffix == ".hpp" and lines(file) + lines(file.with_suffix(".cpp")) < 30)


def excused_files(page):
    table = re.search(r"^\| small file \| why it stands alone \|\n\| --- \| --- \|\n((?:\|.*\n)+)", page, re.M).group(1)
    return re.findall(r"^\| `([\w/.]+)` \| .*\w+.* \|$", table, re.M)


def missing_files(page):
    return [name for name in NAME_OF_FILE.findall(page) if not (ROOT / name).exists()]


class ArchitecturePage(unittest.TestCase):
    page = PAGE.read_text()

    def test_shows_the_layers_that_the_includes_are_held_to(self):
        written = self.page[self.page.index(BEGIN):self.page.index(END) + len(END)]
        self.assertEqual(written, layers_section(), "tests/gates/architecture_page_test.py --record writes it anew")

    def test_says_what_every_folder_holds(self):
        for part in PARTS:
            self.assertEqual(sorted(listed_folders(self.page, part)), sorted(folders_of(part)), part)

    def test_says_why_a_small_file_stands_alone(self):
        self.assertEqual(excused_files(self.page), small_files(tracked_files("host_tools/*.hpp")))

    def test_names_no_file_that_is_not_there(self):
        self.assertEqual(missing_files(self.page), [])
        named = NAME_OF_FILE.findall(self.page)
        print(f"{len(set(named))} files and folders are named")
        self.assertGreater(len(set(named)), 40)


class SeededFaults(unittest.TestCase):
    def test_are_noticed(self):
        page = PAGE.read_text()
        self.assertEqual(missing_files("`firmware/app/run.hpp` and `firmware/app/walk.hpp`"), ["firmware/app/walk.hpp"])
        self.assertNotIn("cavity", listed_folders(page.replace("| `cavity` |", "| cavity |"), "host_tools"))
        files = tracked_files("host_tools/*.hpp")
        self.assertNotEqual(excused_files(page.replace("| `host_tools/cli/command.hpp` | the list of commands |\n", "")), small_files(files))
        self.assertNotEqual(excused_files(page.replace("| the list of commands |", "| |")), small_files(files))
        layers = Path(ROOT / "toolchain/layers.txt").read_text()
        self.assertNotEqual(layers_section(layers.replace("host_tools/report\n", "")), layers_section())


if __name__ == "__main__":
    if sys.argv[1:] == ["--record"]:
        old = PAGE.read_text()
        PAGE.write_text(old[:old.index(BEGIN)] + layers_section() + old[old.index(END) + len(END):])
    else:
        unittest.main()
