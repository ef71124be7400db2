# SPDX-License-Identifier: Apache-2.0
"""What every chip has: registers that are held against their table, and a serial line.

Each access must hit a register of the table, with a right to it, in a block that has its clock and is
not held in reset; each write must leave undefined bits at their reset value. A chip's own class adds
what its registers do. Whatever is wrong becomes a finding: a kind, what, and where in the image.
"""

from strict import registers

BAUD = 115_200
BITS_PER_BYTE = 10
BAUD_TOLERANCE = 0.02  # of one side; a byte of ten bits with 16 samples a bit bears twice as much


class Chip:
    """`now` counts cycles of the core; one instruction is taken for one."""

    table = None
    receive_depth = 1
    clock_exception = 15  # SysTick, where the chip has no other
    priority_bits = 2     # of an interrupt's priority
    memory = ()        # (begin, bytes)
    peripherals = ()   # (begin, bytes), served by read and write

    def __init__(self, conditions):
        self.registers = registers.load(self.table)
        self.named = {register.name: register for register in self.registers.values()}
        self.conditions = conditions
        self.findings = {}
        self.wants_single_steps = False
        self.was_bitten = False
        self.place = lambda: "?"
        self.now, self.seconds = 0, 0.0
        self.outgoing, self.incoming = bytearray(), bytearray()
        self.sent = self.taken = self.lost = 0
        self.power_on()

    def power_on(self):
        self.values = {}
        self.gated_on = {}
        self.received = []
        self.line_free = 0   # when the last byte given to the line is over
        self.next_byte = 0   # when another may arrive
        self.bites_at = None  # the chip's own watchdog

    def find(self, kind, what):
        self.findings.setdefault((kind, what), self.place())

    # --- registers

    def value(self, name):
        register = self.named[name]
        return self.values.get(register.address, register.reset)

    def set(self, name, value):
        self.values[self.named[name].address] = value

    def bits(self, name, low, count=1):
        return self.value(name) >> low & ((1 << count) - 1)

    def read(self, address):
        register = self._checked(address, "read")
        if register is None:
            return 0
        if register.access == "w":
            self.find("access right", f"read of write-only {register.name}")
        value = self.answer(register.name, self.value(register.name))
        for seed in self.conditions.seeds:
            value = seed.read(register.name, value)
        return value & registers.WORD

    def seeded(self, address, value):
        """The write as the seeded faults leave it; address None: it does not happen."""
        for seed in self.conditions.seeds:
            register = self.registers.get(address)
            address, value = seed.write(register.name if register else "", address, value)
        return address, value

    def write(self, address, value):
        address, value = self.seeded(address, value)
        if address is None:
            return
        register = self._checked(address, "write")
        if register is None:
            return
        if register.access == "r":
            self.find("access right", f"write to read-only {register.name}")
            return
        strange = (value ^ register.reset) & ~register.defined
        if strange:
            self.find("reserved bits", f"{register.name} = {value:#010x} changes {strange:#010x}")
        before = self.value(register.name)
        self.values[register.address] = value
        self._note_gates(register.name, before, value)
        self.take(register.name, value, before)

    def answer(self, name, value):
        """What a read of the register gives."""
        return value

    def take(self, name, value, before):
        """What a write to the register does; it is stored already."""

    def _checked(self, address, what):
        register = self.registers.get(address)
        if register is None:
            self.find("unknown address", f"{what} {address:#010x}")
            return None
        block = register.block
        if block.gate and not self.bits(block.gate, block.gate_bit):
            self.find("clock gate", f"{what} {register.name} before {block.gate} bit {block.gate_bit}")
        elif block.delay and 0 <= self.now - self.gated_on.get(block.name, -100) <= block.delay:
            self.find("clock gate", f"{what} {block.name} within {block.delay} cycles of its clock")
        if block.reset_bit >= 0 and not self.out_of_reset(block.reset_bit):
            self.find("held in reset", f"{what} {register.name}")
        return register

    def out_of_reset(self, bit):
        return True

    def _note_gates(self, name, before, value):
        for register in self.registers.values():
            block = register.block
            if block.gate == name and (value & ~before) >> block.gate_bit & 1:
                self.gated_on[block.name] = self.now
                self.wants_single_steps = block.delay > 0

    # --- clocks

    def core_hertz(self):
        raise NotImplementedError

    def after(self, seconds):
        return self.now + int(seconds * self.core_hertz())

    def crystal_seconds(self, usual):
        """Time that the crystal takes to start; None for a dead one."""
        return {"usual": usual, "slow": self.slow_crystal, "dead": None}[self.conditions.crystal]

    slow_crystal = 0.09

    # --- the chip's own watchdog

    def feed_watchdog(self, seconds):
        self.watchdog_seconds = seconds
        self.bites_at = self.after(seconds)

    def watchdog_bites(self):
        if self.bites_at is None or self.now < self.bites_at:
            return False
        self.bites_at = None
        self.was_bitten = True
        return True

    # --- the serial line, at the rate that the chip's own registers give

    def byte_cycles(self):
        return int(BITS_PER_BYTE * self.core_hertz() / BAUD)

    def check_baud(self, rate):
        if abs(rate / BAUD - 1) > BAUD_TOLERANCE:
            self.find("baud rate", f"{rate:.0f} instead of {BAUD}")

    def send(self, byte):
        """A byte into the shift register, which may still be busy with others."""
        self.line_free = max(self.now, self.line_free) + self.byte_cycles()
        self.sent += 1
        self.outgoing.append(byte & 0xFF)

    def pump(self):
        """Moves arrived bytes from the line into the receiver, no faster than they come."""
        while self.incoming and self.now >= self.next_byte:
            byte = self.incoming.pop(0)
            self.next_byte = max(self.next_byte, self.now - 1) + self.byte_cycles()
            if len(self.received) < self.receive_depth:
                self.received.append(byte)
            else:
                self.lost += 1

    def receive(self):
        self.pump()
        self.taken += 1
        return self.received.pop(0) if self.received else 0

    # --- what the processor asks

    def requests(self):
        """Numbers of the interrupts that are asked for."""
        return []

    def events(self):
        """Times at which something will change by itself."""
        return [self.line_free, self.next_byte if self.incoming else 0]

    def before_reset(self):
        if self.now < self.line_free:
            self.find("last byte", "the chip resets itself while a byte is on the line")

    def quiet(self):
        return not self.incoming and self.now >= self.line_free
