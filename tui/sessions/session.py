"""A session: the branches of a run, what to stop at, and what was asked last."""

from __future__ import annotations

from typing import Final

import attrs

from engine.machine.setup import Setup
from engine.machine.state import Actor
from engine.query.locations import described
from engine.query.parser import Query
from engine.query.triggers import (
    AtFunction,
    AtLabel,
    AtLine,
    Becomes,
    Changes,
    OnEvent,
    Trigger,
)
from engine.timeline import Timeline

FIRST_BRANCH: Final = "main"


@attrs.frozen(eq=False)
class Branch:
    """One future of a run, with the place that was left in it."""

    name: str
    timeline: Timeline
    parent: str | None = None
    at: int = 0
    """The last step that it shares with its parent."""


@attrs.frozen
class Breakpoint:
    """What to stop at: a place, an event, a condition that becomes true, a value that changes."""

    number: int
    trigger: Trigger
    condition: Query | None = None
    """What has to hold as well."""
    enabled: bool = True
    temporary: bool = False
    """It goes when it has been stopped at."""

    def words(self, setup: Setup) -> str:
        """Return what it stops at, as the command that makes it spells it."""
        match self.trigger:
            case Becomes(query):
                return f"if {query.text}"
            case Changes(query):
                return query.text
            case AtLine() | AtFunction() | AtLabel() | OnEvent():
                where = described(self.trigger, setup)
                return where if self.condition is None else f"{where} if {self.condition.text}"

    def command(self, setup: Setup) -> str:
        """Return the command that makes it."""
        if isinstance(self.trigger, Changes):
            return f"watch {self.words(setup)}"
        return f"{'tbreak' if self.temporary else 'break'} {self.words(setup)}"


@attrs.frozen(eq=False)
class Session:
    """All that a debugger at its prompt knows; a command makes a new one."""

    branches: tuple[Branch, ...]
    current: int = 0
    """Which of the branches is looked at."""
    breakpoints: tuple[Breakpoint, ...] = ()
    numbered: int = 0
    """How many breakpoints have been made so far."""
    actor: Actor | None = None
    """Whose instructions and statements to step by, anybody's for None."""
    last: str = ""
    """What an empty line does again."""
    sought: str = ""
    """What was searched for last."""
    over: bool = False

    @classmethod
    def start(cls, timeline: Timeline) -> Session:
        """Return the session that has only this run, at its cursor."""
        return cls((Branch(FIRST_BRANCH, timeline),))

    @property
    def branch(self) -> Branch:
        """The branch that is looked at."""
        return self.branches[self.current]

    @property
    def timeline(self) -> Timeline:
        """The run that is looked at, its cursor at the step at hand."""
        return self.branch.timeline

    @property
    def setup(self) -> Setup:
        """What is the same in all branches."""
        return self.timeline.initial.setup

    def at(self, timeline: Timeline) -> Session:
        """Return the session with the branch at hand moved or extended."""
        moved = attrs.evolve(self.branch, timeline=timeline)
        branches = (*self.branches[: self.current], moved, *self.branches[self.current + 1 :])
        return attrs.evolve(self, branches=branches)

    def seek(self, step: int) -> Session:
        """Return the session at another step of the same branch."""
        return self.at(self.timeline.seek(step))
