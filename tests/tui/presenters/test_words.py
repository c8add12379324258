from __future__ import annotations

import pytest

from tui.presenters.words import code, counted, listed, number, pcpus, printable


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (999, "999"), (1000, "0x3e8"), (0x40000000, "0x40000000")]
)
def test_small_values_are_decimal_and_others_hexadecimal(value: int, text: str) -> None:
    assert number(value) == text


def test_lists_and_counts_read_as_english() -> None:
    assert [listed("a"), listed("ab"), listed("abc")] == ["a", "a and b", "a, b and c"]
    assert [counted(1, "line"), counted(2, "line")] == ["1 line", "2 lines"]
    assert pcpus((0, 2)) == "pcpu0,2"


def test_what_a_terminal_would_obey_is_never_passed_on() -> None:
    assert printable("a\x1b[2Jb") == "a\N{REPLACEMENT CHARACTER}[2Jb"
    assert code("if (a\n\t&& b)") == "if (a && b)"
