"""The palette: the screen's commands by words, over the screen that is asked."""

from __future__ import annotations

from typing import Any

import attrs
from textual import events
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.command import CommandInput, CommandList, CommandPalette, SearchIcon
from textual.containers import Horizontal, Vertical
from textual.css.query import NoMatches
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import LoadingIndicator
from textual.worker import Worker, WorkType

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

    @property
    def is_cleared(self) -> bool:
        """Say whether it has been left, and nothing lies on it any more."""
        parts: tuple[type[Widget], ...] = (CommandList, LoadingIndicator)
        return not all(self.query(part) for part in parts)

    def run_worker(self, work: WorkType[Any], *args: Any, **options: Any) -> Worker[Any]:
        """Look for commands, as long as there is a list to put them on.

        What was typed last is looked for even after the palette has been left.
        """

        async def until_cleared() -> None:
            assert callable(work)
            try:
                await work()
            except NoMatches:
                if not self.is_cleared:
                    raise

        return super().run_worker(until_cleared, *args, **options)

    def _watch__list_visible(self) -> None:
        if not self.is_cleared:
            super()._watch__list_visible()

    async def _watch__show_busy(self) -> None:
        if not self.is_cleared:
            await super()._watch__show_busy()


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
