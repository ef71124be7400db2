# SPDX-License-Identifier: Apache-2.0
"""A Cortex-M with SysTick, interrupt controller and vector table, out of Unicorn's instructions.

Exceptions are entered and left here, by the priorities that the image gives them.
"""

import struct

from unicorn import UC_ARCH_ARM, UC_HOOK_MEM_INVALID, UC_MODE_MCLASS, UC_MODE_THUMB, Uc, UcError
from unicorn import arm_const as arm

from strict.exceptions import NVIC_PRIORITIES, SYSTEM_PRIORITIES, Exceptions
from strict.processor import Processor, Stopped

RETURN = 0x1F000000  # where handlers return to
WAIT_FOR_INTERRUPT = b"\x30\xbf"
HOLD_BACK = b"\x72\xb6"  # cpsid i
STACKED = [arm.UC_ARM_REG_R0, arm.UC_ARM_REG_R1, arm.UC_ARM_REG_R2, arm.UC_ARM_REG_R3,
           arm.UC_ARM_REG_R12, arm.UC_ARM_REG_LR]
FRAME_BYTES = 104  # with room for the float registers
IF_THEN = 0x0600FC00  # of the status: what is left of an IT block, of which a handler knows nothing
PAGE = 0x400  # of Unicorn
LONGEST_BLOCK = 18  # bytes, from the IT instruction on
SYSTICK, PENDSV = 15, 14
SINGLE_STEPS = 16  # after a write whose consequences are a matter of cycles
MODELS = {"m0": arm.UC_CPU_ARM_CORTEX_M0, "m3": arm.UC_CPU_ARM_CORTEX_M3,
          "m4": arm.UC_CPU_ARM_CORTEX_M4, "m7": arm.UC_CPU_ARM_CORTEX_M7}
VTOR, AIRCR, ICSR, MPU_TYPE, MPU_CTRL, MPU_RBAR, MPU_RASR = (
    0xD08, 0xD0C, 0xD04, 0xD90, 0xD94, 0xD9C, 0xDA0)
RESET_REQUEST = 0x05FA0004


class CortexM(Processor):
    program_counter = arm.UC_ARM_REG_PC

    def __init__(self, chip, image):
        self.chip = chip
        self.image = image
        uc = self.uc = Uc(UC_ARCH_ARM, UC_MODE_THUMB | UC_MODE_MCLASS)
        uc.ctl_set_cpu_model(MODELS[chip.cpu])
        for begin, size in chip.memory:
            uc.mem_map(begin, size)
        uc.mem_map(RETURN, 0x1000)
        for begin, size in chip.peripherals:
            uc.mmio_map(begin, size, self._read, begin, self._write, begin)
        uc.mmio_map(0xE0000000, 0x00100000, self._core_read, 0, self._core_write, 0)
        uc.hook_add(UC_HOOK_MEM_INVALID, self._nothing_there)
        chip.place = self.place
        for address, content in image.segments:
            uc.mem_write(address, content)
        self.restart()

    def restart(self):
        """Out of reset; memory keeps its contents."""
        self.core = {MPU_TYPE: 8 << 8 if self.chip.has_protection_unit else 0,
                     VTOR: self.chip.vectors_at_start()}
        self.enabled, self.requested = set(), set()
        self.exceptions = Exceptions(self.chip.priority_bits)
        self.interrupted = []  # stack pointer, place and status of what each of the active ones came into
        self.control = self.reload = self.begin = self.wraps = 0
        self.wants_reset = False
        self.single_steps = 0
        self.forget_clock()
        sp, self.pc = self.chip.first_instruction(self.uc)
        self.uc.reg_write(arm.UC_ARM_REG_SP, sp)
        self.uc.reg_write(arm.UC_ARM_REG_PRIMASK, 0)
        if self.chip.cpu != "m0":
            from_loader = self.chip.conditions.start == "loader"
            self.exceptions.group_bits = 7 if from_loader else 0
            self.uc.reg_write(arm.UC_ARM_REG_BASEPRI, 0x80 if from_loader else 0)

    def _write(self, _uc, offset, _size, value, base):
        self.chip.write(base + offset, value)
        if self.chip.wants_single_steps:
            self.chip.wants_single_steps = False
            self.single_steps = SINGLE_STEPS
            self.uc.emu_stop()

    # --- the core's own registers

    def _core_read(self, _uc, offset, _size, _):
        low = offset - 0xE000
        if low == 0x010:
            passed = self._count_wraps()
            return self.control | (1 << 16 if passed else 0)
        if low == 0x018:
            left = self.reload - (self.chip.now - self.begin) % (self.reload + 1)
            return left + 1 if left < self.reload else 0
        if low == ICSR:
            self._count_wraps()
            return (1 << 26 if SYSTICK in self.requested else 0)
        if low in NVIC_PRIORITIES or low in SYSTEM_PRIORITIES:
            return self.exceptions.read(low & ~3)
        return self.core.get(low, 0)

    def _set_priorities(self, low, size, value):
        if size != 4:
            self.chip.find("access right", "a priority is written by less than its word")
        if strange := self.exceptions.write(low & ~3, value):
            self.chip.find("reserved bits", f"priorities {value:#010x} with bits {strange:#04x}")

    def _core_write(self, _uc, offset, size, value, _):
        address, value = self.chip.seeded(0xE0000000 + offset, value)
        if address is None:
            return
        low = offset - 0xE000
        if low == 0x010:
            self._count_wraps()
            self.control = value & 7
        elif low == 0x014:
            self.reload = value & 0xFFFFFF
        elif low == 0x018:
            self.begin, self.wraps = self.chip.now, 0
        elif 0x100 <= low < 0x120 or 0x180 <= low < 0x1A0:
            change = self.enabled.add if low < 0x180 else self.enabled.discard
            for bit in range(32):
                if value >> bit & 1:
                    change((low & 0x1F) * 8 + bit)
        elif low == ICSR:
            if value & 1 << 25:
                self.requested.discard(SYSTICK)
            if value & 1 << 28:
                self.requested.add(PENDSV)
        elif low in NVIC_PRIORITIES or low in SYSTEM_PRIORITIES:
            self._set_priorities(low, size, value)
        elif low == AIRCR:
            self.exceptions.write_groups(value)
            if value == RESET_REQUEST:
                self.wants_reset = True
                self.uc.emu_stop()
        else:
            self.core[low] = value

    def check_stack_guard(self):
        """Forbids something right below RAM, if the chip can."""
        on, place, size = self.core.get(MPU_CTRL, 0), self.core.get(MPU_RBAR, 0), self.core.get(
            MPU_RASR, 0)
        end = (place & ~31) + (2 << (size >> 1 & 31))
        forbids = on & 1 and size & 1 and not size >> 24 & 7 and end == self.chip.memory[1][0]
        if self.chip.has_protection_unit and not forbids:
            self.chip.find("stack guard", "the protection unit does not end the stack")

    def _count_wraps(self):
        """True when the timer reached 0 since this was last asked."""
        wraps = (self.chip.now - self.begin) // (self.reload + 1) if self.control & 1 else self.wraps
        passed = wraps > self.wraps
        self.wraps = wraps
        if passed and self.control & 2:
            self.requested.add(SYSTICK)
        return passed

    # --- exceptions

    def asked(self):
        """Exceptions that are asked for and enabled."""
        self._count_wraps()
        lines = {16 + line for line in self.chip.requests() if line in self.enabled}
        return self.requested | lines

    def asks_for_clock(self):
        return self.chip.clock_exception in self.asked()

    def pending(self):
        """The one that would interrupt but for masks, or nothing."""
        exception = self.exceptions.next(self.asked())
        if exception is not None and self.exceptions.interrupts(exception):
            return exception
        return None

    def _comes_through(self, exception):
        base = self.uc.reg_read(arm.UC_ARM_REG_BASEPRI) if self.chip.cpu != "m0" else 0
        locked = self.uc.reg_read(arm.UC_ARM_REG_PRIMASK) & 1
        return self.exceptions.interrupts(exception, base, locked)

    def check_priorities(self, line):
        """The clock interrupts the serial line, and what records a hang does not."""
        group = self.exceptions.group
        clock, link, hang = (group(self.exceptions.priority(exception))
                             for exception in (self.chip.clock_exception, line, PENDSV))
        if clock >= link:
            self.chip.find("interrupt priority", "the clock does not interrupt the serial line")
        if hang < link:
            self.chip.find("interrupt priority", "PendSV interrupts the serial line")

    def _enter(self, exception):
        self.requested.discard(exception)
        uc = self.uc
        sp, psr = uc.reg_read(arm.UC_ARM_REG_SP), uc.reg_read(arm.UC_ARM_REG_XPSR)
        self.interrupted.append((sp, self.pc, psr))
        self.check_stack_guard()
        frame = (sp - FRAME_BYTES) & ~7
        words = [uc.reg_read(register) for register in STACKED]
        uc.mem_write(frame, struct.pack("<8I", *words, self.pc & ~1, psr))
        uc.reg_write(arm.UC_ARM_REG_SP, frame)
        uc.reg_write(arm.UC_ARM_REG_XPSR, psr & ~IF_THEN)
        uc.reg_write(arm.UC_ARM_REG_LR, RETURN | 1)
        vectors = self.core.get(VTOR, 0)
        if vectors != self.chip.vectors:
            self.chip.find("vector table", f"exception {exception} through a table at {vectors:#010x}")
            raise Stopped("an interrupt went to another program's handler")
        self.pc, = struct.unpack("<I", uc.mem_read(vectors + 4 * exception, 4))
        if exception >= 16 and exception != self.chip.clock_exception:
            self.check_priorities(exception)
        self.exceptions.active.append(exception)
        if exception == self.chip.clock_exception:
            self.clock_begins(nested=len(self.exceptions.active) > 1)

    def _leave(self):
        uc = self.uc
        frame = struct.unpack("<8I", uc.mem_read(uc.reg_read(arm.UC_ARM_REG_SP), 32))
        for register, word in zip(STACKED, frame):
            uc.reg_write(register, word)
        sp, self.pc, psr = self.interrupted.pop()
        uc.reg_write(arm.UC_ARM_REG_SP, sp)
        uc.reg_write(arm.UC_ARM_REG_XPSR, psr)
        if self.exceptions.active.pop() == self.chip.clock_exception:
            self.clock_ends()

    def run(self):
        """A slice; True when the core sleeps and nothing wakes it."""
        if self.chip.watchdog_bites():
            self.wants_reset = True
            return False
        self.look_at_clock()
        exception = self.pending()
        held_back = exception is not None and not self._comes_through(exception)
        if exception is not None and not held_back:
            self._enter(exception)
        step = held_back or self.locked_for is not None
        count = 1 if step else self.slice(self.serving_any())
        if self.single_steps:
            self.single_steps -= 1
            count = 1
        try:
            self.uc.emu_start(self.pc | 1, RETURN, count=count)
        except UcError as error:
            raise Stopped(f"{error} at {self.place()}") from None
        self.pc = self.uc.reg_read(arm.UC_ARM_REG_PC)
        self._pass_executed()
        self.chip.now += 1 if self.single_steps == SINGLE_STEPS else count
        if not self.serving_any():
            self.follow_lock(bool(self.uc.reg_read(arm.UC_ARM_REG_PRIMASK) & 1))
        if self.pc & ~1 == RETURN:
            self._leave()
            return False
        asleep = self.uc.mem_read((self.pc & ~1) - 2, 2) == WAIT_FOR_INTERRUPT
        return asleep and not self.exceptions.active and self.pending() is None

    def _halfword(self, address):
        return int.from_bytes(self.uc.mem_read(address, 2), "little")

    def _pass_executed(self):
        """Of an instruction of an IT block that lies across the end of a page Unicorn may give the place
        although it is executed: what is left of the block, which the code tells, is then less."""
        status, pc = self.uc.reg_read(arm.UC_ARM_REG_XPSR), self.pc & ~1
        if not status & IF_THEN or pc % PAGE != PAGE - 2:
            return
        for begin in range(pc - 2, pc - LONGEST_BLOCK - 2, -2):
            word = self._halfword(begin)
            if word >> 8 == 0xBF and word & 0xF:
                place, left = begin + 2, word & 0xFF
                while place < pc and left:
                    place += self._bytes_of(place)
                    left = left & 0xE0 | left << 1 & 0x1F if left & 7 else 0
                if place == pc and left != (status >> 25 & 3 | (status >> 10 & 0x3F) << 2):
                    self.pc = pc + self._bytes_of(pc)
                return

    def _bytes_of(self, place):
        return 4 if self._halfword(place) >> 11 in (0x1D, 0x1E, 0x1F) else 2

    def serving_any(self):
        return bool(self.exceptions.active)

    @staticmethod
    def is_lock(content):
        return content[:2] == HOLD_BACK

    def hold_interrupts_in_a_loop(self):
        begin, size = self.chip.memory[1]
        self.pc = begin + size - 4
        self.uc.mem_write(self.pc, b"\xfe\xe7")
        self.uc.reg_write(arm.UC_ARM_REG_PRIMASK, 1)
        self.exceptions.active.clear()
        self.interrupted.clear()

    def next_wrap(self):
        if not self.control & 1:
            return 0
        return self.begin + (self.wraps + 1) * (self.reload + 1)
