"""Hunks that a mail program, or a hand, damaged: read in the one way that their counts allow."""

from __future__ import annotations

import pytest

from engine.refusal import RefusedError
from scenarios.sources.patch.repair import read_body
from scenarios.sources.source_text import SourceLine


def _read(
    body: str, old: int | None = None, new: int | None = None, indent: str = ""
) -> str | None:
    """Return what a hunk's lines are read as, a line each, and what was noted."""
    texts = (f"{indent}@@", *(f"{indent}{part}" for part in body.split("|")))
    lines = [SourceLine(text, number) for number, text in enumerate(texts, 1)]
    try:
        read = read_body("m", lines, 0, indent, old, new)
    except RefusedError as error:
        return str(error)
    if read is None:
        return None
    shown = "|".join(line.kind + line.text for line in read.lines)
    told = (f"{shown} ({read.length})", read.section_rest, *read.notes)
    return " ".join(part for part in told if part)


WRAPPED = "long lines were broken by a mail program: joined"
STRIPPED = "context lines lost their leading space: put back"
MIXED = "long lines were joined, and the leading space of context lines put back"


@pytest.mark.parametrize(
    ("body", "old", "new", "read"),
    [
        (" a|-b|+c| d", 3, 3, " a|-b|+c| d (5)"),
        (" a|-b|+c||-- ", 3, 3, " a|-b|+c|  (5)"),
        (" a|-b|+c|\\ No newline", 2, 2, " a|-b|+c (5)"),
        (" a|-b|\\ No newline|+c", 2, 2, " a|-b|+c (5)"),
        ("-b|+c|prose", 1, 1, "-b|+c (3)"),
        ("-b|+c| more", 1, 1, "-b|+c (3)"),
        (" a|-b x|+c| d", 3, 3, " a|-b x|+c| d (5)"),
        (" a|-b|x|+c| d", 3, 3, f" a|-b x|+c| d (6) {WRAPPED}"),
        (" a|-b|+c|x", 2, 2, " a|-b|+c (4)"),
        ("\tf();|-b|+c|}", 3, 3, f" \tf();|-b|+c| }} (5) {STRIPPED}"),
        ("\tf();|-b|x|+c|}", 3, 3, f" \tf();|-b x|+c| }} (6) {MIXED}"),
        (" a|-b|+c", 7, 7, " a|-b|+c (4) the header's counts do not fit, taken as -2 +2 lines"),
        (" a|+c||", None, None, " a|+c (3) the header's counts do not fit, taken as -1 +2 lines"),
        ("prose", None, None, None),
        (" a| b", None, None, None),
        (
            " a|-b|+c|+d",
            2,
            2,
            " a|-b|+c|+d (5) the header's counts do not fit, taken as -2 +3 lines",
        ),
    ],
)
def test_a_hunk_is_read_by_its_counts_or_else_by_its_marks(
    body: str, old: int | None, new: int | None, read: str | None
) -> None:
    assert _read(body, old, new) == read


@pytest.mark.parametrize(
    ("body", "old", "new", "said"),
    [
        (" a|prose here|-b|+\tc", 9, 9, "m:3:1: found a line without +, - or space inside a hunk"),
    ],
)
def test_a_hunk_that_nobody_can_read_is_refused_at_the_first_line_that_does_not_fit(
    body: str, old: int, new: int, said: str
) -> None:
    assert (_read(body, old, new) or "").startswith(said)


def test_a_hunk_may_be_indented_as_its_header_is() -> None:
    assert _read(" a|-b|+c", 2, 2, indent="  ") == " a|-b|+c (4)"


def test_lines_behind_what_a_header_counts_are_not_blamed() -> None:
    said = _read("-a|-b|+\tc|prose", 1, 0) or ""
    assert "a line without +, - or space" not in said


def _gaps(body: str, old: int | None, new: int | None) -> tuple[str, int]:
    """Return what a hunk is short of, and which line of it stands for others."""
    lines = [SourceLine(text, n) for n, text in enumerate(("@@", *body.split("|")), 1)]
    read = read_body("m", lines, 0, "", old, new)
    assert read is not None
    return read.short, read.elided


@pytest.mark.parametrize(
    ("body", "old", "new", "short"),
    [
        (" a|-b|+c| d", 3, 3, ""),
        (" a|-b|+c", None, None, ""),
        (" a|-b|+c", 7, 7, "is cut short where the text ends: -2 +2 of the -7 +7"),
        (" a|-b|+c||", 7, 7, "is cut short where the text ends: -4 +4 of the -7 +7"),
        (" a|-b|+c|-- |2.39", 7, 7, ""),
        (" a|-b|+c||prose", 7, 7, ""),
        (" a|-b|+c||prose", 3, 5, "is not all there: -3 +3 of the -3 +5"),
        (" a|-b|+c||prose", 3, 2, ""),
        (" a|-b|+c|-- ", 2, 4, "is not all there: -2 +2 of the -2 +4"),
        (" a| b|-c|+d| }|-- ", 9, 9, ""),
    ],
)
def test_a_hunk_says_what_of_its_headers_lines_is_not_there(
    body: str, old: int | None, new: int | None, short: str
) -> None:
    assert _gaps(body, old, new)[0].removesuffix(" lines that it counts") == short


@pytest.mark.parametrize(
    ("body", "count", "cut"),
    [
        (" int f(void)| {|-b|+c| }", 5, False),
        (" int f(void)| {|-b|+c| }", 6, True),
        (" int f(void)| {|-b|+c| \td", 5, True),
        (" int f(void)| {|-b|+c|-}", 5, True),
    ],
)
def test_where_a_function_ends_a_hunk_may_be_short_of_its_context(
    body: str, count: int, cut: bool
) -> None:
    assert bool(_gaps(body, count, count - body.endswith("-}"))[0]) is cut


@pytest.mark.parametrize(
    ("body", "counts", "elided"),
    [
        (" a|-b|+c|[...]| d", 3, 4 + 1),
        (" a|-b|[snip]|+c| d", 3, 3 + 1),
        (" a|-b|--- snip ---|+c| d", 3, 3 + 1),
        (" a|-b|+c| ...", 3, 4 + 1),
        (" a|-b|+\t/* ... */|+c| d", 3, 3 + 1),
        (" /* ... */|-b|+c| d", 3, 0),
        (" /* ... */|-b|+c|-- ", 9, 1 + 1),
        (" a|-b|+c|[...]| d|-- ", 9, 4 + 1),
        (" a|-b|+c|-- |[...]", 2, 0),
    ],
)
def test_a_line_that_stands_for_others_is_no_line_of_the_hunk(
    body: str, counts: int, elided: int
) -> None:
    new = counts + 1 if "+\t" in body else counts
    assert _gaps(body, counts, new)[1] == elided
