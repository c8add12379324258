"""What a command has printed, where it is too long for a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from tui.presenters.words import printable
from tui.screens.answering import AnsweringScreen


class OutputScreen(AnsweringScreen[None]):
    """Lies over another screen until it is closed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,space,q", "dismiss", "Close", show=False),
    ]

    def __init__(self, title: str, lines: Sequence[str]) -> None:
        super().__init__()
        self._title = title
        self._lines = tuple(map(printable, lines))

    def compose(self) -> ComposeResult:
        """Yield the lines, which scroll where they do not fit."""
        with VerticalScroll(id="output"):
            if self._title:
                yield Static(printable(self._title), markup=False, classes="choice-title")
            yield Static("\n".join(self._lines), markup=False)
