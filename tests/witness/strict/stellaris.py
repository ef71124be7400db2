# SPDX-License-Identifier: Apache-2.0
"""LM3S6965: run-mode clock configuration in the data sheet's steps, gates with their three cycles."""

from strict.primecell import PrimecellChip

CRYSTAL_HERTZ = 8_000_000
INTERNAL_HERTZ = 12_000_000
LOOP_HERTZ = 200_000_000
LOOP_SECONDS = 0.0005  # data sheet, PLL characteristics
CRYSTAL_8_MHZ = 0xE
BYPASS, LOOP_OFF, DIVIDED, CRYSTAL_OFF = 1 << 11, 1 << 13, 1 << 22, 1 << 0
SOURCES = 0xF << 6 | 3 << 4
SECOND_RULES = 1 << 31  # of RCC2
LOCKED = 1 << 6         # of RIS and MISC
DIVIDER = 0xF << 23


class Lm3s6965(PrimecellChip):
    """Evaluation board (EK-LM3S6965 manual): UART0 on PA0 and PA1 runs to the USB interface chip."""

    table, cpu = "lm3s6965", "m3"
    priority_bits = 3  # data sheet, chapter "Interrupts": eight levels
    wiring = "UART0", "PA1", "PA0"
    has_protection_unit = True
    vectors = 0
    memory = ((0x00000000, 256 << 10), (0x20000000, 64 << 10))
    peripherals = ((0x40000000, 0x20000000),)

    def power_on(self):
        super().power_on()
        self.loop_at = None
        self.lock_seen = False
        if self.conditions.start == "loader":
            self.as_a_loader_leaves_it()

    def as_a_loader_leaves_it(self):
        """The core runs from the loop as both registers have it, of which the second rules."""
        self.set("SYSCTL.RCC", self.value("SYSCTL.RCC") & ~(
            DIVIDER | SOURCES | BYPASS | LOOP_OFF | CRYSTAL_OFF) | 3 << 23 | DIVIDED | CRYSTAL_8_MHZ << 6)
        self.set("SYSCTL.RCC2", SECOND_RULES | 3 << 23)
        self.loop_at = self.now
        self.lock_seen = True

    def system_reset(self):
        self.power_on()

    def vectors_at_start(self):
        return 0

    def first_instruction(self, memory):
        words = memory.mem_read(0, 8)
        return int.from_bytes(words[:4], "little"), int.from_bytes(words[4:], "little")

    def loop_ready(self):
        return self.loop_at is not None and self.now >= self.loop_at

    def answer(self, name, value):
        block, _, register = name.partition(".")
        if name == "SYSCTL.RESC":
            return value | self.was_bitten << 3
        if name == "SYSCTL.RIS":
            self.lock_seen = self.lock_seen or self.loop_ready()
            return LOCKED if self.lock_seen else 0
        if name == "SYSCTL.MISC":
            return 0
        if block == "UART0":
            return self.answer_uart(register, value)
        return value

    def take(self, name, value, before):
        block, _, register = name.partition(".")
        if name == "SYSCTL.RCC":
            self.take_clock(value, before)
        elif name == "SYSCTL.RCC2" and before & ~value & SECOND_RULES and not self.value("SYSCTL.RCC") & BYPASS:
            self.find("loop order", "RCC2 gives way to an RCC that is not on the bypass")
        elif name == "SYSCTL.MISC" and value & LOCKED:
            self.lock_seen = False  # until the loop locks anew
        elif block == "WDT" and self.bits("WDT.CTL", 0, 2) == 3:
            self.feed_watchdog(2 * self.value("WDT.LOAD") / self.core_hertz())  # the second time
        elif block == "UART0":
            self.take_uart(register, value)

    def take_clock(self, value, before):
        """Data sheet 5.3: bypass; crystal, source and power; divider; wait for the lock; loop."""
        changes = value ^ before
        configures = changes & (SOURCES | LOOP_OFF)
        if configures and not before & BYPASS:
            self.find("loop order", "crystal, source or power change while the loop clocks the core")
        if configures and self.value("SYSCTL.RCC2") & SECOND_RULES:
            self.find("loop order", "RCC is set up while RCC2 rules")
        if configures and changes & (DIVIDER | DIVIDED):
            self.find("loop order", "crystal or source and divider change in one write")
        if changes & SOURCES and value & 3 << 4 == 0 and before & CRYSTAL_OFF:
            self.find("loop order", "the main oscillator is chosen before it was switched on")
        if value & LOOP_OFF:
            self.loop_at = None
        if before & LOOP_OFF and not value & LOOP_OFF:
            if value & CRYSTAL_OFF:
                self.find("loop order", "the loop is powered before its crystal")
            dead = self.conditions.crystal == "dead"
            self.loop_at = None if dead else self.after(LOOP_SECONDS)
        if before & BYPASS and not value & BYPASS:
            if not self.loop_ready():
                self.find("loop order", "the core switches to the loop before it is stable")
            if not value & DIVIDED or (value >> 23 & 15) < 3:
                self.find("bus limit", "a core above 50 MHz")
            if value >> 6 & 15 != CRYSTAL_8_MHZ:
                self.find("loop limits", f"crystal code {value >> 6 & 15:#x} on a board of 8 MHz")

    def core_hertz(self):
        bits = self.value("SYSCTL.RCC")
        second = self.value("SYSCTL.RCC2")
        if second & SECOND_RULES and not second & BYPASS:
            return LOOP_HERTZ // ((second >> 23 & 63) + 1)
        divider = (bits >> 23 & 15) + 1 if bits & DIVIDED else 1
        if not bits & BYPASS:
            return LOOP_HERTZ // divider
        source = (CRYSTAL_HERTZ, INTERNAL_HERTZ, INTERNAL_HERTZ // 4, 30_000)[bits >> 4 & 3]
        return source // divider

    def uart_hertz(self):
        return self.core_hertz()

    def requests(self):
        return [5] if self.uart_request() else []

    def check_pins(self):
        if self.bits("GPIOA.AFSEL", 0, 2) != 3 or self.bits("GPIOA.DEN", 0, 2) != 3:
            self.find("pins", "PA0 and PA1 are not digital pins of the UART")
