# SPDX-License-Identifier: Apache-2.0
"""Bad experiment files, commands, sources and captures: each must end with its exit code, exactly one
line on standard error, nothing on standard output, and nothing written. Runs that end in failure say
so in one line too, and keep their result and their capture."""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from wrong_files import EXPERIMENT_FILES, FAILED_RUNS, GOOD, OVERRIDES, SATURATED_RUN, SWEEPS, experiment

TINYMF = os.environ["TINYMF"]

FAILED, USAGE, UNSOUND, LINK = 1, 2, 3, 4

# name: (arguments, exit code, pattern); {in} and {out} are folders
COMMANDS = {
    "no command": ([], USAGE, r"tinymf: A subcommand is required"),
    "unknown command": (["simulate"], USAGE, r"tinymf: unknown command simulate; nearest is emulate"),
    "cavity of a mean field": (["cavity", "{in}/good.toml", "--set", "model.kind=mean_field"], USAGE, r"good\.toml: model\.kind: neurons are added to a network, not to a mean field$"),
    "cavity by heun": (["cavity", "{in}/good.toml", "--set", "model.integrator=heun"], USAGE, r"good\.toml: model\.integrator: must be euler or exponential_euler"),
    "cavity of too few networks": (["cavity", "{in}/good.toml", "--networks", "3"], USAGE, r"--networks"),
    "sweep into nowhere": (["sweep", "{in}/sweep.toml", "-o", "{out}/none/results"], USAGE, r"none/results: No such file or directory$"),
    "sweep into a file": (["sweep", "{in}/sweep.toml", "-o", "{in}/text.txt"], USAGE, r"text\.txt: "),
    "sweep by no workers": (["sweep", "{in}/sweep.toml", "-o", "{out}/results", "--jobs", "0"], USAGE, r"--jobs"),
    "unknown option": (["boards", "--colour"], USAGE, r"tinymf: .*--colour"),
    "no experiment": (["emulate", "-o", "{out}/run.tmf"], USAGE, r"tinymf: experiment is required, or --resume RUN\.tmf"),
    "experiment and run": (["emulate", "{in}/good.toml", "--resume", "{in}/good.tmf", "-o", "{out}/run.tmf"], USAGE, r"tinymf: experiment excludes --resume"),
    "run without checkpoint": (["emulate", "--resume", "{in}/good.tmf", "-o", "{out}/run.tmf"], USAGE, r"good\.tmf: no whole checkpoint in it"),
    "resume from no capture": (["emulate", "--resume", "{in}/text.txt", "-o", "{out}/run.tmf"], USAGE, r"text\.txt: not a capture file"),
    "stop at the last step": (["emulate", "{in}/good.toml", "--stop-at", "20", "-o", "{out}/run.tmf"], USAGE, r"--stop-at 20: the run begins at step 0 and its last step is 20"),
    "stop in real time": (["emulate", "{in}/good.toml", "--stop-at", "5", "--realtime", "-o", "{out}/run.tmf"], USAGE, r"--realtime excludes --stop-at|--stop-at excludes --realtime"),
    "snapshots of a recording": (["capture", "{in}/good.toml", "--snapshot-every", "5", "--from", "file:{in}/good.tmf", "-o", "{out}/run.tmf"], USAGE, r"a recording takes no checkpoint and gives none"),
    "output on standard output": (["emulate", "{in}/good.toml", "-o", "-"], USAGE, r"^-: this cannot go to standard output; \./- is the file of that name$"),
    "two experiments": (["emulate", "{in}/good.toml", "{in}/good.toml", "-o", "{out}/run.tmf"], USAGE, r"tinymf: .*not expected"),
    "option without value": (["emulate", "{in}/good.toml", "-o"], USAGE, r"tinymf: --output: 1 required"),
    "missing experiment": (["emulate", "{in}/none.toml", "-o", "{out}/run.tmf"], USAGE, r"none\.toml: no such file"),
    "experiment is a folder": (["emulate", "{in}", "-o", "{out}/run.tmf"], USAGE, r": is a directory"),
    "experiment is a device": (["emulate", "/dev/null", "-o", "{out}/run.tmf"], USAGE, r"/dev/null: is not a regular file"),
    "experiment below a file": (["emulate", "{in}/good.toml/x", "-o", "{out}/run.tmf"], USAGE, r"good\.toml/x: "),
    "output in a missing folder": (["emulate", "{in}/good.toml", "-o", "{out}/none/run.tmf"], USAGE, r"its folder does not exist"),
    "output is a folder": (["emulate", "{in}/good.toml", "-o", "{out}"], USAGE, r"is a folder"),
    "output ends in a slash": (["emulate", "{in}/good.toml", "-o", "{out}/"], USAGE, r"is a folder"),
    "output is the experiment": (["emulate", "{in}/good.toml", "-o", "{in}/good.toml"], USAGE, r"is also an input"),
    "output is the experiment by another name": (["emulate", "{in}/good.toml", "-o", "{in}/../in/good.toml"], USAGE, r"is also an input"),
    "output is another file": (["emulate", "{in}/good.toml", "-o", "{in}/text.txt"], USAGE, r"text\.txt"),
    "output is a device": (["emulate", "{in}/good.toml", "-o", "/dev/null"], USAGE, r"is not a regular file"),
    "negative tick": (["emulate", "{in}/good.toml", "-o", "{out}/run.tmf", "--tick-ms", "-1"], USAGE, r"--tick-ms"),
    "tick below a microsecond": (["emulate", "{in}/good.toml", "-o", "{out}/run.tmf", "--tick-ms", "1e-9"], USAGE, r"--tick-ms: 1e-9: must be 0, or between 0\.001 and 1000 "),
    "tick that is no number": (["emulate", "{in}/good.toml", "-o", "{out}/run.tmf", "--tick-ms", "nan"], USAGE, r"--tick-ms: nan: must be 0, or between 0\.001 and 1000 "),
    "tick beyond denormal": (["emulate", "{in}/good.toml", "-o", "{out}/run.tmf", "--tick-ms", "1e-320"], USAGE, r"--tick-ms: 1e-320: must be 0, or between"),
    "infinite tick": (["emulate", "{in}/good.toml", "-o", "{out}/run.tmf", "--tick-ms", "inf"], USAGE, r"--tick-ms: inf: must be 0, or between"),
    "patience that is no number": (["emulate", "{in}/good.toml", "-o", "{out}/run.tmf", "--patience", "-nan"], USAGE, r"--patience: -nan: must be between 0\.01 and 3600 "),
    "endless patience": (["emulate", "{in}/good.toml", "-o", "{out}/run.tmf", "--patience", "inf"], USAGE, r"--patience: inf: must be between 0\.01 and 3600 "),
    "lag that is no number": (["theory", "{in}/good.toml", "--tau", "0.5,nan"], USAGE, r"--tau: nan: must be between 0 and 10000 "),
    "time that is no number": (["theory", "{in}/good.toml", "--times", "nan"], USAGE, r"--times: nan: must be between 0 and "),
    "baud that is no number": (["plan", "{in}/good.toml", "--board", "mps2-an386", "--baud", "nan"], USAGE, r"--baud: nan: must be between 300 and 1000000000 "),
    "speed that is no number": (["plan", "{in}/good.toml", "--board", "mps2-an386", "--instructions-per-second", "nan"], USAGE, r"--instructions-per-second: nan: must be between 1 and "),
    "planned tick that is no number": (["plan", "{in}/good.toml", "--board", "mps2-an386", "--tick-ms", "nan"], USAGE, r"--tick-ms: nan: must be 0, or between 0\.001 and 1000000 "),
    "planned tick below a microsecond": (["plan", "{in}/good.toml", "--board", "mps2-an386", "--tick-ms", "1e-9"], USAGE, r"--tick-ms: 1e-9: must be 0, or between 0\.001 and 1000000 "),
    "misspelt option": (["emulate", "{in}/good.toml", "--ouput", "x"], USAGE, r"unknown option --ouput; nearest is --output \(see tinymf emulate --help\)"),
    "misspelt option with a value": (["emulate", "{in}/good.toml", "--ouput=x"], USAGE, r"unknown option --ouput; nearest is --output "),
    "misspelt value": (["emulate", "{in}/good.toml", "-o", "{out}/run.tmf", "--tick-ms", "1", "--deadline", "stopp"], USAGE, r"--deadline: stopp not in \{late,stop\}; nearest is stop "),
    "misspelt help": (["hlep"], USAGE, r"unknown command hlep; nearest is help"),
    "misspelt board": (["plan", "{in}/good.toml", "--board", "mps2-an368"], USAGE, r"no board 'mps2-an368'; nearest is mps2-an386; boards: "),
    "no such board": (["boards", "z80"], USAGE, r"no board's name, core, label or emulator holds 'z80'"),
    "key without its section": (["emulate", "{in}/good.toml", "--set", "gain=2", "-o", "{out}/run.tmf"], USAGE, r"--set gain=2: gain: unknown key; nearest is model\.gain$"),
    "name of an experiment": (["emulate", "chaos", "-o", "{out}/run.tmf"], USAGE, r"^chaos: no such file; there is .*host_tools/experiments/chaos\.toml$"),
    "misspelt experiment": (["emulate", "{in}/fixed_piont.toml", "-o", "{out}/run.tmf"], USAGE, r"fixed_piont\.toml: no such file; there is .*experiments/fixed_point\.toml$"),
    "name of a sweep": (["sweep", "chaos_onset", "-o", "{out}/results"], USAGE, r"^chaos_onset: no such file; there is .*experiments/sweeps/chaos_onset\.toml$"),
    "controller with a pipe": (["emulate", "{in}/good.toml", "--set", "stimulus.kind=live", "--controller", "cat | cat", "-o", "{out}/run.tmf"], USAGE, r"--controller 'cat \| cat': \| means something to a shell only"),
    "controller that is not there": (["emulate", "{in}/good.toml", "--set", "stimulus.kind=live", "--controller", "no-such-program", "-o", "{out}/run.tmf"], USAGE, r"controller 'no-such-program': cannot be started: No such file or directory$"),
    "tick as text": (["emulate", "{in}/good.toml", "-o", "{out}/run.tmf", "--tick-ms", "soon"], USAGE, r"--tick-ms"),
    "input without live stimulus": (["emulate", "{in}/good.toml", "--input", "{in}/text.txt", "-o", "{out}/run.tmf"], USAGE, r"good\.toml: stimulus\.kind = \"none\": must be \"live\" to take inputs"),
    "input of no rows": (["emulate", "{in}/good.toml", "--set", "stimulus.kind=live", "--input", "{in}/text.txt", "-o", "{out}/run.tmf"], USAGE, r"text\.txt:1: precious: must be two columns, step,value"),
    "input missing": (["emulate", "{in}/good.toml", "--set", "stimulus.kind=live", "--input", "{in}/none.csv", "-o", "{out}/run.tmf"], USAGE, r"none\.csv: no such file"),
    "input is the output": (["emulate", "{in}/good.toml", "--set", "stimulus.kind=live", "--input", "{in}/text.txt", "-o", "{in}/text.txt"], USAGE, r"is also an input"),
    "input in real time": (["emulate", "{in}/good.toml", "--set", "stimulus.kind=live", "--input", "{in}/inputs.csv", "--realtime", "-o", "{out}/run.tmf"], USAGE, r"--input excludes --realtime"),
    "input beyond the run": (["capture", "{in}/good.toml", "--set", "stimulus.kind=live", "--input", "{in}/inputs.csv", "--from", "tcp:127.0.0.1:1", "-o", "{out}/run.tmf"], USAGE, r"inputs\.csv:2: step = 20: must be a whole number between 0 and 19"),
    "input to a recording": (["capture", "{in}/good.toml", "--set", "stimulus.kind=live", "--set", "model.steps=21", "--input", "{in}/inputs.csv", "--from", "file:{in}/good.tmf", "-o", "{out}/run.tmf"], USAGE, r"a recording takes no --input"),
    "unknown solver": (["reference", "{in}/good.toml", "--solver", "euler", "-o", "{out}/ref.npz"], USAGE, r"--solver: euler not in \{odeint,cvode,linear,"),
    "cvode for noise": (["reference", "{in}/good.toml", "--set", "model.noise=1", "--solver", "cvode", "-o", "{out}/ref.npz"], USAGE, r"--solver cvode needs a run without white or coloured noise"),
    "no source": (["capture", "{in}/good.toml", "-o", "{out}/run.tmf"], USAGE, r"tinymf: --from is required"),
    "escape sequence in an argument": (["emulate", "{in}/\x1b[31m.toml", "-o", "{out}/run.tmf"], USAGE, r"\\x1b\[31m\.toml: no such file"),
}

# source: (exit code, pattern)
SOURCES = {
    "": (USAGE, r"."),
    "usb": (USAGE, r"usb"),
    "ftp:board": (USAGE, r"ftp"),
    "serial:": (USAGE, r"serial"),
    "serial:/dev/none": (USAGE, r"serial"),
    "serial:/dev/none@fast": (USAGE, r"fast"),
    "serial:/dev/none@115200": (LINK, r"/dev/none"),
    "serial:/dev/null@115200": (LINK, r"/dev/null"),
    "pty:/dev/none": (LINK, r"/dev/none"),
    "tcp:localhost": (USAGE, r"tcp"),
    "tcp:localhost:": (USAGE, r"tcp"),
    "tcp:localhost:99999": (USAGE, r"99999"),
    "tcp:127.0.0.1:1": (LINK, r"127\.0\.0\.1"),
    "qemu:": (USAGE, r"qemu"),
    "qemu:no-such-board": (USAGE, r"no-such-board"),
    "file:{in}/none.bin": (USAGE, r"none\.bin"),
    "file:{in}": (USAGE, r"directory|folder|regular"),
    "file:{in}/empty.bin": (LINK, r"the recording ends before the run does"),
    "file:{in}/text.txt": (LINK, r"the recording ends before the run does"),
    "file:{in}/cut.tmf": (LINK, r"the recording ends before the run does"),
    "file:{in}/other.tmf": (USAGE, r"the recording is of another experiment"),
}


def damaged(capture):
    """Captures that verify must not accept: name to (bytes, exit code)."""
    frames = capture.index(b"\0", capture.index(b"}")) + 1
    middle = (frames + len(capture)) // 2

    def flipped(at, bit=0):
        return capture[:at] + bytes([capture[at] ^ (1 << bit)]) + capture[at + 1 :]

    return {
        "empty": (b"", USAGE),
        "text": (b"hello\n", USAGE),
        "magic alone": (capture[:6], UNSOUND),
        "header cut": (capture[:20], UNSOUND),
        "header bit": (flipped(40), UNSOUND),
        "other version": (capture[:6] + b"\x09\x00" + capture[8:], UNSOUND),
        "no frames": (capture[: capture.index(b"}") + 5], UNSOUND),
        "frame bit": (flipped(middle), UNSOUND),
        "last byte lost": (capture[:-1], UNSOUND),
        "cut in the middle": (capture[:middle], UNSOUND),
        "end lost": (capture[: capture.rindex(b"\0", 0, len(capture) - 1) + 1], UNSOUND),
        "frame lost": (capture[:frames] + capture[capture.index(b"\0", middle) + 1 :], UNSOUND),
        "said twice": (capture + capture[frames:], UNSOUND),
        "noise behind the end": (capture + b"\x55" * 40 + b"\0", UNSOUND),
    }


class Bench:
    """Runs the cases in fresh folders and collects what is wrong."""

    def __init__(self, folder):
        self.inputs = Path(folder, "in")
        self.outputs = Path(folder, "out")
        self.inputs.mkdir()
        self.outputs.mkdir()
        self.cases = 0
        self.complaints = []

    def fill(self, text):
        return text.replace("{in}", str(self.inputs)).replace("{out}", str(self.outputs))

    def contents(self):
        return {path: path.read_bytes() for path in self.inputs.iterdir() if path.is_file()}

    def expect(self, name, arguments, exit_code, pattern, leaves=None, prints=None):
        self.cases += 1
        before = self.contents()
        run = subprocess.run(
            [TINYMF, *map(self.fill, arguments)], capture_output=True, timeout=60, check=False
        )
        said = run.stderr.decode(errors="replace")
        wrong = []
        if run.returncode != exit_code:
            wrong.append(f"exit code {run.returncode}, not {exit_code}")
        if said.count("\n") != 1 or not said.endswith("\n") or not re.search(pattern, said.rstrip("\n")):
            wrong.append(f"standard error is not one line with /{pattern}/: {said!r}")
        if any(ord(c) < 32 and c != "\n" for c in said):
            wrong.append(f"control characters: {said!r}")
        if prints and prints not in run.stdout.decode(errors="replace"):
            wrong.append(f"standard output without {prints!r}: {run.stdout[:200]!r}")
        if run.stdout and not prints and "verify" not in arguments:
            wrong.append(f"standard output: {run.stdout[:200]!r}")
        if self.contents() != before:
            wrong.append("an input was changed")
        left = sorted(path.name for path in self.outputs.iterdir())
        if left != ([leaves] if leaves else []):
            wrong.append(f"left behind: {left}")
        for path in self.outputs.iterdir():
            path.unlink()
        self.complaints += [f"{name}: {text}" for text in wrong]

    def expect_verdict(self, name, arguments, exit_code, verdict):
        self.cases += 1
        run = subprocess.run(
            [TINYMF, *map(self.fill, arguments)], capture_output=True, timeout=60, check=False
        )
        try:
            found = json.loads(run.stdout).get("verdict")
        except json.JSONDecodeError:
            found = f"no JSON: {run.stdout[:200]!r}"
        if (run.returncode, found) != (exit_code, verdict):
            self.complaints.append(f"{name}: {arguments[0]} --json: exit code {run.returncode}, verdict {found}")

    def emulate(self, name, output, *more):
        subprocess.run(
            [TINYMF, "emulate", str(self.inputs / name), "-o", str(self.inputs / output), *more],
            check=True,
            capture_output=True,
        )


def check_all(bench):
    bench.inputs.joinpath("good.toml").write_text(GOOD)
    bench.inputs.joinpath("text.txt").write_text("precious\n")
    bench.inputs.joinpath("empty.bin").write_bytes(b"")
    bench.inputs.joinpath("sweep.toml").write_bytes(experiment('experiment = "good.toml"\n[collect]\nrun = ["digest"]\n'))
    bench.inputs.joinpath("inputs.csv").write_text("0,0.5\n20,1\n")
    bench.emulate("good.toml", "good.tmf")
    bench.emulate("good.toml", "other.tmf", "--set", "model.gain=0.5")
    capture = bench.inputs.joinpath("good.tmf").read_bytes()
    bench.inputs.joinpath("cut.tmf").write_bytes(capture[:-30])
    verified = subprocess.run([TINYMF, "verify", bench.fill("{in}/good.tmf")], capture_output=True, check=False)
    assert (verified.returncode, verified.stderr) == (0, b""), verified

    for name, (content, pattern) in EXPERIMENT_FILES.items():
        bench.inputs.joinpath("bad.toml").write_bytes(content)
        bench.expect(
            f"experiment file: {name}",
            ["emulate", "{in}/bad.toml", "-o", "{out}/run.tmf"],
            USAGE,
            pattern,
        )
    for name, (content, pattern) in FAILED_RUNS.items():
        bench.inputs.joinpath("bad.toml").write_bytes(content)
        bench.expect(
            f"failed run: {name}",
            ["emulate", "{in}/bad.toml", "-o", "{out}/run.tmf"],
            FAILED,
            pattern,
            leaves="run.tmf",
            prints="non_finite after",
        )
    bench.inputs.joinpath("bad.toml").write_bytes(SATURATED_RUN)
    bench.expect(
        "failed run: numbers that saturated",
        ["emulate", "{in}/bad.toml", "-o", "{out}/run.tmf"],
        FAILED,
        r"run\.tmf: failed: \d+ numbers of 16-bit path histories saturated, the first at step 1; lower the gain",
        leaves="run.tmf",
        prints="completed after",
    )
    for name, (content, pattern) in SWEEPS.items():
        bench.inputs.joinpath("bad.toml").write_bytes(content)
        bench.expect(f"sweep file: {name}", ["sweep", "{in}/bad.toml", "-o", "{out}/results"], USAGE, pattern)
    for override, pattern in OVERRIDES.items():
        bench.expect(
            f"override: {override!r}",
            ["emulate", "{in}/good.toml", "--set", override, "-o", "{out}/run.tmf"],
            USAGE,
            pattern,
        )
    for name, (arguments, exit_code, pattern) in COMMANDS.items():
        bench.expect(f"command: {name}", arguments, exit_code, pattern)
    for source, (exit_code, pattern) in SOURCES.items():
        bench.expect(
            f"source: {source!r}",
            ["capture", "{in}/good.toml", "--from", source, "-o", "{out}/run.tmf", "--patience", "0.2"],
            exit_code,
            pattern,
            leaves="run.tmf" if source.endswith("cut.tmf") else None,
        )
    bench.expect("capture: missing", ["verify", "{in}/none.tmf"], USAGE, r"none\.tmf")
    bench.expect("capture: folder", ["verify", "{in}"], USAGE, r"directory|folder|regular|capture")
    for name, (content, exit_code) in damaged(capture).items():
        bench.inputs.joinpath("bad.tmf").write_bytes(content)
        bench.expect(f"capture: {name}", ["verify", "{in}/bad.tmf"], exit_code, r"bad\.tmf")
        if exit_code == UNSOUND:
            bench.expect_verdict(name, ["verify", "{in}/bad.tmf", "--json"], exit_code, "unsound")
            bench.expect_verdict(name, ["compare", "{in}/bad.tmf", "--json"], exit_code, "unsound")


def main():
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder)
        check_all(bench)
    print(f"{bench.cases} cases, {len(bench.complaints)} complaints")
    for complaint in bench.complaints:
        print(complaint)
    fewest = 60
    return 1 if bench.complaints or bench.cases < fewest else 0


if __name__ == "__main__":
    sys.exit(main())
