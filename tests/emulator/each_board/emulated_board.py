# SPDX-License-Identifier: Apache-2.0
"""What firmware/boards says of the board that a test was started for, and its built images.

Every test of this folder runs once for each board that has an emulator; the board's name is the only
argument. Where the compiler or the emulator is not installed it exits with 77,
which ctest lists as skipped; an image that could have been built but was not is a failure.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

SOURCE = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"])
BUILD = pathlib.Path(os.environ["TINYMF_BINARY_DIR"])
SKIPPED = 77


def models_of(folder):
    """The board's models as its profiles.hpp lists them, each spelled out with its bytes."""
    spelled = {f"{header.stem}::{name}": " ".join(model.split())
               for header in (SOURCE / "firmware/profiles").glob("*.hpp")
               for name, model in re.findall(r"^using (\w+) =(.*?);", header.read_text(),
                                             re.DOTALL | re.MULTILINE)}
    listed = re.search(r"BoardModelList<(.*)>;", (folder / "profiles.hpp").read_text(),
                       re.DOTALL).group(1)
    return re.sub(r"\w+::\w+", lambda name: spelled.get(name.group(0), name.group(0)), listed)


class EmulatedBoard:
    def __init__(self, name):
        folder = SOURCE / "firmware/boards" / name
        self.name = name
        self.facts = (folder / "board.cmake").read_text()
        self.profiles = models_of(folder)
        self.emulator = self.fact("TINYMF_BOARD_QEMU").split()  # empty: QEMU has no such machine
        riscv = "TINYMF_BOARD_TOOLCHAIN" in self.facts
        self.tools = "riscv64-unknown-elf-" if riscv else "arm-none-eabi-"
        self.packages = "riscv" if riscv else "arm"

    def fact(self, name):
        stated = re.search(rf"set\({name}\s+(.*?)\)", self.facts, re.DOTALL)
        return stated.group(1) if stated else ""

    @property
    def is_counted(self):
        """Under an emulator whose timer is the board's."""
        return bool(self.emulator) and not self.fact("TINYMF_BOARD_QEMU_TELLS_NO_TIME")

    @property
    def label(self):
        """What its image ran on, as host_tools/models/board_list.cmake words it."""
        label = ", ".join(self.fact("TINYMF_BOARD_WITNESSES").split()) or "nothing but a build"
        if self.fact("TINYMF_BOARD_QEMU_TELLS_NO_TIME"):
            label = label.replace("QEMU", "QEMU without time")
        reservation = self.fact("TINYMF_BOARD_RESERVATION")
        return f"{label}, {reservation}" if reservation else label

    @property
    def conformance_exceptions(self):
        """Functions of the conformance image that board.cmake excepts, with its reason."""
        return self.fact("TINYMF_BOARD_CONFORMANCE_EXCEPTIONS").split()

    @property
    def has_float_unit(self):
        return re.search(r"-mfloat-abi=hard|-march=rv32\w*f", self.facts) is not None

    def image(self, name):
        path = BUILD.parent / self.name / "bin" / f"{name}.elf"
        if not path.exists():
            sys.exit(f"no {path}; toolchain/dev build {self.name} {name} makes it")
        return path

    def command(self, image, *options):
        """The emulator with the image's serial line as its standard input and output."""
        return [*self.emulator, "-nographic", "-monitor", "none", "-serial", "stdio", *options,
                "-kernel", str(self.image(image))]

    def sized_symbols(self, image):
        """(name, address, bytes) of every symbol in the image that has a size."""
        listing = subprocess.run([f"{self.tools}nm", "-S", self.image(image)], check=True,
                                 capture_output=True, text=True).stdout
        found = re.findall(r"^([0-9a-f]{8}) ([0-9a-f]{8}) \w (.*)$", listing, re.MULTILINE)
        return [(name, int(address, 16), int(size, 16)) for address, size, name in found]


def board_under_test():
    """Takes the name off the command line."""
    board = EmulatedBoard(sys.argv.pop(1))
    missing = [tool for tool in (f"{board.tools}g++", *board.emulator[:1])
               if not shutil.which(tool)]
    if missing:
        print(f"skipped: {' and '.join(missing)} not installed; "
              f"toolchain/dev setup {board.packages} installs them")
        sys.exit(SKIPPED)
    return board
