# SPDX-License-Identifier: Apache-2.0
"""Faults that a run of a right image must show: each changes what the image writes or reads, as a wrong
line of its source would, and names the finding that must follow."""

import dataclasses


def _keep(_name, address, value):
    return address, value


def _read(_name, value):
    return value


@dataclasses.dataclass(frozen=True)
class Seed:
    board: str
    finding: str
    meaning: str
    write: object = _keep
    read: object = _read
    start: str = "power"
    crystal: str = "usual"


def drop(target):
    return lambda name, address, value: (None if name == target else address, value)


def change(target, function):
    return lambda name, address, value: (address, function(value) if name == target else value)


def redirect(target, to):
    return lambda name, address, value: (to if name == target else address, value)


def drop_address(target):
    return lambda _name, address, value: (None if address == target else address, value)


def change_address(target, function):
    return lambda _name, address, value: (address, function(value) if address == target else value)


def without(bits):
    return lambda value: value & ~bits


def with_bits(bits):
    return lambda value: value | bits


SEEDS = {
    "gpio-without-clock": Seed("nucleo-f446re", "clock gate", "port A's clock stays off",
                               drop("RCC.AHB1ENR")),
    "usart-without-clock": Seed("nucleo-h743zi2", "clock gate", "USART3's clock stays off",
                                drop("RCC.APB1LENR")),
    "address-of-another-chip": Seed("nucleo-f446re", "unknown address", "RCC has no such offset",
                                    redirect("RCC.APB1ENR", 0x40023A40)),
    "write-to-status": Seed("nucleo-h743zi2", "access right", "the status register is written",
                            redirect("PWR.D3CR", 0x58024804)),
    "reserved-bit": Seed("netduinoplus2", "reserved bits", "bit 14 of USART_CR1 is set",
                         change("USART2.CR1", with_bits(1 << 14))),
    "loop-on-too-early": Seed("nucleo-f446re", "loop order", "the loop runs before it is set up",
                              change("RCC.CR", with_bits(1 << 24))),
    "loop-too-fast": Seed("netduinoplus2", "loop limits", "a factor of 450",
                          change("RCC.PLLCFGR", lambda value: value & ~(511 << 6) | 450 << 6)),
    "loop-range": Seed("nucleo-h743zi2", "loop limits", "an input outside the stated range",
                       change("RCC.PLLCFGR", with_bits(3 << 2))),
    "no-wait-states": Seed("nucleo-f446re", "flash latency", "flash at 168 MHz without wait states",
                           drop("FLASH.ACR")),
    "flash-clock": Seed("hifive1-revb", "flash latency", "flash clocked at 128 MHz",
                        change("QSPI0.SCKDIV", lambda _: 0)),
    "low-voltage": Seed("nucleo-h743zi2", "voltage scale", "400 MHz at scale 3",
                        change("PWR.D3CR", lambda _: 1 << 14)),
    "baud-off": Seed("stm32vldiscovery", "baud rate", "a divider 5 % too large",
                     change("USART1.BRR", lambda value: value * 105 // 100)),
    "other-function": Seed("netduinoplus2", "pins", "function 8 instead of 7",
                           change("GPIOA.AFRL", lambda value: value & ~0xF00 | 0x800)),
    "other-pins": Seed("microbit", "pins", "the UART sends on P0.23",
                       change("UART0.PSELTXD", lambda _: 23)),
    "pins-left-alone": Seed("stm32vldiscovery", "pins", "PA9 stays an input", drop("GPIOA.CRH")),
    "looks-never-full": Seed("nucleo-f446re", "transmit overrun", "the empty flag is not awaited",
                             read=lambda name, value: value | 1 << 7 if name == "USART2.SR" else value),
    "buffer-never-full": Seed("lm3s6965evb", "transmit overrun", "the full flag is not awaited",
                              read=lambda name, value: value & ~(1 << 5) if name == "UART0.FR" else value),
    "one-priority": Seed("nucleo-f446re", "interrupt priority", "USART2's stays that of the clock",
                         drop_address(0xE000E424)),
    "hang-comes-first": Seed("microbit", "interrupt priority", "PendSV's stays that of the clock",
                             drop_address(0xE000ED20)),
    "groups-of-the-loader": Seed("netduinoplus2", "interrupt priority", "no group interrupts another",
                                 drop_address(0xE000ED0C), start="loader"),
    "priority-bits": Seed("raspberry-pi-pico", "reserved bits", "a priority of the six bits below",
                          change_address(0xE000E414, with_bits(0x3F))),
    # S1 to S17, those that are a matter of registers.
    "s1-reset-before-clock": Seed("raspberry-pi-pico", "held in reset", "clk_peri never starts",
                                  drop("CLOCKS.CLK_PERI_CTRL")),
    "s3-vectors-of-the-loader": Seed("netduinoplus2", "vector table", "VTOR is not set",
                                     drop_address(0xE000ED08), start="loader"),
    "s3-loop-left-running": Seed("nucleo-f446re", "loop order", "the loader's loop stays on",
                                 change("RCC.CR", with_bits(1 << 24)), start="loader"),
    "s3-second-register-left": Seed("lm3s6965evb", "loop order", "RCC2 still rules",
                                    drop("SYSCTL.RCC2"), start="loader"),
    "s3-lock-of-the-loader": Seed("lm3s6965evb", "loop order", "an old lock is taken for the new one",
                                  drop("SYSCTL.MISC"), start="loader"),
    "s5-divider-with-crystal": Seed("lm3s6965evb", "loop order", "RCC in one write",
                                    change("SYSCTL.RCC", lambda value: value if value & 1 << 13
                                           else value | 1 << 22)),
    "s6-ring-oscillator": Seed("hifive1-revb", "slow clock", "the mux is left on the ring oscillator",
                               drop("AON.LFCLKMUX"),
                               lambda name, value: value | 1 if name == "AON.LFCLKMUX" else value),
    "s8-debug-locked": Seed("microbit-v2", "debug port", "APPROTECT.DISABLE is not written",
                            drop("APPROTECT.DISABLE")),
    "s11-short-start": Seed("raspberry-pi-pico", "crystal", "1 ms for the crystal",
                            change("XOSC.STARTUP", lambda _: 47)),
    "s14-stack-unguarded": Seed("raspberry-pi-pico", "stack guard", "the protection unit stays off",
                                drop_address(0xE000ED94)),
    "s13-buffers-with-enable": Seed("nucleo-h743zi2", "serial line", "FIFOEN and UE in one write",
                                    change("USART3.CR1", lambda value: value if value & 1 else 0)),
}
