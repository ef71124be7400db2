# SPDX-License-Identifier: Apache-2.0
"""What the compiler leaves beside an image's objects: frames (-fcallgraph-info=su), and in the
objects which functions have their address taken."""

import re
import subprocess

from linked_image import ImageError

NODE = re.compile(r'^node: \{ title: "([^"]*)" label: "([^"]*)"', re.MULTILINE)
FRAME = re.compile(r"\\n(\d+) bytes \(([a-z,]+)\)")
INDIRECT = re.compile(r'^edge: \{ sourcename: "([^"]*)" targetname: "__indirect_call"', re.MULTILINE)
# Relocations that put an address into a register or a word, as against into a branch.
ADDRESS = re.compile(r"^[0-9a-f]+ (?:R_ARM_ABS32|R_ARM_MOVW_ABS_NC|R_RISCV_32|R_RISCV_HI20|"
                     r"R_RISCV_PCREL_HI20|R_RISCV_GOT_HI20) +(\S+?)(?:\+0x[0-9a-f]+)?$")
CODE_SECTION = re.compile(r"^\.text\.(?:unlikely\.|startup\.|hot\.|exit\.)?")


def function_name(title):
    """Titles of functions begin with their file, where they are not global C names."""
    return title.rpartition(":")[2]


class ObjectCode:
    """frames: function -> bytes; indirect: functions that call by address; vectors: those that the
    vector table names; taken: all others whose address is taken somewhere."""

    def __init__(self, folder, tools):
        self.frames, self.indirect, self.vectors, self.taken = {}, set(), set(), set()
        objects = sorted(folder.rglob("*.obj"))
        if not objects:
            raise ImageError(f"{folder}: no objects")
        for path in objects:
            if path.name.endswith(".S.obj"):
                continue
            self._read_frames(path.with_suffix(".ci"))
            self._read_addresses(path, tools)

    def _read_frames(self, path):
        if not path.exists():
            raise ImageError(f"{path} is missing")
        text = path.read_text()
        for title, label in NODE.findall(text):
            if frame := FRAME.search(label):
                name = function_name(title)
                if frame.group(2) != "static":
                    raise ImageError(f"{name}: the size of its frame is known at run time only")
                self.frames[name] = max(int(frame.group(1)), self.frames.get(name, 0))
        self.indirect |= {function_name(title) for title in INDIRECT.findall(text)}

    def _read_addresses(self, path, tools):
        listing = subprocess.run([f"{tools}objdump", "-r", path], check=True, capture_output=True,
                                 text=True).stdout
        section = ""
        for line in listing.splitlines():
            if line.startswith("RELOCATION RECORDS FOR ["):
                section = line.split("[")[1].split("]")[0]
            elif (found := ADDRESS.match(line)) and not section.startswith((".debug", ".ARM")):
                name = CODE_SECTION.sub("", found.group(1))
                (self.vectors if section == ".vectors" else self.taken).add(name)
