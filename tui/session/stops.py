"""The stops of a session: its breakpoints and watches, numbered as they are made."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

import attrs

from engine.machine.setup import Setup
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


@attrs.frozen
class Stops:
    """What a session stops at."""

    breakpoints: tuple[Breakpoint, ...] = ()
    numbered: int = 0
    """How many have been made so far."""

    def __iter__(self) -> Iterator[Breakpoint]:
        return iter(self.breakpoints)

    def __len__(self) -> int:
        return len(self.breakpoints)

    @property
    def last(self) -> Breakpoint:
        """The one that was made last."""
        return self.breakpoints[-1]

    @property
    def numbers(self) -> tuple[int, ...]:
        """Their numbers, which rise."""
        return tuple(each.number for each in self.breakpoints)

    def making(
        self, trigger: Trigger, condition: Query | None = None, *, temporary: bool = False
    ) -> Stops:
        """Return the stops with another one, under the next number."""
        number = self.numbered + 1
        made = Breakpoint(number, trigger, condition, temporary=temporary)
        return Stops((*self.breakpoints, made), number)

    def keeping(self, made: Breakpoint, number: int, *, enabled: bool) -> Stops:
        """Return the stops with one that was made elsewhere, under the number that it had."""
        again = attrs.evolve(made, number=number, enabled=enabled)
        return Stops((*self.breakpoints, again), max(number, self.numbered))

    def without(self, numbers: Collection[int]) -> Stops:
        """Return the stops without some."""
        kept = tuple(each for each in self.breakpoints if each.number not in numbers)
        return attrs.evolve(self, breakpoints=kept)

    def enabling(self, numbers: Collection[int], *, on: bool) -> Stops:
        """Return the stops with some enabled, or disabled."""
        changed = tuple(
            attrs.evolve(each, enabled=on) if each.number in numbers else each
            for each in self.breakpoints
        )
        return attrs.evolve(self, breakpoints=changed)


NO_STOPS: Final = Stops()
