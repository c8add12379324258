"""The help: how to read the screen, how to find out what one wants to know, and every key."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from tui.keys.command import Command, key_names
from tui.keys.keymap import Keymap
from tui.presenters.help import COUNT, HOW_TO, LETTERS, QUESTION, READING
from tui.screens.answering import AnsweringScreen

WIDTH: Final = 66
"""The columns of the text, which leave room for the frame at 80."""

SIGN: Final = 10


class HelpScreen(AnsweringScreen[None]):
    """Lies over another screen until it is closed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,enter,space,q", "dismiss", "Close", show=False),
    ]

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """Yield the help, which scrolls where it does not fit."""
        with VerticalScroll(id="help"):
            yield Static(help_text(self._keymap), markup=False)


def help_text(keymap: Keymap) -> str:
    """Return the whole help, with the keys as the user has them."""
    return "\n".join(_lines(keymap))


def _lines(keymap: Keymap) -> Iterable[str]:
    yield QUESTION
    keys = key_names(keymap.debugger)
    yield from _section("How to find out", ((sign, keys.fill(how)) for sign, how in HOW_TO))
    yield from _section("How to read the screen", READING)
    yield from _section("The lanes: every step of the run", LETTERS)
    yield from _keys("Keys", keymap.debugger)
    yield from _hanging("Ctrl+P", "All commands, and themes: light, dark, high contrast")
    yield from _hanging("0 to 9", f"A {keys.fill(COUNT)}")
    yield from _hanging(
        "mouse", "Click a value to ask why, an event or lane to go there, a gutter to stop there"
    )
    debugger = {command.name for command in keymap.debugger}
    for title, commands in (
        ("Two runs in lock-step", keymap.compare),
        ("In the list of scenarios", keymap.picker),
        ("In a tour (--tour)", keymap.tour),
        ("In a quiz (--quiz)", keymap.quiz),
    ):
        titles = {command.title for command in keymap.debugger}
        own = (each for each in commands if each.name not in debugger or each.title not in titles)
        yield from _keys(title, own)
    yield ""
    yield "Escape closes this page."


def _section(title: str, pairs: Iterable[tuple[str, str]]) -> Iterable[str]:
    yield ""
    yield title
    for sign, meaning in pairs:
        yield from _hanging(sign, meaning)


def _keys(title: str, commands: Iterable[Command]) -> Iterable[str]:
    pairs = ((", ".join(command.spelled), command.title) for command in commands)
    return _section(title, pairs)


def _hanging(sign: str, meaning: str) -> list[str]:
    first = f"  {sign:{SIGN}}" if len(sign) < SIGN else f"  {sign}  "
    return wrap(meaning, WIDTH, initial_indent=first, subsequent_indent=" " * (SIGN + 2))
