"""A choice of any number among a few lines, over the screen that asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import OptionList, Static

from tui.screens.answering import AnsweringScreen


class ToggleScreen(AnsweringScreen[frozenset[int]]):
    """Gives back the indices of the lines that are on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "done", "Done", show=False),
        Binding("space", "turn", "On or off", show=False),
        Binding("q", "app.quit", "Quit", show=False),
    ]

    def __init__(self, question: str, lines: Sequence[str], on: frozenset[int]) -> None:
        super().__init__()
        self._question = question
        self._lines = tuple(lines)
        self._on = on

    def compose(self) -> ComposeResult:
        """Yield the question, the lines and the keys."""
        with Vertical(id="choice"):
            yield Static(self._question, markup=False, classes="choice-title")
            yield OptionList(*map(self._shown, range(len(self._lines))), markup=False)
            yield Static("↑↓ choose  Space, Enter or a click: on or off  Esc done", markup=False)

    def action_turn(self) -> None:
        """Turn the line under the cursor on or off."""
        options = self.query_one(OptionList)
        if options.highlighted is not None:
            self._toggle(options.highlighted)

    def action_done(self) -> None:
        """Give back what is on."""
        self.dismiss(self._on)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Turn the line that was chosen on or off."""
        self._toggle(event.option_index)

    def _toggle(self, index: int) -> None:
        self._on = self._on ^ {index}
        self.query_one(OptionList).replace_option_prompt_at_index(index, self._shown(index))

    def _shown(self, index: int) -> str:
        return f"[{'x' if index in self._on else ' '}] {self._lines[index]}"
