"""The past of a run: its states by number, and since when something has been as it is."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from engine.judge import Ghost
from engine.machine.effects import Copy
from engine.machine.state import Machine
from engine.memory.line import Line, Version
from engine.timeline import Timeline
from engine.transition import Step


@attrs.frozen
class Past:
    """A timeline read by the number of the step that led to each state."""

    timeline: Timeline

    def step(self, at: int) -> Step:
        """Return a step, from 1."""
        return self.timeline.steps[at - 1]

    def state(self, at: int) -> Machine:
        """Return the state after a step, 0 for the start."""
        return self.timeline.machine_at(at)

    def ghost(self, at: int) -> Ghost:
        """Return the judge's state after a step."""
        return self.timeline.ghosts[at]

    def line_of(self, word: int) -> int:
        """Return the line that a word lies on."""
        return self.timeline.initial.setup.layout.line_of[word]

    def newest(self, at: int, word: int) -> int:
        """Return the number of a word's newest version, wherever it is."""
        return self._line(at, word).newest[self._slot(word)]

    def copy(self, at: int, word: int, copy: Copy) -> Version | None:
        """Return the version that a copy of a word has, None where no cache has the line."""
        line = self._line(at, word)
        held = line.ram if copy is Copy.RAM else line.cached
        return None if held is None else held[self._slot(word)]

    def since(self, at: int, holds: Callable[[int], bool]) -> int:
        """Return the step since which something has held without a break, 0 for the start."""
        while at and holds(at - 1):
            at -= 1
        return at

    def same_since(self, at: int, value: Callable[[int], object]) -> int:
        """Return the step since which something has been what it is."""
        now = value(at)
        return self.since(at, lambda before: value(before) == now)

    def copy_since(self, at: int, word: int, copy: Copy) -> int:
        """Return the step since which a copy of a word has the version that it has."""
        return self.same_since(at, lambda when: self.copy(when, word, copy))

    def _line(self, at: int, word: int) -> Line:
        return self.state(at).lines[self.line_of(word)]

    def _slot(self, word: int) -> int:
        return self.timeline.initial.setup.layout.slot_of[word]
