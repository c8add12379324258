"""Mutants of a module's text: each is one small wrong edit, made from its syntax tree.

What is said to people (the arguments of `raise`, f-strings), assertions, annotations and imports
are left alone: a change there changes no answer.
"""

from __future__ import annotations

import ast
import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import attrs

COMPARISONS = {
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.In: "not in",
    ast.NotIn: "in",
}
OPERATORS = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "+",
    ast.FloorDiv: "*",
    ast.Mod: "//",
    ast.BitAnd: "|",
    ast.BitOr: "&",
    ast.BitXor: "|",
    ast.LShift: ">>",
    ast.RShift: "<<",
}
SIBLINGS = {"min": "max", "max": "min", "any": "all", "all": "any"}
SAID = (ast.Raise, ast.Assert, ast.JoinedStr, ast.Import, ast.ImportFrom)


@attrs.frozen
class Mutant:
    """One edit: the text between two offsets is replaced."""

    file: str
    line: int
    start: int
    end: int
    before: str
    after: str
    function: str
    """The qualified name of the outermost function it is in, or nothing in the module's body."""
    number: int = 0
    """Which of the like edits in the function it is."""

    @property
    def name(self) -> str:
        """What tells it from every other, and stays when something else is edited."""
        where = f"{self.file}:{self.function or 'module'}"
        return f"{where}: {self.before!r} -> {self.after!r}, {self.number}"

    def applied(self, text: str) -> str:
        """Return the text with the edit made."""
        return text[: self.start] + self.after + text[self.end :]


def mutants_of(root: Path, file: str) -> list[Mutant]:
    """Return every mutant of a file that still compiles."""
    text = (root / file).read_text(encoding="utf-8")
    made = {(m.start, m.end, m.after): m for m in _Mutations(file, text).all()}
    kept, alike = list[Mutant](), Counter[str]()
    for mutant in made.values():
        try:
            compile(mutant.applied(text), file, "exec")
        except SyntaxError:
            continue
        alike[mutant.name] += 1
        kept.append(attrs.evolve(mutant, number=alike[mutant.name]))
    return kept


class _Mutations:
    def __init__(self, file: str, text: str) -> None:
        self.file, self.text = file, text
        self.tree = ast.parse(text)
        self.starts = [0]
        for line in text.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self.lines = text.splitlines(keepends=True)
        nodes = list(ast.walk(self.tree))
        self.members = dict[str, list[str]]()
        for node in nodes:
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                names = self.members.setdefault(node.value.id, [])
                if node.attr.isupper() and node.attr not in names:
                    names.append(node.attr)
        functions = [n for n in nodes if isinstance(n, ast.FunctionDef)]
        self.arity = {n.name: len(n.args.args) for n in functions}

    def all(self) -> Iterator[Mutant]:
        yield from self._visit(self.tree, "", "")

    def _offset(self, line: int, column: int) -> int:
        return self.starts[line - 1] + len(self.lines[line - 1].encode()[:column].decode())

    def _span(self, node: ast.expr | ast.stmt | ast.pattern) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = self._offset(node.lineno, node.col_offset)
        return start, self._offset(node.end_lineno, node.end_col_offset)

    def _source(self, node: ast.expr | ast.stmt | ast.pattern) -> str:
        start, end = self._span(node)
        return self.text[start:end]

    def _edit(self, node: ast.expr | ast.stmt | ast.pattern, after: str, function: str) -> Mutant:
        start, end = self._span(node)
        line = node.lineno
        return Mutant(self.file, line, start, end, self.text[start:end], after, function)

    def _between(self, left: ast.expr, right: ast.expr, new: str, function: str) -> Mutant:
        """Replace what is between two operands, where no bracket or comment is in the way."""
        start, end = self._span(left)[1], self._span(right)[0]
        gap = self.text[start:end]
        head = gap[: len(gap) - len(gap.lstrip(") \n"))]
        tail = gap[len(gap.rstrip("( \n")) :]
        return Mutant(
            self.file,
            left.lineno,
            start,
            end,
            gap,
            f"{head.rstrip(' ')} {new} {tail.lstrip(' ')}",
            function,
        )

    def _visit(self, node: ast.AST, scope: str, function: str) -> Iterator[Mutant]:
        if isinstance(node, SAID):
            if isinstance(node, ast.Raise) and scope and not self._unreachable(node):
                yield self._edit(node, "pass", function)
            return
        if isinstance(node, ast.FunctionDef):
            scope = f"{scope}.{node.name}" if scope else node.name
            function = function or scope
            for default in (*node.args.defaults, *node.args.kw_defaults):
                if default is not None:
                    yield from self._visit(default, scope, "")
            yield from self._body(node, function)
            for statement in node.body:
                yield from self._visit(statement, scope, function)
            return
        if isinstance(node, ast.ClassDef):
            scope = f"{scope}.{node.name}" if scope else node.name
            for statement in node.body:
                yield from self._visit(statement, scope, function)
            return
        if isinstance(node, ast.AnnAssign):
            if node.value is not None:
                yield from self._visit(node.value, scope, function)
            return
        yield from self._own(node, function)
        for child in ast.iter_child_nodes(node):
            yield from self._visit(child, scope, function)

    def _unreachable(self, node: ast.Raise) -> bool:
        """Say whether it stands where nobody comes: in an abstract method, or by design."""
        said = "" if node.exc is None else self._source(node.exc)
        return said.startswith(("NotImplementedError", "AssertionError"))

    def _body(self, node: ast.FunctionDef, function: str) -> Iterator[Mutant]:
        """Return at once from a function that gives nothing; turn a predicate's answer round."""
        returns = node.returns
        body = [
            s
            for s in node.body
            if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))
        ]
        if (
            not body
            or isinstance(body[0], ast.Raise)
            or not isinstance(returns, ast.Constant | ast.Name)
        ):
            return
        if isinstance(returns, ast.Constant) and returns.value is None:
            yield self._edit(body[0], "return", function)
        if isinstance(returns, ast.Name) and returns.id == "bool":
            for inner in ast.walk(node):
                if isinstance(inner, ast.Return) and not isinstance(
                    inner.value, ast.Constant | None
                ):
                    yield self._edit(inner.value, f"not ({self._source(inner.value)})", function)

    def _own(self, node: ast.AST, function: str) -> Iterator[Mutant]:
        match node:
            case ast.Compare():
                operands = [node.left, *node.comparators]
                for at, operator in enumerate(node.ops):
                    new = COMPARISONS[type(operator)]
                    yield self._between(operands[at], operands[at + 1], new, function)
            case ast.BinOp() if type(node.op) in OPERATORS and not self._types(node):
                yield self._between(node.left, node.right, OPERATORS[type(node.op)], function)
            case ast.BoolOp():
                new = "or" if isinstance(node.op, ast.And) else "and"
                for left, right in zip(node.values, node.values[1:], strict=False):
                    yield self._between(left, right, new, function)
            case ast.UnaryOp(op=ast.Not()):
                yield self._edit(node, f"({self._source(node.operand)})", function)
            case ast.UnaryOp(op=ast.USub() | ast.Invert()):
                yield self._edit(node, f"({self._source(node.operand)})", function)
            case ast.If() | ast.While() | ast.IfExp():
                if not isinstance(node.test, ast.Compare | ast.UnaryOp):
                    yield self._edit(node.test, f"not ({self._source(node.test)})", function)
            case ast.comprehension():
                for test in node.ifs:
                    yield self._edit(test, "True", function)
            case ast.Constant(value=bool(value)):
                yield self._edit(node, str(not value), function)
            case ast.Constant(value=int(value)):
                yield self._edit(
                    node, f"{value ^ 1}" if value in (0, 1) else f"{value + 1}", function
                )
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if name.isupper():
                names = self.members[owner]
                other = names[(names.index(name) + 1) % len(names)]
                if other != name:
                    yield self._edit(node, f"{owner}.{other}", function)
            case ast.Call():
                yield from self._call(node, function)
            case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Break() | ast.Continue():
                yield self._edit(node, "pass", function)
            case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
                yield self._edit(node, "pass", function)
            case ast.Return(value=None):
                yield self._edit(node, "pass", function)
            case ast.Dict(values=values):
                for row, following in itertools.pairwise(values):
                    if self._source(row) != self._source(following):
                        yield self._edit(row, self._source(following), function)
            case ast.Set(elts=elements) | ast.Tuple(elts=elements) | ast.List(elts=elements):
                for element in elements:
                    if isinstance(element, ast.Constant) and isinstance(element.value, str):
                        yield self._edit(element, '"no such"', function)
            case ast.Match(cases=cases):
                yield from self._cases(cases, function)
            case _:
                return

    def _types(self, node: ast.BinOp) -> bool:
        sides = (node.left, node.right)
        return isinstance(node.op, ast.BitOr) and all(
            (isinstance(side, ast.Name) and side.id[0].isupper()) or isinstance(side, ast.BinOp)
            for side in sides
        )

    def _call(self, node: ast.Call, function: str) -> Iterator[Mutant]:
        called, arguments = node.func, node.args
        if isinstance(called, ast.Name) and called.id in SIBLINGS:
            yield self._edit(called, SIBLINGS[called.id], function)
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        if name in self.arity:
            alike = [n for n, count in self.arity.items() if count == self.arity[name]]
            sibling = alike[(alike.index(name) + 1) % len(alike)]
            if sibling != name and not name.startswith("__") and not sibling.startswith("__"):
                start, end = self._span(called)
                start = end - len(name)
                yield Mutant(self.file, called.lineno, start, end, name, sibling, function)
        if name in ("isinstance", "range", "zip", "cast", "field", "Factory", "getattr"):
            return
        for first, second in itertools.pairwise(arguments):
            sources = self._source(first), self._source(second)
            if sources[0] != sources[1] and type(first) is type(second) and "node" not in sources:
                start, end = self._span(first)[0], self._span(second)[1]
                gap = self.text[self._span(first)[1] : self._span(second)[0]]
                after = f"{sources[1]}{gap}{sources[0]}"
                before = self.text[start:end]
                yield Mutant(self.file, first.lineno, start, end, before, after, function)
                break

    def _cases(self, cases: list[ast.match_case], function: str) -> Iterator[Mutant]:
        for one, other in itertools.pairwise(cases):
            second = self._source(other.pattern)
            if isinstance(one.pattern, ast.MatchValue | ast.MatchOr) and second != "_":
                yield self._edit(one.pattern, second, function)
            if isinstance(one.pattern, ast.MatchOr):
                for alternative in one.pattern.patterns:
                    yield self._edit(alternative, '"no such"', function)
            if one.guard is not None:
                yield self._edit(one.guard, f"not ({self._source(one.guard)})", function)
