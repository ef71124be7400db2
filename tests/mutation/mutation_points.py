# SPDX-License-Identifier: Apache-2.0
"""Where a source can be mutated: its syntax tree, read by libclang, and a list of small changes.

Constant expressions (template arguments, static assertions, constexpr variables, case labels) have
no points, because a switch that is read at run time cannot reach them; neither have macros, nor
default values of members, nearly all of which are written before they are read.
"""

import dataclasses
import pathlib
import re

from clang.cindex import CursorKind, TypeKind

from mutable_source import CONDITION, EMPTY_RETURN, EXIT, EXPRESSION, RANGE, STATEMENT, MutableSource, Point

COMPARISONS = {"<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"),
               "==": ("!=",), "!=": ("==",)}
BOUNDARIES = {("<", "<="), ("<=", "<"), (">", ">="), (">=", ">")}
ARITHMETIC = {"+": ("-",), "-": ("+",), "*": ("/",), "/": ("*",), "%": ("*",), "&": ("|",),
              "|": ("&",), "^": ("&",), "<<": (">>",), ">>": ("<<",)}
ASSIGNMENTS = {"+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=", "|=": "&=", "&=": "|=", "^=": "|=",
               "<<=": ">>=", ">>=": "<<=", "%=": "*="}

NUMBERS = {TypeKind.BOOL, TypeKind.CHAR_U, TypeKind.UCHAR, TypeKind.USHORT, TypeKind.UINT,
           TypeKind.ULONG, TypeKind.ULONGLONG, TypeKind.CHAR_S, TypeKind.SCHAR, TypeKind.SHORT,
           TypeKind.INT, TypeKind.LONG, TypeKind.LONGLONG, TypeKind.FLOAT, TypeKind.DOUBLE,
           TypeKind.LONGDOUBLE, TypeKind.ENUM}
# Types of a template that are known only where it is used.
OPEN = {TypeKind.DEPENDENT, TypeKind.UNEXPOSED, TypeKind.AUTO, TypeKind.INVALID}
FUNCTIONS = {CursorKind.CXX_METHOD, CursorKind.FUNCTION_DECL, CursorKind.CONSTRUCTOR,
             CursorKind.DESTRUCTOR, CursorKind.FUNCTION_TEMPLATE, CursorKind.CONVERSION_FUNCTION}
CONSTANT = {CursorKind.STATIC_ASSERT, CursorKind.ENUM_DECL, CursorKind.TEMPLATE_TYPE_PARAMETER,
            CursorKind.TEMPLATE_NON_TYPE_PARAMETER, CursorKind.CXX_UNARY_EXPR, CursorKind.PARM_DECL,
            CursorKind.FIELD_DECL,
            CursorKind.TYPE_ALIAS_DECL, CursorKind.DECL_REF_EXPR, CursorKind.TYPE_REF,
            CursorKind.TEMPLATE_REF, CursorKind.CXX_TYPEID_EXPR}
LOOPS = {CursorKind.FOR_STMT, CursorKind.CXX_FOR_RANGE_STMT, CursorKind.WHILE_STMT,
         CursorKind.DO_STMT}


def span(cursor):
    return cursor.extent.start.offset, cursor.extent.end.offset


def expressions(cursor):
    return [child for child in cursor.get_children() if child.kind.is_expression()]


def is_number(cursor):
    return cursor.type.get_canonical().kind in NUMBERS


def is_number_or_open(cursor):
    return cursor.type.get_canonical().kind in NUMBERS | OPEN


class _Walk:
    def __init__(self, file):
        self.file = file
        self.statement = None  # the innermost expression statement around

    # --- the way down ---

    def visit(self, cursor, function="", result=None):
        kind = cursor.kind
        if kind in CONSTANT or kind.is_attribute():
            return
        if kind in FUNCTIONS:
            self.visit_function(cursor)
        elif kind == CursorKind.LAMBDA_EXPR:
            around, self.statement = self.statement, None
            for child in cursor.get_children():
                if child.kind == CursorKind.COMPOUND_STMT:
                    self.visit(child, function)
            self.statement = around
        elif kind == CursorKind.VAR_DECL:
            self.visit_initialiser(cursor, function)
        elif kind == CursorKind.MEMBER_REF_EXPR:
            for child in expressions(cursor):  # the object, not template arguments
                if span(child)[0] == span(cursor)[0]:
                    self.visit(child, function)
        elif kind == CursorKind.CASE_STMT:
            for child in list(cursor.get_children())[1:]:
                self.visit_statement(child, function, result)
        else:
            self.look_at(cursor, function, result)
            self.visit_children(cursor, function, result)

    def visit_function(self, cursor):
        head = self.file.text(span(cursor)[0], cursor.location.offset)
        if "consteval" in head or re.search(r"=\s*default$", self.file.text(*span(cursor))):
            return
        name = cursor.spelling.split("<")[0]
        parent = cursor.semantic_parent
        if parent is not None and parent.kind not in (CursorKind.NAMESPACE,
                                                      CursorKind.TRANSLATION_UNIT):
            name = f"{parent.spelling.split('<')[0]}::{name}"
        for child in cursor.get_children():
            if child.kind == CursorKind.COMPOUND_STMT or (
                    cursor.kind == CursorKind.CONSTRUCTOR and child.kind.is_expression()):
                self.visit(child, name, cursor.result_type)

    def visit_initialiser(self, cursor, function):
        """The value, not the type; nothing of what is computed before the program runs."""
        head = self.file.text(span(cursor)[0], cursor.location.offset)
        if re.search(r"\b(constexpr|constinit|static)\b", head):
            return
        if not function:
            return
        for child in expressions(cursor):
            if span(child)[0] > cursor.location.offset:
                self.visit(child, function)

    def visit_children(self, cursor, function, result):
        children = list(cursor.get_children())
        if cursor.kind == CursorKind.IF_STMT and self.is_constexpr_if(cursor):
            children = children[1:]
        step = self.step_of_loop(cursor)
        for child in children:
            if step and step[0] <= span(child)[0] < step[1]:
                continue
            if self.is_statement_of(cursor, child):
                self.visit_statement(child, function, result)
            else:
                self.visit(child, function, result)
        if cursor.kind == CursorKind.COMPOUND_STMT:
            self.look_at_exits(children, function)

    def is_constexpr_if(self, cursor):
        return re.match(r"if\s+constexpr\b", self.file.text(*span(cursor))) is not None

    @staticmethod
    def is_statement_of(parent, child):
        if parent.kind in (CursorKind.COMPOUND_STMT, CursorKind.DEFAULT_STMT):
            return True
        return (parent.kind in LOOPS | {CursorKind.IF_STMT}
                and child.kind == CursorKind.COMPOUND_STMT)

    def step_of_loop(self, cursor):
        """Of a classical for: the bytes between its second semicolon and its body."""
        if cursor.kind != CursorKind.FOR_STMT:
            return None
        head = self.head_of(cursor)
        return head and (head[1], head[2])

    def head_of(self, cursor):
        """Offsets of the condition's begin, the step's begin and the closing parenthesis."""
        begin = span(cursor)[0]
        text = self.file.text(*span(cursor))
        depth, parts = 0, []
        for at, character in enumerate(text):
            if character in "([{":
                depth += 1
            elif character in ")]}":
                depth -= 1
                if depth == 0 and len(parts) == 2:
                    return begin + parts[0], begin + parts[1], begin + at
            elif character == ";" and depth == 1:
                parts.append(at + 1)
        return None

    # --- what each node offers ---

    def visit_statement(self, cursor, function, result):
        if cursor.kind.is_expression() and cursor.kind != CursorKind.CXX_THROW_EXPR:
            begin, end = span(cursor)
            self.file.add(begin, end, STATEMENT, "dropped statement", "", function)
            around, self.statement = self.statement, (begin, end)
            self.visit(cursor, function, result)
            self.statement = around
        else:
            self.visit(cursor, function, result)

    def look_at(self, cursor, function, result):
        kind = cursor.kind
        if kind == CursorKind.INTEGER_LITERAL or kind == CursorKind.FLOATING_LITERAL:
            self.look_at_number(cursor, function)
        elif kind == CursorKind.CXX_BOOL_LITERAL_EXPR:
            begin, end = span(cursor)
            opposite = "false" if self.file.text(begin, end) == "true" else "true"
            self.file.add(begin, end, EXPRESSION, "constant", opposite, function)
        elif kind == CursorKind.UNARY_OPERATOR:
            self.look_at_unary(cursor, function)
        elif kind == CursorKind.RETURN_STMT:
            self.look_at_return(cursor, function, result)
        elif kind == CursorKind.CXX_FOR_RANGE_STMT:
            self.look_at_range(cursor, function)
        elif kind == CursorKind.FOR_STMT:
            self.look_at_loop_end(cursor, function)
        elif kind in (CursorKind.IF_STMT, CursorKind.WHILE_STMT, CursorKind.CONDITIONAL_OPERATOR):
            self.look_at_condition(cursor, function)
        if kind.is_expression():
            self.look_at_binary(cursor, function)

    def change(self, cursor, operator, mutated, function):
        self.file.add(*span(cursor), EXPRESSION, operator, mutated, function)

    def change_arithmetic(self, cursor, mutated, function):
        """Of vectors, sum and difference differ in type, so that they stand in two statements."""
        if cursor.type.kind != TypeKind.DEPENDENT or self.statement is None:
            self.change(cursor, "arithmetic", mutated, function)
            return
        begin, end = span(cursor)
        first, last = self.statement
        self.file.add(first, last, STATEMENT, "arithmetic", self.file.text(first, begin)
                      + f"({mutated})" + self.file.text(end, last), function)

    def look_at_number(self, cursor, function):
        text = self.file.text(*span(cursor))
        # A pragma's has none; that of a rewritten comparison, (a <=> b) < 0, is its operator's.
        if not re.match(r"\.?\d", text):
            return
        self.change(cursor, "constant", f"{text} + 1", function)
        if not re.fullmatch(r"0[xX]?0*[uUlLzZ]*|0*\.0*[fF]?", text):
            self.change(cursor, "constant", f"{text} - 1", function)

    def look_at_unary(self, cursor, function):
        inner = expressions(cursor)
        if len(inner) != 1:
            return
        sign = self.file.code(span(cursor)[0], span(inner[0])[0])
        operand = self.file.text(*span(inner[0]))
        if sign == "!":
            self.change(cursor, "negation", f"static_cast<bool>({operand})", function)
        elif sign in ("-", "~") and is_number_or_open(inner[0]):
            self.change(cursor, "arithmetic", f"{operand}", function)
        elif sign in ("++", "--"):
            other = "--" if sign == "++" else "++"
            self.change(cursor, "arithmetic", f"{other}{operand}", function)

    def look_at_binary(self, cursor, function):
        sides = [child for child in expressions(cursor)
                 if not child.spelling.startswith("operator")]
        if len(sides) != 2 or cursor.kind == CursorKind.INIT_LIST_EXPR:
            return
        left, right = sides
        sign = self.file.code(span(left)[1], span(right)[0])
        if (span(left)[0], span(right)[1]) != span(cursor):
            return
        a, b = self.file.text(*span(left)), self.file.text(*span(right))
        if cursor.kind == CursorKind.COMPOUND_ASSIGNMENT_OPERATOR and sign in ASSIGNMENTS:
            if is_number_or_open(left) and is_number_or_open(right):
                self.change(cursor, "arithmetic", f"{a} {ASSIGNMENTS[sign]} {b}", function)
            return
        built_in = cursor.kind == CursorKind.BINARY_OPERATOR
        for other in COMPARISONS.get(sign, ()):
            if built_in or sign in ("==", "!="):
                operator = "boundary" if (sign, other) in BOUNDARIES else "comparison"
                self.change(cursor, operator, f"{a} {other} {b}", function)
        if sign in ("&&", "||"):
            other = "||" if sign == "&&" else "&&"
            self.change(cursor, "logical", f"({a}) {other} ({b})", function)
            self.change(cursor, "logical", f"static_cast<bool>({a})", function)
            self.change(cursor, "logical", f"static_cast<bool>({b})", function)
        if built_in and is_number_or_open(left) and is_number_or_open(right):
            if sign == "*" and cursor.type.kind == TypeKind.DEPENDENT:  # a vector has no quotient
                self.change_arithmetic(cursor, f"({b})", function)
                return
            for other in ARITHMETIC.get(sign, ()):
                self.change_arithmetic(cursor, f"({a}) {other} ({b})", function)

    def look_at_condition(self, cursor, function):
        condition = next(iter(cursor.get_children()), None)
        if condition is None or not condition.kind.is_expression():
            return
        if cursor.kind == CursorKind.IF_STMT and self.is_constexpr_if(cursor):
            return
        if condition.kind == CursorKind.BINARY_OPERATOR and self.is_single_comparison(condition):
            return  # the comparison's own mutants say it
        text = self.file.text(*span(condition))
        if not text:  # in a macro
            return
        begin, end = span(condition)
        self.file.add(begin, end, CONDITION, "negation", f"!({text})", function)

    def is_single_comparison(self, cursor):
        sides = expressions(cursor)
        return len(sides) == 2 and self.file.code(span(sides[0])[1], span(sides[1])[0]) in COMPARISONS

    def look_at_return(self, cursor, function, result):
        value = next(iter(expressions(cursor)), None)
        if value is None or result is None:
            return
        begin, end = span(value)
        text = self.file.text(begin, end)
        kind = result.get_canonical().kind
        if kind == TypeKind.BOOL:
            if text not in ("true", "false"):
                for constant in ("true", "false"):
                    self.file.add(begin, end, EXPRESSION, "return value", constant, function)
        elif kind in NUMBERS and kind != TypeKind.ENUM:
            if not re.fullmatch(r"0[uU]?|0?\.0*[fF]?", text):
                self.file.add(*self.whole_statement(cursor), EMPTY_RETURN, "return value",
                              "return {};", function)
        elif re.search(r"\b(optional|string|string_view|vector|Refusal)\b|\bspan<[^,]*>$", result.spelling):
            if text not in ("std::nullopt", "{}") and "&" not in result.spelling:
                self.file.add(*self.whole_statement(cursor), EMPTY_RETURN, "return value",
                              "return {};", function)

    def look_at_range(self, cursor, function):
        begin, end = span(cursor)
        text = self.file.text(begin, end)
        depth, colon = 0, None
        for at, character in enumerate(text):
            if character in "([{":
                depth += 1
            elif character in ")]}":
                depth -= 1
                if depth == 0:
                    break
            elif character == ":" and depth == 1 and ":" not in (text[at - 1], text[at + 1]):
                colon = at
        if colon is None or text[colon + 1:at].lstrip().startswith("{"):
            return
        first = colon + 1 + len(text[colon + 1:at]) - len(text[colon + 1:at].lstrip())
        begin, end = (begin + len(text[:offset].encode()) for offset in (first, at))
        self.file.add(begin, end, RANGE, "last element", "all but the last of " + text[first:at],
                      function)

    def look_at_loop_end(self, cursor, function):
        head = self.head_of(cursor)
        step = head and re.fullmatch(r"\+\+\s*\w+|\w+\s*\+\+|\w+\s*\+=\s*(\w+)",
                                     self.file.code(head[1], head[2]))
        if not step:
            return
        for child in expressions(cursor):
            sides = expressions(child)
            if head[0] <= span(child)[0] < head[1] and len(sides) == 2 and self.file.code(
                    span(sides[0])[1], span(sides[1])[0]) == "<":
                a, b = (self.file.text(*span(side)) for side in sides)
                self.change(child, "last element", f"{a} + {step[1] or 1} < {b}", function)

    def whole_statement(self, cursor):
        """With its semicolon."""
        begin, end = span(cursor)
        while self.file.source[end:end + 1].isspace():
            end += 1
        return (begin, end + 1) if self.file.source[end:end + 1] == b";" else (begin, end)

    def look_at_exits(self, children, function):
        """Early exits, after which there is somewhere to go on."""
        for number, child in enumerate(children[:-1]):
            if child.kind != CursorKind.IF_STMT or self.is_constexpr_if(child):
                continue
            parts = list(child.get_children())
            if len(parts) < 2 or self.has_else(child):
                continue
            self.drop_last_exit(parts[-1], function)

    def has_else(self, cursor):
        bodies = [part for part in cursor.get_children() if not part.kind.is_expression()
                  and part.kind not in (CursorKind.DECL_STMT, CursorKind.VAR_DECL)]
        return len(bodies) > 1

    def drop_last_exit(self, body, function):
        inner = list(body.get_children()) if body.kind == CursorKind.COMPOUND_STMT else [body]
        if not inner:
            return
        last = inner[-1]
        if last.kind in (CursorKind.RETURN_STMT, CursorKind.BREAK_STMT, CursorKind.CONTINUE_STMT):
            self.file.add(*self.whole_statement(last), EXIT, "dropped exit", "", function)
        elif last.kind == CursorKind.CXX_THROW_EXPR:
            self.file.add(*span(last), STATEMENT, "dropped exit", "", function)
        elif last.kind == CursorKind.IF_STMT and not self.has_else(last):
            self.drop_last_exit(list(last.get_children())[-1], function)


def points_of(root: pathlib.Path, name: str, arguments) -> list[Point]:
    """Every point of one file, in its order; equal changes of one function are numbered."""
    file = MutableSource(root, name, arguments)
    for cursor in file.unit.cursor.get_children():
        if file.holds(cursor):
            _Walk(file).visit(cursor)
    seen, numbered = {}, []
    ordered = sorted(set(file.points), key=lambda point: (point.begin, -point.end, point.mutated))
    for point in ordered:
        occurrence = seen.get(point.key, 0)
        seen[point.key] = occurrence + 1
        numbered.append(dataclasses.replace(point, occurrence=occurrence))
    return numbered
