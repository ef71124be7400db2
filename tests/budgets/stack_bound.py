# SPDX-License-Identifier: Apache-2.0
"""The most stack an image can use: the deepest chain of calls from its first instruction, and on
top of it every interrupt handler once.

Frames are the compiler's own figures; of libgcc and of assembly, which carry none, the sum of all
that their code takes off the stack pointer. Calls are those of the linked code, tail calls among
them. A call by address may reach every function whose address is taken outside the vector table.
Refused, because no bound exists or none can be computed: recursion, frames whose size is known at
run time only, calls by address where no address is taken, and changes of the stack pointer that
are not understood.

A jump back to the first instruction starts a new stack where that instruction loads the stack
pointer (RISC-V), and ends the chain.

Interrupts of one priority do not nest, and a handler serves those of one. A fault ends the run: its handler starts at the top of the
stack where little is left, and is not part of the bound.
"""

import re

from linked_image import ImageError

TARGET = re.compile(r"\b([0-9a-f]+) <[^>]+>")
ARM_JUMPS = {"b", "bx", "udf"}
RISCV_JUMPS = {"j", "jr", "ret", "mret", "tail"}
ARM_BRANCH = re.compile(r"^(b|bl|blx|b(eq|ne|cs|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)|cbz|cbnz)$")
RISCV_BRANCH = re.compile(r"^(j|jal|jalr|jr|tail|call|b(eq|ne|lt|ge|ltu|geu|gt|le|gtu|leu)z?)$")


class ArmCode:
    branches = ARM_BRANCH
    calls = ("bl", "blx")
    reset_sets_stack = False
    interrupt_frame = 32 + 4         # eight words, and the alignment to eight bytes
    float_interrupt_frame = 104 + 4  # and s0 to s15 with their status

    @staticmethod
    def taken(instruction):
        """Bytes that the instruction takes off the stack pointer; None: not understood."""
        mnemonic, operands = instruction.mnemonic, instruction.operands
        if mnemonic in ("push", "vpush", "stmdb") and (mnemonic != "stmdb"
                                                       or operands.startswith("sp!")):
            return ArmCode.list_bytes(operands)
        if found := re.search(r"\[sp, #-(\d+)\]!", operands):
            return int(found.group(1))
        if mnemonic in ("sub", "subw", "sub.w") and re.match(r"sp,", operands):
            found = re.match(r"sp, (?:sp, )?#(\d+)", operands)
            return int(found.group(1)) if found else None
        if re.match(r"sp,", operands) and mnemonic in ("mov", "add") and "#" not in operands:
            return None
        return 0

    @staticmethod
    def list_bytes(operands):
        total = 0
        for first, last in re.findall(r"(?:[rsd])?(\w+)(?:-[rsd]?(\w+))?",
                                      operands.split("{")[1].split("}")[0]):
            total += int(last) - int(first) + 1 if last else 1
        return total * (8 if "{d" in operands else 4)

    @staticmethod
    def calls_by_address(instruction):
        return instruction.mnemonic == "blx" and "<" not in instruction.operands

    @staticmethod
    def falls_through(instruction):
        ends = instruction.mnemonic in ARM_JUMPS or "pc}" in instruction.operands \
            or re.match(r"pc, ", instruction.operands)
        return not ends


class RiscvCode:
    branches = RISCV_BRANCH
    calls = ("jal", "jalr", "call")
    reset_sets_stack = True
    interrupt_frame = 0  # the handler saves registers itself: part of its frame
    float_interrupt_frame = 0

    @staticmethod
    def taken(instruction):
        found = re.match(r"sp,(?:sp,)?(-?\d+)$", instruction.operands)
        if instruction.mnemonic in ("addi", "add", "c.addi16sp") and found:
            return max(0, -int(found.group(1)))
        writes = re.match(r"sp,", instruction.operands) \
            and instruction.mnemonic not in ("sw", "c.swsp", "fsw", "beq", "bne")
        return None if writes else 0

    @staticmethod
    def calls_by_address(instruction):
        return instruction.mnemonic == "jalr" and "<" not in instruction.operands

    @staticmethod
    def falls_through(instruction):
        return instruction.mnemonic not in RISCV_JUMPS


PADDING = ("nop", ".word", ".short")


def last_of(instructions):
    """The last instruction before the padding up to the next function."""
    return next(one for one in reversed(instructions) if one.mnemonic not in PADDING)


def is_code(instructions):
    """Not the vectors, whose address is taken too."""
    return any(one.mnemonic not in PADDING for one in instructions)


class CallGraph:
    def __init__(self, image, objects):
        self.image = image
        self.code = ArmCode if image.tools.startswith("arm") else RiscvCode
        self.frames = {}
        for name, frame in objects.frames.items():
            if name in image.addresses:
                address = image.addresses[name]
                self.frames[address] = max(frame, self.frames.get(address, 0))
        taken = {image.addresses[name] for name in objects.taken if name in image.addresses}
        self.reached_by_address = {address for address in taken
                                   if is_code(image.functions.get(address, []))}
        self.indirect = {image.addresses[name] for name in objects.indirect
                         if name in image.addresses}
        self.order = sorted(image.functions)

    def frame(self, address):
        if address in self.frames:
            return self.frames[address]
        total = 0
        for instruction in self.image.functions[address]:
            taken = self.code.taken(instruction)
            if taken is None:
                raise ImageError(f"{self.image.name_at(address)}: {instruction.mnemonic} "
                                 f"{instruction.operands} changes the stack pointer")
            total += taken
        return total

    def called(self, address):
        """Functions that the one at `address` may call, jump to or run on into."""
        instructions = self.image.functions[address]
        inside = {instruction.address for instruction in instructions}
        result = set()
        for instruction in instructions:
            if self.code.branches.match(instruction.mnemonic):
                for target in TARGET.findall(instruction.operands):
                    calls_itself = int(target, 16) == address \
                        and instruction.mnemonic in self.code.calls
                    if calls_itself or int(target, 16) not in inside:
                        result.add(self.function_at(int(target, 16)))
        by_address = address in self.indirect or address not in self.frames and any(
            map(self.code.calls_by_address, instructions))
        if by_address:
            if not self.reached_by_address:
                raise ImageError(f"{self.image.name_at(address)} calls by address, and no address "
                                 "is taken")
            result |= self.reached_by_address
        if address not in self.frames and self.code.falls_through(last_of(instructions)):
            following = self.order.index(address) + 1
            if following < len(self.order):
                result.add(self.order[following])
        if self.code.reset_sets_stack:
            result.discard(self.image.address_of("reset"))
        return result

    def function_at(self, target):
        """The function whose code holds the address."""
        for address in reversed(self.order):
            if address <= target:
                return address
        raise ImageError(f"{self.image.path}: a branch to 0x{target:x}, where no function is")

    def depth(self, address, known=None, above=()):
        """Bytes of the deepest chain of calls, and its functions."""
        known = {} if known is None else known
        if address in above:
            names = [self.image.name_at(one) for one in (*above[above.index(address):], address)]
            raise ImageError("recursion: " + " -> ".join(names))
        if address not in known:
            deepest = max((self.depth(one, known, (*above, address))
                           for one in self.called(address)), default=(0, ()))
            known[address] = self.frame(address) + deepest[0], (address, *deepest[1])
        return known[address]


def stack_bound(image, objects, has_float_unit):
    """Bytes, and the names along the deepest chain."""
    graph = CallGraph(image, objects)
    total, chain = graph.depth(image.address_of("reset"))
    handlers = {image.address_of(name) for name in objects.vectors
                if name in image.addresses} - {image.address_of("reset")}
    if graph.code is RiscvCode:
        handlers = {image.address_of("serve_clock"), image.address_of("serve_link")}
    else:
        handlers -= {image.address_of("fault_entry")}
    if not handlers:
        raise ImageError(f"{image.path}: no interrupt handler")
    frame = graph.code.float_interrupt_frame if has_float_unit else graph.code.interrupt_frame
    for handler in sorted(handlers):
        deepest, handler_chain = graph.depth(handler)
        total, chain = total + frame + deepest, (*chain, *handler_chain)
    return total, [image.name_at(one) for one in chain]
