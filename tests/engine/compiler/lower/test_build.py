"""Building of expressions: what is evaluated once, and what folds."""

from __future__ import annotations

import pytest

from engine.compiler.lower.build import NOTHING, ONE, ZERO, keeping, operate, pure, sequence
from engine.policy.addresses import Region
from engine.policy.c_types import BOOL, INT, UINT, VCPU, VOID, PointerType
from engine.policy.expressions import (
    Ask,
    Assignment,
    Binary,
    Constant,
    Convert,
    ElementAddress,
    Expression,
    FieldAddress,
    Kept,
    Let,
    LocalAddress,
    MachineQuery,
    Modify,
    ObjectValue,
    Oops,
    Sequence,
    TryLock,
    Unary,
    VcpuAddress,
)
from engine.policy.operators import BinaryOperator, UnaryOperator

INT_POINTER = PointerType(INT)
LOCAL = LocalAddress(0, INT_POINTER)
LOADED = ObjectValue(LOCAL, INT)
COUNTED = Modify(LOCAL, BinaryOperator.ADD, ONE, INT, INT)
SOMEONE = VcpuAddress(LOADED, PointerType(VCPU))


def _field(base: Expression) -> Expression:
    return FieldAddress(base, Region.FIELD, 0, INT_POINTER)


def _element(base: Expression, index: Expression) -> Expression:
    return ElementAddress(base, index, 4, INT_POINTER)


def _sum(left: Expression, right: Expression) -> Expression:
    return Binary(BinaryOperator.ADD, left, right, INT)


FREE: tuple[Expression, ...] = (
    ONE,
    LOCAL,
    Kept(1, INT),
    Ask(MachineQuery.ONLINE_VCPUS, INT),
    Convert(Kept(1, INT), UINT),
    Unary(UnaryOperator.NOT, Kept(1, INT), INT),
    _field(Kept(1, PointerType(VCPU))),
    _element(LOCAL, Kept(1, INT)),
    _sum(ONE, Kept(1, INT)),
)
NOT_FREE: tuple[Expression, ...] = (
    LOADED,
    COUNTED,
    SOMEONE,
    Assignment(LOCAL, ONE, INT),
    Sequence((COUNTED, ONE), INT),
    TryLock(LOCAL, shared=False, type=BOOL),
    Oops(ONE, VOID),
    Convert(LOADED, UINT),
    Unary(UnaryOperator.NOT, COUNTED, INT),
    _field(SOMEONE),
    _element(LOCAL, LOADED),
    _element(_field(SOMEONE), ONE),
    _sum(ONE, LOADED),
    _sum(LOADED, ONE),
)


@pytest.mark.parametrize("operand", FREE, ids=lambda each: type(each).__name__)
def test_what_gives_the_same_each_time_is_used_as_often_as_it_is_asked_for(
    operand: Expression,
) -> None:
    assert pure(operand)
    assert keeping(7, operand, lambda kept: _sum(kept, kept)) == _sum(operand, operand)


@pytest.mark.parametrize("operand", NOT_FREE, ids=lambda each: type(each).__name__)
def test_what_has_an_effect_or_may_change_is_evaluated_once(operand: Expression) -> None:
    assert not pure(operand)
    kept = Kept(7, operand.type)
    once = Let(7, operand, _sum(kept, kept), INT)
    assert keeping(7, operand, lambda kept: _sum(kept, kept)) == once


def test_of_a_sequence_only_what_has_a_value_or_an_effect_is_kept() -> None:
    assert sequence(ONE, NOTHING, COUNTED, ZERO) == Sequence((COUNTED, ZERO), INT)
    assert sequence(ONE, NOTHING, COUNTED) == COUNTED
    assert sequence(ONE) == ONE


def test_constants_fold_in_the_type_that_c_gives_them() -> None:
    minus = Constant(-1, INT)
    assert operate(BinaryOperator.LESS, minus, Constant(1, UINT)) == ZERO
    assert operate(BinaryOperator.LESS, minus, ONE) == ONE
    assert operate(BinaryOperator.ADD, minus, Constant(1, UINT)) == Constant(0, UINT)
