"""The palette: the screen's commands by words, over the screen that is asked."""

from __future__ import annotations

from typing import Any

import attrs
from textual import events
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.command import CommandInput, CommandList, CommandPalette, SearchIcon
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import LoadingIndicator

from tui.keys.command import Command
from tui.screens.answering import LEFT, is_on_top


class Hits(CommandList):
    """The commands that have the words; a click on one that is no more is for nobody."""

    def on_click(self, event: events.Click) -> None:
        """Pass over what was clicked as the list became shorter."""
        if event.style.meta.get("option", 0) >= self.option_count:
            event.prevent_default()
            event.stop()


class Palette(CommandPalette):
    """Leaves once, whatever is typed meanwhile."""

    def compose(self) -> ComposeResult:
        """Yield the line for the words, and below it what has them."""
        with Vertical(id="--container"):
            with Horizontal(id="--input"):
                yield SearchIcon()
                yield CommandInput(placeholder=self._placeholder, select_on_focus=False)
            with Vertical(id="--results"):
                yield Hits()
                yield LoadingIndicator()

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Leave, unless it has been left, or something lies over it."""
        return super().dismiss(result) if is_on_top(self) else LEFT()


@attrs.define(eq=False)
class Chosen:
    """A command that was chosen in the palette: done once, on the screen that was asked."""

    command: Command
    screen: Screen[Any]
    done: bool = False

    async def __call__(self) -> None:
        """Do it, unless the screen is no more or something lies over it."""
        if not self.done and is_on_top(self.screen):
            self.done = True
            await self.screen.app.run_action(self.command.action, self.screen)
