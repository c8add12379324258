"""Atomics: atomic_t and refcount_t (`Documentation/atomic_t.txt`, `lib/refcount.c`).

Each is one indivisible access, whatever ordering its name asks for: the model is sequentially
consistent.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from tree_sitter import Node

from engine.compiler.headers import ATOMIC_TYPES
from engine.compiler.kernel.exchanges import try_exchange
from engine.compiler.lower.build import (
    ONE,
    ZERO,
    as_bool,
    chosen,
    converted,
    keeping,
    logical,
    operate,
    prefixed,
    sequence,
)
from engine.compiler.lower.conversions import integer, target
from engine.compiler.lower.lowering import KernelCall, KernelRow, Lowering, Object, row
from engine.policy.c_types import UINT, VOID, IntegerType, type_name
from engine.policy.expressions import (
    Assignment,
    Constant,
    Exchange,
    Expression,
    Modify,
    ObjectValue,
)
from engine.policy.operators import BinaryOperator, UnaryOperator

KERNEL: Final[list[KernelRow[Expression]]] = []
kernel = partial(row, KERNEL)

_ORDER: Final = "(?:_relaxed|_acquire|_release)?"
_SATURATED: Final = -0x4000_0000
"""REFCOUNT_SATURATED, where a refcount_t that was misused stays."""

_OPERATORS: Final = {
    "add": BinaryOperator.ADD,
    "inc": BinaryOperator.ADD,
    "sub": BinaryOperator.SUBTRACT,
    "dec": BinaryOperator.SUBTRACT,
    "and": BinaryOperator.AND,
    "andnot": BinaryOperator.AND,
    "or": BinaryOperator.OR,
    "xor": BinaryOperator.XOR,
}


def _atomic(operation: str) -> str:
    return rf"(?:raw_|arch_)?(?P<family>atomic_long|atomic64|atomic)_{operation}{_ORDER}"


def _refcount(operation: str) -> str:
    return rf"(?:raw_|arch_)?(?P<family>refcount)_{operation}{_ORDER}"


def _at(
    lowering: Lowering, call: KernelCall, pointer: Node, *, reads: bool = False
) -> tuple[Expression, IntegerType]:
    """Return the address of a counter and the type of its value.

    Raises:
        RefusedError: the pointer is to no counter of the call's family, or it never changes.
    """
    wanted = ATOMIC_TYPES[f"{call.spelled['family']}_t"]
    thing = target(lowering, pointer, wanted)
    if thing.type != wanted or not (reads or thing.writable):
        raise lowering.refusal(
            pointer, f"`{lowering.short(pointer)}`, a {type_name(thing.type)}", f"a {wanted.name}"
        )
    return thing.address, wanted.value


@kernel(_atomic("read"), arguments=1)
def atomic_read(lowering: Lowering, call: KernelCall) -> Expression:
    """A counter's value."""
    return ObjectValue(*_at(lowering, call, call.given[0], reads=True))


@kernel(_refcount("read"), arguments=1)
def refcount_read(lowering: Lowering, call: KernelCall) -> Expression:
    """A counter's value, as an unsigned number."""
    return converted(ObjectValue(*_at(lowering, call, call.given[0], reads=True)), UINT)


@kernel(_atomic("set"), _refcount("set"), arguments=2)
def atomic_set(lowering: Lowering, call: KernelCall) -> Expression:
    """Store a counter's value."""
    at, ctype = _at(lowering, call, call.given[0])
    value = converted(integer(lowering, call.given[1]), ctype)
    return sequence(Assignment(at, value, ctype), Constant(0, VOID))


@kernel(
    _atomic("(?P<fetch>fetch_)?(?P<verb>inc|dec)"),
    _atomic("(?P<verb>inc|dec)(?P<gives>_return|_and_test)"),
    arguments=1,
)
def atomic_inc(lowering: Lowering, call: KernelCall) -> Expression:
    """Count up, or down, by one."""
    at, ctype = _at(lowering, call, call.given[0])
    return _changed(call, at, converted(ONE, ctype), ctype)


@kernel(
    _atomic("(?P<fetch>fetch_)?(?P<verb>add|sub|andnot|and|or|xor)"),
    _atomic("(?P<verb>add|sub)(?P<gives>_return)"),
    _atomic("(?P<verb>sub)(?P<gives>_and_test)"),
    arguments=2,
)
def atomic_add(lowering: Lowering, call: KernelCall) -> Expression:
    """Add, subtract, or operate on the bits; the operand comes before the counter's address."""
    at, ctype = _at(lowering, call, call.given[1])
    value = converted(integer(lowering, call.given[0]), ctype)
    if call.spelled["verb"] == "andnot":
        value = prefixed(UnaryOperator.INVERT, value)
    return _changed(call, at, value, ctype)


def _changed(call: KernelCall, at: Expression, value: Expression, ctype: IntegerType) -> Expression:
    """Return the change: it gives the old value, the new one, whether that is zero, or nothing."""
    fetch, gives = bool(call.spelled.get("fetch")), call.spelled.get("gives")
    operator = _OPERATORS[call.spelled["verb"]]
    result = Modify(at, operator, value, ctype, ctype, gives_old=fetch)
    if gives == "_and_test":
        return as_bool(operate(BinaryOperator.EQUAL, result, ZERO))
    return result if fetch or gives else sequence(result, Constant(0, VOID))


@kernel(_atomic("add_negative"), arguments=2)
def atomic_add_negative(lowering: Lowering, call: KernelCall) -> Expression:
    """Add, and give whether the sum is negative."""
    at, ctype = _at(lowering, call, call.given[1])
    amount = converted(integer(lowering, call.given[0]), ctype)
    new = Modify(at, BinaryOperator.ADD, amount, ctype, ctype)
    return as_bool(operate(BinaryOperator.LESS, new, Constant(0, ctype)))


@kernel(_atomic("add_unless"), arguments=3)
def atomic_add_unless(lowering: Lowering, call: KernelCall) -> Expression:
    """Add unless the counter has a value, and give whether that was done."""
    at, ctype = _at(lowering, call, call.given[0])
    amount, limit = (integer(lowering, given) for given in call.given[1:])
    return _changed_if(lowering, at, ctype, amount, BinaryOperator.UNEQUAL, limit)


@kernel(_atomic("fetch_add_unless"), arguments=3)
def atomic_fetch_add_unless(lowering: Lowering, call: KernelCall) -> Expression:
    """Add unless the counter has a value, and give the old one."""
    at, ctype = _at(lowering, call, call.given[0])
    amount, limit = (integer(lowering, given) for given in call.given[1:])
    return _old_of_changed_if(lowering, at, ctype, amount, BinaryOperator.UNEQUAL, limit)


@kernel(_atomic("inc_not_zero"), arguments=1)
def atomic_inc_not_zero(lowering: Lowering, call: KernelCall) -> Expression:
    """Count up unless the counter is zero, and give whether that was done."""
    return _counted_if(lowering, call, 1, BinaryOperator.UNEQUAL, 0)


@kernel(_atomic("inc_unless_negative"), arguments=1)
def atomic_inc_unless_negative(lowering: Lowering, call: KernelCall) -> Expression:
    """Count up unless the counter is negative, and give whether that was done."""
    return _counted_if(lowering, call, 1, BinaryOperator.GREATER_EQUAL, 0)


@kernel(_atomic("dec_unless_positive"), arguments=1)
def atomic_dec_unless_positive(lowering: Lowering, call: KernelCall) -> Expression:
    """Count down unless the counter is positive, and give whether that was done."""
    return _counted_if(lowering, call, -1, BinaryOperator.LESS_EQUAL, 0)


@kernel(_atomic("dec_if_positive"), arguments=1)
def atomic_dec_if_positive(lowering: Lowering, call: KernelCall) -> Expression:
    """Count down if the counter is positive, and give the old value less one in any case."""
    at, ctype = _at(lowering, call, call.given[0])
    minus, zero = Constant(-1, ctype), Constant(0, ctype)
    old = _old_of_changed_if(lowering, at, ctype, minus, BinaryOperator.GREATER, zero)
    return operate(BinaryOperator.SUBTRACT, old, Constant(1, ctype))


def _counted_if(
    lowering: Lowering, call: KernelCall, amount: int, test: BinaryOperator, limit: int
) -> Expression:
    at, ctype = _at(lowering, call, call.given[0])
    by, against = Constant(amount, ctype), Constant(limit, ctype)
    return _changed_if(lowering, at, ctype, by, test, against)


def _changed_if(
    lowering: Lowering,
    at: Expression,
    ctype: IntegerType,
    amount: Expression,
    test: BinaryOperator,
    limit: Expression,
) -> Expression:
    """Return whether a test passes, upon which the object grows by an amount."""
    old = _old_of_changed_if(lowering, at, ctype, amount, test, limit)
    return as_bool(operate(test, old, converted(limit, ctype)))


def _old_of_changed_if(
    lowering: Lowering,
    at: Expression,
    ctype: IntegerType,
    amount: Expression,
    test: BinaryOperator,
    limit: Expression,
) -> Expression:
    """Return the old value of an object that grows by an amount where a test passes."""
    amount, limit = converted(amount, ctype), converted(limit, ctype)

    def body(where: Expression) -> Expression:
        old = ObjectValue(where, ctype)
        add = Modify(where, BinaryOperator.ADD, amount, ctype, ctype, gives_old=True)
        return chosen(operate(test, old, limit), add, old)

    return keeping(lowering.compilation.fresh(), at, body)


@kernel(_refcount("inc"), arguments=1)
def refcount_inc(lowering: Lowering, call: KernelCall) -> Expression:
    """Count up; a count that was zero, or overflows, saturates."""
    return sequence(_refcounted(lowering, call, _grows, BinaryOperator.ADD), Constant(0, VOID))


@kernel(_refcount("add"), arguments=2)
def refcount_add(lowering: Lowering, call: KernelCall) -> Expression:
    """Add; a count that was zero, or overflows, saturates."""
    return sequence(_refcounted(lowering, call, _grows, BinaryOperator.ADD), Constant(0, VOID))


@kernel(_refcount("dec"), arguments=1)
def refcount_dec(lowering: Lowering, call: KernelCall) -> Expression:
    """Count down; a count that comes to zero saturates."""
    new = _refcounted(lowering, call, _stays_held, BinaryOperator.SUBTRACT)
    return sequence(new, Constant(0, VOID))


@kernel(_refcount("dec_and_test"), arguments=1)
def refcount_dec_and_test(lowering: Lowering, call: KernelCall) -> Expression:
    """Count down, and give whether that comes to zero; below zero it saturates."""
    new = _refcounted(lowering, call, _is_enough, BinaryOperator.SUBTRACT)
    return as_bool(operate(BinaryOperator.EQUAL, new, ZERO))


@kernel(_refcount("sub_and_test"), arguments=2)
def refcount_sub_and_test(lowering: Lowering, call: KernelCall) -> Expression:
    """Subtract, and give whether that comes to zero; below zero it saturates."""
    new = _refcounted(lowering, call, _is_enough, BinaryOperator.SUBTRACT)
    return as_bool(operate(BinaryOperator.EQUAL, new, ZERO))


def _grows(old: Expression, value: Expression) -> Expression:
    new = operate(BinaryOperator.ADD, old, value)
    held = operate(BinaryOperator.GREATER, old, ZERO)
    return logical(False, held, operate(BinaryOperator.GREATER_EQUAL, new, ZERO))


def _stays_held(old: Expression, value: Expression) -> Expression:
    return operate(BinaryOperator.GREATER, old, value)


def _is_enough(old: Expression, value: Expression) -> Expression:
    held = operate(BinaryOperator.GREATER, old, ZERO)
    return logical(False, operate(BinaryOperator.GREATER_EQUAL, old, value), held)


def _saturated(where: Expression, ctype: IntegerType) -> Expression:
    return Assignment(where, Constant(_SATURATED, ctype), ctype)


def _refcounted(
    lowering: Lowering,
    call: KernelCall,
    is_good: Callable[[Expression, Expression], Expression],
    operator: BinaryOperator,
) -> Expression:
    """Return the new value of a refcount_t, which saturates for good where it was not used well."""
    *operand, pointer = call.given
    at, ctype = _at(lowering, call, pointer)
    value = converted(integer(lowering, operand[0]) if operand else ONE, ctype)

    def body(where: Expression) -> Expression:
        new = Modify(where, operator, value, ctype, ctype)
        return chosen(is_good(ObjectValue(where, ctype), value), new, _saturated(where, ctype))

    return keeping(lowering.compilation.fresh(), at, body)


@kernel(_refcount("inc_not_zero"), arguments=1)
def refcount_inc_not_zero(lowering: Lowering, call: KernelCall) -> Expression:
    """Count up unless the count is zero, and give whether it was not; misuse saturates."""
    at, ctype = _at(lowering, call, call.given[0])

    def body(where: Expression) -> Expression:
        old, one = ObjectValue(where, ctype), Constant(1, ctype)
        new = operate(BinaryOperator.ADD, old, one)
        both = (operate(BinaryOperator.GREATER_EQUAL, each, ZERO) for each in (old, new))
        grown = Modify(where, BinaryOperator.ADD, one, ctype, ctype)
        kept = chosen(logical(False, *both), grown, _saturated(where, ctype))
        zero = operate(BinaryOperator.EQUAL, old, ZERO)
        return as_bool(chosen(zero, ZERO, sequence(kept, ONE)))

    return keeping(lowering.compilation.fresh(), at, body)


@kernel(_refcount("dec_not_one"), arguments=1)
def refcount_dec_not_one(lowering: Lowering, call: KernelCall) -> Expression:
    """Count down unless the count is one, and give whether it was not.

    A count that is zero or saturated is left alone, and told as if it had been counted down.
    """
    at, ctype = _at(lowering, call, call.given[0])

    def body(where: Expression) -> Expression:
        old, one = ObjectValue(where, ctype), Constant(1, ctype)
        is_zero = operate(BinaryOperator.EQUAL, old, ZERO)
        is_saturated = operate(BinaryOperator.EQUAL, old, Constant(_SATURATED, ctype))
        stays = logical(True, is_zero, is_saturated)
        less = Modify(where, BinaryOperator.SUBTRACT, one, ctype, ctype)
        is_one = operate(BinaryOperator.EQUAL, old, one)
        return as_bool(chosen(is_one, ZERO, chosen(stays, ONE, sequence(less, ONE))))

    return keeping(lowering.compilation.fresh(), at, body)


@kernel(_refcount("dec_if_one"), arguments=1)
def refcount_dec_if_one(lowering: Lowering, call: KernelCall) -> Expression:
    """Count down if the count is one, and give whether that was done."""
    at, ctype = _at(lowering, call, call.given[0])

    def body(where: Expression) -> Expression:
        none = Assignment(where, Constant(0, ctype), ctype)
        is_one = operate(BinaryOperator.EQUAL, ObjectValue(where, ctype), Constant(1, ctype))
        return as_bool(chosen(is_one, sequence(none, ONE), ZERO))

    return keeping(lowering.compilation.fresh(), at, body)


@kernel(_atomic("xchg"), arguments=2)
def atomic_xchg(lowering: Lowering, call: KernelCall) -> Expression:
    """Store a counter's value, and give the old one."""
    at, ctype = _at(lowering, call, call.given[0])
    return Exchange(at, None, converted(integer(lowering, call.given[1]), ctype), ctype)


@kernel(_atomic("cmpxchg"), arguments=3)
def atomic_cmpxchg(lowering: Lowering, call: KernelCall) -> Expression:
    """Store a counter's new value if it has the old one, and give what it had."""
    at, ctype = _at(lowering, call, call.given[0])
    old, new = (converted(integer(lowering, given), ctype) for given in call.given[1:])
    return Exchange(at, old, new, ctype)


@kernel(_atomic("try_cmpxchg"), arguments=3)
def atomic_try_cmpxchg(lowering: Lowering, call: KernelCall) -> Expression:
    """Store a counter's new value if it has the old one, and give whether that was done."""
    at, ctype = _at(lowering, call, call.given[0])
    return try_exchange(lowering, Object(at, ctype), *call.given[1:])
