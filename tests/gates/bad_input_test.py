# SPDX-License-Identifier: Apache-2.0
"""Bad experiment files, commands, sources and captures: each must end with its exit code, exactly one
line on standard error, nothing on standard output, and nothing written. Runs that end in failure say
so in one line too, and keep their result and their capture."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TINYMF = os.environ["TINYMF"]

FAILED, USAGE, UNSOUND, LINK = 1, 2, 3, 4

GOOD = """schema = 1
[model]
steps = 20
[network]
neurons = 16
[stream]
state_every = 1
digest_every = 5
"""


def experiment(body, schema="schema = 1\n"):
    return (schema + body).encode()


def mean_field(model, sections=""):
    return experiment(f'[model]\nkind = "mean_field"\n{model}\n{sections}\n')


# name: (content of bad.toml, pattern of the line)
EXPERIMENT_FILES = {
    "empty file": (b"", r"bad\.toml: schema: is missing"),
    "only a comment": (b"# nothing\n", r"bad\.toml: schema: is missing"),
    "schema of the future": (experiment("", "schema = 2\n"), r":1:10: schema = 2: must be between 1 and 1"),
    "schema as text": (experiment("", 'schema = "1"\n'), r':1:10: schema = "1": must be a whole number'),
    "schema as real": (experiment("", "schema = 1.0\n"), r"must be a whole number"),
    "not TOML": (b"gain: 1.5\n", r"bad\.toml:1:5: "),
    "unclosed text": (experiment('name = "abc\n'), r"bad\.toml:2:\d+: "),
    "unclosed section": (experiment("[model\n"), r"bad\.toml:2:\d+: "),
    "key twice": (experiment("[model]\ngain = 1\ngain = 2\n"), r"bad\.toml:4:\d+: .*gain"),
    "section twice": (experiment("[model]\n[model]\n"), r"bad\.toml:3:\d+: "),
    "NUL byte": (b"schema = 1\nname = \"a\0b\"\n", r"bad\.toml:2:10: contains a NUL byte"),
    "not UTF-8": (b"schema = 1\nname = \"\xff\xfe\"\n", r"bad\.toml:2:\d+: .*utf-8"),
    "binary": (bytes(range(1, 200)), r"bad\.toml:1:\d+: "),
    "an escape sequence in a name": (experiment('name = "\\u001b[2J"\n'), r'name = "\\x1b\[2J": must be 1 to 64'),
    "a line of 1 MiB": (b"a" * 1000000, r"bad\.toml:1:\d+: "),
    "larger than 1 MiB": (b"# comment\n" * 120000, r"bad\.toml: larger than 1 MiB"),
    "a thousand dots": (experiment("a" + ".a" * 200 + " = 1\n"), r"bad\.toml:2:1: names with more than 100 dots within each other$"),
    "nested arrays": (experiment("a = " + "[" * 500 + "\n"), r"bad\.toml:2:\d+: "),
    "nested across lines": (experiment("a = " + ("[\n" * 5000)), r"bad\.toml:\d+:\d+: "),
    "empty name": (experiment('name = ""\n'), r":2:8: name = \"\": must be 1 to 64"),
    "name too long": (experiment(f'name = "{"x" * 65}"\n'), r":2:8: name = .*: must be 1 to 64"),
    "name as number": (experiment("name = 3\n"), r":2:8: name = 3: must be text in quotes"),
    "unknown section": (experiment("[modell]\ngain = 1\n"), r"modell: unknown key"),
    "unknown key": (experiment("[model]\ngian = 1\n"), r":3:1: model\.gian: unknown key; nearest is model\.gain"),
    "key without section": (experiment("gain = 1\n"), r":2:1: gain: unknown key"),
    "section as value": (experiment("model = 3\n"), r":2:9: model = 3: must be a section, \[model\]"),
    "unknown kind": (experiment('[model]\nkind = "spiking"\n'), r"must be one of network, mean_field$"),
    "unknown activation": (experiment('[model]\nactivation = "sigmoid"\n'), r"must be one of linear, relu, tanh"),
    "activation as number": (experiment("[model]\nactivation = 2\n"), r"model\.activation = 2: must be one of"),
    "negative gain": (experiment("[model]\ngain = -1\n"), r":3:8: model\.gain = -1: must be between 0 and 100$"),
    "gain as text": (experiment('[model]\ngain = "1"\n'), r'model\.gain = "1": must be a number'),
    "gain is NaN": (experiment("[model]\ngain = nan\n"), r"model\.gain = nan: must be a finite number"),
    "gain is infinite": (experiment("[model]\ngain = +inf\n"), r"model\.gain = inf: must be a finite number"),
    "gain as truth": (experiment("[model]\ngain = true\n"), r"model\.gain = true: must be a number"),
    "gain as date": (experiment("[model]\ngain = 2020-01-01\n"), r"model\.gain = .*: must be a number"),
    "reciprocity beyond 1": (experiment("[model]\nreciprocity = 1.0001\n"), r"must be between -1 and 1$"),
    "negative noise": (experiment("[model]\nnoise = -0.5\n"), r"model\.noise = -0\.5: must be between 0 and 100"),
    "noise time zero": (experiment("[model]\nnoise_time = 0\n"), r"model\.noise_time = 0: must be between"),
    "dt zero": (experiment("[model]\ndt = 0.0\n"), r"model\.dt = 0: must be between"),
    "dt above one": (experiment("[model]\ndt = 1.5\n"), r"model\.dt = 1\.5: must be between .* and 1$"),
    "no steps": (experiment("[model]\nsteps = 0\n"), r"model\.steps = 0: must be between 1 and 2147483648"),
    "half a step": (experiment("[model]\nsteps = 10.5\n"), r"model\.steps = 10\.5: must be a whole number"),
    "too many steps": (experiment("[model]\nsteps = 2147483649\n"), r"must be between 1 and 2147483648"),
    "negative seed": (experiment("[model]\nseed = -1\n"), r"model\.seed = -1: must be between 0"),
    "seed beyond 64 bits": (experiment("[model]\nseed = 99999999999999999999\n"), r"bad\.toml:3:\d+: "),
    "exponent zero": (experiment("[model]\nexponent = 0\n"), r"model\.exponent = 0: must be between 0\.0625 and 4"),
    "five Pade terms": (experiment("[model]\npade_num = [1, 2, 3, 4, 5]\n"), r"model\.pade_num = \[5 values\]: must be a list of 1 to 4"),
    "no Pade terms": (experiment("[model]\npade_num = []\n"), r"must be a list of 1 to 4 numbers"),
    "Pade beyond its range": (experiment("[model]\npade_den = [-1000.5]\n"), r"model\.pade_den = -1000\.5: must be between -1000 and 1000"),
    "Pade with a pole": (experiment("[model]\npade_den = [-0.5]\n"), r"model\.pade_den = .*: 1 \+ b1 s \+ b2 s\^2 \+ \.\.\. must stay above 0 for all s = x\^2 >= 0"),
    "Pade with a double pole": (experiment("[model]\npade_den = [-2, 1]\n"), r"model\.pade_den = .*: 1 \+ b1 s \+ b2 s\^2 \+ \.\.\. must stay above 0"),
    "Pade as text": (experiment('[model]\npade_num = ["x"]\n'), r'model\.pade_num = "x": must be a number'),
    "rk4 with white noise": (experiment('[model]\nintegrator = "rk4"\nnoise = 0.1\n'), r":3:14: model\.integrator = \"rk4\": rk4 cannot take white noise"),
    "noise gone in float32": (experiment("[model]\nnoise = 1e-60\n"), r"model\.noise = 1e-60: becomes 0 in float32"),
    "unknown initial state": (experiment('[initial]\nkind = "random"\n'), r"must be one of normal, uniform, zero"),
    "unknown stimulus": (experiment('[stimulus]\nkind = "noise"\n'), r"must be one of none, constant, step, sine, live"),
    "negative frequency": (experiment("[stimulus]\nfrequency = -1\n"), r"stimulus\.frequency = -1: must be between 0"),
    "no neurons": (experiment("[network]\nneurons = 0\n"), r"network\.neurons = 0: must be between 1 and 65535"),
    "size without profile": (experiment("[network]\nneurons = 100\n"), r"host has no profile float32 gaussian N=100; it has .*; add network::Network<float, 100, model::CouplingKind::gaussian> to host_tools/profiles"),
    "kind without profile": (experiment('[model]\nkind = "mean_field"\n[mean_field]\ntrajectories = 96\n'), r"host has no profile float32 forward n=100 M=96; it has .*; add mean_field::ForwardSampler<float, 100, 96> to host_tools/profiles"),
    "mean field by heun": (mean_field('integrator = "heun"'), r"model\.integrator = .*: must be euler or exponential_euler for a mean field$"),
    "mean field with live input": (mean_field('', '[stimulus]\nkind = "live"'), r"stimulus\.kind = .*: has no meaning for an average over networks$"),
    "linear method, tanh": (mean_field('', '[mean_field]\nmethod = "linear"'), r"linear needs model\.activation = \"linear\"$"),
    "stationary with reciprocity": (mean_field('reciprocity = 0.5', '[mean_field]\nmethod = "stationary"'), r"mean_field\.method = .*: needs model\.reciprocity = 0"),
    "unstable linear point": (mean_field('activation = "linear"\ngain = 1.0', '[mean_field]\nmethod = "stationary"'), r"model\.gain = 1: no stationary state: a linear network is unstable from gain 1/\(1 \+ reciprocity\) = 1 on$"),
    "fixed points that are never stable": (mean_field('activation = "power_law"\nexponent = 0.5\nnoise = 0.5\nnoise_kind = "static"', '[mean_field]\nmethod = "stationary"'), r"model\.exponent = 0\.5: must be above 0\.5 in a stationary state under static noise"),
    "stationary with a stimulus": (mean_field('', '[stimulus]\nkind = "sine"\n[mean_field]\nmethod = "stationary"'), r"stimulus\.kind = .*: must be none in a stationary state$"),
    "closure of a uniform start": (mean_field('', '[initial]\nkind = "uniform"\n[mean_field]\nmethod = "gaussian_closure"'), r"initial\.kind = .*: must be Gaussian or zero for gaussian_closure; use forward$"),
    "populations of a closure": (mean_field('', '[mean_field]\nmethod = "gaussian_closure"\npopulations = 2'), r"mean_field\.populations = 2: only forward samples, and has more than one$"),
    "fixed16 of doubles": (mean_field('', '[mean_field]\nscalar = "float64"\nstorage = "fixed16"'), r"mean_field\.storage = .*: fixed16 goes with float32$"),
    "too many populations": (mean_field('', '[mean_field]\npopulations = 300'), r"mean_field\.populations = 300: must be between 1 and 255$"),
    "rows beyond counting": (mean_field('', '[mean_field]\nrow_every = 70000'), r"mean_field\.row_every = 70000: must be between 0 and 65535$"),
    "one point": (mean_field('', '[mean_field]\npoints = 1'), r"mean_field\.points = 1: must be between 2 and 65535$"),
    "fixed-point scalar": (experiment('[network]\nscalar = "fixed32"\n'), r"must be one of float32, float64"),
    "three replicas": (experiment("[network]\nreplicas = 3\n"), r"network\.replicas = 3: must be between 1 and 2"),
    "unknown observable": (experiment('[stream]\nobserve = ["spectrum"]\n'), r"must be one of moments, autocorrelation, response"),
    "observable twice": (experiment('[stream]\nobserve = ["lyapunov", "lyapunov"]\n'), r"is listed twice"),
    "response without noise": (experiment('[stream]\nobserve = ["response"]\n'), r"model.noise_kind: a response is observed through white noise"),
    "lyapunov of two stages": (experiment('[model]\nintegrator = "heun"\n[stream]\nobserve = ["lyapunov"]\n'), r"must be euler or exponential_euler to observe"),
    "block shorter than lags": (experiment('[stream]\nobserve = ["autocorrelation"]\nobserve_block = 9\nobserve_lags = 10\n'), r"a block of 9 samples cannot hold 10 lags"),
    "windows across blocks": (experiment('[stream]\nobserve = ["participation"]\nobserve_block = 9\nobserve_window = 2\n'), r"two or more whole windows"),
    "no sample interval": (experiment('[stream]\nobserve_every = 0\n'), r"must be between 1 and"),
    "white noise held": (experiment('[model]\nnoise = 1.0\nnoise_hold = 5\n'), r"only static noise is held"),
    "observe as text": (experiment('[stream]\nobserve = "response"\n'), r"must be a list of names"),
    "closure beyond its reach": (experiment('[model]\nkind = "mean_field"\nreciprocity = 0.5\n[mean_field]\nmethod = "gaussian_closure"\n'), r"mean_field\.method = .*: needs model\.reciprocity = 0"),
}

# Experiments whose run ends in failure: its result is printed, and all of it is in the capture.
FAILED_RUNS = {
    "variance without bound": (mean_field('activation = "relu"\ngain = 1.6\nnoise = 1.0', '[mean_field]\nmethod = "stationary"'), r"there is no stationary state, the variance grows without bound; lower model\.gain$"),
    "pade too wide for its series": (mean_field('activation = "pade"\ngain = 50.0', '[mean_field]\nmethod = "stationary"'), r"there is no stationary state, or its variance is too large for the series"),
    "transient without bound": (mean_field('activation = "linear"\ngain = 90.0', '[mean_field]\nmethod = "linear"'), r"the row of Cx, column \d+, became NaN or infinite at step \d+; lower model\.dt, model\.gain or model\.steps$"),
    "state beyond all numbers": (experiment('[model]\nactivation = "linear"\ngain = 100\ndt = 1\n'), r"the state of neuron \d+, replica 0, became NaN or infinite at step \d+"),
    "estimate beyond all numbers": (experiment('[model]\nactivation = "linear"\ngain = 5.0\ndt = 0.5\nsteps = 400\n[network]\nneurons = 16\n[stream]\nobserve = ["moments"]\nobserve_every = 1\nobserve_block = 4\n'), r"the estimate moments, element \d+, became NaN or infinite at step \d+; lower model\.gain, model\.dt or stream\.observe_block$"),
}

# name: (content of bad.toml, a sweep file beside good.toml; pattern of the line)
SWEEPS = {
    "sweep without schema": (b'experiment = "good.toml"\n[collect]\nrun = ["digest"]\n', r"bad\.toml: schema: is missing"),
    "sweep of nothing": (experiment('experiment = "none.toml"\n[collect]\nrun = ["digest"]\n'), r"none\.toml: no such file"),
    "sweep without outcomes": (experiment('experiment = "good.toml"\n'), r"bad\.toml: collect: names nothing; run takes digest, .*; theory takes .*stationary\.Cx0"),
    "sweep of an unknown key": (experiment('experiment = "good.toml"\n[grid]\nmodel.gian = [1.0]\n[collect]\nrun = ["digest"]\n'), r"bad\.toml:4:15: model\.gian = 1\.0: model\.gian: unknown key; nearest is model\.gain$"),
    "sweep beyond a range": (experiment('experiment = "good.toml"\n[grid]\nmodel.gain = [1, 101]\n[collect]\nrun = ["digest"]\n'), r"bad\.toml:4:18: model\.gain = 101: must be between 0 and 100$"),
    "sweep without profile": (experiment('experiment = "good.toml"\n[grid]\nnetwork.neurons = [16, 17]\n[collect]\nrun = ["digest"]\n'), r"good\.toml: host has no profile float32 gaussian N=17; "),
    "sweep of an unknown outcome": (experiment('experiment = "good.toml"\n[collect]\nrun = ["digests"]\n'), r'bad\.toml:4:8: collect\.run = "digests": must be one of digest, '),
    "sweep of too many jobs": (experiment('experiment = "good.toml"\nseeds = 1000\n[grid]\nmodel.gain = { from = 0, to = 1, count = 101 }\n[collect]\nrun = ["digest"]\n'), r"bad\.toml:4:1: grid = {\.\.\.}: makes more than 100000 jobs$"),
}

OVERRIDES = {
    "model.gain": r"--set model\.gain: must have the form section\.key=value",
    "=1": r"--set =1: must have the form",
    "model.gain=": r"--set model\.gain=:1:\d+: |--set model\.gain=: ",
    "model.gain=-3": r"--set model\.gain=-3: must be between 0 and 100",
    "model.gian=1": r"--set model\.gian=1: model\.gian: unknown key; nearest is model\.gain",
    "model.gain=1 2": r"--set model\.gain=1 2: ",
    "model.activation=sigmoid": r"--set model\.activation=sigmoid: must be one of",
    "model.gain=1\nmodel.dt=1": r"must have the form section\.key=value",
    "model=3": r"--set model=3: must be a section",
    "model.gain.x=3": r"--set model\.gain\.x=3: .*must be a number|--set model\.gain\.x=3: ",
    "schema=2": r"--set schema=2: must be between 1 and 1",
}

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
