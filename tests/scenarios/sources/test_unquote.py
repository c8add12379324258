from __future__ import annotations

import pytest

from scenarios.sources.candidate import Line
from scenarios.sources.unquote import View, quote_depth, unflow, views


def _lines(text: str) -> tuple[Line, ...]:
    return tuple(Line(part, number) for number, part in enumerate(text.split("\n"), 1))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("x > y", (0, "x > y")),
        ("> x", (1, " x")),
        (">x", (1, "x")),
        (">> x", (2, " x")),
        ("> > x", (2, " x")),
        (">> > x", (3, " x")),
        (">", (1, "")),
    ],
)
def test_quote_marks_are_counted_however_they_are_spaced(text: str, parts: tuple[int, str]) -> None:
    assert quote_depth(text) == parts


def test_each_quote_depth_is_a_text_of_its_own() -> None:
    assert views(_lines("mine\n> yours\n> \n> > his\n> yours again\n")) == (
        View(0, (Line("mine", 1), Line("", 6)), cuts=(1,)),
        View(1, (Line("yours", 2), Line("", 3), Line("yours again", 5)), cuts=(3,)),
        View(2, (Line("his", 4),)),
    )


def test_a_quoted_line_broken_by_a_mail_program_is_joined() -> None:
    long = "\tif (now_enabled != was_enabled && vcpu->vcpu_id == first_of(vcpu))"
    (_, quoted) = views(_lines(f"> {long[:51]}\n{long[52:]}\n> x"))
    assert quoted == View(1, (Line(long, 1), Line("x", 3)), joined=(1,))


def test_a_short_line_between_quoted_lines_is_unclear() -> None:
    (_, quoted) = views(_lines("> a\nwhy?\n> b"))
    assert quoted == View(1, (Line("a", 1), Line("b", 3)), unclear=(1,))


def test_flowed_lines_are_joined_and_stuffing_is_dropped() -> None:
    flowed = _lines("one \ntwo\n  three\n> four \n> five\n-- \nname")
    assert unflow(flowed, delsp=False) == (
        Line("one two", 1),
        Line(" three", 3),
        Line("> four five", 4),
        Line("-- ", 6),
        Line("name", 7),
    )


def test_delsp_drops_the_space_that_flows() -> None:
    assert unflow(_lines("stage2_flush \n_vm"), delsp=True) == (Line("stage2_flush_vm", 1),)
