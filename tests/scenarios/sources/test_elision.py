"""Lines that stand for lines which somebody left out."""

from __future__ import annotations

import pytest

from scenarios.sources.elision import is_elision


@pytest.mark.parametrize(
    "text",
    [
        *("...", "\t[...]", "…", "[snip]", "<snip>", "[..]", "[…]", "--- snip ---", "...snip..."),
        *("(...)", "[ 40 lines snipped ]", "[cut]", "{ ... }", "8< snip 8<", ". . ."),
        *("/* ... */", "// ...", "/* rest unchanged */", "/* same as before */", "/* snip */"),
        *("/* the rest of the function is unchanged */", "// rest of function", "// unchanged"),
        *("/* ... existing code ... */", "/* unchanged code here. */"),
    ],
)
def test_a_line_that_says_so_stands_for_others(text: str) -> None:
    assert is_elision(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "}", "cut:", "skip:", "cut", "...);", "()", "-- ", "---", "[1]", "return;"),
        *("/* skip */", "/* same page */", "/* Flush it. */", "/* the rest of the world */"),
        *("/* unchanged */ f();", "[see above]", "The rest is unchanged"),
    ],
)
def test_code_and_prose_stand_for_themselves(text: str) -> None:
    assert not is_elision(text)
