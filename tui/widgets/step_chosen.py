"""The message by which any panel asks to go to a step."""

from __future__ import annotations

from textual.message import Message


class StepChosen(Message):
    """The user chose a step, by a click on what stands for it."""

    def __init__(self, step: int) -> None:
        super().__init__()
        self.step = step
