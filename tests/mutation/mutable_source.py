# SPDX-License-Identifier: Apache-2.0
"""A source that is to be mutated, as libclang reads it, and the points found in it so far."""

import dataclasses
import hashlib
import re

from clang import cindex
from clang.cindex import CursorKind

EXPRESSION = "expression"  # (acts ? mutated : original)
STATEMENT = "statement"    # an expression statement, dropped or replaced
EXIT = "exit"              # return, break, continue, throw, dropped
EMPTY_RETURN = "empty"     # return {}; in place of the original
RANGE = "range"            # a range-based loop without its last element
CONDITION = "condition"    # its opposite, also of what converts to bool only where one is asked for


@dataclasses.dataclass(frozen=True)
class Point:
    """One mutant: bytes [begin, end) of the file read as `mutated`, in the way of `form`."""
    file: str
    begin: int
    end: int
    form: str
    operator: str
    original: str
    mutated: str
    line: int
    function: str
    occurrence: int = 0  # among equal changes of the same function

    @property
    def key(self):
        """What stays when lines move."""
        return (self.file, self.function, self.original, self.mutated, self.occurrence)

    @property
    def rank(self):
        """A draw that depends on nothing but the key."""
        return hashlib.sha256(repr(self.key).encode()).hexdigest()


class MutableSource:
    def __init__(self, root, name, arguments):
        self.name = name
        self.source = (root / name).read_bytes()
        self.path = str(root / name)
        options = cindex.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD
        self.unit = cindex.Index.create().parse(self.path, ["-xc++", *arguments], options=options)
        errors = [str(found) for found in self.unit.diagnostics if found.severity >= 3]
        if errors:
            raise SystemExit(f"mutate: {name} does not parse: {errors[0]}")
        self.macros = [(cursor.extent.start.offset, cursor.extent.end.offset)
                       for cursor in self.unit.cursor.get_children()
                       if cursor.kind == CursorKind.MACRO_INSTANTIATION and self.holds(cursor)]
        self.points = []

    def holds(self, cursor):
        file = cursor.location.file
        return file is not None and file.name == self.path

    def text(self, begin, end):
        return self.source[begin:end].decode()

    def code(self, begin, end):
        """Without comments, blank at both ends."""
        return re.sub(r"//[^\n]*|/\*.*?\*/", " ", self.text(begin, end), flags=re.DOTALL).strip()

    def in_macro(self, begin, end):
        return any(first < end and begin < last for first, last in self.macros)

    def add(self, begin, end, form, operator, mutated, function):
        original = self.text(begin, end)
        if original == mutated or self.in_macro(begin, end):
            return
        line = self.source.count(b"\n", 0, begin) + 1
        self.points.append(Point(self.name, begin, end, form, operator, original, mutated, line,
                                 function))
