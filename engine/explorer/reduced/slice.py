"""A slice (cone of influence): every run, as far as it concerns some words, or the course alone.

States are visited in the order of the length of the shortest run that leads to them. A slice
keeps some lines and leaves the others out; what of its states is left of the words' judge are the
projected ghosts. The slice of the course is about vCPUs that are stuck, faults and what flushes
cost, too.
"""

from __future__ import annotations

from typing import Final

import attrs

from engine.explorer.learning.flushes import NONE, Flushes
from engine.explorer.learning.moves import LEFT_OUT, Mover, MoverOutcome, ProgramPoint, Statement
from engine.explorer.learning.packed_moves import CrowdedError, MoveTable
from engine.explorer.learning.projection import ProjectedGhosts
from engine.explorer.limits import CancelledError, LimitReason, Reporter
from engine.explorer.reduced.independence import DependentError, Independence
from engine.explorer.reduced.information_flow import InformationFlow
from engine.explorer.reduced.macro_steps import MacroBranch, MacroStep, MacroSteps
from engine.explorer.reduced.stuck_states import MoverRun, StuckStates, TooManyError
from engine.findings import Kind

_ENDLESS_STEP: Final = 50
"""How many states a step of an endless run of independent steps weighs when the room is counted.

Each is a core or a stack of its own that is kept, and a move that has to be learned.
"""

_PATIENCE: Final = 100
"""How many states a search visits that was mistaken about independent steps before it gives up."""

_ENTANGLED: Final = 1000
"""How many states more than one search a word would visit may be visited for several at once."""


class EntangledError(Exception):
    """The words would take fewer states if they were searched one by one."""


@attrs.frozen(eq=False)
class FlushGraph:
    """Where macro steps lead and what they flush, per state of the course."""

    start: int
    macro_steps: dict[int, list[tuple[int, Flushes]]]
    completed: dict[int, Flushes]
    """Per state in which no actor goes on: what independent steps that are still to come flush."""


class SliceSearch:
    """The search of one slice from a packed state."""

    def __init__(
        self,
        table: MoveTable,
        independence: Independence,
        ghosts: ProjectedGhosts,
        start: int,
        room: int,
        reporter: Reporter,
        *,
        actors: tuple[Mover, ...],
        is_course: bool,
    ) -> None:
        """Prepare to visit up to `room` states; the slice's words are those of `ghosts`.

        These actors move, and none else.
        """
        independence.begin(actors)
        moves = table.moves
        self.words: Final = ghosts.words
        self.flow: Final = InformationFlow()
        self.states = 0
        self.transitions = 0
        self.reason: LimitReason | None = None
        self.shortest: dict[Kind, MoverRun] = {}
        self.graph: Final = FlushGraph(start, {}, {})
        self._table = table
        self._independence = independence
        self._ghosts = ghosts
        self._is_course = is_course
        self._room = room
        self._reporter = reporter
        self._macro_steps = MacroSteps(table, independence, self._note, is_course=is_course)
        self._actors = actors
        packing = table.packing
        self._kept = tuple(
            line for line in range(moves.fields.lines) if start & packing.masks[line] != LEFT_OUT
        )
        self._ghost_mask = packing.masks[moves.fields.count]
        self._ghost_shift = packing.shifts[moves.fields.count]
        self._lengths = {start: 0}
        self._came: dict[int, tuple[int, MacroBranch]] = {}
        self._due: list[list[int]] = [[start]]
        self._inside: tuple[dict[int, None], ...] = tuple({} for _ in self._actors)
        """Per actor: from which states of the course, without ghosts, he ends up in KVM."""
        self._machine_mask = packing.mask(range(moves.fields.count))
        self._machines: set[int] = set()
        """What the states visited are without their ghosts, where there are several words."""

    def run(self) -> None:
        """Visit every state, or as many as there is room for.

        Raises:
            CrowdedError, DependentError, ConcreteValueNeeded: the search must begin anew.
            EntangledError: the words had better be searched one by one.
        """
        try:
            self._visit_all()
            if self.reason is not None:
                return
            if self._is_course:
                self._find_stuck()
        except CancelledError:
            self.reason = LimitReason.CANCELLED
            return
        if self._independence.mistaken:
            raise DependentError

    def _visit_all(self) -> None:
        length = 0
        searches = len(self._ghosts.words) + self._is_course
        while length < len(self._due):
            for state in self._due[length]:
                if self._lengths[state] != length:
                    continue
                endless = _ENDLESS_STEP * self._macro_steps.endless
                weight = self.states + endless
                if weight >= self._room:
                    self.reason = LimitReason.LOOP if endless > self.states else LimitReason.STATES
                    return
                waiting = len(self._lengths) - self.states
                if not self._reporter.report(weight, self.transitions, waiting):
                    self.reason = LimitReason.CANCELLED
                    return
                self.states += 1
                self._visit(state, length)
                if self._independence.mistaken and self.states >= _PATIENCE:
                    raise DependentError
                if searches > 1:
                    self._machines.add(state & self._machine_mask)
                    if self.states > searches * len(self._machines) + _ENTANGLED:
                        raise EntangledError
            self._due[length].clear()
            length += 1

    def _note(self, mover: Mover, outcome: MoverOutcome) -> None:
        self._reporter.look()
        self.flow.note(self._table.moves.actor(mover), outcome)

    def places(self) -> frozenset[ProgramPoint]:
        """Return where in their programs the actors come to in any run, once all is visited.

        Every step of a run is one of a macro step from a state that is visited, but for steps that
        are put off; those are independent steps of a macro step from there.
        """
        return frozenset(self._macro_steps.places())

    def statements(self) -> frozenset[Statement]:
        """Return the steps of the policy that KVM comes to in any run, once all is visited."""
        return frozenset(self._macro_steps.statements())

    def _visit(self, state: int, length: int) -> None:
        steps = [self._macro_steps.step(mover, state) for mover in self._actors]
        if self._is_course:
            self._look_at(state, length, steps)
        if self._ghosts.words:
            self._find_evicted(state, length)
        led: list[tuple[int, Flushes]] = []
        for step in steps:
            for branch in step.branches:
                self.transitions += 1
                target, stale = self._judge(state + branch.delta, branch)
                total = length + branch.steps
                if stale:
                    self._find(Kind.STALE, state, branch.movers, total)
                if branch.loses:
                    self._find(Kind.LOST, state, branch.movers, total)
                if branch.faults:
                    self._find(Kind.FAULT, state, branch.movers, total)
                led.append((target, branch.flushes))
                if self._lengths.get(target, total + 1) > total:
                    self._lengths[target] = total
                    self._came[target] = (state, branch)
                    while len(self._due) <= total:
                        self._due.append([])
                    self._due[total].append(target)
        if self._is_course:
            self.graph.macro_steps[state] = led

    def _judge(self, state: int, branch: MacroBranch) -> tuple[int, bool]:
        if not branch.judged or not self._ghosts.words:
            return state, False
        before = ghost = (state & self._ghost_mask) >> self._ghost_shift
        stale = False
        for judged in branch.judged:
            ghost, stale = self._ghosts.after(ghost, judged)
            if ghost << self._ghost_shift > self._ghost_mask:
                raise CrowdedError
        return state + (ghost - before << self._ghost_shift), stale

    def _find_evicted(self, state: int, length: int) -> None:
        """Look for a newest version that an eviction loses, whoever moves next."""
        for line in self._kept:
            movers: MoverRun = ()
            for _, move in self._macro_steps.hardware(line, state):
                movers += (line,)
                if move.loses:
                    self._find(Kind.LOST, state, movers, length + len(movers))

    def _look_at(self, state: int, length: int, steps: list[MacroStep]) -> None:
        """Look for faults among the independent steps, who ends up in KVM, and whether all stop.

        An independent step that is a fault is found where its actor has not moved since: what is
        put off is of others.
        """
        complete = True
        for mover, step, inside in zip(self._actors, steps, self._inside, strict=True):
            if step.fault is not None:
                movers = (mover,) * step.fault
                self._find(Kind.FAULT, state, movers, length + len(movers))
            if step.ends_inside:
                inside[state & self._machine_mask] = None
            complete = complete and step.stops
        if complete:
            flushes = (step.independent_flushes for step in steps)
            self.graph.completed[state] = sum(flushes, NONE)

    def _find_stuck(self) -> None:
        """Look for the nearest state in which somebody is stuck."""
        search = StuckStates(
            self._macro_steps, self._kept, self._actors, self._room, self._reporter
        )
        try:
            stuck = search.first(self._inside, self._course)
        except TooManyError:
            self.reason = LimitReason.STATES
            return
        if stuck is not None:
            self._find(Kind.STUCK, self._visited(stuck.state), stuck.rest, stuck.length)

    def _course(self) -> dict[int, int]:
        """Return the states without their ghosts, with the length of the shortest runs."""
        lengths: dict[int, int] = {}
        for state, length in self._lengths.items():
            bare = state & self._machine_mask
            lengths[bare] = min(length, lengths.get(bare, length))
        return lengths

    def _visited(self, bare: int) -> int:
        """Return the state, nearest to the start, that is this without its ghost."""
        return min(
            (state for state in self._lengths if state & self._machine_mask == bare),
            key=self._lengths.__getitem__,
        )

    def _find(self, kind: Kind, state: int, last: MoverRun, length: int) -> None:
        if kind in self.shortest and len(self.shortest[kind]) <= length:
            return
        runs = [last]
        while state in self._came:
            state, branch = self._came[state]
            runs.append(branch.movers)
        self.shortest[kind] = tuple(mover for run in reversed(runs) for mover in run)
