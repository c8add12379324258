"""Stuck states: in which states of the actors' course somebody is in KVM and never comes out.

It is found by going back, in the graph of what can follow, from where he is out of KVM. A state of
the course stands for all to which independent steps lead from it: an actor that never comes out
from the last of them on is stuck from the first after which he stays in KVM.

Ways out that are there whatever hardware does are looked for first: an actor's step that touches a
line is such a way if each state that it can lead to is. For the states without one hardware's
events are taken one by one, whenever they can happen: whether others go on can depend on what they
see, and that may change without anybody's looking at it any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from heapq import heappop, heappush
from itertools import groupby
from typing import Final, TypeAlias

import attrs

from engine.explorer.learning.moves import Mover
from engine.explorer.limits import Reporter
from engine.explorer.reduced.macro_steps import MacroStep, MacroSteps

MoverRun: TypeAlias = tuple[Mover, ...]
"""Who moves in each step."""

Ways: TypeAlias = Callable[[int], Iterable[tuple[tuple[MoverRun, int], ...]]]
"""From a state: what somebody can do, each with the runs that it may be and where they lead."""


class TooManyError(Exception):
    """There are more states to look at than allowed."""


@attrs.frozen
class Stuck:
    """Where the shortest run that leads to a stuck state leaves the course, and how it goes on."""

    state: int
    rest: MoverRun
    length: int


class StuckStates:
    """The search for stuck states, once the course is known."""

    def __init__(
        self,
        macro_steps: MacroSteps,
        lines: tuple[Mover, ...],
        actors: tuple[Mover, ...],
        room: int,
        reporter: Reporter,
    ) -> None:
        """Look up to `room` states beside the course; `lines` are those that it keeps."""
        self._macro_steps: Final = macro_steps
        self._lines = lines
        self._actors = actors
        self._room = room
        self._reporter = reporter

    def first(
        self, inside: Iterable[Iterable[int]], lengths: Callable[[], Mapping[int, int]]
    ) -> Stuck | None:
        """Return the nearest stuck state, None where nobody gets stuck.

        `inside` has, actor by actor, the states of the course from which independent steps leave
        him in KVM; `lengths`, asked only if need be, of all states of the course the length of
        the shortest runs. All are without their ghosts. Where somebody is stuck from the start
        nobody gets so.

        Raises:
            TooManyError: there is not room for all that has to be looked at.
            CancelledError: the search may not go on.
            CrowdedError, ConcreteValueNeeded: the search must begin anew.
        """
        held = [
            self._held(actor, states, self._choices)
            for actor, states in zip(self._actors, inside, strict=True)
        ]
        doubtful = dict.fromkeys(state for each in held for state in each)
        if not doubtful:
            return None
        course = lengths()
        around = _Around({state: course[state] for state in doubtful}, self._room)
        for state in around:
            self._reporter.look()
            if state in course and state not in doubtful:
                continue
            for ((movers, target),) in self._ways(state):
                around.reach(state, movers, target)
        nearest: tuple[int, int, Mover, int] | None = None
        for actor in self._actors:
            unsure = (state for state in around.lengths if state in doubtful or state not in course)
            for state in self._held(actor, self._inside(actor, unsure), self._ways):
                independent = self._until_inside(self._macro_steps.step(actor, state))
                found = (around.lengths[state] + independent, state, actor, independent)
                if nearest is None or found < nearest:
                    nearest = found
        if nearest is None or nearest[0] == 0:
            return None
        length, state, actor, independent = nearest
        origin, run = around.way_to(state)
        return Stuck(origin, (*run, *(actor,) * independent), length)

    @staticmethod
    def _until_inside(step: MacroStep) -> int:
        return 0 if step.last_out is None else step.last_out + 1

    def _inside(self, actor: Mover, states: Iterable[int]) -> Iterator[int]:
        step = self._macro_steps.step
        return (state for state in states if step(actor, state).ends_inside)

    def _held(self, actor: Mover, inside: Iterable[int], ways: Ways) -> dict[int, None]:
        """Return those states from which, after independent steps, an actor never leaves KVM.

        `inside` are all states from which independent steps leave him in KVM, but for some from
        which he is known to come out.
        """
        step = self._macro_steps.step
        held = dict.fromkeys(inside)

        def comes_out(independent: int, movers: MoverRun, target: int) -> bool:
            if target not in held:
                return True
            last_out = step(actor, target).last_out
            mover = self._macro_steps.owners[movers[-1]]
            return last_out is not None and (mover == actor or last_out >= independent)

        going_on = True
        while going_on:
            going_on = False
            for state in reversed(list(held)):  # who is met later is nearer to coming out
                self._reporter.look()
                independent = step(actor, state).independent
                for runs in ways(state):
                    if all(comes_out(independent, *run) for run in runs):
                        del held[state]
                        going_on = True
                        break
        return held

    def _choices(self, state: int) -> Iterator[tuple[tuple[MoverRun, int], ...]]:
        """Yield the actors' steps, or choices, each with all that hardware can make of it."""
        for actor in self._actors:
            branches = self._macro_steps.step(actor, state).branches
            for _, same in groupby(branches, key=lambda branch: branch.option):
                yield tuple((branch.movers, state + branch.delta) for branch in same)

    def _ways(self, state: int) -> Iterator[tuple[tuple[MoverRun, int]]]:
        """Yield where every step leads, hardware's one by one."""
        for actor in self._actors:
            for branch in self._macro_steps.step(actor, state).branches:
                yield ((branch.movers, state + branch.delta),)
        for line in self._lines:
            for after, _ in self._macro_steps.hardware(line, state):
                yield (((line,), after),)
                break


class _Around:
    """The states around some of the course, in the order of the length of runs that lead there."""

    def __init__(self, lengths: Mapping[int, int], room: int) -> None:
        self.lengths = dict(lengths)
        self._room = room
        self._due = sorted((length, state) for state, length in lengths.items())
        self._came: dict[int, tuple[int, MoverRun]] = {}

    def __iter__(self) -> Iterator[int]:
        while self._due:
            length, state = heappop(self._due)
            if self.lengths[state] == length:
                yield state

    def reach(self, source: int, movers: MoverRun, target: int) -> None:
        """Note a way to a state.

        Raises:
            TooManyError: it is one too many.
        """
        length = self.lengths[source] + len(movers)
        if self.lengths.get(target, length + 1) <= length:
            return
        if len(self.lengths) >= self._room:
            raise TooManyError
        self.lengths[target] = length
        self._came[target] = (source, movers)
        heappush(self._due, (length, target))

    def way_to(self, state: int) -> tuple[int, MoverRun]:
        """Return the state of the course that a shortest run comes by, and how it goes on."""
        runs: list[MoverRun] = []
        while state in self._came:
            state, movers = self._came[state]
            runs.append(movers)
        return state, tuple(mover for run in reversed(runs) for mover in run)
