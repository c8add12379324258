"""The value of an expression at a moment of a run.

Numbers are exact; `~` and `<<` are of 64 bits, and a shift by less than 0 or more than 63 gives 0.
Arithmetic on `none` gives `none`; `none` equals only itself, is neither less nor greater than
anything, and counts as false.
"""

from __future__ import annotations

import operator
from bisect import bisect_left
from collections.abc import Callable, Mapping
from typing import Final

import attrs

from engine.arm.registers import MASK, WIDTH
from engine.diagnosis import is_stale_for
from engine.judge import Ghost
from engine.machine.access import seen
from engine.machine.actors import VMM, Actor
from engine.machine.effects import ConditionDecided, StatementExecuted, Stored
from engine.machine.state import Machine
from engine.memory.line import Version
from engine.policy.frame import CFrame
from engine.policy.source import user_line
from engine.query.expressions import (
    CLineRead,
    FieldRead,
    GeneralRegisterRead,
    InKvmRead,
    LineFact,
    LineRead,
    Literal,
    LocalRead,
    Old,
    Operator,
    PcRead,
    PlaceName,
    PowerRead,
    QueryBinary,
    QueryExpression,
    QueryUnary,
    QueryUnaryOperator,
    Source,
    StaleRead,
    StaticRead,
    StepRead,
    SystemRegisterRead,
    Value,
    VersionRead,
)
from engine.timeline import Timeline


@attrs.frozen
class QueriedState:
    """A state of a timeline, by the number of the step that led to it."""

    timeline: Timeline
    step: int

    @property
    def machine(self) -> Machine:
        """The machine then."""
        return self.timeline.machine_at(self.step)

    @property
    def ghost(self) -> Ghost:
        """What the judge knew then."""
        return self.timeline.ghosts[self.step]

    @property
    def before(self) -> QueriedState:
        """The moment before the step; at the start, the start itself."""
        return QueriedState(self.timeline, max(self.step - 1, 0))


def evaluate(expression: QueryExpression, moment: QueriedState) -> Value:
    """Return what an expression is at a moment."""
    match expression:
        case Literal(value):
            return value
        case VersionRead():
            return _version(expression, moment)
        case LineRead(fact, word):
            return _line_fact(fact, word, moment.machine)
        case StaleRead(actor, word):
            return is_stale_for(moment.machine, moment.ghost, actor, word) is not None
        case SystemRegisterRead(vcpu, register, field):
            state = moment.machine.vcpus[vcpu]
            value = state.hcr_el2 if register is None else state.registers.read(register)
            return value if field is None else int(field.get(value))
        case GeneralRegisterRead(actor, number):
            machine = moment.machine
            core = machine.vmm.core if actor == VMM else machine.vcpus[actor].core
            return core.x[number]
        case PcRead(actor):
            machine = moment.machine
            return machine.vmm.core.pc if actor == VMM else machine.vcpus[actor].core.pc
        case PlaceName(_, pc):
            return pc
        case InKvmRead(actor):
            return bool(moment.machine.stack(actor))
        case PowerRead(vcpu):
            return moment.machine.vcpus[vcpu].power
        case CLineRead():
            return _c_line(moment)
        case StepRead():
            return moment.step
        case StaticRead(slot):
            return moment.machine.vm.statics[slot]
        case FieldRead(vcpu, slot):
            return moment.machine.vcpus[vcpu].fields[slot]
        case LocalRead(vcpu, name):
            return _local(moment.machine, vcpu, name)
        case QueryUnary(sign, operand):
            return _unary(sign, evaluate(operand, moment))
        case QueryBinary():
            return _binary(expression, moment)
        case Old(operand):
            return evaluate(operand, moment.before)


def holds(expression: QueryExpression, moment: QueriedState) -> bool:
    """Say whether an expression is true at a moment: neither false, nor 0, nor none."""
    return bool(evaluate(expression, moment))


def version_at(
    moment: QueriedState, source: Source, word: int, actor: Actor | None
) -> Version | None:
    """Return which version of a word RAM or the cached copy has, an actor sees or is due."""
    machine = moment.machine
    layout = machine.setup.layout
    line, slot = machine.lines[layout.line_of[word]], layout.slot_of[word]
    match source:
        case Source.RAM:
            return line.ram[slot]
        case Source.CACHE:
            return None if line.cached is None else line.cached[slot]
        case Source.NEWEST:
            return _numbered(moment, word, line.newest[slot])
        case Source.SEES:
            assert actor is not None
            return seen(machine, actor, word)
        case Source.DUE:
            assert actor is not None
            return _numbered(moment, word, moment.ghost.entitled[actor][word])


def _version(read: VersionRead, moment: QueriedState) -> Value:
    version = version_at(moment, read.source, read.word, read.actor)
    if version is None:
        return None
    return version.number if read.number else version.value


def _numbered(moment: QueriedState, word: int, number: int) -> Version | None:
    """Return a word's version by its number: from a copy, else from the store that made it."""
    for source in (Source.RAM, Source.CACHE):
        version = version_at(moment, source, word, None)
        if version is not None and version.number == number:
            return version
    if not moment.step:
        return None
    ghosts = moment.timeline.ghosts
    made = bisect_left(
        range(moment.step), True, key=lambda step: len(ghosts[step].released[word]) > number
    )
    if not made:
        return _numbered(QueriedState(moment.timeline, 0), word, number)
    stores = (each for each in moment.timeline.steps[made - 1].effects if isinstance(each, Stored))
    return next(
        (each.version for each in stores if (each.word, each.version.number) == (word, number)),
        None,
    )


def _line_fact(fact: LineFact, word: int, machine: Machine) -> Value:
    layout = machine.setup.layout
    line = machine.lines[layout.line_of[word]]
    match fact:
        case LineFact.DIRTY:
            return line.dirty
        case LineFact.HOLDERS:
            return line.holders
        case LineFact.MAPPED:
            return machine.vm.mapped[layout.page_of[layout.line_of[word]]]


def _c_line(moment: QueriedState) -> int | None:
    if not moment.step:
        return None
    sources = moment.machine.setup.policy.sources
    for effect in moment.timeline.steps[moment.step - 1].effects:
        if isinstance(effect, StatementExecuted | ConditionDecided):
            return user_line(sources, effect.place) or None
    return None


def _local(machine: Machine, vcpu: int, name: str) -> int | None:
    for frame in reversed(machine.vcpus[vcpu].stack):
        if isinstance(frame, CFrame):
            variables = machine.setup.policy.functions[frame.function].variables
            values = zip(variables, frame.slots, strict=False)
            return next((value for each, value in values if each.name == name), None)
    return None


def _unary(sign: QueryUnaryOperator, value: Value) -> Value:
    match sign:
        case QueryUnaryOperator.NOT:
            return not value
        case QueryUnaryOperator.NEGATE:
            return -value if isinstance(value, int) else None
        case QueryUnaryOperator.INVERT:
            return ~value & MASK if isinstance(value, int) else None


def _binary(expression: QueryBinary, moment: QueriedState) -> Value:
    left = evaluate(expression.left, moment)
    match expression.operator:
        case Operator.OR:
            return bool(left) or holds(expression.right, moment)
        case Operator.AND:
            return bool(left) and holds(expression.right, moment)
        case Operator.EQ:
            return left == evaluate(expression.right, moment)
        case Operator.NE:
            return left != evaluate(expression.right, moment)
        case Operator.LT | Operator.LE | Operator.GT | Operator.GE:
            right = evaluate(expression.right, moment)
            if not isinstance(left, int) or not isinstance(right, int):
                return False
            return _ORDERS[expression.operator](left, right)
        case (
            Operator.BIT_OR
            | Operator.BIT_XOR
            | Operator.BIT_AND
            | Operator.SHIFT_LEFT
            | Operator.SHIFT_RIGHT
            | Operator.ADD
            | Operator.SUB
        ):
            right = evaluate(expression.right, moment)
            if not isinstance(left, int) or not isinstance(right, int):
                return None
            return _ARITHMETIC[expression.operator](left, right)


def _shift_left(value: int, by: int) -> int:
    return value << by & MASK if 0 <= by < WIDTH else 0


def _shift_right(value: int, by: int) -> int:
    return value >> by if 0 <= by < WIDTH else 0


_ORDERS: Final[Mapping[Operator, Callable[[int, int], bool]]] = {
    Operator.LT: operator.lt,
    Operator.LE: operator.le,
    Operator.GT: operator.gt,
    Operator.GE: operator.ge,
}
_ARITHMETIC: Final[Mapping[Operator, Callable[[int, int], int]]] = {
    Operator.BIT_OR: lambda left, right: int(left) | int(right),
    Operator.BIT_XOR: lambda left, right: int(left) ^ int(right),
    Operator.BIT_AND: lambda left, right: int(left) & int(right),
    Operator.SHIFT_LEFT: _shift_left,
    Operator.SHIFT_RIGHT: _shift_right,
    Operator.ADD: operator.add,
    Operator.SUB: operator.sub,
}
