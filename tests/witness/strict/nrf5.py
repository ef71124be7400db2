# SPDX-License-Identifier: Apache-2.0
"""nRF51822 and nRF52833: the crystal, TIMER0, and the UART with six bytes of receive buffer."""

from strict.chip import Chip

TIMER_HERTZ = 16_000_000
WRAP = 1 << 32
UART_LINE, TIMER_LINE = 2, 8
CRYSTAL_SECONDS = 0.0008


class Nrf5(Chip):
    vectors = 0
    receive_depth = 6
    clock_exception = 16 + TIMER_LINE
    slow_crystal = 0.004
    peripherals = ((0x40000000, 0x20000000),)

    def power_on(self):
        super().power_on()
        self.crystal_at = None
        self.began = None      # of the timer
        self.compare_at = None
        self.enabled = {"UART0": 0, "TIMER0": 0}
        self.receiving = self.sending = False
        self.sent_event = self.received_event = False
        self.last_byte = 0
        self.holds_byte = False

    def system_reset(self):
        self.power_on()

    def vectors_at_start(self):
        return self.vectors

    def first_instruction(self, memory):
        words = memory.mem_read(0, 8)
        return int.from_bytes(words[:4], "little"), int.from_bytes(words[4:], "little")

    def core_hertz(self):
        return self.hertz

    # --- the timer

    def count(self):
        if self.began is None:
            return 0
        return (self.now - self.began) * TIMER_HERTZ // self.hertz % WRAP

    def look_at_compare(self):
        if self.compare_at is not None and self.now >= self.compare_at:
            self.set("TIMER0.EVENTS_COMPARE0", 1)
            self.compare_at += WRAP * self.hertz // TIMER_HERTZ

    # --- registers

    def answer(self, name, value):
        self.look_at_compare()
        if name == "CLOCK.EVENTS_HFCLKSTARTED":
            return int(self.crystal_at is not None and self.now >= self.crystal_at)
        if name == "POWER.RESETREAS":
            return self.conditions.reset_reasons | self.was_bitten << 1
        if name == "UART0.EVENTS_TXDRDY":
            return int(self.sent_event and self.now >= self.line_free)
        if name == "UART0.EVENTS_RXDRDY":
            self.look_at_line()
            return int(self.received_event)
        if name == "UART0.RXD":
            self.taken += 1
            self.holds_byte = False
            self.look_at_line()
            return self.last_byte
        return value

    def take(self, name, value, before):
        block, _, register = name.partition(".")
        if name == "CLOCK.TASKS_HFCLKSTART":
            seconds = self.crystal_seconds(CRYSTAL_SECONDS)
            self.crystal_at = None if seconds is None else self.after(seconds)
        elif register == "INTENSET" and block in self.enabled:
            self.enabled[block] |= value
        elif register == "INTENCLR":
            self.enabled[block] &= ~value
        elif name == "WDT.TASKS_START" or name == "WDT.RR0" and value == 0x6E524635:
            self.feed_watchdog((self.value("WDT.CRV") + 1) / 32_768)
        elif block == "TIMER0":
            self.take_timer(register, value)
        elif block == "UART0":
            self.take_uart(register, value)

    def take_timer(self, register, value):
        if register in ("TASKS_START", "TASKS_CLEAR"):
            self.began = self.now
        elif register == "TASKS_CAPTURE1":
            self.set("TIMER0.CC1", self.count())
        elif register == "CC0":
            self.look_at_compare()
            ahead = (value - self.count()) % WRAP or WRAP
            self.compare_at = self.now + ahead * self.hertz // TIMER_HERTZ

    def take_uart(self, register, value):
        if register == "TASKS_STARTRX":
            self.receiving = True
        elif register == "TASKS_STARTTX":
            self.sending = True
        elif register == "EVENTS_TXDRDY":
            self.sent_event = False
        elif register == "EVENTS_RXDRDY":
            self.received_event = False
        elif register == "TXD":
            self.take_byte(value)

    def take_byte(self, value):
        if not self.sending or self.value("UART0.ENABLE") != 4:
            self.find("serial line", "a byte is written while the UART is off")
        if self.now < self.line_free:
            self.find("transmit overrun", "UART0.TXD written before the byte before was sent")
        if self.crystal_at is None and self.conditions.crystal != "dead":
            self.find("baud rate", "derived from the RC oscillator")
        self.check_baud(self.value("UART0.BAUDRATE") * TIMER_HERTZ / WRAP)
        self.check_pins()
        self.sent_event = True
        self.send(value)

    def look_at_line(self):
        if self.receiving and self.value("UART0.ENABLE") == 4:
            self.pump()
            if not self.holds_byte and self.received:
                self.last_byte = self.received.pop(0)
                self.holds_byte = self.received_event = True

    def requests(self):
        self.look_at_compare()
        self.look_at_line()
        lines = []
        if self.enabled["TIMER0"] >> 16 & 1 and self.value("TIMER0.EVENTS_COMPARE0"):
            lines.append(TIMER_LINE)
        uart = self.enabled["UART0"]
        sent = self.sent_event and self.now >= self.line_free
        if uart >> 2 & 1 and self.received_event or uart >> 7 & 1 and sent:
            lines.append(UART_LINE)
        return lines

    def events(self):
        return [*super().events(), self.compare_at or 0, self.crystal_at or 0]

    def check_wiring(self, send, receive, receive_set_up):
        pins = self.value("UART0.PSELTXD"), self.value("UART0.PSELRXD")
        if pins != (send, receive):
            self.find("pins", f"the UART has pins {pins}, wired are {(send, receive)}")
        if self.bits(receive_set_up, 1):
            self.find("pins", "the input is disconnected")
        if not self.value("GPIO.DIRSET" if "GPIO.DIRSET" in self.named else "P0.DIRSET") >> send & 1:
            self.find("pins", "the sending pin is no output")


class Nrf51(Nrf5):
    """BBC micro:bit v1 (schematic 1.5): P0.24 sends to the interface chip, P0.25 receives from it."""

    table, cpu, hertz = "nrf51", "m0", 16_000_000
    wiring = "UART0", "P0.24", "P0.25"
    has_protection_unit = False
    memory = ((0x00000000, 256 << 10), (0x20000000, 16 << 10))

    def check_pins(self):
        self.check_wiring(24, 25, "GPIO.PIN_CNF25")


class Nrf52833(Nrf5):
    """BBC micro:bit v2 (schematic 2.00): P0.06 sends to the interface chip, P1.08 receives from it."""

    table, cpu, hertz = "nrf52833", "m4", 64_000_000
    priority_bits = 3  # product specification, chapter CPU: __NVIC_PRIO_BITS
    wiring = "UART0", "P0.06", "P1.08"
    has_protection_unit = True
    memory = ((0x00000000, 512 << 10), (0x20000000, 128 << 10))
    peripherals = (*Nrf5.peripherals, (0x10000000, 0x2000))

    def check_pins(self):
        self.check_wiring(6, 40, "P1.PIN_CNF8")
        if self.value("APPROTECT.DISABLE") & 0xFF != self.value("UICR.APPROTECT") & 0xFF:
            self.find("debug port", "locked: APPROTECT.DISABLE does not hold UICR's word")
