# SPDX-License-Identifier: Apache-2.0
"""`tinymf plan` on experiments given as assignments of keys."""

import json
import os
import pathlib
import re
import subprocess
import tempfile

TINYMF = os.environ["TINYMF"]


def run(assignments, *options):
    with tempfile.TemporaryDirectory() as name:
        experiment = pathlib.Path(name) / "experiment.toml"
        experiment.write_text("schema = 1\n")
        overrides = [word for assignment in assignments for word in ("--set", assignment)]
        return subprocess.run([TINYMF, "plan", experiment, *overrides, *map(str, options)],
                              capture_output=True, text=True)


def plan(board, assignments, *options):
    """The plan as an object; exit codes other than fits and fits not are errors."""
    done = run(assignments, "--board", board, "--json", *options)
    assert done.returncode in (0, 1), done.stderr
    result = json.loads(done.stdout)
    assert result["fits"] == (done.returncode == 0), result
    return result


def profiles_of(board):
    """Experiments that need each profile of a board's profiles.hpp."""
    for kind, arguments in re.findall(r"\b(?:network|mean_field)::(\w+)<([^<>]*)>", board.profiles):
        values = [value.strip() for value in arguments.split(",")]
        if kind == "Network":
            yield [f"network.neurons={values[1]}", f"network.coupling={values[2].split('::')[-1]}"]
        elif kind == "LinearClosure":
            yield ["model.kind=mean_field", "mean_field.method=linear", "model.activation=linear",
                   "model.gain=0.5", f"mean_field.points={values[1]}",
                   f"model.steps={int(values[1]) - 1}"]
        elif kind == "GaussianClosure":
            yield ["model.kind=mean_field", "mean_field.method=gaussian_closure", "model.gain=1.0",
                   f"mean_field.points={values[1]}", f"model.steps={int(values[1]) - 1}"]
        elif kind == "ForwardSampler":
            yield ["model.kind=mean_field", "mean_field.method=forward", "model.gain=1.0",
                   f"mean_field.points={values[1]}", f"mean_field.trajectories={values[2]}",
                   f"mean_field.storage={'fixed16' if len(values) > 3 else 'scalar'}",
                   f"model.steps={int(values[1]) - 1}"]
        elif kind == "StationaryRun":
            yield ["model.kind=mean_field", "mean_field.method=stationary", "model.noise=1.0",
                   "model.gain=1.0", "mean_field.points=30", "model.steps=29"]
        else:
            raise AssertionError(f"a profile of an unknown kind: {kind}")
