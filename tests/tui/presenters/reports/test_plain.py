from __future__ import annotations

import shlex

from tui.presenters.reports.plain import command, paragraph, printable, table, visible


def test_what_could_steer_a_terminal_is_shown_as_an_escape() -> None:
    assert printable("a\x1b[2J\nb") == "a\\x1b[2J\\nb"
    assert printable("x" * 2000) == "x" * 999 + "…"


def test_lines_keep_their_ends_and_tabs_and_nothing_else_that_steers() -> None:
    assert visible("a\tb\r\n\x1b[2J\u202e\x9b\n") == "a\tb\\r\n\\x1b[2J\\u202e\\x9b\n"
    assert visible("blanks:\u00a0\u3000, é ←→") == "blanks:\u00a0\u3000, é ←→"


def test_a_paragraph_breaks_between_words_alone() -> None:
    text = "one two-three " + "x" * 20 + " four"

    assert list(paragraph(text, 12, "  ", "    ")) == [
        "  one",
        "    two-three",
        "    " + "x" * 20,
        "    four",
    ]


def test_a_command_goes_on_after_a_backslash() -> None:
    groups = (("run", "my file"), ("--policy", "a#2"), ("--at", "3"))

    lines = list(command(groups, 24, "  "))

    assert lines == ["  run 'my file' \\", "    --policy 'a#2' \\", "    --at 3"]
    assert shlex.split("\n".join(lines).replace("\\\n", "")) == [
        word for group in groups for word in group
    ]


def test_a_table_has_words_at_the_left_and_numbers_at_the_right() -> None:
    assert list(table([("a", "b", "c"), ("long", "", "10")], left=1)) == [
        "  a     b   c",
        "  long     10",
    ]
