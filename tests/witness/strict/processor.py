# SPDX-License-Identifier: Apache-2.0
"""What processors out of Unicorn's instructions share: the way to the chip around them, and what the
interrupt of the clock has to wait for."""

import dataclasses

from unicorn import UC_HOOK_CODE

SLICE = 400  # instructions; interrupts come between two slices
SERVICE_SLICE = 40  # of an interrupt's handler
MOST_LOCKS = 2000   # that are followed, which is slow


class Stopped(Exception):
    """The image did something from which nothing goes on."""


@dataclasses.dataclass
class ClockService:
    """Instructions from the request of a clock's interrupt to its handler's beginning and end, and
    whether the handler interrupted another."""
    begin: int
    end: int = 0
    nested: bool = False


class Processor:
    """Has the processor `uc`, its `chip`, its `image`, and `program_counter`, Unicorn's register.

    Where `exact`, time goes by single instructions in handlers and where interrupts are held back, and
    elsewhere up to what happens next; each service of the clock is kept, and how long each lock lasts.
    """

    exact = False
    locked_for = None  # instructions of the lock that is followed
    locks = ()

    def count_exactly(self):
        """From now on."""
        self.exact = True
        self.locks = []
        for place in self.image.places_of(self.is_lock):
            self.uc.hook_add(UC_HOOK_CODE, self._lock_begins, begin=place, end=place)
        self.uc.ctl_flush_tb()  # code that ran before has no hooks

    def _lock_begins(self, *_):
        if not self.serving_any() and self.locked_for is None and len(self.locks) < MOST_LOCKS:
            self.locked_for = 0
            self.uc.emu_stop()

    def follow_lock(self, holds_all_back):
        """After each instruction of a lock."""
        if self.locked_for is None:
            return
        if holds_all_back:
            self.locked_for += 1
        elif self.locked_for:
            self.locks.append(self.locked_for)
            self.locked_for = None

    def slice(self, serving):
        """Instructions until interrupts are looked at again."""
        if not self.exact:
            return SERVICE_SLICE if serving else SLICE
        now = self.chip.now
        upcoming = [event for event in [*self.chip.events(), self.next_wrap()] if event > now]
        return 1 if serving else max(1, min([SLICE, *(int(event - now) for event in upcoming)]))

    def forget_clock(self):
        self.asked_at = None
        self.services = []

    def look_at_clock(self):
        if self.exact and self.asked_at is None and self.asks_for_clock():
            self.asked_at = self.chip.now

    def clock_begins(self, nested=False):
        if self.exact:
            self.services.append(ClockService(self.chip.now - self.asked_at, nested=nested))

    def clock_ends(self):
        if self.exact and self.asked_at is not None:
            self.services[-1].end = self.chip.now - self.asked_at
            self.asked_at = None

    def place(self):
        return self.image.place(self.uc.reg_read(self.program_counter))

    def _nothing_there(self, _uc, _access, address, *_):
        self.chip.find("unknown address", f"no memory at {address:#010x}")
        return False

    def _read(self, _uc, offset, _size, base):
        return self.chip.read(base + offset)
