"""Expressions as values: typed, converted, and free of everything that needs a step of its own."""

from __future__ import annotations

from enum import Enum, unique
from typing import TypeAlias

import attrs

from engine.policy.c_types import CType, IntegerType
from engine.policy.operators import BinaryOperator, UnaryOperator
from engine.policy.source import Place


@attrs.frozen
class Constant:
    """A value known when the policy is read; the address of an object is one too."""

    value: int
    type: CType


@attrs.frozen
class LocalAddress:
    """The address of a slot of the innermost frame."""

    slot: int
    type: CType


@attrs.frozen
class FieldAddress:
    """The address of a slot that each vCPU has, such as a field of `vcpu->arch`."""

    base: Expression
    """A pointer to the vCPU, or to the parameters of its exit."""
    region: int
    slot: int
    type: CType


@attrs.frozen
class ElementAddress:
    """The address of an element of an array; an index outside it is an oops."""

    base: Expression
    index: Expression
    length: int
    type: CType


@attrs.frozen
class RegisterAddress:
    """The address of a vCPU's system register whose number is computed."""

    base: Expression
    number: Expression
    type: CType


@attrs.frozen
class VcpuAddress:
    """kvm_get_vcpu(): a pointer to the vCPU of an index, NULL where there is none."""

    index: Expression
    type: CType


@attrs.frozen
class ObjectValue:
    """The value of the object at an address."""

    address: Expression
    type: CType


@attrs.frozen
class Assignment:
    """An assignment; its value is what was stored."""

    address: Expression
    value: Expression
    type: CType


@attrs.frozen
class Modify:
    """A compound assignment, ++ or --: `object = object operator value`.

    The arithmetic is done in `compute`, the result converted to the object's type; the value is
    the new one, or the old one for the postfix forms and fetch-and-op.
    """

    address: Expression
    operator: BinaryOperator
    value: Expression
    compute: IntegerType
    type: CType
    """The type of the object."""
    gives_old: bool = False


@attrs.frozen
class Exchange:
    """xchg and cmpxchg: store where the object equals `expected` (None: always); gives the old."""

    address: Expression
    expected: Expression | None
    value: Expression
    type: CType


@attrs.frozen
class Convert:
    """A conversion to another type."""

    operand: Expression
    type: CType


@attrs.frozen
class Unary:
    """An operator on one operand, already promoted."""

    operator: UnaryOperator
    operand: Expression
    type: CType


@attrs.frozen
class Binary:
    """An operator on two operands, already converted to a common type (but for shifts)."""

    operator: BinaryOperator
    left: Expression
    right: Expression
    type: CType


@attrs.frozen
class Logical:
    """`&&` (stop_at 0) or `||` (stop_at 1), short-circuiting."""

    stop_at: bool
    left: Expression
    right: Expression
    type: CType


@attrs.frozen
class Conditional:
    """`condition ? then : otherwise`."""

    condition: Expression
    then: Expression
    otherwise: Expression
    type: CType


@attrs.frozen
class Sequence:
    """Expressions evaluated in order; the value is the last one's."""

    parts: tuple[Expression, ...]
    type: CType


@attrs.frozen
class Let:
    """Keeps an operand's value, so that an address or a value is evaluated once.

    `body` refers to it with `Kept(number)`.
    """

    number: int
    operand: Expression
    body: Expression
    type: CType


@attrs.frozen
class Kept:
    """The value that the enclosing `Let` of that number keeps."""

    number: int
    type: CType


@attrs.frozen
class Watched:
    """An operand of a condition: its value is shown under its text in the source."""

    text: str
    operand: Expression
    type: CType


@attrs.frozen
class InnerCondition:
    """A condition inside of an expression: an operand of `&&` or `||`, or what `?:` asks."""

    text: str
    place: Place
    operand: Expression
    type: CType


@unique
class MachineQuery(Enum):
    """What an expression can ask of the machine."""

    ONLINE_VCPUS = "online_vcpus"
    HAS_FWB = "has_fwb"
    IMPLEMENTOR = "implementor"
    CURRENT_PCPU = "current_pcpu"
    CURRENT_VCPU = "current_vcpu"


@attrs.frozen
class Ask:
    """A question to the machine."""

    query: MachineQuery
    type: CType


@attrs.frozen
class TryLock:
    """Take a lock if it is free (for readers: not held for writing); gives 1 if taken."""

    address: Expression
    shared: bool
    type: CType


@attrs.frozen
class Oops:
    """BUG_ON: an oops where the condition holds, which ends all movement of the actor."""

    condition: Expression
    type: CType


Expression: TypeAlias = (
    Constant
    | LocalAddress
    | FieldAddress
    | ElementAddress
    | RegisterAddress
    | VcpuAddress
    | ObjectValue
    | Assignment
    | Modify
    | Exchange
    | Convert
    | Unary
    | Binary
    | Logical
    | Conditional
    | Sequence
    | Let
    | Kept
    | Watched
    | InnerCondition
    | Ask
    | TryLock
    | Oops
)
