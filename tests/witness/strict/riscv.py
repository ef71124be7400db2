# SPDX-License-Identifier: Apache-2.0
"""An E31 in machine mode out of Unicorn's instructions; interrupts are taken between two slices."""

from unicorn import UC_ARCH_RISCV, UC_HOOK_MEM_INVALID, UC_MODE_RISCV32, Uc, UcError
from unicorn import riscv_const as riscv

from strict.processor import Processor, Stopped

TIMER, EXTERNAL = 7, 11
WAIT_FOR_INTERRUPT = b"\x73\x00\x50\x10"
RETURN = b"\x73\x00\x20\x30"
ENABLED, ENABLED_BEFORE, MACHINE_MODE = 1 << 3, 1 << 7, 3 << 11


class RiscV(Processor):
    program_counter = riscv.UC_RISCV_REG_PC

    def __init__(self, chip, image):
        self.chip, self.image = chip, image
        self.uc = None
        chip.place = self.place
        self.restart()

    def _begin_anew(self):
        """A processor out of reset, whose protection of memory is unlocked; memory keeps its contents."""
        chip, kept = self.chip, self.image.segments
        if self.uc:
            kept = [(begin, bytes(self.uc.mem_read(begin, size))) for begin, size in chip.memory]
        uc = self.uc = Uc(UC_ARCH_RISCV, UC_MODE_RISCV32)
        uc.ctl_set_cpu_model(riscv.UC_CPU_RISCV32_SIFIVE_E31)
        for begin, size in chip.memory:
            uc.mem_map(begin, size)
        for begin, size in chip.peripherals:
            uc.mmio_map(begin, size, self._read, begin, self._write, begin)
        uc.hook_add(UC_HOOK_MEM_INVALID, self._nothing_there)
        for address, content in kept:
            uc.mem_write(address, content)

    def restart(self):
        self._begin_anew()
        self.pc = self.chip.first
        self.wants_reset = False
        self.serving = []  # causes, where exact: the one being served last
        self.forget_clock()
        self.uc.reg_write(riscv.UC_RISCV_REG_MSTATUS, MACHINE_MODE)
        self.uc.reg_write(riscv.UC_RISCV_REG_MIE, 0)

    def _holds_clock_back(self):
        """Whether the link is served and the clock's interrupt could not come."""
        enabled = self.uc.reg_read(riscv.UC_RISCV_REG_MSTATUS) & ENABLED
        timer = self.uc.reg_read(riscv.UC_RISCV_REG_MIE) >> TIMER & 1
        return self.chip.claimed and not (enabled and timer)

    def _look_at_service(self, address):
        if address in self.chip.line_registers and self._holds_clock_back():
            self.chip.find("interrupt priority", "the clock does not interrupt the serial line")

    def _read(self, _uc, offset, _size, base):
        self._look_at_service(base + offset)
        return self.chip.read(base + offset)

    def _write(self, _uc, offset, _size, value, base):
        self._look_at_service(base + offset)
        self.chip.write(base + offset, value)
        if self.chip.resets_itself:
            self.wants_reset = True
            self.uc.emu_stop()

    def pending(self):
        enabled = self.uc.reg_read(riscv.UC_RISCV_REG_MIE)
        if enabled >> EXTERNAL & 1 and self.chip.external_request():
            return EXTERNAL
        return TIMER if enabled >> TIMER & 1 and self.chip.timer_request() else None

    def asks_for_clock(self):
        return self.chip.timer_request()

    def _enter(self, cause, status):
        if self.exact:
            self.serving.append(cause)
        if cause == TIMER:
            self.clock_begins(nested=len(self.serving) > 1)
        uc = self.uc
        uc.reg_write(riscv.UC_RISCV_REG_MEPC, self.pc)
        uc.reg_write(riscv.UC_RISCV_REG_MCAUSE, 1 << 31 | cause)
        uc.reg_write(riscv.UC_RISCV_REG_MSTATUS, status & ~ENABLED | ENABLED_BEFORE | MACHINE_MODE)
        self.pc = uc.reg_read(riscv.UC_RISCV_REG_MTVEC) & ~3

    def run(self):
        """A slice; True when the core sleeps and nothing wakes it."""
        if self.chip.watchdog_bites():
            self.wants_reset = True
            return False
        self.look_at_clock()
        cause = self.pending()
        status = self.uc.reg_read(riscv.UC_RISCV_REG_MSTATUS)
        held_back = cause is not None and not status & ENABLED
        if cause is not None and not held_back:
            self._enter(cause, status)
        step = held_back or self.locked_for is not None
        count = 1 if step else self.slice(self.serving_any())
        ends = self.serving and self._returns()
        try:
            self.uc.emu_start(self.pc, 0, count=count)
        except UcError as error:
            raise Stopped(f"{error} at {self.place()}") from None
        self.pc = self.uc.reg_read(riscv.UC_RISCV_REG_PC)
        self.chip.now += count
        self._follow_locks()
        if ends and self.serving.pop() == TIMER:
            self.clock_ends()
        asleep = self.uc.mem_read(self.pc - 4, 4) == WAIT_FOR_INTERRUPT
        return asleep and self.pending() is None

    def _follow_locks(self):
        """The service of the link begins and ends with all interrupts held back, too."""
        if TIMER in self.serving:
            return
        held_back = not self.uc.reg_read(riscv.UC_RISCV_REG_MSTATUS) & ENABLED
        if self.serving and held_back and self.locked_for is None:
            self.locked_for = 0
        self.follow_lock(held_back)

    def serving_any(self):
        return bool(self.serving)

    @staticmethod
    def is_lock(content):
        """csrrc of mstatus."""
        return len(content) == 4 and int.from_bytes(content, "little") & 0xFFF0707F == 0x30003073

    def hold_interrupts_in_a_loop(self):
        begin, size = self.chip.memory[1]
        self.pc = begin + size - 4
        self.uc.mem_write(self.pc, b"\x6f\x00\x00\x00")
        status = self.uc.reg_read(riscv.UC_RISCV_REG_MSTATUS)
        self.uc.reg_write(riscv.UC_RISCV_REG_MSTATUS, status & ~ENABLED)

    def _returns(self):
        return self.uc.mem_read(self.pc, 4) == RETURN

    def next_wrap(self):
        return 0
