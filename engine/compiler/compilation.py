"""What a compilation knows beyond the function at hand: units, state, functions, questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import attrs
from tree_sitter import Node

from engine.compiler.declarations import Types
from engine.compiler.preprocess.conditions import config_value
from engine.compiler.unit import UnitNames
from engine.policy.c_types import (
    INT,
    VOID,
    ArrayType,
    CType,
    IntegerType,
    PointerType,
    type_name,
)
from engine.policy.expressions import Constant
from engine.policy.integers import common
from engine.policy.policy import AsksFwb, AsksImplementor, HardwareQuestion, Options, Variable
from engine.policy.source import Place

MAX_FUNCTIONS: Final = 200
MAX_STATE: Final = 2_048
"""Slots of state that a policy may keep."""


@attrs.frozen
class Member:
    """A member that the policy invented: in `kvm->arch` or in each `vcpu->arch`."""

    owner: str
    """The tag of the struct."""
    name: str

    @property
    def display(self) -> str:
        """The member as one writes it."""
        return f"{'vcpu' if self.owner == 'kvm_vcpu_arch' else 'kvm'}->arch.{self.name}"


@attrs.frozen
class Signature:
    """A function of the source, as callers see it."""

    names: UnitNames
    node: Node
    name: str
    result: CType
    parameters: tuple[tuple[str, CType], ...]


@attrs.define
class Compilation:
    """One pass over everything reachable; passes repeat until members' types are settled."""

    options: Options
    units: tuple[UnitNames, ...]
    settled: Mapping[Member, CType]
    """What the pass before inferred of invented members."""
    evaluate: Callable[[Compilation, UnitNames, Node], Constant | None]
    """Returns the value of a constant expression outside of functions."""
    inferred: dict[Member, CType] = attrs.Factory(dict)
    statics: list[Variable] = attrs.Factory(list)
    fields: list[Variable] = attrs.Factory(list)
    slots: dict[tuple[object, ...], int] = attrs.Factory(dict)
    """Where a variable's first slot is, by unit, function and declarator, or by member."""
    functions: list[Signature] = attrs.Factory(list)
    indices: dict[tuple[int, str], int] = attrs.Factory(dict)
    questions: list[HardwareQuestion] = attrs.Factory(list)
    assumed: list[str] = attrs.Factory(list)
    own: int = 1
    """How many of the units are the user's own: the first ones."""
    implementor_asked: int = 0
    """How often the implementor is read."""
    implementor_compared: int = 0
    """How often what is read is compared at once, with constants that are all recorded."""
    compared: list[int] = attrs.Factory(list)
    """Constants that other values are compared with."""
    serial: int = 0
    draft: bool = False
    """Types are still being inferred: what cannot be understood is skipped, not refused."""

    @property
    def own_units(self) -> tuple[UnitNames, ...]:
        """The user's own units, without those that stand in."""
        return self.units[: self.own]

    def types(self, names: UnitNames) -> Types:
        """Return what type names mean in a unit, outside of its functions."""
        return Types(names.unit, names.typedefs, lambda node: self.evaluate(self, names, node))

    @property
    def configs(self) -> Mapping[str, int]:
        """The CONFIG_ names the user set."""
        return dict(self.options.configs)

    def config(self, name: str) -> int:
        """Return whether a CONFIG_ name is on."""
        return int(bool(config_value(name, self.configs)))

    def fresh(self) -> int:
        """Return a number that no other `Let` has."""
        self.serial += 1
        return self.serial

    def ask(self, question: HardwareQuestion) -> None:
        """Record that the policy asks the hardware something."""
        if question not in self.questions:
            self.questions.append(question)

    def ask_fwb(self) -> None:
        """Record that the policy asks for FEAT_S2FWB."""
        self.ask(AsksFwb())

    def ask_implementor(self, name: str, value: int) -> None:
        """Record a value that the policy may compare the implementor with."""
        self.ask(AsksImplementor(name, value))

    def keep(
        self,
        bank: list[Variable],
        key: tuple[object, ...],
        name: str,
        ctype: CType,
        initial: tuple[int, ...],
        place: Place,
    ) -> int:
        """Return a variable's first slot, made on first use.

        Raises:
            RefusedError: the policy keeps too much state.
        """
        if key in self.slots:
            return self.slots[key]
        slot = len(bank)
        if isinstance(ctype, ArrayType):
            values = (*initial, *(0 for _ in range(ctype.length - len(initial))))
            bank.extend(
                Variable(f"{name}[{n}]", ctype.element, value) for n, value in enumerate(values)
            )
        else:
            bank.append(Variable(name, ctype, initial[0] if initial else 0))
        if len(bank) > MAX_STATE:
            raise place.refusal("too much state", f"at most {MAX_STATE} values")
        self.slots[key] = slot
        return slot

    def member_type(self, member: Member) -> CType:
        """Return an invented member's type as far as it is known; int where it is not."""
        return self.settled.get(member) or self.inferred.get(member) or INT

    def infer(self, member: Member | None, ctype: CType, place: Place) -> None:
        """Learn a type that an invented member must be able to hold.

        Raises:
            RefusedError: it is used in ways that no one type allows.
        """
        if member is None:
            return
        known = self.inferred.get(member)
        joined = ctype if known is None else _join(known, ctype)
        if joined is None and self.draft:
            return
        if joined is None:
            assert known is not None
            raise place.refusal(
                f"{member.display} used as {type_name(ctype)} and as {type_name(known)}",
                "one type for each member of arch",
            )
        self.inferred[member] = joined

    def function(self, names: UnitNames, name: str) -> tuple[UnitNames, Node] | None:
        """Return a function's definition: its own unit's, else the first unit's that has one."""
        for candidate in (names, *self.units):
            if name in candidate.unit.functions:
                return candidate, candidate.unit.functions[name]
        return None

    def index_of(self, signature: Signature, place: Place) -> int:
        """Return a function's index; it is lowered after the ones met before it.

        Raises:
            RefusedError: too many functions are reachable.
        """
        key = (signature.names.number, signature.name)
        if key not in self.indices:
            if len(self.functions) >= MAX_FUNCTIONS:
                raise place.refusal(
                    "too many functions", f"at most {MAX_FUNCTIONS} that are called"
                )
            self.indices[key] = len(self.functions)
            self.functions.append(signature)
        return self.indices[key]


def _join(left: CType, right: CType) -> CType | None:
    if left == right:
        return left
    if isinstance(left, IntegerType) and isinstance(right, IntegerType):
        return common(left, right)
    for pointer, other in ((left, right), (right, left)):
        if isinstance(pointer, PointerType) and (
            other == PointerType(VOID) or isinstance(other, IntegerType)
        ):
            return pointer
        if isinstance(pointer, ArrayType) and other == pointer.element:
            return pointer
    return None
