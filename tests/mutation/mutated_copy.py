# SPDX-License-Identifier: Apache-2.0
"""A copy of the project in which every chosen point reads its mutant or the original, whichever
TINYMF_MUTANT asks for; and the removal of what does not compile."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import mutable_source as forms

SWITCH = pathlib.Path(__file__).with_name("mutant_switch.hpp")


def rendered(source: bytes, mutants: dict, switch: str) -> tuple[str, list]:
    """The mutated text of one file, and for each mutant (line, first column, last column) of what
    it writes, from 1. `mutants` maps numbers to points of this file, `switch` is the path from it to
    the header of switches. No line is added."""
    text, marks = _render(source, 0, len(source), sorted(
        mutants.items(), key=lambda item: (item[1].begin, -item[1].end, item[0])))
    # An immediate function has no run time in which to read a switch. The words are equally long.
    text = re.sub(r"\bconsteval\b", "constexpr", text)
    rest = text.split("\n", 1)[1]  # of the licence line
    return f'#include "{switch}"\n{rest}', [
        (number, *_line_and_columns(text, begin, end)) for number, begin, end in marks]


def _line_and_columns(text, begin, end):
    line = text.count("\n", 0, begin) + 1
    start = text.rfind("\n", 0, begin) + 1
    return line, begin - start + 1, end - start + 1


def _render(source, begin, end, mutants):
    """Text of bytes [begin, end) and marks (number, begin, end) in it; of mutants with one extent
    the first is the outermost."""
    text, marks, at = "", [], begin
    while mutants:
        (number, point), *rest = mutants
        inner = [item for item in rest if item[1].end <= point.end]
        mutants = [item for item in rest if item[1].end > point.end]
        text += source[at:point.begin].decode()
        original, inner_marks = _render(source, point.begin, point.end, inner)
        before, after, own = _switched(number, point)
        marks.append((number, len(text) + own[0], len(text) + own[1]))
        shift = len(text) + len(before)
        marks += [(n, first + shift, last + shift) for n, first, last in inner_marks]
        text += before + original + after
        at = point.end
    return text + source[at:end].decode(), marks


def _switched(number, point):
    """What stands before and after the original, and where in the former the mutant's text is."""
    acts = f"TINYMF_MUTANT({number})"
    mutated = " ".join(point.mutated.split())
    if point.form == forms.EXPRESSION:
        before, after = f"({acts} ? ({mutated}) : (", "))"
    elif point.form == forms.STATEMENT:
        before, after = f"({acts} ? void({mutated}) : void(", "))"
    elif point.form == forms.CONDITION:
        before, after = f"({acts} != static_cast<bool>(", "))"
    elif point.form == forms.EXIT:
        before, after = f"{{ if (!{acts}) {{ ", " } }"
    elif point.form == forms.EMPTY_RETURN:
        before, after = f"{{ if ({acts}) {{ return {{}}; }} ", " }"
    else:
        before, after = f"::tinymf_mutant::shortened({acts}, ", ")"
    return before, after, (0, len(before))


class MutatedCopy:
    """folder/source, mutated, and folder/tree, where it is built. Mutants are numbered from 1."""

    def __init__(self, folder: pathlib.Path, root: pathlib.Path, files, points, configure):
        self.source, self.tree = folder / "source", folder / "tree"
        self.root, self.files, self.configure = root, list(files), configure
        self.points = dict(enumerate(points, 1))
        self.uncompilable = set()

    def write(self):
        """Touches only what has changed, so that a second build is short."""
        mutated = {point.file for point in self.points.values()}
        for name in self.files:
            if name not in mutated:
                self._put(name, (self.root / name).read_bytes())
        self.marks = {}
        for name in sorted(mutated):
            alive = {number: point for number, point in self.points.items()
                     if point.file == name and number not in self.uncompilable}
            switch = os.path.relpath(SWITCH.name, os.path.dirname(name))
            text, self.marks[name] = rendered((self.root / name).read_bytes(), alive, switch)
            self._put(name, text.encode())
        self._put(SWITCH.name, SWITCH.read_bytes())
        wanted = {*self.files, SWITCH.name}
        for path in self.source.rglob("*"):
            if path.is_file() and str(path.relative_to(self.source)) not in wanted:
                path.unlink()

    def _put(self, name, content):
        path = self.source / name
        if path.is_file() and path.read_bytes() == content:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        if (self.root / name).is_file():
            shutil.copymode(self.root / name, path)

    def build(self, targets, jobs):
        """Builds, and takes out what does not compile until all of it does."""
        self.write()
        self._run(["cmake", "-S", self.source, "-B", self.tree, *self.configure])
        for _ in range(8):
            done = subprocess.run(
                ["cmake", "--build", self.tree, "-j", str(jobs), "--target", *targets,
                 "--", "-k", "0"],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if done.returncode == 0:
                return
            guilty = self._guilty(done.stdout)
            if not guilty:
                sys.exit(f"mutate: the mutated copy does not build\n{done.stdout[-6000:]}")
            for number in sorted(guilty):
                point = self.points[number]
                print(f"does not compile: {point.file}:{point.line} {point.original!r} -> "
                      f"{point.mutated!r}", file=sys.stderr)
            self.uncompilable |= guilty
            self.write()
        sys.exit("mutate: the mutated copy still does not build after 8 rounds")

    def _run(self, command):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            sys.exit(f"mutate: {' '.join(map(str, command))}\n{done.stdout[-4000:]}")

    def _guilty(self, output):
        """The innermost mutants at the places of the compiler's errors; of a line without a place,
        all; of an error elsewhere, those where the template was used."""
        guilty = set()
        for error in re.split(r"\n(?=[^\n]*: In |[^\n]*: error:)", output):
            if "error:" not in error:
                continue
            for path, line, column in re.findall(r"(\S+?):(\d+):(\d+):", error):
                found = self._mutants_at(path, int(line), int(column))
                guilty |= found
                if found:
                    break
        return guilty

    def _mutants_at(self, path, line, column):
        path = pathlib.Path(path)
        if not path.is_absolute():
            path = self.source / path
        try:
            name = str(path.relative_to(self.source))
        except ValueError:
            return set()
        on_line = [mark for mark in self.marks.get(name, ()) if mark[1] == line]
        around = [mark for mark in on_line if mark[2] <= column <= mark[3]]
        if around:
            return {min(around, key=lambda mark: mark[3] - mark[2])[0]}
        return {mark[0] for mark in on_line}
