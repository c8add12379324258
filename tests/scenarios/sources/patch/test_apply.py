"""One hunk put into a text: where it goes, what is noted, and why it goes nowhere."""

from __future__ import annotations

import pytest

from scenarios.sources.patch.apply import Applied, Ground, Misfit, apply_hunk
from scenarios.sources.patch.diff import Hunk
from scenarios.sources.patch.find import find_diff
from scenarios.sources.source_text import SourceLine

BASE = """int f(void)
{
	one();
	two();
	three();
}

int g(void)
{
	one();
	two();
	/* here */
	four();
}
"""


def _hunk(text: str) -> Hunk:
    texts = ("--- a/mmu.c", "+++ b/mmu.c", *text.split("|"), "-- ")
    diff, _ = find_diff(
        "x.patch", [SourceLine(part, number) for number, part in enumerate(texts, 1)]
    )
    return diff.hunks[0]


def _applied(text: str, base: str = BASE, *, after: int = 0, fuzz: int = 2, shift: int = 0) -> str:
    lines = tuple(SourceLine(part, 0) for part in base.splitlines())
    ground = Ground(lines, after=after, shift=shift, above="")
    match apply_hunk(_hunk(text), ground, max_fuzz=fuzz):
        case Applied(made, end, old_end, notes):
            changed = [n for n, line in enumerate(made) if line.number]
            shown = "|".join(made[n].text for n in changed)
            return " ".join((f"{changed[0] + 1}: {shown} ({old_end}, {end})", *notes))
        case Misfit(line, why):
            return f"{line.text}: {why}"


@pytest.mark.parametrize(
    ("hunk", "outcome"),
    [
        ("@@ -3,2 +3,2 @@|-\tone();|+\tONE();| \ttwo();", "3: \tONE();|\ttwo(); (4, 4)"),
        ("@@ -10,2 +10,2 @@|-\tone();|+\tONE();| \ttwo();", "10: \tONE();|\ttwo(); (11, 11)"),
        (
            "@@ -5,2 +5,2 @@|-\tone();|+\tONE();| \ttwo();",
            "3: \tONE();|\ttwo(); (4, 4) applied -2 lines from where it says",
        ),
        (
            "@@ -8,2 +8,2 @@|-\tone();|+\tONE();| \ttwo();",
            "10: \tONE();|\ttwo(); (11, 11) applied +2 lines from where it says",
        ),
        (
            "@@ -1,2 +1,2 @@ int g(void)|-\tone();|+\tONE();| \ttwo();",
            "10: \tONE();|\ttwo(); (11, 11) applied +9 lines from where it says",
        ),
        ("@@ @@|-\tthree();|+\tTHREE();", "5: \tTHREE(); (5, 5)"),
        ("@@ -5 +5,2 @@| \tthree();|+\tmore();", "5: \tthree();|\tmore(); (5, 6)"),
        ("@@ -5,2 +5 @@|-\tthree();| }", "5: } (6, 5)"),
        (
            "@@ -3,3 +3,3 @@|  one ( );|-\ttwo();|+\tTWO();|  three();",
            "3:  one ( );|\tTWO();| three(); (5, 5) white space or comments differ from the base",
        ),
        (
            "@@ -11,2 +11,2 @@|-\ttwo();|+\tTWO();| \tfour();",
            "11: \tTWO();|\tfour(); (13, 12) white space or comments differ from the base",
        ),
        (
            "@@ -9,3 +9,3 @@ int g(void)|-\ttwo();|+\tTWO();| \tfour();",
            "11: \tTWO();|\tfour(); (13, 12) applied +2 lines from where it says white space or "
            "comments differ from the base",
        ),
        (
            "@@ -3,3 +3,3 @@| \tzero();| \tone();|-\ttwo();|+\tTWO();| \tthree();",
            "\tone();: its context fits 2 places: 'one();'",
        ),
        (
            "@@ -5,2 +5,2 @@ int g(void)|-\tthree();|+\tTHREE();",
            "\tthree();: it fits at line 5, below 'int f(void)', and its heading is 'int g(void)'",
        ),
        (
            "@@ -5 +5 @@|-\tfive();|+\tFIVE();",
            "\tfive();: the base has no such line there: 'five();'",
        ),
        (
            "@@ -3,3 +3,2 @@|-\tone();|-\tfour();|+\tFOUR();",
            "\tone();: the base has other code between its lines, the first of them 'one();'",
        ),
        (
            "@@ @@|-\tthree();|-\tfour();|-\tthree();",
            "\tthree();: the base has no such line there: 'three();'",
        ),
        (
            "@@ -13 +13 @@ int h(void)|-\tfour();|+\tFOUR();",
            "\tfour();: it fits at line 13, below 'int g(void)', and its heading is 'int h(void)'",
        ),
        (
            f"@@ -5 +5 @@|-\t{'x' * 90}",
            f"\t{'x' * 90}: the base has no such line there: '{'x' * 80}'",
        ),
        (
            "@@ -3,2 +3,2 @@|-/* x */|+/* y */",
            "/* x */: it shows no code that says where it belongs",
        ),
    ],
)
def test_a_hunk_goes_where_it_says_or_to_the_nearest_place_that_is_meant(
    hunk: str, outcome: str
) -> None:
    assert _applied(hunk) == outcome


def test_without_a_number_a_hunk_that_fits_two_places_goes_to_neither() -> None:
    hunk = "@@ @@|-\tone();|+\tONE();| \ttwo();"
    assert _applied(hunk) == "\tone();: its context fits 2 places: 'one();'"
    assert _applied(hunk, after=6).startswith("10: ")


def test_fuzz_leaves_out_no_more_context_than_is_allowed() -> None:
    hunk = "@@ -2,4 +2,4 @@| zero();| \tnone();| \tone();| \ttwo();|-\tthree();|+\tTHREE();"
    assert "applied with fuzz 2" in _applied(hunk)
    assert "the base has no such line there: 'zero();'" in _applied(hunk, fuzz=1)
    assert "the base has no such line there: 'zero();'" in _applied(hunk, fuzz=0)


def test_lines_that_earlier_hunks_added_are_counted() -> None:
    hunk = "@@ -8,2 +8,2 @@|-\tone();|+\tONE();| \ttwo();"
    assert _applied(hunk, shift=2) == "10: \tONE();|\ttwo(); (11, 11)"
    assert _applied(hunk, shift=-5) == "3: \tONE();|\ttwo(); (4, 4)"


MACROS = (
    "int x;\n#define TWICE(x) one(x); one(x)\n#define LONG(x) \\\n\tone(x); \\\n\ttwo(x)\nint y;\n"
)


@pytest.mark.parametrize(
    ("hunk", "outcome"),
    [
        (
            "@@ -2 +2 @@|-#define TWICE(x) one(x); one(x)|+#define TWICE(x) two(x)",
            "2: #define TWICE(x) two(x) (2, 2)",
        ),
        (
            "@@ -3,3 +3 @@|-#define LONG(x) \\|-\tone(x); \\|-\ttwo(x)|+#define LONG(x) two(x)",
            "3: #define LONG(x) two(x) (5, 3)",
        ),
        (
            "@@ -2,2 +2 @@|-#define TWICE(x) one(x);|-\tone(x)|+#define TWICE(x) two(x)",
            "#define TWICE(x) one(x);: it breaks the lines of a macro otherwise than the base",
        ),
    ],
)
def test_a_macro_is_changed_only_where_its_lines_are_broken_as_in_the_hunk(
    hunk: str, outcome: str
) -> None:
    assert _applied(hunk, MACROS) == outcome


def test_what_fuzz_leaves_out_counts_in_where_a_hunk_begins() -> None:
    base = "int f(void)\n{\n\tone();\n}\n\nint g(void)\n{\n\tfour();\n}\n"
    hunk = "@@ -4,5 +4,5 @@ int f(void)| };| | int g(int)| {|-\tfour();|+\tFOUR();"
    assert _applied(hunk, base) == "7: {|\tFOUR(); (8, 8) applied with fuzz 2"


def test_a_hunk_below_another_function_than_its_heading_is_told_the_function_not_a_label() -> None:
    base = "int f(void)\n{\n\tone();\nout:\n\ttwo();\n}\n"
    assert _applied("@@ -5 +5 @@ int h(void)|-\ttwo();|+\tTWO();", base) == (
        "\ttwo();: it fits at line 5, below 'int f(void)', and its heading is 'int h(void)'"
    )


@pytest.mark.parametrize(
    ("removed", "outcome"),
    [
        ("\tone(k); \\", "2: \tthree(k); (2, 2)"),
        ("\tone(k);", "\tone(k);: it breaks the lines of a macro otherwise than the base"),
    ],
)
def test_a_line_of_a_macro_goes_with_what_continues_it(removed: str, outcome: str) -> None:
    base = "#define f(k) \\\n\tone(k); \\\n\ttwo(k)\n"
    hunk = f"@@ -2 +1,0 @@|-{removed}|+\tthree(k);"
    assert _applied(hunk, base) == outcome
