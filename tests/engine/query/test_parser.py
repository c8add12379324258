from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.query.expressions import Literal, Operator, QueryBinary, Type, type_of
from engine.query.parser import DEEPEST, parse
from engine.query.tokens import LONGEST
from engine.refusal import Column, RefusedError
from tests.engine.query.asked import SETUP


@pytest.mark.parametrize(
    ("text", "column", "found", "expected"),
    [
        ("", 1, "the end", "a number, a name such as ram[x], or a parenthesis"),
        ("1 +", 4, "the end", "a number, a name such as ram[x], or a parenthesis"),
        ("ram[x", 6, "the end", "']'"),
        ("ram[w]", 5, "'w'", "a word of guest RAM: x, y, z"),
        ("rm[x]", 1, "'rm'", "a name that a query can read; did you mean ram?"),
        ("ram[x].value", 8, "'value'", "'version'"),
        ("ram[x] = 1", 8, "'='", "'==' to compare"),
        ("step @ 1", 6, "'@'", "a name, a number or an operator"),
        ("step step", 6, "'step'", "an operator or the end"),
        ("1 < 2 < 3", 7, "'<'", "one comparison, or `and` or `or` between two"),
        ("0x", 1, "'0x'", "a number: decimal, 0x hexadecimal or 0b binary"),
        ("18446744073709551616", 1, "'18446744073709551616'", "a value of 64 bits"),
        ("x[1][31]", 6, "'31'", "a register, 0 to 30"),
        ("sees[2][x]", 6, "'2'", "a vCPU, 0 to 1"),
        ("sctlr[vmm]", 7, "'vmm'", "a vCPU: vcpu0, vcpu1"),
        ("hcr[1].TMV", 8, "'TMV'", "a bit of the register; did you mean TVM?"),
        ("at[0] == lod", 10, "'lod'", "a label of vcpu0's program; did you mean load?"),
        ("at[0] == load+7", 15, "'7'", "a distance within the program, 0 to 1"),
        (
            "1 + at[0]",
            5,
            "'at'",
            "a number: places are only compared, as in at[1] == LABEL (or use pc[1])",
        ),
        ("power[0] == up", 13, "'up'", "on or off: off, on"),
        (
            "not power[0]",
            5,
            "'power'",
            "a number: power states are only compared, as in power[1] == on",
        ),
        ("at[0] == at[1]", 10, "'at'", "a label, or a place in the same program"),
        ("policy.cuont", 8, "'cuont'", "a name that a query can read; did you mean count?"),
        (
            "kvm->arch.flushd",
            1,
            "'kvm->arch.flushd'",
            "what the policy keeps; did you mean kvm->arch.flushed?",
        ),
    ],
)
def test_an_error_has_the_column_what_was_found_and_what_was_expected(
    text: str, column: int, found: str, expected: str
) -> None:
    with pytest.raises(RefusedError) as error:
        parse(text, SETUP)
    assert str(error.value) == str(RefusedError(found, expected, Column(column)))


def test_arithmetic_binds_before_comparisons_and_these_before_and_and_or() -> None:
    def number(value: int) -> Literal:
        return Literal(value, Type.NUMBER)

    bits = QueryBinary(Operator.BIT_AND, number(6), number(2))
    equal = QueryBinary(Operator.EQ, bits, QueryBinary(Operator.ADD, number(1), number(1)))
    assert parse("6 & 2 == 1 + 1", SETUP).expression == equal
    either = QueryBinary(Operator.OR, number(0), QueryBinary(Operator.AND, equal, number(1)))
    assert parse("0 || 6 & 2 == 1 + 1 && 1", SETUP).expression == either
    assert parse("0 or (6 & 2) == (1 + 1) and 1", SETUP).expression == either


def test_length_and_depth_are_bounded() -> None:
    with pytest.raises(RefusedError, match="at most 500"):
        parse("1" * (LONGEST + 1), SETUP)
    for prefix, suffix in (("(", ")"), ("old(", ")"), ("-", ""), ("not ", "")):
        parse(prefix * DEEPEST + "1" + suffix * DEEPEST, SETUP)
        with pytest.raises(RefusedError, match="levels of nesting"):
            parse(prefix * (DEEPEST + 1) + "1" + suffix * (DEEPEST + 1), SETUP)


PIECES = st.sampled_from(
    [
        *("ram", "cache", "sees", "due", "x", "y", "at", "power", "on", "line", "step", "none"),
        *("old", "(", ")", "[", "]", ".", "version", "0", "1", "0x1F", "vcpu1", "vmm", "load"),
        *("+", "-", "~", "!", "==", "!=", "<", ">>", "&", "&&", "or", "not", "->", "kvm", "arch"),
        *("sctlr", "M", "hcr", "local", "policy", "count", "=", "é", "\n", "\x00", " "),
    ]
)


@given(st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=25).map(" ".join)))
@settings(deadline=None, max_examples=400)
def test_any_text_is_a_query_or_refused_within_its_own_columns(text: str) -> None:
    refused = None
    try:
        query = parse(text, SETUP)
    except RefusedError as error:
        refused = error
    if refused is None:
        assert type_of(query.expression) in Type
    else:
        assert isinstance(refused.place, Column)
        assert 1 <= refused.place.number <= len(text) + 1
        assert "\n" not in str(refused)
