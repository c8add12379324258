from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.keys.command import Command
from tui.keys.declared import COMPARE, DEBUGGER, EVERYWHERE, MORE, PICKER
from tui.keys.footer import FooterEntry, footer_entries, footer_pages
from tui.keys.keymap import Keymap


def texts(commands: tuple[Command, ...]) -> list[tuple[str, str]]:
    return [(entry.keys, entry.word) for entry in footer_entries(commands)]


def test_the_two_directions_of_a_move_share_an_entry() -> None:
    assert texts(DEBUGGER) == [
        ("←→", "step"),
        ("↑↓", "guest"),
        ("s/S", "KVM"),
        ("x", "exact"),
        ("f/F", "finding"),
        ("w", "why"),
        ("r/R", "roads"),
        ("e/E", "explore"),
        ("u/U", "undo"),
        ("d", "compare"),
        ("A", "guests"),
        ("c/C", "run"),
        ("b", "break"),
        ("B", "list"),
        ("m", "mark"),
        ("n/p", "event"),
        ("t", "kind"),
        ("/ \\", "search"),
        ("Space", "play"),
        ("+/-", "speed"),
        ("v/V", "own"),
        ("a", "whose"),
        ("g/G", "ends"),
        ("PgDn/PgUp", "ten"),
        (":", "command"),
        ("Enter", "all"),
        ("Tab/Shift+Tab", "panel"),
        ("]/[", "tab"),
        ("z", "zoom"),
        ("o", "hide"),
        ("P", "policy"),
        ("Ctrl+E", "edit"),
        ("Ctrl+S", "save"),
        ("y/Y", "copy"),
        ("Esc", "out"),
    ]


def test_other_screens_have_entries_of_their_own() -> None:
    assert texts((*PICKER, MORE, *EVERYWHERE)) == [
        ("Enter", "open"),
        ("Tab", "other list"),
        ("/", "filter"),
        ("d", "compare"),
        ("Esc", "back"),
        (".", "more"),
        ("?", "help"),
        ("q", "quit"),
    ]
    assert texts(COMPARE)[3:9] == [
        ("d", "diverge"),
        ("n/p", "differ"),
        ("x", "exact"),
        ("f/F", "finding"),
        ("g/G", "ends"),
        ("PgDn/PgUp", "ten"),
    ]


@pytest.mark.parametrize("screen", ["debugger", "compare", "picker", "tour", "quiz"])
def test_the_first_key_of_every_command_is_in_the_footer(screen: str) -> None:
    commands: tuple[Command, ...] = getattr(Keymap(), screen)
    entries = {entry.word: entry.keys for entry in footer_entries(commands)}
    named = [each for each in commands if each.footer]
    assert [each.name for each in named if each.spelled[0] not in entries[each.footer]] == []


def test_an_entry_does_the_first_of_its_commands_and_shows_its_first_key() -> None:
    (entry,) = footer_entries(
        (
            Command("on", "row(1)", ("greater_than_sign", "l"), "On", "move"),
            Command("back", "row(-1)", ("less_than_sign",), "Back", "move"),
            Command("other", "other", ("o",), "Not in the footer"),
        )
    )
    assert entry == FooterEntry(">/<", "move", "row(1)")
    assert entry.width == len(" >/< move")


ONE, TWO, LONG, HELP = (
    FooterEntry(keys, word, word)
    for keys, word in (("a", "one"), ("b", "two"), ("c", "something"), ("?", "help"))
)


def test_what_does_not_fit_is_on_the_next_page_and_some_are_on_each() -> None:
    assert footer_pages((ONE, TWO, LONG), (HELP,), 19) == ((ONE, TWO, HELP), (LONG, HELP))
    assert footer_pages((ONE, TWO, LONG), (HELP,), 18) == ((ONE, HELP), (TWO, HELP), (LONG, HELP))


def test_without_entries_there_is_a_page_all_the_same() -> None:
    assert footer_pages((), (HELP,), 40) == ((HELP,),)


ENTRIES = st.lists(
    st.builds(
        FooterEntry,
        keys=st.text("abc", min_size=1, max_size=6),
        word=st.text("xyz", min_size=1, max_size=12),
        action=st.just("do"),
    ),
    max_size=12,
)


@settings(max_examples=200)
@given(ENTRIES, ENTRIES, st.integers(1, 200))
def test_every_entry_is_on_one_page_that_is_no_wider_than_the_screen(
    entries: list[FooterEntry], always: list[FooterEntry], width: int
) -> None:
    pages = footer_pages(entries, always, width)
    own = [page[: len(page) - len(always)] for page in pages]
    assert [entry for page in own for entry in page] == entries
    assert [page[len(page) - len(always) :] for page in pages] == [tuple(always)] * len(pages)
    for page, mine in zip(pages, own, strict=True):
        # One that is too wide for any page has one for itself.
        assert len(mine) <= 1 or sum(entry.width for entry in page) <= width
        assert mine or not entries
