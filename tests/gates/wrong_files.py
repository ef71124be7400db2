# SPDX-License-Identifier: Apache-2.0
"""Experiment files, sweep files and overrides that are wrong, each with what tinymf says of it."""

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
    "key within quotes": (experiment('"model.gain" = 1\n'), r":2:1: 'model\.gain': unknown key; nearest is model\.gain"),
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
    "size without profile": (experiment("[network]\nneurons = 100\n"), r"host has no profile float32 gaussian N=100; it has .*; add network::Network<float, 100, model::CouplingKind::gaussian> to host_tools/models"),
    "kind without profile": (experiment('[model]\nkind = "mean_field"\n[mean_field]\ntrajectories = 96\n'), r"host has no profile float32 forward n=100 M=96; it has .*; add mean_field::ForwardSampler<float, 100, 96> to host_tools/models"),
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

# Goes on to its end, with numbers that its 16-bit path histories could not hold.
SATURATED_RUN = mean_field('activation = "linear"\ngain = 100.0\ndt = 1.0', '[mean_field]\npoints = 16\ntrajectories = 32\nstorage = "fixed16"')

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
