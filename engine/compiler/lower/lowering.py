"""Lowering: what is known while a function becomes operations, and the tables that say how.

A rule is a function `rule(lowering, node)`. Rules find each other by the kind of a node, in the
tables of the grammar, and never by name: so any of them may need any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import Final, Generic, TypeAlias, TypeVar

import attrs
from tree_sitter import Node

from engine.compiler.compilation import Compilation, Member
from engine.compiler.declarations import Types
from engine.compiler.lower.flow import Flow, Label
from engine.compiler.syntax import Unit, arguments
from engine.compiler.unit import UnitNames
from engine.policy.c_types import VOID, CType, IntegerType
from engine.policy.expressions import Constant, Expression
from engine.policy.policy import Variable
from engine.refusal import RefusedError

Result = TypeVar("Result")

EXPRESSIONS_SUPPORTED: Final = (
    "integer, comparison, logical and assignment operators, ?:, casts to integers, sizeof, "
    "members, pointers and calls"
)
LVALUES_SUPPORTED: Final = "a variable, a member or `*pointer`"
STATEMENTS_SUPPORTED: Final = (
    "declarations, expressions, if, switch, for, while, do, goto, break, continue, return, "
    "guard() and scoped_guard()"
)


@attrs.frozen
class Object:
    """What an lvalue names: an address, and the type of what is there."""

    address: Expression
    type: CType
    writable: bool = True
    invented: Member | None = None
    """The member of arch that it is, where its type is still being inferred."""
    known: Constant | None = None
    """What it always holds."""


@attrs.frozen
class Held:
    """A lock that a guard releases on every way out of a block."""

    address: Expression
    shared: bool
    text: str
    node: Node
    block: Node


@attrs.frozen
class Loop:
    """Where `break` and `continue` lead, and how many guards are held outside."""

    leave: Label
    again: Label | None
    guards: int


@attrs.define
class Switch:
    """The cases of a switch that have been met."""

    ctype: IntegerType
    cases: list[tuple[int, int, Label]] = attrs.Factory(list)
    default: Label | None = None


@attrs.frozen
class KernelCall:
    """A call of a function of the kernel, with as many arguments as it takes."""

    node: Node
    name: str
    given: tuple[Node, ...]
    spelled: Mapping[str, str]
    """The named groups of the pattern that the name follows, empty where one took no part."""


KernelRule: TypeAlias = "Callable[[Lowering, KernelCall], Result]"
"""How a call of a function of the kernel is lowered."""


@attrs.frozen
class KernelRow(Generic[Result]):
    """A function or macro of the kernel that the model knows, with its kin."""

    names: tuple[str, ...]
    """Its names, or patterns of them; with `*` before it where it is what the call points at."""
    arguments: int
    variadic: bool
    """More arguments are taken, too."""
    own: bool
    """It is the model's even where the source defines it."""
    noted: bool
    """A patch that changes it is told so, although a definition in the source is followed."""
    rule: KernelRule[Result]


@attrs.frozen(eq=False)
class KernelTable(Generic[Result]):
    """What the model knows of the kernel, by name."""

    rows: tuple[KernelRow[Result], ...]

    @cached_property
    def _named(self) -> Mapping[str, KernelRow[Result]]:
        return {name: row for row in self.rows for name in row.names if _is_plain(name)}

    @cached_property
    def _families(self) -> tuple[tuple[re.Pattern[str], KernelRow[Result]], ...]:
        return tuple(
            (re.compile(name), row)
            for row in self.rows
            for name in row.names
            if not _is_plain(name)
        )

    @property
    def own(self) -> frozenset[str]:
        """The names that are the model's even where the source defines them."""
        return frozenset(name.lstrip("*") for name, row in self._named.items() if row.own)

    @property
    def noted(self) -> frozenset[str]:
        """The names of which it is told that a patch changes them."""
        return frozenset(name.lstrip("*") for name, row in self._named.items() if row.noted)

    def lowered(self, lowering: Lowering, call: Node, name: str) -> Result | None:
        """Return what a call of that name is lowered to, None where the name is not known.

        Raises:
            RefusedError: it has another number of arguments, or its row refuses them.
        """
        found = self._find(name)
        if found is None:
            return None
        row, spelled = found
        given = arguments(call)
        lowering.require_arguments(call, given, row.arguments, or_more=row.variadic)
        return row.rule(lowering, KernelCall(call, name, given, spelled))

    def _find(self, name: str) -> tuple[KernelRow[Result], Mapping[str, str]] | None:
        if name in self._named:
            return self._named[name], {}
        for family, row in self._families:
            match = family.fullmatch(name)
            if match is not None:
                return row, match.groupdict("")
        return None


def row(
    table: list[KernelRow[Result]],
    *names: str,
    arguments: int,
    variadic: bool = False,
    own: bool = False,
    noted: bool = False,
) -> Callable[[KernelRule[Result]], KernelRule[Result]]:
    """Decorate the rule for a function of the kernel: put its row into a table."""

    def add(rule: KernelRule[Result]) -> KernelRule[Result]:
        table.append(KernelRow(names, arguments, variadic, own, noted, rule))
        return rule

    return add


def _is_plain(name: str) -> bool:
    return name.lstrip("*").isidentifier()


Rules: TypeAlias = Mapping[str, "Callable[[Lowering, Node], Result]"]
"""Rules by the kind of a node, as tree-sitter's grammar names it."""


@attrs.frozen(eq=False)
class Grammar:
    """All that is known of C and of the kernel."""

    values: Rules[Expression]
    lvalues: Rules[Object]
    statements: Rules[None]
    kernel: KernelTable[Expression]
    """What calls give."""
    kernel_objects: KernelTable[Object]
    """What calls name, or point at."""
    models_own: Collection[str]
    """Functions that stay the model's where the source defines them."""


@attrs.define
class Lowering:
    """One function while it is lowered; or, without a body, what is outside of all functions."""

    compilation: Compilation
    grammar: Grammar
    names: UnitNames
    flow: Flow
    function: str = ""
    """The function being lowered, as the owner of its static variables."""
    result: CType = VOID
    blocks: list[dict[str, Object]] = attrs.Factory(list)
    """The local variables, innermost block last."""
    visiting: set[str] = attrs.Factory(set)
    """Globals and enumerators whose values are being found out."""
    substitutes: dict[int, Expression] = attrs.Factory(dict)
    """What stands for a node whose calls have been given operations of their own."""
    variables: list[Variable] = attrs.Factory(list)
    """The slots of the frame: parameters, locals and temporaries."""
    guards: list[Held] = attrs.Factory(list)
    """What is held here, innermost last; so for what `compounds`, `loops` and `switches` hold."""
    compounds: list[Node] = attrs.Factory(list)
    loops: list[Loop] = attrs.Factory(list)
    switches: list[Switch] = attrs.Factory(list)
    labels: dict[str, tuple[Label, Node]] = attrs.Factory(dict)
    """What `goto` may name, and the statement that has the name."""

    @property
    def unit(self) -> Unit:
        """The unit whose text is being lowered."""
        return self.names.unit

    @property
    def types(self) -> Types:
        """What type names mean here."""
        return Types(self.unit, self.names.typedefs, self.constant)

    def value(self, node: Node) -> Expression:
        """Return the value of an expression.

        Raises:
            RefusedError: the construct is not supported.
        """
        substitute = self.substitutes.get(node.id)
        if substitute is not None:
            return substitute
        rule = self.grammar.values.get(node.type)
        if rule is None:
            raise self.refusal(node, f"`{self.short(node)}`", EXPRESSIONS_SUPPORTED)
        return rule(self, node)

    def constant(self, node: Node) -> Constant | None:
        """Return the value of a constant expression, or None where it is none."""
        value = self.value(node)
        return value if isinstance(value, Constant) else None

    def object(self, node: Node) -> Object:
        """Return the object that an lvalue names.

        Raises:
            RefusedError: it names none that the model has.
        """
        rule = self.grammar.lvalues.get(node.type)
        if rule is None:
            raise self.refusal(node, f"`{self.short(node)}`", LVALUES_SUPPORTED)
        return rule(self, node)

    def statement(self, node: Node) -> None:
        """Lower a statement; in a draft, as much of it as can be understood.

        Raises:
            RefusedError: the construct is not supported.
        """
        rule = self.grammar.statements.get(node.type)
        try:
            if rule is None:
                raise self.refusal(node, f"`{self.short(node)}`", STATEMENTS_SUPPORTED)
            rule(self, node)
        except RefusedError:
            if not self.compilation.draft:
                raise

    def lookup(self, name: str) -> Object | None:
        """Return the local variable of that name, or None."""
        return next((block[name] for block in reversed(self.blocks) if name in block), None)

    def refusal(self, node: Node, found: str, expected: str) -> RefusedError:
        """Return the error that refuses the policy for the construct at a node."""
        return self.unit.refusal(node, found, expected)

    def require_arguments(
        self, call: Node, given: Sequence[Node], wanted: int, *, or_more: bool = False
    ) -> None:
        """Refuse a call with another number of arguments.

        Raises:
            RefusedError: it has another.
        """
        if len(given) == wanted or (or_more and len(given) > wanted):
            return
        expected = f"at least {wanted} arguments" if or_more else f"{wanted} arguments"
        raise self.refusal(call, f"`{self.short(call)}` with {len(given)} arguments", expected)

    def short(self, node: Node) -> str:
        """Return a node's text, cut to what a message can hold."""
        return self.unit.short(node)
