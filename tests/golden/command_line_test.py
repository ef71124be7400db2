# SPDX-License-Identifier: Apache-2.0
"""What the command line prints, word for word: the help, and every experiment of the gallery with its
digests. Run with --record to write the texts anew after an intended change."""

import difflib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TINYMF = os.environ["TINYMF"]
GALLERY = Path(os.environ["TINYMF_SOURCE_DIR"], "host_tools", "experiments")
TEXTS = Path(__file__).parent / "command_line"


def printed_by(folder, *arguments):
    """Standard output without what depends on folder and build."""
    run = subprocess.run([TINYMF, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    assert run.stderr == "", run.stderr
    text = re.sub(r"\d+ bytes", "* bytes", run.stdout)
    return re.sub(r"\d+ frames,", "* frames,", text)


def cases(folder):
    yield "help", printed_by(folder, "--help")
    for command in ("emulate", "capture", "reference", "compare", "verify", "export", "report", "theory", "sweep", "cavity",
                    "plan", "boards", "schema"):
        yield f"help_{command}", printed_by(folder, command, "--help")
    for experiment in sorted(GALLERY.glob("*.toml")):
        capture = f"{experiment.stem}.tmf"
        text = printed_by(folder, "emulate", str(experiment), "-o", capture)
        yield experiment.stem, text + printed_by(folder, "verify", capture)


def main():
    recording = "--record" in sys.argv[1:]
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        found = dict(cases(folder))
    if recording:
        TEXTS.mkdir(exist_ok=True)
        for name, text in found.items():
            TEXTS.joinpath(f"{name}.txt").write_text(text)
    kept = {path.stem: path.read_text() for path in TEXTS.glob("*.txt")}
    for name in sorted(kept.keys() | found.keys()):
        before, now = kept.get(name, ""), found.get(name, "")
        if before != now:
            failures += 1
            print(*difflib.unified_diff(before.splitlines(), now.splitlines(), name, "now", lineterm=""), sep="\n")
    print(f"{len(found)} texts, {failures} different")
    return 1 if failures or len(found) < 15 else 0


if __name__ == "__main__":
    sys.exit(main())
