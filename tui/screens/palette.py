"""The palette: the screen's commands by words, over the screen that is asked."""

from __future__ import annotations

from typing import Any

import attrs
from textual.await_complete import AwaitComplete
from textual.command import CommandPalette
from textual.screen import Screen

from tui.keys.command import Command
from tui.screens.answering import LEFT, is_on_top


class Palette(CommandPalette):
    """Leaves once, whatever is typed meanwhile."""

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
