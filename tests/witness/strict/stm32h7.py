# SPDX-License-Identifier: Apache-2.0
"""STM32H743: supply, voltage scale, clock tree, and the USART with 16 bytes of buffer."""

from strict.stm32 import ORE, RXNE, TC, TXE, Stm32, bus_divider

BUFFER = 16
# RM0433, "FLASH recommended number of wait states and programming delay": highest bus clock in MHz,
# wait states, WRHIGHFREQ, by voltage scale.
WAIT_STATES = {
    1: ((70, 0, 0), (140, 1, 1), (185, 2, 1), (210, 2, 2), (225, 3, 2)),
    2: ((55, 0, 0), (110, 1, 1), (165, 2, 1), (225, 3, 2)),
    3: ((45, 0, 0), (90, 1, 1), (135, 2, 1), (180, 3, 2), (225, 4, 2))}
CORE_LIMITS = {1: 400e6, 2: 300e6, 3: 200e6}
RANGES = ((1e6, 2e6), (2e6, 4e6), (4e6, 8e6), (8e6, 16e6))


def core_divider(bits):
    return 1 if bits < 8 else (2, 4, 8, 16, 64, 128, 256, 512)[bits - 8]


class H743(Stm32):
    """NUCLEO-H743ZI2 (UM2407): the ST-LINK's serial line is USART3 on PD8 and PD9, 8 MHz on the
    oscillator's pin."""

    table = "stm32h743"
    cpu = "m7"
    memory = ((0x08000000, 2 << 20), (0x20000000, 128 << 10))
    internal_hertz, crystal_hertz = 64_000_000, 8_000_000
    watchdog = "IWDG1"
    clock_switch, switched_to_loop = 7, 3
    usart, line, receive_depth = "USART3", 39, BUFFER
    wiring = "USART3", "PD8", "PD9"
    frozen_with_loop = ("RCC.PLLCKSELR", "RCC.PLLCFGR", "RCC.PLL1DIVR")

    def power_on(self):
        super().power_on()
        self.supply_chosen = False

    def answer(self, name, value):
        if name == self.control:
            return super().answer(name, value) | (value & 1) << 2
        if name == "RCC.CFGR":
            return value & ~0x38 | self.clock_in_use() << 3
        if name == "RCC.RSR":
            return 0x00FA0000 | self.was_bitten << 26
        if name == "PWR.CSR1":
            return value | 1 << 13 | self.bits("PWR.D3CR", 14, 2) << 14
        if name == "PWR.D3CR":
            return value | 1 << 13
        if name == "USART3.ISR":
            return self.usart_state()
        if name == "USART3.RDR":
            return self.receive()
        return value

    def clock_in_use(self):
        wanted = self.value("RCC.CFGR") & self.clock_switch
        ready = {0: True, 2: self.crystal_ready(), 3: self.loop_ready()}.get(wanted, False)
        return wanted if ready else 0

    def take(self, name, value, before):
        if self.take_of_any(name, value, before):
            return
        if name == "USART3.CR1":
            self.take_usart_control(value, before)
        elif name == "USART3.BRR" and self.bits("USART3.CR1", 0):
            self.find("serial line", "the rate is set while the USART is on")
        elif name == "USART3.ICR":
            self.overrun = self.overrun and not value & ORE
        elif name == "USART3.TDR":
            self.take_byte(value)

    def take_usart_control(self, value, before):
        buffers = 1 << 29
        if (value ^ before) & buffers and value & 1:
            self.find("serial line", "FIFOEN changes in a write that leaves or sets UE")

    # --- clocks

    def loop_hertz(self):
        factors = self.value("RCC.PLL1DIVR")
        return int(self.loop_input() * ((factors & 511) + 1) / ((factors >> 9 & 127) + 1))

    def loop_input(self):
        choice = self.value("RCC.PLLCKSELR")
        source = {0: self.internal_hertz, 1: 4e6, 2: self.crystal_hertz}[choice & 3]
        return source / (choice >> 4 & 63)

    def check_loop(self):
        self.loop_source(self.bits("RCC.PLLCKSELR", 0, 2) == 2)
        low, high = RANGES[self.bits("RCC.PLLCFGR", 2, 2)]
        if not low <= self.loop_input() <= high:
            self.find("loop limits", f"input of {self.loop_input() / 1e6:.2f} MHz out of its range")
        oscillator = self.loop_input() * (self.bits("RCC.PLL1DIVR", 0, 9) + 1)
        if not 192e6 <= oscillator <= 836e6:
            self.find("loop limits", f"oscillator at {oscillator / 1e6:.0f} MHz")
        if not self.bits("RCC.PLLCFGR", 16):
            self.find("loop order", "the loop's first output is off")

    def core_hertz(self):
        hertz = {0: self.internal_hertz, 2: self.crystal_hertz, 3: 0}[self.clock_in_use()]
        return int((hertz or self.loop_hertz()) / core_divider(self.bits("RCC.D1CFGR", 8, 4)))

    def bus_hertz(self):
        return self.core_hertz() / core_divider(self.bits("RCC.D1CFGR", 0, 4))

    def check_clock(self):
        scale = {3: 1, 2: 2, 1: 3}.get(self.bits("PWR.D3CR", 14, 2), 3)
        if self.core_hertz() > CORE_LIMITS[scale]:
            self.find("voltage scale", f"{self.core_hertz() / 1e6:.0f} MHz at scale {scale}")
        states, delay = self.bits("FLASH.ACR", 0, 4), self.bits("FLASH.ACR", 4, 2)
        megahertz = self.bus_hertz() / 1e6
        needed = next((row[1:] for row in WAIT_STATES[scale] if megahertz <= row[0]), (15, 3))
        if states < needed[0] or delay < needed[1]:
            self.find("flash latency", f"{states} wait states, delay {delay} at {megahertz:.0f} MHz")
        if self.bus_hertz() > 200e6:
            self.find("bus limit", f"memories at {self.bus_hertz() / 1e6:.0f} MHz")
        for name, shift in (("D1CFGR", 4), ("D2CFGR", 4), ("D2CFGR", 8), ("D3CFGR", 4)):
            hertz = self.bus_hertz() / bus_divider(self.bits(f"RCC.{name}", shift, 3))
            if hertz > 100e6:
                self.find("bus limit", f"{name} bit {shift}: {hertz / 1e6:.0f} MHz above 100 MHz")

    def usart_hertz(self):
        if self.bits("RCC.D2CCIP2R", 0, 3):
            self.find("baud rate", "another kernel clock than the bus")
        return self.bus_hertz() / bus_divider(self.bits("RCC.D2CFGR", 4, 3))

    # --- the serial line

    def usart_state(self):
        self.pump()
        room = self.now >= self.line_free - BUFFER * self.byte_cycles()
        return ((RXNE if self.received else 0) | (ORE if self.overrun else 0) | (TXE if room else 0)
                | (TC if self.now >= self.line_free else 0))

    def take_byte(self, value):
        if not self.usart_state() & TXE:
            self.find("transmit overrun", "USART3.TDR written while the buffer is full")
        if self.value("USART3.CR1") & 0x20000009 != 0x20000009:
            self.find("serial line", "a byte is written while USART, sender or buffer is off")
        divider = self.value("USART3.BRR")
        self.check_baud(self.usart_hertz() / divider if divider else 0)
        self.check_pins()
        self.send(value)

    def requests(self):
        control, state = self.value("USART3.CR1"), self.usart_state()
        wanted = control & 1 << 5 and state & (RXNE | ORE) or control & 1 << 7 and state & TXE
        return [self.line] if wanted and control & 1 else []

    def events(self):
        return [*super().events(), self.line_free - BUFFER * self.byte_cycles()]

    def check_pins(self):
        for pin in (8, 9):
            mode = self.bits("GPIOD.MODER", 2 * pin, 2)
            function = self.bits("GPIOD.AFRH", 4 * (pin - 8), 4)
            if (mode, function) != (2, 7):
                self.find("pins", f"PD{pin} has mode {mode}, function {function}; wired to USART3")
