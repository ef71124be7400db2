# SPDX-License-Identifier: Apache-2.0
"""STM32F1 and F4: clock tree, flash latency, pins and the USART with one byte of buffer."""

from strict.chip import Chip

READY, TXE, TC, RXNE, ORE = 1, 1 << 7, 1 << 6, 1 << 5, 1 << 3
CRYSTAL_SECONDS = 0.002  # typical start-up time of the data sheets
LOOP_SECONDS = 0.0003    # longest lock time of the data sheets
LOADER_VECTORS = 0x1FFF0000


def bus_divider(bits):
    return 1 if bits < 4 else 2 << (bits - 4)


class Stm32(Chip):
    """RCC_CR has the same bits in all series; `usart` and `line` say which serial line is wired."""

    vectors = 0x08000000
    internal_hertz = 16_000_000
    has_protection_unit = True
    priority_bits = 4  # reference manuals, chapter "Interrupts and events": sixteen levels
    peripherals = ((0x40000000, 0x20000000),)
    control = "RCC.CR"
    clock_switch = 3  # bits of RCC.CFGR
    switched_to_loop = 2  # what they are then
    watchdog = "IWDG"
    frozen_with_loop = ()  # registers that ignore writes while the loop runs

    def power_on(self):
        super().power_on()
        self.crystal_at = self.loop_at = None
        self.overrun = False
        self.watchdog_unlocked = False
        if self.conditions.start == "loader":
            self.as_the_loader_leaves_it()

    def as_the_loader_leaves_it(self):
        """The system memory's loader has run from crystal and loop, and its vectors are in force."""
        self.set(self.control, self.value(self.control) | 1 << 16 | 1 << 24)
        self.crystal_at = self.loop_at = 0
        self.set("RCC.CFGR", self.switched_to_loop)

    def system_reset(self):
        self.power_on()

    def vectors_at_start(self):
        return LOADER_VECTORS if self.conditions.start == "loader" else self.vectors

    def first_instruction(self, memory):
        words = memory.mem_read(self.vectors, 8)
        return int.from_bytes(words[:4], "little"), int.from_bytes(words[4:], "little")

    # --- clocks

    def crystal_ready(self):
        return self.crystal_at is not None and self.now >= self.crystal_at

    def loop_ready(self):
        return self.loop_at is not None and self.now >= self.loop_at

    def answer(self, name, value):
        if name == self.control:
            ready = (value & 1) << 1 | self.crystal_ready() << 17 | self.loop_ready() << 25
            return value & ~(1 << 1 | 1 << 17 | 1 << 25) | ready
        if name == "RCC.CSR":
            return value | self.was_bitten << 29
        if name == "RCC.CFGR":
            return value & ~0xC | self.clock_in_use() << 2
        if name == f"{self.usart}.SR":
            return self.usart_state()
        if name == f"{self.usart}.DR":
            self.overrun = False
            return self.receive()
        return value

    def clock_in_use(self):
        """The switch waits for a clock that is not ready."""
        wanted = self.value("RCC.CFGR") & self.clock_switch
        ready = (True, self.crystal_ready(), self.loop_ready(), True)[wanted]
        return wanted if ready else 0

    def take_of_any(self, name, value, before):
        """What every family has; whether the register was one of it."""
        if name == self.control:
            self.take_control(value, before)
        elif name.startswith(self.watchdog):
            self.take_watchdog(name.partition(".")[2], value)
        elif name in self.frozen_with_loop and self.bits(self.control, 24):
            self.find("loop order", f"{name} written while the loop is on")
        elif name == "RCC.CFGR" and (value ^ before) & self.clock_switch:
            self.take_switch(value & self.clock_switch)
        else:
            return False
        return True

    def take(self, name, value, before):
        if self.take_of_any(name, value, before):
            return
        if name == "RCC.CSR":
            self.set(name, 0 if value & 1 << 24 else before)  # its flags are set by hardware alone
        elif name == f"{self.usart}.DR":
            self.take_byte(value)

    def take_watchdog(self, register, value):
        """Its oscillator may be as slow as 17 kHz, and as fast as 60: the shortest time counts."""
        if register == "KR":
            self.watchdog_unlocked = value == 0x5555
            if value in (0xCCCC, 0xAAAA):
                counts = (self.value(f"{self.watchdog}.RLR") + 1) * (
                    4 << self.value(f"{self.watchdog}.PR"))
                self.feed_watchdog(counts / 60_000)
        elif not self.watchdog_unlocked:
            self.find("access right", f"{self.watchdog}.{register} written while locked")

    def take_control(self, value, before):
        if value & ~before & 1 << 16:
            seconds = self.crystal_seconds(CRYSTAL_SECONDS)
            self.crystal_at = None if seconds is None else self.after(seconds)
        if not value & 1 << 16:
            self.crystal_at = None
        if value & ~before & 1 << 24:
            self.check_loop()
            self.loop_at = self.after(LOOP_SECONDS)
        if before & ~value & 1 << 24:
            if self.clock_in_use() == self.switched_to_loop:
                self.find("loop order", "the loop is switched off under the core")
            self.loop_at = None

    def take_switch(self, wanted):
        if self.clock_in_use() != wanted:
            self.find("loop order", f"switched to clock {wanted} before it is ready")
        self.check_clock()

    def loop_source(self, from_crystal):
        if from_crystal and not self.crystal_ready():
            self.find("loop order", "the loop's source does not run")
        return self.crystal_hertz if from_crystal else self.internal_hertz

    def core_hertz(self):
        source = self.clock_in_use()
        return (self.internal_hertz, self.crystal_hertz, self.loop_hertz())[source]

    # --- the serial line

    def usart_state(self):
        self.pump()
        return ((RXNE if self.received else 0) | (ORE if self.overrun else 0)
                | (TXE if self.now >= self.line_free - self.byte_cycles() else 0)
                | (TC if self.now >= self.line_free else 0))

    def take_byte(self, value):
        if not self.usart_state() & TXE:
            self.find("transmit overrun", f"{self.usart}.DR written before it was empty")
        if not self.value(f"{self.usart}.CR1") & 1 << 13:
            self.find("serial line", "a byte is written while the USART is off")
        divider = self.value(f"{self.usart}.BRR")
        self.check_baud(self.usart_hertz() / divider if divider else 0)
        self.check_pins()
        self.send(value)

    def requests(self):
        control, state = self.value(f"{self.usart}.CR1"), self.usart_state()
        wanted = (control & 1 << 5 and state & (RXNE | ORE) or control & 1 << 7 and state & TXE
                  or control & 1 << 6 and state & TC)
        return [self.line] if wanted and control & 1 << 13 else []

    def events(self):
        return [*super().events(), self.line_free - self.byte_cycles()]


class F4(Stm32):
    cpu = "m4"
    frozen_with_loop = ("RCC.PLLCFGR",)

    def loop_hertz(self):
        bits = self.value("RCC.PLLCFGR")
        source = self.crystal_hertz if bits >> 22 & 1 else self.internal_hertz
        return int(source / (bits & 63) * (bits >> 6 & 511) / (2 * (bits >> 16 & 3) + 2))

    def check_loop(self):
        bits = self.value("RCC.PLLCFGR")
        source = self.loop_source(bits >> 22 & 1) / (bits & 63)
        if not 1e6 <= source <= 2e6:  # data sheet, main PLL characteristics
            self.find("loop limits", f"input of {source / 1e6:.2f} MHz")
        oscillator = source * (bits >> 6 & 511)
        if not 100e6 <= oscillator <= 432e6:
            self.find("loop limits", f"oscillator at {oscillator / 1e6:.0f} MHz")
        if not self.bits("RCC.CFGR", 0, 2) == 0 and self.conditions.start == "power":
            self.find("loop order", "the loop is started under a core that runs from it")

    def bus_hertz(self, shift):
        return self.core_hertz() / bus_divider(self.bits("RCC.CFGR", shift, 3))

    def check_clock(self):
        hertz = self.core_hertz()
        states = self.bits("FLASH.ACR", 0, 4)
        needed = -(-hertz // 30_000_000) - 1  # at 2.7 to 3.6 V
        if states < needed:
            self.find("flash latency", f"{states} wait states at {hertz / 1e6:.0f} MHz")
        if hertz > self.scale_limit():
            self.find("voltage scale", f"{hertz / 1e6:.0f} MHz at this scale")
        for shift, limit in ((10, self.bus_limits[0]), (13, self.bus_limits[1])):
            if self.bus_hertz(shift) > limit:
                self.find("bus limit", f"{self.bus_hertz(shift) / 1e6:.0f} MHz above "
                                       f"{limit / 1e6:.0f} MHz")

    def usart_hertz(self):
        return self.bus_hertz(13 if self.usart in ("USART1", "USART6") else 10)

    def check_pins(self):
        for pin in self.wired_pins:
            mode = self.bits("GPIOA.MODER", 2 * pin, 2)
            half = "GPIOA.AFRH" if pin > 7 else "GPIOA.AFRL"
            function = self.bits(half, 4 * (pin % 8), 4)
            if (mode, function) != (2, 7):
                self.find("pins", f"PA{pin} has mode {mode}, function {function}; wired to USART2")


class F405(F4):
    """Netduino Plus 2 (schematic rev. A): D3 is PA2, D2 is PA3, USART2's; PA9 senses the USB voltage
    and PA10 lights the LED."""

    table = "stm32f405"
    memory = ((0x08000000, 1 << 20), (0x20000000, 128 << 10))
    crystal_hertz = 25_000_000
    usart, line, wired_pins = "USART2", 38, (2, 3)
    wiring = "USART2", "PA2", "PA3"
    bus_limits = 42e6, 84e6

    def scale_limit(self):
        return 168e6 if self.bits("PWR.CR", 14) else 144e6

    def take(self, name, value, before):
        super().take(name, value, before)
        if name == "USART1.DR":
            self.find("pins", "USART1's pins PA9 and PA10 lead to the USB socket and a LED")
            self.check_baud(0)
            self.send(value)


class F446(F4):
    """NUCLEO-F446RE (UM1724): the ST-LINK's serial line is USART2 on PA2 and PA3, 8 MHz on the
    oscillator's pin."""

    table = "stm32f446"
    memory = ((0x08000000, 512 << 10), (0x20000000, 128 << 10))
    crystal_hertz = 8_000_000
    usart, line, wired_pins = "USART2", 38, (2, 3)
    wiring = "USART2", "PA2", "PA3"
    bus_limits = 45e6, 90e6

    def scale_limit(self):
        if self.bits("PWR.CR", 16, 2) == 3:
            return 180e6
        return {3: 168e6, 2: 144e6, 1: 120e6, 0: 120e6}[self.bits("PWR.CR", 14, 2)]


class F100(Stm32):
    """STM32VLDISCOVERY (UM0919): USART1 on PA9 and PA10, a crystal of 8 MHz."""

    table = "stm32f100"
    cpu = "m3"
    has_protection_unit = False
    memory = ((0x08000000, 128 << 10), (0x20000000, 8 << 10))
    internal_hertz, crystal_hertz = 8_000_000, 8_000_000
    usart, line = "USART1", 37
    wiring = "USART1", "PA9", "PA10"

    def loop_hertz(self):
        bits = self.value("RCC.CFGR")
        source = (self.crystal_hertz / (self.bits("RCC.CFGR2", 0, 4) + 1) if bits >> 16 & 1
                  else self.internal_hertz / 2)
        return int(source * ((bits >> 18 & 15) + 2))

    def check_loop(self):
        self.loop_source(self.bits("RCC.CFGR", 16))
        if not 16e6 <= self.loop_hertz() <= 24e6:
            self.find("loop limits", f"output of {self.loop_hertz() / 1e6:.0f} MHz")

    def take(self, name, value, before):
        factors = 0x003F0000
        if name == "RCC.CFGR" and (value ^ before) & factors and self.bits(self.control, 24):
            self.find("loop order", "RCC.CFGR's factors written while the loop is on")
        super().take(name, value, before)

    def check_clock(self):
        if self.core_hertz() > 24e6:
            self.find("bus limit", f"{self.core_hertz() / 1e6:.0f} MHz above 24 MHz")

    def usart_hertz(self):
        return self.core_hertz()

    def check_pins(self):
        send, receive = self.bits("GPIOA.CRH", 4, 4), self.bits("GPIOA.CRH", 8, 4)
        if send not in (0x9, 0xA, 0xB) or receive not in (0x4, 0x8):
            self.find("pins", f"PA9 set to {send:#x}, PA10 to {receive:#x}")
