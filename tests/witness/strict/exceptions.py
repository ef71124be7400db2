# SPDX-License-Identifier: Apache-2.0
"""Priorities of a Cortex-M's exceptions, and which of them interrupts which (DDI 0403, B1.5; DDI 0419,
B1.5): a smaller number first, of equal ones the exception with the smaller number, and only a smaller
group of priorities interrupts what is being served or a mask holds back."""

NVIC_PRIORITIES, SYSTEM_PRIORITIES = range(0x400, 0x4F0), range(0xD18, 0xD24)
FIRST_INTERRUPT, FIRST_SYSTEM_EXCEPTION = 16, 4
KEY = 0x05FA
UNMASKED = 256


class Exceptions:
    """`bits`: how many of the eight of a priority the chip has."""

    def __init__(self, bits):
        self.implemented = 0xFF << (8 - bits) & 0xFF
        self.values = {}
        self.group_bits = 0  # PRIGROUP
        self.active = []     # numbers, the one being served last

    def priority(self, exception):
        return self.values.get(exception, 0)

    def group(self, priority):
        return priority >> (self.group_bits + 1)

    @staticmethod
    def first_of(offset):
        """The exception whose priority is the first byte of that word."""
        if offset in NVIC_PRIORITIES:
            return FIRST_INTERRUPT + offset - NVIC_PRIORITIES.start
        return FIRST_SYSTEM_EXCEPTION + offset - SYSTEM_PRIORITIES.start

    def read(self, offset):
        first = self.first_of(offset)
        return sum(self.priority(first + byte) << 8 * byte for byte in range(4))

    def write(self, offset, value):
        """The bits that were set and are not there."""
        first, strange = self.first_of(offset), 0
        for byte in range(4):
            priority = value >> 8 * byte & 0xFF
            strange |= priority & ~self.implemented
            self.values[first + byte] = priority & self.implemented
        return strange

    def write_groups(self, value):
        if value >> 16 == KEY:
            self.group_bits = value >> 8 & 7

    def next(self, pending):
        """Of these the one that comes first."""
        return min(pending, key=lambda one: (self.priority(one), one), default=None)

    def interrupts(self, exception, base=0, locked=False):
        """Whether it interrupts what is being served, under a mask of priorities from `base` on (0:
        none) or of all."""
        limits = [self.group(self.priority(one)) for one in self.active]
        limits += [self.group(base)] if base else []
        limit = min(limits, default=UNMASKED)
        return self.group(self.priority(exception)) < limit and not locked
