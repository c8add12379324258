from __future__ import annotations

import pytest

from scenarios.sources.mail.quoting import View, quote_depth, unflow, views
from scenarios.sources.source_text import SourceLine


def _lines(text: str) -> tuple[SourceLine, ...]:
    return tuple(SourceLine(part, number) for number, part in enumerate(text.split("\n"), 1))


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
        View(0, (SourceLine("mine", 1), SourceLine("", 6)), cuts=(1,)),
        View(
            1, (SourceLine("yours", 2), SourceLine("", 3), SourceLine("yours again", 5)), cuts=(3,)
        ),
        View(2, (SourceLine("his", 4),)),
    )


def test_a_quoted_line_broken_by_a_mail_program_is_joined() -> None:
    long = "\tif (now_enabled != was_enabled && vcpu->vcpu_id == first_of(vcpu))"
    (_, quoted) = views(_lines(f"> {long[:51]}\n{long[52:]}\n> x"))
    assert quoted == View(1, (SourceLine(long, 1), SourceLine("x", 3)), joined=(1,))


def test_a_short_line_between_quoted_lines_is_unclear() -> None:
    (_, quoted) = views(_lines("> a\nwhy?\n> b"))
    assert quoted == View(1, (SourceLine("a", 1), SourceLine("b", 3)), unclear=(1,))


def test_flowed_lines_are_joined_and_stuffing_is_dropped() -> None:
    flowed = _lines("one \ntwo\n  three\n> four \n> five\n-- \nname")
    assert unflow(flowed, delsp=False) == (
        SourceLine("one two", 1),
        SourceLine(" three", 3),
        SourceLine("> four five", 4),
        SourceLine("-- ", 6),
        SourceLine("name", 7),
    )


def test_delsp_drops_the_space_that_flows() -> None:
    assert unflow(_lines("stage2_flush \n_vm"), delsp=True) == (SourceLine("stage2_flush_vm", 1),)


LONG = "\tif (now_enabled != was_enabled && vcpu->vcpu_id == first_of(vcpu))"


@pytest.mark.parametrize(
    ("between", "joined"),
    [
        (LONG[52:], True),
        (f"{LONG[52:60]}\n{LONG[60:]}", True),
        ("one\ntwo\nthree", False),
        ("", False),
        (f"{LONG[52:]}\n", False),
        (f"> > {LONG[52:]}", False),
        (f"{LONG[52:60]}\n> > {LONG[60:]}", False),
    ],
)
def test_only_words_at_once_behind_a_long_line_are_its_rest(between: str, joined: bool) -> None:
    (quoted,) = (v for v in views(_lines(f"> {LONG[:51]}\n{between}\n> x")) if v.depth == 1)
    assert (quoted.joined == (1,)) is joined


def test_a_line_that_was_short_enough_is_not_joined() -> None:
    for length, joined in ((60, True), (59, False)):
        line = f"> {'a' * (length - 5)}\nbc\n> x"
        (_, quoted) = views(_lines(line))
        assert (quoted.joined == (1,)) is joined
    (_, quoted) = views(_lines(f"> {LONG[:51]}\n{LONG[52:]}"))
    assert quoted.joined == ()


def test_words_of_a_deeper_quote_between_lines_cut_and_of_a_shallower_are_unclear() -> None:
    for text, cuts, unclear in (
        ("> a\n> > b\n> c", (1,), ()),
        ("> a\nb\n> c", (), (1,)),
        ("> a\n\nb\n> c", (1,), ()),
        ("> a\nb\n\n> c", (1,), ()),
        ("> a\n> \nb\n> c", (2,), ()),
        ("> a\nb", (), ()),
    ):
        (quoted,) = (v for v in views(_lines(text)) if v.depth == 1)
        assert (text, quoted.cuts, quoted.unclear) == (text, cuts, unclear)


def test_an_elision_between_quoted_lines_stands_for_lines_of_the_quote() -> None:
    mine, yours, his = views(_lines("> a\n> > x\nsee:\n[...]\n\n> b\n[snip]"))
    assert [line.text for line in mine.lines] == ["see:", "[...]", "", "[snip]"]
    assert [(line.text, line.number) for line in yours.lines] == [
        ("a", 1),
        ("[...]", 4),
        ("b", 6),
        ("[snip]", 7),
    ]
    assert [line.text for line in his.lines] == ["x", "[...]"]
    assert [line.text for line in views(_lines("[...]\n> a"))[1].lines] == ["a"]
