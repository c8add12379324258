"""Choices among a few lines, of one or of any number, over the screen that asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import OptionList, Static

from tui.presenters.cells import wrapped
from tui.screens.answering import AnsweringScreen

AROUND: Final = 5
"""The rows of the frame, the question and the keys."""
GAP: Final = 1
"""The rows between the list and the whole of a line."""


class ChoiceScreen(AnsweringScreen[int | None]):
    """Gives back the index of the line that is chosen, None for none of them.

    Where lines are cut, the whole of the one under the cursor stands below the list.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "None of them", show=False),
        Binding("q", "app.quit", "Quit", show=False),
    ]

    def __init__(self, question: str, lines: Sequence[str], at: int = 0) -> None:
        super().__init__()
        self._question = question
        self._lines = tuple(lines)
        self._at = at
        self._list = OptionList(*self._lines, markup=False)
        self._whole = Static(id="choice-whole", markup=False)

    def compose(self) -> ComposeResult:
        """Yield the question, the lines and the keys."""
        with Vertical(id="choice"):
            yield Static(self._question, markup=False, classes="choice-title")
            yield self._list
            yield self._whole
            yield Static("↑↓ choose  Enter take  Esc none of them", markup=False)

    def on_mount(self) -> None:
        """Begin at the line that is so already."""
        self._list.highlighted = self._at

    def on_resize(self, event: events.Resize) -> None:
        """Make room for the whole of the longest line, if it is cut."""
        self.call_after_refresh(self._make_room)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show the whole of another line."""
        self._show_whole()

    @property
    def _width(self) -> int:
        return self._list.scrollable_content_region.width

    def _make_room(self) -> None:
        cut = max(map(len, self._lines)) > self._width
        rows = GAP + max(len(self._wrapped(line)) for line in self._lines) if cut else 0
        self._whole.display = cut
        self._whole.styles.height = rows
        self._list.styles.max_height = self.size.height - AROUND - rows
        self._show_whole()

    def _show_whole(self) -> None:
        at = self._list.highlighted
        self._whole.update("" if at is None else "\n".join(self._wrapped(self._lines[at])))

    def _wrapped(self, line: str) -> tuple[str, ...]:
        return wrapped(" ".join(line.split()), self._width)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Give back what was chosen."""
        self.dismiss(event.option_index)


class ToggleScreen(AnsweringScreen[frozenset[int]]):
    """Gives back the indices of the lines that are on, any number of them."""

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
