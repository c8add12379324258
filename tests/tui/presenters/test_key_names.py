from __future__ import annotations

import pytest

from tui.presenters.key_names import KeyNames

KEYS = KeyNames({"step": "right", "back": "h", "leave": "Esc", "ten-back": "PgUp"})


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{step} steps on, {back} back.", "Right steps on, h back."),
        ("So far. {step} goes on: {leave} leaves", "So far. Right goes on: Esc leaves"),
        ("{back} goes back; {step} and {ten-back} too", "h goes back; right and PgUp too"),
        ("(press {step})", "(press right)"),
        ("{play} plays, {play} stops", "No key plays, no key stops"),
        ("sees[1][x] != {} and {Step}", "sees[1][x] != {} and {Step}"),
        ("", ""),
    ],
)
def test_a_key_stands_where_its_command_is_named(text: str, filled: str) -> None:
    assert KEYS.fill(text) == filled


def test_it_knows_which_commands_a_screen_has() -> None:
    assert ["step" in KEYS, "play" in KEYS] == [True, False]
