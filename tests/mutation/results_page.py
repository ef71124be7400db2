# SPDX-License-Identifier: Apache-2.0
"""tests/mutation/RESULTS.md: a row and a list of survivors a folder, each rewritten alone."""

import dataclasses
import pathlib
import re
import tomllib

import mutant_runs

HEAD = """# Mutation score

Written by toolchain/dev mutate. A mutant is one small change of a source: an operator, a bound, a
constant, a condition, a return value, a dropped statement or early exit, a loop without its last
element. They are drawn by a hash, from every file and kind. It is killed when a test fails, crashes
or runs ten times as long as without it. One that no test reaches or that does not compile is not
killed; one that changes nothing counts too.

| folder | mutants | killed | score | commit |
| --- | ---: | ---: | ---: | --- |
"""


@dataclasses.dataclass
class Result:
    """What became of a folder's mutants: (point, verdict) in their order."""
    folder: str
    judged: list

    @property
    def killed(self):
        return sum(verdict == mutant_runs.KILLED for _, verdict in self.judged)

    @property
    def score(self):
        return self.killed / len(self.judged)


def read_reasons(path: pathlib.Path) -> dict:
    """Reasons by the key of a point; of survivors.toml."""
    if not path.is_file():
        return {}
    return {(row["file"], row["function"], row["original"], row["mutated"], row.get("nth", 0)):
            row["reason"] for row in tomllib.loads(path.read_text()).get("survivor", [])}


def _code(text):
    text = " ".join(text.split())
    return f"`{text if len(text) <= 100 else text[:97] + '...'}`"


def change_of(point):
    return f"{_code(point.original)} → {_code(point.mutated) if point.mutated else 'dropped'}"


def row(result, commit):
    return (f"| {result.folder} | {len(result.judged)} | {result.killed} | "
            f"{100 * result.score:.1f} % | {commit} |")


def survivors(result, reasons):
    lines = []
    for point, verdict in result.judged:
        if verdict != mutant_runs.KILLED:
            said = "" if verdict == mutant_runs.SURVIVED else f" ({verdict})"
            reason = reasons.get(point.key)
            lines.append(f"- {point.file}:{point.line} {point.function}: {change_of(point)}{said}"
                         + (f". {reason}" if reason else ""))
    return lines


def _parts(text):
    """Rows and sections of an earlier page by folder."""
    rows = {match[1]: match[0] for match in re.finditer(r"^\| (\S+) \| \d+ .*$", text, re.MULTILINE)}
    sections = {match[1]: match[2].strip("\n") for match in re.finditer(
        r"^## (\S+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)}
    return rows, sections


def rewrite(path: pathlib.Path, results, commit, reasons, order):
    """Puts these results in; other folders keep theirs."""
    rows, sections = _parts(path.read_text() if path.is_file() else "")
    for result in results:
        rows[result.folder] = row(result, commit)
        sections[result.folder] = "\n".join(survivors(result, reasons)) or "None survived."
    known = [name for name in order if name in rows]
    body = "\n".join(rows[name] for name in known) + "\n"
    for name in known:
        body += f"\n## {name}\n\n{sections[name]}\n"
    path.write_text(HEAD + body)
