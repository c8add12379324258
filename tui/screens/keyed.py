"""A screen whose keys are those of its declared commands, with counts typed before them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar, Final, TypeVar

from textual import events
from textual.widgets import Input, OptionList

from tui.keys.command import Command, key_names
from tui.presenters.cells import Tone
from tui.widgets.command_bar import CommandBar
from tui.widgets.panels.painting import PaintedScreen
from tui.widgets.panels.panel import Panel

MOST_DIGITS: Final = 6
LIST_KEYS: Final = Panel.own_keys
"""The keys that lists of options have a use for."""


_C = TypeVar("_C")


class KeyedScreen(PaintedScreen):
    """Does the command of a key; digits that no command has are the count of the next one.

    What Escape ends is a list: each entry ends one thing that is open, and says whether it was.
    """

    AUTO_FOCUS = ""

    counts: ClassVar[str] = ""
    """What a count is for, with the keys by name."""

    def __init__(self, commands: Iterable[Command], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.commands: Final = tuple(commands)
        self.key_names: Final = key_names(self.commands)
        self._by_key = {key: command for command in self.commands for key in command.keys}
        self._digits = ""
        self._count: int | None = None
        self.command_bar: Final = CommandBar(self.commands)
        self.ways_out: tuple[Callable[[], bool], ...] = (self.unfocus,)
        """What Escape tries to leave before the screen, the innermost first."""

    def controlled_by(self, controller: _C) -> _C:
        """Return a controller, whose actions are from now on actions of the screen."""
        for name in dir(controller):
            if name.startswith("action_"):
                setattr(self, name, getattr(controller, name))
        return controller

    @property
    def count(self) -> int | None:
        """The count typed before the command that is being done, None where there was none."""
        return self._count

    async def take(self, event: events.Key | events.Paste) -> bool:
        """Do the command of a key at once, unless the widget with the focus has a use for it.

        Say whether that was done: what comes next can be meant for what a command opens.
        """
        return (
            isinstance(event, events.Key)
            and not self._claims(event.key)
            and await self.press(event.key, event.character)
        )

    def _claims(self, key: str) -> bool:
        match self.focused:
            case None:
                return False
            case Panel() as panel:
                return key in panel.own_keys
            case OptionList():
                return key in LIST_KEYS
            case _:
                return True

    async def press(self, key: str, character: str | None) -> bool:
        """Do the command that a key stands for; say whether it stands for any, or is a digit."""
        if key == "escape" and self._digits:
            self.forget_count()
            return True
        command = self._by_key.get(key)
        if command is None and not (character or "").isdecimal():
            return False
        if command is None:
            self._digits = (self._digits + str(character))[-MOST_DIGITS:]
            self.counting(self._digits)
            return True
        self._count = int(self._digits) if self._digits else None
        self._digits = ""
        await self.run_action(command.action)
        self._count = None
        return True

    async def on_key(self, event: events.Key) -> None:
        """Do the command of a key for which the widget with the focus has no use after all."""
        if not isinstance(self.focused, Input) and await self.press(event.key, event.character):
            event.stop()
            event.prevent_default()

    def forget_count(self) -> None:
        """Have no count for the next command."""
        if self._digits:
            self._digits = ""
            self.counting("")

    def counting(self, digits: str) -> None:
        """Show the count that is being typed."""
        self.tell(digits and f"{digits}: {self.key_names.fill(self.counts)}")

    def tell(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        """Show a line, where there is a place for one."""

    def action_more_keys(self) -> None:
        """Show other keys in the footer."""
        self.command_bar.turn()

    async def action_leave(self) -> None:
        """Leave the innermost of what is open; where nothing is, the screen."""
        if not any(try_leave() for try_leave in self.ways_out):
            await self.leave()

    async def leave(self) -> None:
        """Leave the screen."""
        self.dismiss()

    def unfocus(self) -> bool:
        """Take the arrows from whatever has them; say whether anything had."""
        focused = self.focused is not None
        if focused:
            self.set_focus(None)
        return focused
