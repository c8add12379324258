"""The messages by which any part of the screen asks for something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message
from textual.screen import Screen

from tui.presenters.layout import Pane

if TYPE_CHECKING:
    from tui.session.comparison import Comparison
    from tui.session.session import Session


class StepChosen(Message):
    """The user chose a step, by what stands for it."""

    def __init__(self, step: int) -> None:
        super().__init__()
        self.step = step


class LineGiven(Message):
    """The user asked for what a line of the prompt does."""

    def __init__(self, line: str, of: Session | None = None) -> None:
        """Ask for it; of a session, for as long as nothing has changed."""
        super().__init__()
        self.line = line
        self.of = of


class TabChosen(Message):
    """The user chose which pane of a deck is in front."""

    def __init__(self, pane: Pane) -> None:
        super().__init__()
        self.pane = pane


class ComparisonWanted(Message):
    """The user wants to see two runs beside each other."""

    def __init__(self, comparison: Comparison) -> None:
        super().__init__()
        self.comparison = comparison


class RunWanted(Message):
    """The user wants to see a run of another scenario, over the screen that is shown."""

    def __init__(self, over: Screen[None], session: Session) -> None:
        super().__init__()
        self.over = over
        self.session = session
