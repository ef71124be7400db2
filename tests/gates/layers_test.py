# SPDX-License-Identifier: Apache-2.0
"""Every include of the sources follows toolchain/layers.txt: it goes down, to a file that exists, and
no headers include each other in a circle."""

import re
import shutil
import tempfile
import unittest
from pathlib import Path

from project_sources import ROOT, tracked_files
from source_rules_test import without_comments_and_strings

LAYERS = "toolchain/layers.txt"
SOURCES = ("host_tools/*.hpp", "host_tools/*.cpp", "firmware/*.hpp", "firmware/*.cpp", "sim_core/*.hpp")
INCLUDE_FOLDERS = ("host_tools", "firmware", "sim_core/include")
BOARD = "firmware/boards"  # an image finds its board's headers by their plain names
GENERATED = {"board_list.inc", "budgets_text.inc"}  # written by the build, of data only


class Layers:
    """What layers.txt says of a tree of files, given by their names below `root`."""

    def __init__(self, root: Path, files: list[str]):
        self.root = root
        self.files = set(files)
        lines = [line.split() for line in (root / LAYERS).read_text().splitlines()
                 if line.strip() and not line.startswith("#")]
        units = [unit for line in lines for unit in line]
        assert len(units) == len(set(units)), "a folder or file stands twice in the list"
        self.depth = {unit: depth for depth, line in enumerate(lines) for unit in line}
        self.of_boards = {Path(file).name: file for file in sorted(files, reverse=True)
                          if file.startswith(f"{BOARD}/")}

    def unit_of(self, file: str) -> str | None:
        """The longest entry that holds the file; a folder of boards or families holds subfolders."""
        candidates = [file, re.sub(r"\.[ch]pp$", ".*", file), *map(str, Path(file).parents)]
        return next((name for name in candidates if name in self.depth), None)

    def included(self, file: str) -> list[tuple[int, str, str | None]]:
        """Line, name and file of each quoted include; no file where none is found."""
        found = []
        for number, line in enumerate((self.root / file).read_text().splitlines(), 1):
            if match := re.match(r'\s*#\s*include\s*"([^"]+)"', line):
                found.append((number, match.group(1), self.resolved(file, match.group(1))))
        return found

    def resolved(self, file: str, name: str) -> str | None:
        places = [str(Path(file).parent / name), *(f"{folder}/{name}" for folder in INCLUDE_FOLDERS)]
        return next((place for place in places if place in self.files), self.of_boards.get(name))

    def complaints(self) -> list[str]:
        wrong = [f"{unit}: in {LAYERS}, but no such folder or file" for unit in self.depth
                 if not (self.root / unit).exists() and not any(file.startswith(unit.removesuffix("*"))
                                                                for file in self.files)]
        for file in sorted(self.files):
            unit = self.unit_of(file)
            if unit is None:
                wrong.append(f"{file}: in no layer of {LAYERS}")
                continue
            for number, name, target in self.included(file):
                if target is None and name not in GENERATED:
                    wrong.append(f"{file}:{number}: includes {name}, which is no file of the project")
                elif target is not None and (other := self.unit_of(target)) not in (None, unit):
                    if self.depth[other] <= self.depth[unit]:
                        where = "beside" if self.depth[other] == self.depth[unit] else "above"
                        wrong.append(f"{file}:{number}: includes {name}; {other} lies {where} {unit}")
        return wrong + self.circles()

    def circles(self) -> list[str]:
        below = {file: [target for _, _, target in self.included(file) if target] for file in self.files}
        done: set[str] = set()
        wrong = []
        for start in sorted(self.files):
            path, left = [], [(start, iter(below[start]))]
            while left and start not in done:
                file, rest = left[-1]
                if len(path) < len(left):
                    path.append(file)
                target = next((other for other in rest if other not in done), None)
                if target is None:
                    done.add(file)
                    left.pop()
                    path.pop()
                elif target in path:
                    wrong.append("in a circle: " + " -> ".join([*path[path.index(target):], target]))
                else:
                    left.append((target, iter(below[target])))
        return wrong


def project_files() -> list[str]:
    return [str(path.relative_to(ROOT)) for path in tracked_files(*SOURCES)]


class TheProject(unittest.TestCase):
    def test_every_include_goes_down(self):
        layers = Layers(ROOT, project_files())
        complaints = layers.complaints()
        self.assertFalse(complaints, "\n".join(["", *complaints]))
        includes = sum(len(layers.included(file)) for file in layers.files)
        print(f"{includes} includes of {len(layers.files)} files in {len(set(layers.depth.values()))} layers")
        self.assertGreater(includes, 1000)


# The double-precision solution that devices are judged by, and the theory.
INDEPENDENT = ("host_tools/equations", "host_tools/reference", "host_tools/statistics", "host_tools/theory")
# What they take of the core: parameters, kinds and their names, which compute nothing.
DECLARATIONS = {"tinymf/assert.hpp", "tinymf/build_facts.hpp", "tinymf/experiment/parameters.hpp",
                "tinymf/model/coupling.hpp", "tinymf/model/integrator.hpp", "tinymf/random/stream.hpp"}
# One file draws the couplings, initial states and noise of the network that it is asked about.
DRAWS = "host_tools/reference/drawn_network.cpp"
CORE_NAMESPACES = "model|network|numeric|random|mean_field|observe|experiment|checkpoint|stream"
COMPUTES_NOTHING = re.compile(
    r"model::(?:\w+Kind|\w+_names|\w+_traits|\w+Traits|is_odd|Parameters|stages|takes_white_noise)|mean_field::(?:Method|method_names)|"
    r"experiment::(?:Parameters|ModelKind|ScalarKind|ProfileInfo|scalar_names)|observe::ObservationParameters")
DRAWN = re.compile(r"random::\w+|model::(?:Gaussian|Sign)Couplings")


def core_names(code: str) -> list[tuple[int, str]]:
    """Line and qualified name of all that a source takes of the core; a whole namespace, too."""
    code = without_comments_and_strings(code)
    found = [(match.start(), match.group(0)) for match in
             re.finditer(rf"(?<![\w:])(?:tinymf::)?(?:{CORE_NAMESPACES})::\w+", code)]
    found += [(match.start(), match.group(0)) for match in
              re.finditer(rf"using\s+namespace\s+[\w:]*\b(?:{CORE_NAMESPACES})\b|"
                          rf"namespace\s+\w+\s*=\s*(?!boost\b)[\w:]*\b(?:{CORE_NAMESPACES})\b", code)]
    return [(code[:at].count("\n") + 1, name.removeprefix("tinymf::")) for at, name in found]


def dependence(layers: Layers) -> list[str]:
    """Where the independent solution takes something of the core that computes."""
    wrong = []
    for file in sorted(layers.files):
        if not file.startswith(tuple(f"{folder}/" for folder in INDEPENDENT)):
            continue
        wrong += [f"{file}:{number}: includes {name}, which computes" for number, name, target in layers.included(file)
                  if target and target.startswith("sim_core/") and name not in DECLARATIONS]
        for number, name in core_names((layers.root / file).read_text()):
            allowed = COMPUTES_NOTHING.fullmatch(name) or file == DRAWS and DRAWN.fullmatch(name)
            if not allowed:
                wrong.append(f"{file}:{number}: takes {name} of the core, which computes")
    return wrong


class TheReference(unittest.TestCase):
    def test_computes_with_nothing_of_the_core(self):
        complaints = dependence(Layers(ROOT, project_files()))
        self.assertFalse(complaints, "\n".join(["", *complaints]))


class SeededOffences(unittest.TestCase):
    """In a copy of the sources."""

    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.copy = Path(scratch.name)
        cls.files = project_files()
        for name in [LAYERS, *cls.files]:
            (cls.copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, cls.copy / name)

    def with_line(self, file, line, judge=Layers.complaints, more=()):
        """What the judge says of the copy with one more line at the end of a file, and its number."""
        path = self.copy / file
        before = path.read_text() if path.exists() else None
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((before or "") + line + "\n")
        try:
            return judge(Layers(self.copy, [*self.files, *more])), path.read_text().count("\n")
        finally:
            if before is None:
                path.unlink()
                path.parent.rmdir()
            else:
                path.write_text(before)

    def test_an_arrow_up_is_named_with_file_and_line(self):
        for file, name, unit in (
                ("host_tools/equations/signal.hpp", "compare/bit_checker.hpp", "host_tools/compare"),
                ("host_tools/base/host_error.hpp", "experiment/experiment.hpp", "host_tools/experiment"),
                ("firmware/port/port.hpp", "app/application.hpp", "firmware/app"),
                ("firmware/app/run.hpp", "device/session.hpp", "host_tools/device"),
                ("sim_core/include/tinymf/numeric/erf.hpp", "tinymf/model/phase.hpp", "sim_core/include/tinymf/model"),
                ("sim_core/include/tinymf/network/network.hpp", "app/run.hpp", "firmware/app")):
            said, line = self.with_line(file, f'#include "{name}"')
            own = Layers(self.copy, self.files).unit_of(file)
            self.assertIn(f"{file}:{line}: includes {name}; {unit} lies above {own}", said)
            said, line = self.with_line(file, f'  #  include "{name}" // why')
            self.assertIn(f"{file}:{line}: includes {name}; {unit} lies above {own}", said)

    def test_so_is_one_to_a_neighbour_and_one_to_nowhere(self):
        file = "host_tools/plan/budgets.hpp"
        said, line = self.with_line(file, '#include "output_file/whole_file.hpp"')
        self.assertEqual(said, [f"{file}:{line}: includes output_file/whole_file.hpp; host_tools/output_file lies beside host_tools/plan"])
        said, line = self.with_line(file, '#include "plan/no_such.hpp"')
        self.assertEqual(said, [f"{file}:{line}: includes plan/no_such.hpp, which is no file of the project"])

    def test_a_circle_of_one_folder_is_found(self):
        said, _ = self.with_line("sim_core/include/tinymf/numeric/magnitude.hpp", '#include "tinymf/numeric/erf.hpp"')
        self.assertTrue(any(line.startswith("in a circle: ") and "erf.hpp" in line for line in said), said)

    def test_a_new_folder_needs_a_layer_and_a_layer_its_folder(self):
        file = "host_tools/misplaced/new.hpp"
        self.assertEqual(self.with_line(file, "", more=[file])[0], [f"{file}: in no layer of {LAYERS}"])
        self.assertEqual(self.with_line(LAYERS, "host_tools/gone")[0],
                         [f"host_tools/gone: in {LAYERS}, but no such folder or file"])

    def test_a_reference_that_uses_the_core_is_found(self):
        file = "host_tools/reference/network_equation.hpp"
        for line, complaint in (
                ('#include "tinymf/model/activation.hpp"', "includes tinymf/model/activation.hpp, which computes"),
                ("inline double f(double x) { return numeric::tanh(x); }", "takes numeric::tanh of the core, which computes"),
                ("using tinymf::network::multiply;", "takes network::multiply of the core, which computes"),
                ("using namespace numeric;", "takes using namespace numeric of the core, which computes"),
                ("namespace n = tinymf::numeric;", "takes namespace n = tinymf::numeric of the core, which computes"),
                ("inline random::NormalStream<float> s;", "takes random::NormalStream of the core, which computes")):
            said, number = self.with_line(file, line, judge=dependence)
            self.assertEqual(said, [f"{file}:{number}: {complaint}"])
        for line in ("// numeric::tanh", 'inline const char* s = "numeric::tanh";', "inline model::NoiseKind k;"):
            self.assertEqual(self.with_line(file, line, judge=dependence)[0], [])


if __name__ == "__main__":
    unittest.main()
