from __future__ import annotations

import pytest

from engine.query.tokens import LONGEST, QueryToken, QueryTokenKind, tokens
from engine.refusal import RefusedError

NAME, NUMBER = QueryTokenKind.NAME, QueryTokenKind.NUMBER
SYMBOL, END = QueryTokenKind.SYMBOL, QueryTokenKind.END


def test_names_numbers_and_signs_are_told_apart_and_know_their_columns() -> None:
    assert tokens(" ram[x]>=0x1_0 ") == (
        QueryToken(NAME, "ram", 2),
        QueryToken(SYMBOL, "[", 5),
        QueryToken(NAME, "x", 6),
        QueryToken(SYMBOL, "]", 7),
        QueryToken(SYMBOL, ">=", 8),
        QueryToken(NUMBER, "0x1_0", 10, 16),
        QueryToken(END, "", 16),
    )


def test_a_sign_is_as_long_as_it_can_be() -> None:
    assert [token.text for token in tokens("kvm->arch<<1<2--3&&&4")][:-1] == [
        *("kvm", "->", "arch", "<<", "1", "<", "2", "-", "-", "3", "&&", "&", "4"),
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("007", 7),
        ("1_000", 1000),
        ("0b101", 5),
        ("0XfF", 255),
        (f"{2**64 - 1}", 2**64 - 1),
    ],
)
def test_a_number_is_decimal_hexadecimal_or_binary(text: str, value: int) -> None:
    assert tokens(text)[0] == QueryToken(NUMBER, text, 1, value)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("1 $", "column 3: found '$'; expected a name, a number or an operator"),
        ("x = 1", "column 3: found '='; expected '==' to compare"),
        ("0b12", "column 1: found '0b12'; expected a number: decimal, 0x hexadecimal or 0b binary"),
        ("1__0", "column 1: found '1__0'; expected a number: decimal, 0x hexadecimal or 0b binary"),
        ("0x1" + "0" * 16, "column 1: found '0x10000000000000000'; expected a value of 64 bits"),
        ("x" * (LONGEST + 1), "column 501: found 501 characters; expected at most 500"),
    ],
)
def test_what_means_nothing_is_refused_at_its_column(text: str, error: str) -> None:
    with pytest.raises(RefusedError) as refused:
        tokens(text)
    assert str(refused.value) == error
