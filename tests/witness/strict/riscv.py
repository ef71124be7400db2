# SPDX-License-Identifier: Apache-2.0
"""An E31 in machine mode out of Unicorn's instructions; interrupts are taken between two slices."""

from unicorn import UC_ARCH_RISCV, UC_HOOK_MEM_INVALID, UC_MODE_RISCV32, Uc, UcError
from unicorn import riscv_const as riscv

from strict.processor import SLICE, Processor, Stopped

TIMER, EXTERNAL = 7, 11
WAIT_FOR_INTERRUPT = b"\x73\x00\x50\x10"
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
        self.uc.reg_write(riscv.UC_RISCV_REG_MSTATUS, MACHINE_MODE)
        self.uc.reg_write(riscv.UC_RISCV_REG_MIE, 0)

    def _write(self, _uc, offset, _size, value, base):
        self.chip.write(base + offset, value)
        if self.chip.resets_itself:
            self.wants_reset = True
            self.uc.emu_stop()

    def pending(self):
        enabled = self.uc.reg_read(riscv.UC_RISCV_REG_MIE)
        if enabled >> EXTERNAL & 1 and self.chip.external_request():
            return EXTERNAL
        return TIMER if enabled >> TIMER & 1 and self.chip.timer_request() else None

    def _enter(self, cause, status):
        uc = self.uc
        uc.reg_write(riscv.UC_RISCV_REG_MEPC, self.pc)
        uc.reg_write(riscv.UC_RISCV_REG_MCAUSE, 1 << 31 | cause)
        uc.reg_write(riscv.UC_RISCV_REG_MSTATUS, status & ~ENABLED | ENABLED_BEFORE | MACHINE_MODE)
        self.pc = uc.reg_read(riscv.UC_RISCV_REG_MTVEC) & ~3

    def run(self):
        """A slice; True when the core sleeps and nothing wakes it."""
        count = SLICE
        if self.chip.watchdog_bites():
            self.wants_reset = True
            return False
        cause = self.pending()
        if cause is not None:
            status = self.uc.reg_read(riscv.UC_RISCV_REG_MSTATUS)
            if status & ENABLED:
                self._enter(cause, status)
            else:
                count = 1  # until the lock ends
        try:
            self.uc.emu_start(self.pc, 0, count=count)
        except UcError as error:
            raise Stopped(f"{error} at {self.place()}") from None
        self.pc = self.uc.reg_read(riscv.UC_RISCV_REG_PC)
        self.chip.now += count
        asleep = self.uc.mem_read(self.pc - 4, 4) == WAIT_FOR_INTERRUPT
        return asleep and self.pending() is None

    def hold_interrupts_in_a_loop(self):
        begin, size = self.chip.memory[1]
        self.pc = begin + size - 4
        self.uc.mem_write(self.pc, b"\x6f\x00\x00\x00")
        status = self.uc.reg_read(riscv.UC_RISCV_REG_MSTATUS)
        self.uc.reg_write(riscv.UC_RISCV_REG_MSTATUS, status & ~ENABLED)

    def next_wrap(self):
        return 0
