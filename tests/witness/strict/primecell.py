# SPDX-License-Identifier: Apache-2.0
"""ARM's PL011 (DDI 0183) as its users' UART0: buffers each way, rate latched by UARTLCR_H."""

from strict.chip import Chip

RECEIVED, ROOM, TIMEOUT = 1 << 4, 1 << 5, 1 << 6
TIMEOUT_BYTES = 3.2  # 32 bit periods


class PrimecellChip(Chip):
    receive_depth = 16

    def power_on(self):
        super().power_on()
        self.divider = 0
        self.room_event = False
        self.was_above = False
        self.last_arrival = 0

    def answer_uart(self, register, value):
        if register == "FR":
            self.pump_buffer()
            full, empty = self.waiting() >= self.receive_depth, not self.received
            busy = self.now < self.line_free
            return full << 5 | empty << 4 | busy << 3 | (not busy) << 7
        if register == "DR":
            return self.receive()
        return value

    def take_uart(self, register, value):
        on = self.value("UART0.CR") & 1
        if register in ("IBRD", "FBRD", "LCR_H") and on:
            self.find("serial line", f"{register} written while the UART is on")
        if register == "LCR_H":
            self.divider = self.value("UART0.IBRD") * 64 + self.value("UART0.FBRD")
        elif register == "ICR":
            self.room_event = self.room_event and not value & ROOM
        elif register == "DR":
            self.take_byte(value)

    def take_byte(self, value):
        if self.waiting() >= self.receive_depth:
            self.find("transmit overrun", "UARTDR written while the buffer is full")
        if self.value("UART0.CR") & 0x101 != 0x101 or self.value("UART0.LCR_H") & 0x70 != 0x70:
            self.find("serial line", "a byte is written while UART, sender or buffer is off")
        self.check_baud(4 * self.uart_hertz() / self.divider if self.divider else 0)
        self.check_pins()
        self.send(value)

    def waiting(self):
        """Bytes in the send buffer, without the one that is being shifted out."""
        left = -(-(self.line_free - self.now) // self.byte_cycles())
        above = left - 1 > self.receive_depth // 2
        if self.was_above and not above:
            self.room_event = True
        self.was_above = above
        return max(0, left - 1)

    def pump_buffer(self):
        before = len(self.received)
        self.pump()
        if len(self.received) != before:
            self.last_arrival = self.now

    def uart_request(self):
        self.pump_buffer()
        self.waiting()
        waited = self.now - self.last_arrival > TIMEOUT_BYTES * self.byte_cycles()
        causes = ((RECEIVED if len(self.received) >= self.receive_depth // 2 else 0)
                  | (TIMEOUT if self.received and waited else 0)
                  | (ROOM if self.room_event else 0))
        return bool(causes & self.value("UART0.IMSC") and self.value("UART0.CR") & 1)

    def events(self):
        byte = self.byte_cycles()
        return [*super().events(), int(self.last_arrival + TIMEOUT_BYTES * byte) + 1,
                self.line_free - (self.receive_depth // 2 + 1) * byte]
