"""The help: how to read the screen, and every key."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.keys import DEBUGGER, EVERYWHERE, OF_QUIZ, OF_TOUR, PICKER, Command
from tui.presenters.help import QUESTION, READING

WIDTH: Final = 62
"""The columns of the text, which leave room for the frame at 80."""

SIGN: Final = 10


class HelpScreen(ModalScreen[None]):
    """Lies over another screen until it is closed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,enter,space", "dismiss", "Close", show=False),
        Binding("q", "app.quit", "Quit", show=False),
    ]

    def compose(self) -> ComposeResult:
        """Yield the help, which scrolls where it does not fit."""
        with VerticalScroll(id="help"):
            yield Static(self.text(), markup=False)

    @staticmethod
    def text() -> str:
        """Return the whole help."""
        return "\n".join(_lines())


def _lines() -> Iterable[str]:
    yield QUESTION
    yield ""
    yield "How to read the screen"
    for sign, meaning in READING:
        yield from _hanging(sign, meaning)
    yield ""
    yield "Keys"
    for command in (*DEBUGGER, *EVERYWHERE):
        yield from _hanging(", ".join(command.spelled), command.title)
    yield from _hanging("Ctrl+P", "All commands, and themes, light and dark")
    yield from _hanging("mouse", "A click on an event or flush goes to its step; the wheel scrolls")
    yield from _section("In the list of scenarios", PICKER)
    yield from _section("In a tour (--tour)", OF_TOUR)
    yield from _section("In a quiz (--quiz)", OF_QUIZ)
    yield ""
    yield "Escape closes this page."


def _section(title: str, commands: Iterable[Command]) -> Iterable[str]:
    yield ""
    yield title
    for command in commands:
        yield from _hanging(", ".join(command.spelled), command.title)


def _hanging(sign: str, meaning: str) -> list[str]:
    first = f"  {sign:{SIGN}}" if len(sign) < SIGN else f"  {sign}  "
    return wrap(meaning, WIDTH, initial_indent=first, subsequent_indent=" " * (SIGN + 2))
