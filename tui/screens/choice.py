"""A choice among a few lines, over the screen that asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static


class ChoiceScreen(ModalScreen[int | None]):
    """Gives back the index of the line that is chosen, None for none of them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "None of them", show=False),
        Binding("q", "app.quit", "Quit", show=False),
    ]

    def __init__(self, question: str, lines: Sequence[str], at: int = 0) -> None:
        super().__init__()
        self._question = question
        self._lines = tuple(lines)
        self._at = at

    def compose(self) -> ComposeResult:
        """Yield the question, the lines and the keys."""
        with Vertical(id="choice"):
            yield Static(self._question, markup=False, classes="choice-title")
            yield OptionList(*self._lines, markup=False)
            yield Static("↑↓ choose  Enter take  Esc none of them", markup=False)

    def on_mount(self) -> None:
        """Begin at the line that is so already."""
        self.query_one(OptionList).highlighted = self._at

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Give back what was chosen."""
        self.dismiss(event.option_index)
