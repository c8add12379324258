from __future__ import annotations

from collections.abc import Callable

from tui.presenters.large_letters import COLUMNS, ROWS, large_lines


def test_letters_look_as_they_did(golden: Callable[[str, str], None]) -> None:
    every = "".join(map(chr, range(0x20, 0x7F)))
    rows = (
        row
        for start in range(0, len(every), 24)
        for row in large_lines(every[start : start + 24].strip() or ".", 80)
    )
    golden("large-letters", "".join(f"{row}\n" for row in rows))


def test_a_text_is_wrapped_and_its_paragraphs_are_kept() -> None:
    lines = large_lines("one two three\n\nfour", 9 * COLUMNS)
    assert len(lines) == 4 * ROWS
    assert lines[2 * ROWS : 3 * ROWS] == ("",) * ROWS
    assert max(map(len, lines)) <= 9 * COLUMNS


def test_what_has_no_letter_of_its_own_is_spelled_or_framed() -> None:
    assert large_lines("≥1…", 40) == large_lines(">=1...", 40)
    assert large_lines("\u4e2d", 40) == large_lines("\u00e9", 40)
    assert large_lines("\u4e2d", 40) != large_lines(" ", 40)
