"""Integer semantics, against C's rules and against the machine's own compiler."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.kvm.statement import call, can_execute, execute_statement, vcpu_pointer
from engine.policy.c_types import (
    BOOL,
    CHAR,
    INT,
    LLONG,
    LONG,
    SCHAR,
    SHORT,
    UCHAR,
    UINT,
    ULLONG,
    ULONG,
    USHORT,
    IntegerType,
)
from engine.policy.integers import binary, common, convert, literal, promote, unary
from engine.policy.operators import BinaryOperator, UnaryOperator
from tests.engine.build import machine, policy_of


@pytest.mark.parametrize(
    ("value", "ctype", "result"),
    [
        (256, BOOL, 1),
        (0, BOOL, 0),
        (255, SCHAR, -1),
        (-1, UCHAR, 255),
        (-1, CHAR, 255),
        (0x8000_0000, INT, -0x8000_0000),
        (-1, ULONG, (1 << 64) - 1),
        (1 << 64, LLONG, 0),
    ],
)
def test_a_conversion_keeps_the_low_bits(value: int, ctype: IntegerType, result: int) -> None:
    assert convert(value, ctype) == result


def test_small_types_are_promoted_to_int() -> None:
    assert [promote(t) for t in (BOOL, CHAR, SHORT, USHORT)] == [INT] * 4


@pytest.mark.parametrize(
    ("left", "right", "both"),
    [
        (USHORT, SCHAR, INT),
        (INT, UINT, UINT),
        (UINT, LONG, LONG),
        (ULONG, LLONG, ULLONG),
        (LONG, LLONG, LLONG),
    ],
)
def test_operands_meet_in_a_common_type(
    left: IntegerType, right: IntegerType, both: IntegerType
) -> None:
    assert common(left, right) == common(right, left) == both


def test_what_c_leaves_undefined_is_as_arm64_does_it() -> None:
    assert binary(BinaryOperator.DIVIDE, 7, 0, INT) == 0
    assert binary(BinaryOperator.REMAINDER, 7, 0, INT) == 7
    assert binary(BinaryOperator.DIVIDE, -(1 << 31), -1, INT) == -(1 << 31)
    assert binary(BinaryOperator.SHIFT_LEFT, 1, 33, INT) == 2
    assert binary(BinaryOperator.ADD, (1 << 31) - 1, 1, INT) == -(1 << 31)


def test_division_truncates_towards_zero() -> None:
    assert binary(BinaryOperator.DIVIDE, -7, 2, INT) == -3
    assert binary(BinaryOperator.REMAINDER, -7, 2, INT) == -1


def test_unary_operators_wrap_and_invert() -> None:
    assert unary(UnaryOperator.MINUS, 1, UINT) == 0xFFFF_FFFF
    assert unary(UnaryOperator.INVERT, 0, INT) == -1
    assert unary(UnaryOperator.NOT, 5, INT) == 0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0x80000000", (0x8000_0000, UINT)),
        ("2147483648", (2147483648, LONG)),
        ("017", (15, INT)),
        ("1UL", (1, ULONG)),
        ("0b11", (3, INT)),
        ("1ull", (1, ULLONG)),
        ("08", None),
        ("1.5", None),
        ("0x", None),
        ("99999999999999999999", None),
        ("1_0", None),
    ],
)
def test_a_constant_has_the_first_type_that_holds_it(
    text: str, value: tuple[int, IntegerType] | None
) -> None:
    assert literal(text) == value


TYPES = ("bool", "u8", "s8", "u16", "s16", "int", "u32", "long", "unsigned long", "s64", "char")
TYPEDEFS = """
#include <stdbool.h>
#include <stdio.h>
typedef unsigned char u8; typedef signed char s8; typedef unsigned short u16; typedef short s16;
typedef unsigned int u32; typedef long long s64; typedef unsigned long long u64;
"""
VALUES = st.integers(-(1 << 63), (1 << 64) - 1) | st.sampled_from(
    [0, 1, -1, 127, 128, 255, 256, 32767, 65535, 1 << 31, (1 << 31) - 1, 1 << 32, 1 << 63]
)

LEAVES = st.sampled_from([f"v{n}" for n in range(len(TYPES))]) | st.sampled_from(
    ["0", "1", "2", "7U", "0xff", "0x80000000", "3UL", "1LL", "0xfffffffffffffffe", "'a'"]
)


def _grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operator = st.sampled_from(
        ["+", "-", "*", "&", "|", "^", "==", "!=", "<", "<=", ">", ">=", "&&", "||"]
    )
    return st.one_of(
        st.tuples(inner, operator, inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(LEAVES, operator, LEAVES, operator, LEAVES).map(" ".join).map("({})".format),
        st.tuples(st.sampled_from("!~-+"), inner).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(st.sampled_from(TYPES), inner).map(lambda t: f"(({t[0]})({t[1]}))"),
        st.tuples(inner, st.sampled_from(["<<", ">>"]), inner).map(
            lambda t: f"(({t[0]}) {t[1]} (({t[2]}) & 31))"
        ),
        st.tuples(inner, st.sampled_from("/%"), inner, st.sampled_from(["", "-"])).map(
            lambda t: f"(({t[0]}) {t[1]} ({t[3]}((({t[2]}) & 7) + 2)))"
        ),
        st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} ? {t[1]} : {t[2]})"),
        st.tuples(inner, inner).map(lambda t: f"((void)({t[0]}), {t[1]})"),
        inner.map(lambda t: f"sizeof({t})"),
    )


EXPRESSIONS = st.recursive(LEAVES, _grow, max_leaves=8)


def _variables(values: list[int]) -> str:
    return "\n".join(
        f"\t{ctype} v{n} = ({ctype}){value % (1 << 64):#x}ULL;"
        for n, (ctype, value) in enumerate(zip(TYPES, values, strict=True))
    )


def _by_gcc(expressions: list[str], values: list[int], folder: Path) -> list[int]:
    prints = "\n".join(f'\tprintf("%llu\\n", (u64)({e}));' for e in expressions)
    source = folder / "expressions.c"
    source.write_text(f"{TYPEDEFS}int main(void)\n{{\n{_variables(values)}\n{prints}\n}}\n")
    program = folder / "expressions"
    flags = ["-w", "-O0", "-fwrapv", "-funsigned-char", "-fno-strict-overflow"]
    subprocess.run(["gcc", *flags, "-o", str(program), str(source)], check=True)
    run = subprocess.run([str(program)], check=True, capture_output=True, text=True)
    return [int(line) for line in run.stdout.split()]


def _by_the_interpreter(expressions: list[str], values: list[int]) -> list[int]:
    stores = "\n".join(f"\tresults[{n}] = (u64)({e});" for n, e in enumerate(expressions))
    policy = policy_of(
        f"static u64 results[{len(expressions)}];\n"
        "void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)\n"
        f"{{\n{_variables(values)}\n{stores}\n}}\n"
    )
    assert policy.toggle is not None
    state = machine("nop", runs=policy)
    state = call(state, 0, policy.toggle, (vcpu_pointer(0), 0))
    while state.vcpus[0].stack:
        assert can_execute(state, 0)
        state, _ = execute_statement(state, 0)
    return list(state.vm.statics)


@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    expressions=st.lists(EXPRESSIONS, min_size=60, max_size=60),
    values=st.lists(VALUES, min_size=len(TYPES), max_size=len(TYPES)),
)
def test_expressions_have_the_values_that_gcc_gives_them(
    tmp_path: Path, expressions: list[str], values: list[int]
) -> None:
    """Needs gcc; a machine without it fails here rather than pass unchecked."""
    assert _by_the_interpreter(expressions, values) == _by_gcc(expressions, values, tmp_path)
