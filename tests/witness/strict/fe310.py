# SPDX-License-Identifier: Apache-2.0
"""FE310-G002: oscillators, loop, always-on domain, timer, interrupt controller, UART."""

from strict.chip import Chip

CRYSTAL_HERTZ = 16_000_000
RING_HERTZ = 13_800_000
SLOW_HERTZ = 32_768
CRYSTAL_SECONDS = 0.001
LOCK_SECONDS = 0.0001
FLASH_HERTZ = 50e6   # IS25LP032D, plain read
UART_SOURCE = 3
BUFFER = 8
ENABLE, READY = 1 << 30, 1 << 31
FACTORS = 0x60FF7  # of PLLCFG, with source and bypass
SELECT_LOOP, SELECT_CRYSTAL, BYPASS = 1 << 16, 1 << 17, 1 << 18


class Fe310(Chip):
    """HiFive1 Rev B (schematic): UART0 on GPIO 16 (receive) and 17 (send) runs to the interface chip;
    a crystal of 32,768 Hz drives the pin psdlfaltclk."""

    table = "fe310"
    wiring = "UART0", "GPIO 17", "GPIO 16"
    receive_depth = BUFFER
    line_registers = range(0x10013000, 0x10013020)
    slow_crystal = 0.05
    memory = ((0x20000000, 4 << 20), (0x80000000, 16 << 10))
    peripherals = ((0x02000000, 0x10000), (0x0C000000, 0x400000), (0x10000000, 0x20000))
    first = 0x20010000

    def power_on(self):
        super().power_on()
        self.crystal_at = self.loop_at = None
        self.slow_count = 0.0
        self.counted_until = self.now
        self.compare = (1 << 64) - 1
        self.claimed = False
        self.unlocked = False
        self.resets_itself = False

    def system_reset(self):
        self.was_bitten = True  # it has no other way
        self.power_on()

    # --- clocks

    def crystal_ready(self):
        return self.crystal_at is not None and self.now >= self.crystal_at

    def loop_hertz(self):
        bits = self.value("PRCI.PLLCFG")
        source = CRYSTAL_HERTZ if bits & SELECT_CRYSTAL else RING_HERTZ
        if bits & BYPASS:
            return source
        return source // ((bits & 7) + 1) * 2 * ((bits >> 4 & 63) + 1) // (1 << (bits >> 10 & 3))

    def core_hertz(self):
        return self.loop_hertz() if self.value("PRCI.PLLCFG") & SELECT_LOOP else RING_HERTZ

    def timer(self):
        """The slow clock's count; its rate is the core's neighbour's, not the core's."""
        self.slow_count += (self.now - self.counted_until) * SLOW_HERTZ / self.core_hertz()
        self.counted_until = self.now
        return int(self.slow_count)

    def answer(self, name, value):
        block, _, register = name.partition(".")
        if name == "PRCI.HFROSCCFG":
            return value | (READY if value & ENABLE else 0)
        if name == "PRCI.HFXOSCCFG":
            return value & ~READY | (READY if self.crystal_ready() else 0)
        if name == "PRCI.PLLCFG":
            return value & ~READY | (READY if self.loop_at and self.now >= self.loop_at else 0)
        if register in ("MTIME", "MTIMEH"):
            return self.timer() >> (32 if register == "MTIMEH" else 0)
        if name == "PLIC.CLAIM":
            source = UART_SOURCE if self.uart_request() and not self.claimed else 0
            self.claimed = self.claimed or source != 0
            return source
        if name == "AON.PMUCAUSE":
            return 2 << 8 if self.was_bitten else value
        if name == "AON.LFCLKMUX":
            return value | 1 << 31
        if block == "UART0":
            return self.answer_uart(register, value)
        return value

    def take(self, name, value, before):
        block, _, register = name.partition(".")
        if name == "PRCI.HFXOSCCFG" and value & ENABLE and not self.crystal_at:
            seconds = self.crystal_seconds(CRYSTAL_SECONDS)
            self.crystal_at = None if seconds is None else self.after(seconds)
        elif name == "PRCI.PLLCFG":
            self.take_loop(value, before)
        elif register in ("MTIMECMP", "MTIMECMPH"):
            self.compare = self.value("CLINT.MTIMECMPH") << 32 | self.value("CLINT.MTIMECMP")
        elif name == "PLIC.CLAIM":
            self.claimed = False
        elif name == "AON.WDOGKEY":
            self.unlocked = value == 0x51F15E
        elif name.startswith("AON.WDOG"):
            self.take_watchdog(name, value)
        elif name == "UART0.TXDATA":
            self.take_byte(value)

    def take_loop(self, value, before):
        self.timer()
        if before & SELECT_LOOP and (value ^ before) & FACTORS:
            self.find("loop order", "the loop changes under the core")
        in_use = value & SELECT_LOOP or not value & BYPASS
        if in_use and value & SELECT_CRYSTAL and not self.crystal_ready():
            self.find("loop order", "the loop's source does not run")
        if before & BYPASS and not value & BYPASS:
            self.check_loop(value)
            self.loop_at = self.after(LOCK_SECONDS)
        if value & SELECT_LOOP and not before & SELECT_LOOP:
            if not value & BYPASS and not (self.loop_at and self.now >= self.loop_at):
                self.find("loop order", "the core switches to a loop that is not locked")
            flash = self.loop_hertz() / (2 * (self.value("QSPI0.SCKDIV") + 1))
            if flash > FLASH_HERTZ:
                self.find("flash latency", f"flash clocked at {flash / 1e6:.0f} MHz")
            if self.loop_hertz() > 320e6:
                self.find("bus limit", f"core at {self.loop_hertz() / 1e6:.0f} MHz")

    def check_loop(self, bits):
        source = CRYSTAL_HERTZ if bits & SELECT_CRYSTAL else RING_HERTZ
        reference = source / ((bits & 7) + 1)
        oscillator = reference * 2 * ((bits >> 4 & 63) + 1)
        if not 6e6 <= reference <= 12e6:
            self.find("loop limits", f"reference of {reference / 1e6:.1f} MHz")
        if not 384e6 <= oscillator <= 768e6:
            self.find("loop limits", f"oscillator at {oscillator / 1e6:.0f} MHz")
        if not bits >> 10 & 3:
            self.find("loop limits", "the output divider 0 is not supported")

    def take_watchdog(self, name, value):
        if not self.unlocked:
            self.find("access right", f"{name} written while locked")
        self.unlocked = False
        if name == "AON.WDOGFEED" and value != 0xD09F00D:
            self.find("watchdog", f"fed with {value:#x}")
        if self.value("AON.WDOGCFG") & 0x1100 == 0x1100:
            seconds = (self.value("AON.WDOGCMP") << (self.value("AON.WDOGCFG") & 15)) / SLOW_HERTZ
            self.resets_itself = seconds == 0
            self.feed_watchdog(seconds)

    # --- the serial line

    def room(self):
        return self.now >= self.line_free - BUFFER * self.byte_cycles()

    def answer_uart(self, register, value):
        if register == "TXDATA":
            return 0 if self.room() else 1 << 31
        if register == "RXDATA":
            self.pump()
            return self.receive() if self.received else 1 << 31
        if register == "IP":
            self.pump()
            empty = self.now >= self.line_free - self.byte_cycles()
            return bool(self.received) << 1 | empty
        return value

    def take_byte(self, value):
        if not self.room():
            self.find("transmit overrun", "TXDATA written while the buffer is full")
        if not self.value("UART0.TXCTRL") & 1:
            self.find("serial line", "a byte is written while the sender is off")
        self.check_baud(self.core_hertz() / (self.value("UART0.DIV") + 1))
        if self.bits("GPIO.IOF_EN", 16, 2) != 3 or self.bits("GPIO.IOF_SEL", 16, 2):
            self.find("pins", "GPIO 16 and 17 are not the UART's")
        if not self.value("AON.LFCLKMUX") & 1:
            self.find("slow clock", "the timer counts the internal ring oscillator")
        self.send(value)

    def uart_request(self):
        return bool(self.answer_uart("IP", 0) & self.value("UART0.IE"))

    def external_request(self):
        on = self.value("PLIC.ENABLE0") >> UART_SOURCE & 1 and self.value("PLIC.PRIORITY3")
        return bool(on and not self.claimed and self.uart_request())

    def timer_request(self):
        return self.timer() >= self.compare

    def events(self):
        wait = (self.compare - self.timer()) * self.core_hertz() // SLOW_HERTZ
        return [*super().events(), self.line_free - self.byte_cycles(),
                self.now + wait + 1 if wait < 1 << 40 else 0]
