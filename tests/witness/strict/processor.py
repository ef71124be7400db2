# SPDX-License-Identifier: Apache-2.0
"""What processors out of Unicorn's instructions share: the way to the chip around them."""

SLICE = 400  # instructions; interrupts come between two slices


class Stopped(Exception):
    """The image did something from which nothing goes on."""


class Processor:
    """Has the processor `uc`, its `chip`, its `image`, and `program_counter`, Unicorn's register."""

    def place(self):
        return self.image.place(self.uc.reg_read(self.program_counter))

    def _nothing_there(self, _uc, _access, address, *_):
        self.chip.find("unknown address", f"no memory at {address:#010x}")
        return False

    def _read(self, _uc, offset, _size, base):
        return self.chip.read(base + offset)
