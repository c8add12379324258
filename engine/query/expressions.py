"""Expressions of the query language, names resolved: what they read and how they combine it."""

from __future__ import annotations

from enum import Enum, unique
from typing import TypeAlias

import attrs

from engine.arm.registers import Field, SystemRegister
from engine.machine.actors import Actor
from engine.machine.state import Power

Value: TypeAlias = int | Power | None
"""What an expression can be: a number, a truth (a Python bool), a power state, or none."""


@unique
class Type(Enum):
    """What kind of value an expression has; a truth counts as the number 0 or 1."""

    NUMBER = "a number"
    TRUTH = "a truth"
    PLACE = "a place in a program"
    POWER = "a power state"


@unique
class Source(Enum):
    """Which version of a word is meant."""

    RAM = "ram"
    CACHE = "cache"
    SEES = "sees"
    DUE = "due"
    NEWEST = "newest"


@unique
class LineFact(Enum):
    """What can be asked about the line that a word lies on."""

    DIRTY = "dirty"
    HOLDERS = "holders"
    MAPPED = "mapped"


@unique
class Operator(Enum):
    """The operators on two expressions."""

    OR = "or"
    AND = "and"
    EQ = "=="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    BIT_OR = "|"
    BIT_XOR = "^"
    BIT_AND = "&"
    SHIFT_LEFT = "<<"
    SHIFT_RIGHT = ">>"
    ADD = "+"
    SUB = "-"


@unique
class QueryUnaryOperator(Enum):
    """The operators on one expression."""

    NOT = "not"
    NEGATE = "-"
    INVERT = "~"


@attrs.frozen
class Literal:
    """A number, a truth, a power state or none, as written."""

    value: Value
    type: Type


@attrs.frozen
class VersionRead:
    """A word's value in one of its versions, or that version's number."""

    source: Source
    word: int
    actor: Actor | None
    number: bool = False


@attrs.frozen
class LineRead:
    """A fact about the line that a word lies on."""

    fact: LineFact
    word: int


@attrs.frozen
class StaleRead:
    """Whether an actor, if it could load now, would see less than it is entitled to."""

    actor: Actor
    word: int


@attrs.frozen
class SystemRegisterRead:
    """An EL1 register of a vCPU, HCR_EL2 for None, or one bit of it."""

    vcpu: int
    register: SystemRegister | None
    field: Field | None = None


@attrs.frozen
class GeneralRegisterRead:
    """An x register."""

    actor: Actor
    register: int


@attrs.frozen
class PcRead:
    """The index of an actor's next instruction, as a number or as a place in its program."""

    actor: Actor
    place: bool


@attrs.frozen
class PlaceName:
    """A label of an actor's program, as the index of its instruction."""

    actor: Actor
    pc: int


@attrs.frozen
class InKvmRead:
    """Whether KVM runs on behalf of an actor."""

    actor: Actor


@attrs.frozen
class PowerRead:
    """A vCPU's power state."""

    vcpu: int


@attrs.frozen
class CLineRead:
    """The line of the policy's C that the step executed; none for other steps."""


@attrs.frozen
class StepRead:
    """The number of the step."""


@attrs.frozen
class StaticRead:
    """A static, global or field of `kvm->arch` of the policy."""

    slot: int


@attrs.frozen
class FieldRead:
    """A field of a vCPU's `vcpu->arch` that the policy keeps."""

    vcpu: int
    slot: int


@attrs.frozen
class LocalRead:
    """A local of the policy's function that runs for a vCPU; none where no such one runs."""

    vcpu: int
    name: str


@attrs.frozen
class QueryUnary:
    """An operator on one expression."""

    operator: QueryUnaryOperator
    operand: QueryExpression


@attrs.frozen
class QueryBinary:
    """An operator on two expressions."""

    operator: Operator
    left: QueryExpression
    right: QueryExpression


@attrs.frozen
class Old:
    """An expression as it was before the step; at the start, as it is there."""

    operand: QueryExpression


QueryExpression: TypeAlias = (
    Literal
    | VersionRead
    | LineRead
    | StaleRead
    | SystemRegisterRead
    | GeneralRegisterRead
    | PcRead
    | PlaceName
    | InKvmRead
    | PowerRead
    | CLineRead
    | StepRead
    | StaticRead
    | FieldRead
    | LocalRead
    | QueryUnary
    | QueryBinary
    | Old
)

_TRUTHS = frozenset(
    {
        *(Operator.OR, Operator.AND, Operator.EQ, Operator.NE),
        *(Operator.LT, Operator.LE, Operator.GT, Operator.GE),
    }
)


def type_of(expression: QueryExpression) -> Type:
    """Return what kind of value an expression has."""
    match expression:
        case Literal(_, kind):
            return kind
        case PcRead(_, place):
            return Type.PLACE if place else Type.NUMBER
        case PlaceName():
            return Type.PLACE
        case PowerRead():
            return Type.POWER
        case Old(operand):
            return type_of(operand)
        case StaleRead() | InKvmRead():
            return Type.TRUTH
        case LineRead(fact):
            return Type.NUMBER if fact is LineFact.HOLDERS else Type.TRUTH
        case QueryUnary(operator):
            return Type.TRUTH if operator is QueryUnaryOperator.NOT else Type.NUMBER
        case QueryBinary(operator):
            return Type.TRUTH if operator in _TRUTHS else Type.NUMBER
        case (
            VersionRead()
            | SystemRegisterRead()
            | GeneralRegisterRead()
            | CLineRead()
            | StepRead()
            | StaticRead()
            | FieldRead()
            | LocalRead()
        ):
            return Type.NUMBER
