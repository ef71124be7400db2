# SPDX-License-Identifier: Apache-2.0
"""Measures the application image of a board: what it takes, and where the board is emulated what
its stack and its steps take."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

import device
from linked_image import LinkedImage
from object_code import ObjectCode
from profile_flash import profile_flash
from stack_bound import stack_bound

SOURCE = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"])
sys.path.insert(0, str(SOURCE / "tests/emulator/each_board"))
from instruction_count_test import figures_of  # noqa: E402

TINYMF = os.environ["TINYMF"]
IMAGE = "tinymf-firmware"
LIMIT_S = 300
STREAM_STEPS = 1000
MEAN_FIELD, LINEAR = 1, 2

# Everything that a step can do, in few steps: two replicas, coloured noise, all stages of RK4.
RUNS = {
    "network": ["model.activation=erf", "model.integrator=rk4", "model.noise_kind=colored",
                "model.noise=0.5", "model.reciprocity=0.5", "model.steps=5", "network.replicas=2"],
    "linear": ["model.kind=mean_field", "mean_field.method=linear", "model.activation=linear",
               "model.gain=0.5", "model.reciprocity=0.5", "model.noise=1.0", "model.steps=9"],
    "mean_field": ["model.kind=mean_field", "mean_field.method=gaussian_closure",
                   "model.gain=1.0", "model.noise=1.0", "model.dt=0.1", "model.steps=9"],
}


def emulated_stream(assignments):
    """What the application sends when the host emulates it."""
    with tempfile.TemporaryDirectory() as name:
        experiment, capture = pathlib.Path(name) / "experiment.toml", pathlib.Path(name) / "run.tmf"
        experiment.write_text("schema = 1\n")
        overrides = [word for assignment in assignments for word in ("--set", assignment)]
        subprocess.run([TINYMF, "emulate", experiment, *overrides, "-o", capture], check=True,
                       stdout=subprocess.DEVNULL)
        return capture.read_bytes()


def configuration_of(assignments):
    """The experiment as a CONFIGURATION frame has it, without the tick in counts behind it."""
    payload = next(payload for kind, payload in device.frames_of(emulated_stream(assignments))
                   if kind == device.CONFIGURATION)
    return payload[:-device.COUNTED_TICK_BYTES]


def neurons_of(board):
    """The largest network of up to 64 neurons that the board carries with all couplings stored."""
    return max(int(neurons) for neurons in re.findall(
        r"Network<float, (\d+), model::CouplingKind::gaussian>", board.profiles)
        if int(neurons) <= 64)


def wire_frames(stream):
    """Bytes on the line of every frame that tells of a step."""
    return [len(wire) + 1 for wire in stream.split(b"\0")[:-1]
            for kind, _ in device.frames_of(wire + b"\0") if kind in device.DATA]


def stream_bytes(neurons):
    """On the line in a thousand steps, with the default rates of STATE and DIGEST."""
    return sum(wire_frames(emulated_stream([f"network.neurons={neurons}",
                                            f"model.steps={STREAM_STEPS}"])))


def painted_stack(board):
    """Bytes of the stack that were written by a run of every profile and three self-tests, as the
    device says. An interrupt may come at the deepest place or not, so that the figure varies."""
    runs = {kind: configuration_of(assignments) for kind, assignments in RUNS.items()}
    with device.Device(board.command(IMAGE), LIMIT_S) as firmware:
        for index, (kind, method) in enumerate(firmware.profiles()):
            run = "network" if kind != MEAN_FIELD else "linear" if method == LINEAR \
                else "mean_field"
            firmware.run(index, runs[run])
        for _ in range(3):
            firmware.self_test()
        return firmware.stack_high_water()


def image_figures(board):
    """What linking fixed: bytes of flash, of static RAM beside the stack, and of the stack."""
    path = board.image(IMAGE)
    image = LinkedImage(path, board.tools)
    flash, ram, stack = image.memory()
    objects = ObjectCode(path.parents[1] / f"firmware/CMakeFiles/{IMAGE}.dir", board.tools)
    bound, _ = stack_bound(image, objects, board.has_float_unit)
    return {"flash": flash, "static_ram": ram, "stack_reserve": stack, "stack_bound": bound,
            "profile_flash": profile_flash(image)}


def compiler_of(board):
    text = subprocess.run([f"{board.tools}g++", "--version"], check=True, capture_output=True,
                          text=True).stdout
    return re.search(r"\d+\.\d+\.\d+", text).group(0)


def measured(board):
    """The board's entry of the budgets file."""
    entry = {
        "core": re.search(r"-m(?:cpu|arch)=(\S+)", board.fact("TINYMF_BOARD_CPU")).group(1),
        "label": board.label,
        "compiler": compiler_of(board),
        **image_figures(board),
        "neurons": neurons_of(board),
        "stream_bytes": stream_bytes(neurons_of(board)),
    }
    if board.is_counted:
        entry["stack_painted"] = painted_stack(board)
        entry["instructions"] = {name: round(value, 3)
                                 for name, value in figures_of(board).items()}
    return entry
