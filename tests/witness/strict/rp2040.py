# SPDX-License-Identifier: Apache-2.0
"""RP2040: resets that end with their clock, crystal, loop, clock switches, and the boot ROM's part."""

from strict.primecell import PrimecellChip

CRYSTAL_HERTZ = 12_000_000
RING_HERTZ = 6_500_000
SETTLING_SECONDS = 0.006   # of the slowest crystals that boards carry
LOOP_SECONDS = 0.0001
FLASH_PARTS = 0x18000000, 0x1000
UART0 = 22
PATIENCE = 1000  # polls


class Rp2040(PrimecellChip):
    """Raspberry Pi Pico (data sheet, figure 2): UART0 on GPIO 0 and 1, header pins 1 and 2."""

    table, cpu = "rp2040", "m0"
    wiring = "UART0", "GPIO 0", "GPIO 1"
    has_protection_unit = True
    vectors = 0x10000100
    receive_depth = 32
    memory = ((0x10000000, 2 << 20), (0x20000000, 264 << 10))
    peripherals = (FLASH_PARTS, (0x40000000, 0x10000000), (0xD0000000, 0x1000))
    second_stage = 0x20041F00

    def power_on(self):
        super().power_on()
        self.crystal_at = self.loop_at = None
        self.vain_polls = 0
        self.reset_reason = 1 << 8

    def system_reset(self):
        """AIRCR resets the core alone, the watchdog all but its own scratch registers."""
        self.room_event = False
        if self.was_bitten:
            mark = self.value("WATCHDOG.SCRATCH0")
            self.power_on()
            self.set("WATCHDOG.SCRATCH0", mark)

    def vectors_at_start(self):
        return 0

    def first_instruction(self, memory):
        """The boot ROM copies the second stage to the end of memory and goes there."""
        memory.mem_write(self.second_stage, bytes(memory.mem_read(0x10000000, 256)))
        return 0x20042000, self.second_stage

    # --- resets and clocks

    def out_of_reset(self, bit):
        clocked = bit != UART0 or self.bits("CLOCKS.CLK_PERI_CTRL", 11)
        return not self.bits("RESETS.RESET", bit) and bool(clocked)

    def look_at_waiting(self):
        """A reset ends with the block's clock: without one, waiting for it is for ever."""
        released = not self.bits("RESETS.RESET", UART0)
        self.vain_polls += released and not self.out_of_reset(UART0)
        if self.vain_polls > PATIENCE:
            self.find("held in reset", "waits for UART0's reset to end without its clock")

    def crystal_ready(self):
        return self.crystal_at is not None and self.now >= self.crystal_at

    def loop_ready(self):
        return self.loop_at is not None and self.now >= self.loop_at

    def answer(self, name, value):
        block, _, register = name.partition(".")
        if name == "RESETS.RESET_DONE":
            self.look_at_waiting()
            return sum(self.out_of_reset(bit) << bit for bit in range(25))
        if name == "CLOCKS.CLK_REF_SELECTED":
            return 1 << self.reference_in_use()
        if name == "CLOCKS.CLK_SYS_SELECTED":
            return 1 << self.bits("CLOCKS.CLK_SYS_CTRL", 0)
        if name == "XOSC.STATUS":
            return self.crystal_ready() << 31
        if name == "PLL_SYS.CS":
            return value & ~(1 << 31) | self.loop_ready() << 31
        if name == "WATCHDOG.REASON":
            return self.conditions.reset_reasons | self.was_bitten
        if name == "VREG_AND_CHIP_RESET.CHIP_RESET":
            return self.reset_reason
        if block == "UART0":
            return self.answer_uart(register, value)
        return value

    def take(self, name, value, before):
        block, _, register = name.partition(".")
        if name == "XOSC.CTRL" and value >> 12 == 0xFAB and before >> 12 != 0xFAB:
            self.start_crystal()
        elif block == "PLL_SYS":
            self.take_loop(register, value, before)
        elif name == "CLOCKS.CLK_REF_CTRL" and value & 3 == 2 and not self.crystal_ready():
            self.find("loop order", "the reference clock switches to a crystal that does not run")
        elif name == "CLOCKS.CLK_SYS_CTRL" and value & 1 and not before & 1:
            self.check_clock()
        elif block == "WATCHDOG":
            self.take_watchdog()
        elif name == "RESETS.RESET":
            self.take_reset(value)
        elif block == "UART0":
            self.take_uart(register, value)

    def start_crystal(self):
        wait = (self.value("XOSC.STARTUP") & 0x3FFF) * 256 / CRYSTAL_HERTZ
        if wait < SETTLING_SECONDS:
            self.find("crystal", f"called stable after {wait * 1e3:.1f} ms; slow ones take "
                                 f"{SETTLING_SECONDS * 1e3:.0f} ms")
        dead = self.conditions.crystal == "dead"
        self.crystal_at = None if dead else self.after(wait)

    def take_watchdog(self):
        """Runs when enabled, counts two a tick (erratum E1), and resets what PSM selects."""
        if not self.bits("WATCHDOG.CTRL", 30):
            return
        cycles = self.bits("WATCHDOG.TICK", 0, 9)
        if not self.bits("WATCHDOG.TICK", 9) or cycles * 1e6 != CRYSTAL_HERTZ:
            self.find("watchdog", "its tick is no microsecond of the crystal")
        if self.value("PSM.WDSEL") & 0x1FFFC != 0x1FFFC:
            self.find("watchdog", "it would not reset all blocks")
        self.feed_watchdog(self.value("WATCHDOG.LOAD") / 2e6)

    def take_reset(self, value):
        if value >> 12 & 1:
            self.loop_at = None
            for register in ("CS", "PWR", "FBDIV_INT", "PRIM"):
                self.values.pop(self.named[f"PLL_SYS.{register}"].address, None)

    def take_loop(self, register, value, before):
        if register == "PWR" and not value & 1 << 5 and before & 1 << 5:
            self.check_loop()
            self.loop_at = self.after(LOOP_SECONDS)
        if register == "FBDIV_INT" and self.loop_at is not None:
            self.find("loop order", "the loop's factor changes while it runs")

    def check_loop(self):
        if not self.crystal_ready():
            self.find("loop order", "the loop's source does not run")
        oscillator = CRYSTAL_HERTZ / self.bits("PLL_SYS.CS", 0, 6) * self.value("PLL_SYS.FBDIV_INT")
        if not 750e6 <= oscillator <= 1600e6:
            self.find("loop limits", f"oscillator at {oscillator / 1e6:.0f} MHz")

    def loop_hertz(self):
        first, second = self.bits("PLL_SYS.PRIM", 16, 3), self.bits("PLL_SYS.PRIM", 12, 3)
        reference = CRYSTAL_HERTZ / max(1, self.bits("PLL_SYS.CS", 0, 6))
        return int(reference * self.value("PLL_SYS.FBDIV_INT") / max(1, first) / max(1, second))

    def check_clock(self):
        if not self.loop_ready() or self.bits("PLL_SYS.PWR", 3):
            self.find("loop order", "the system clock switches to a loop that gives none")
        if self.loop_hertz() > 133e6:
            self.find("bus limit", f"system clock of {self.loop_hertz() / 1e6:.0f} MHz")

    def reference_in_use(self):
        return self.bits("CLOCKS.CLK_REF_CTRL", 0, 2)

    def core_hertz(self):
        if self.bits("CLOCKS.CLK_SYS_CTRL", 0):
            return self.loop_hertz() or RING_HERTZ
        return CRYSTAL_HERTZ if self.reference_in_use() == 2 else RING_HERTZ

    def uart_hertz(self):
        """clk_peri's sources: 0 system clock, 4 crystal."""
        source = self.bits("CLOCKS.CLK_PERI_CTRL", 5, 3)
        return {0: self.core_hertz(), 4: CRYSTAL_HERTZ}.get(source, 0)

    def requests(self):
        return [20] if self.uart_request() else []

    def check_pins(self):
        for pin in (0, 1):
            if self.bits(f"IO_BANK0.GPIO{pin}_CTRL", 0, 5) != 2:
                self.find("pins", f"GPIO {pin} does not have the UART's function")
