"""The state graph: where each mover's event leads from each state that runs from a start lead to.

The states are the plain search's: canonical machines with their ghosts. A step breaks where it
establishes a finding: a load is stale, a newest version gets lost, an access or a fetch fails, or
a vCPU is stuck now and none was before. Who is in KVM and leads to no state in which he is not is
stuck. As in the searches, none gets stuck where one is stuck from the start.
"""

from __future__ import annotations

from typing import Final

import attrs

from engine.explorer.canonical import canonical_ghost, numbers_of
from engine.explorer.learning.moves import Move, Moves
from engine.explorer.learning.packed_moves import CrowdedError, PackedModel
from engine.explorer.learning.packing import Packing
from engine.explorer.learning.projection import ProjectedGhosts
from engine.explorer.limits import Limits, Progress, Reporter
from engine.explorer.prospects.fairness import BREAKS, STAYS, Targets
from engine.judge import Ghost
from engine.machine.state import Machine


class UnreachableError(LookupError):
    """A state that no run from the start leads to."""


class States:
    """The states of a graph and their numbers, in the order in which they were met."""

    def __init__(self, fields: _NumberedFields, packing: Packing, numbers: dict[int, int]) -> None:
        """Know the numbers of packed states."""
        self._fields = fields
        self._sizes = fields.sizes()
        self._packing = packing
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, machine: Machine, ghost: Ghost) -> int:
        """Return the number of a state.

        Raises:
            UnreachableError: no run from the start leads there.
        """
        number = None
        if self._fields.belong_to(machine):
            fields = self._fields.numbers(machine, ghost)
            # A value that no run meets is given a number here, for which there may be no bits.
            if all(field < size for field, size in zip(fields, self._sizes, strict=True)):
                number = self._numbers.get(self._packing.pack(fields))
        if number is None:
            raise UnreachableError("no run from the start leads to this state")
        return number


@attrs.frozen(eq=False)
class Graph:
    """Where events lead; hardware's are one fill or eviction per line."""

    states: States
    actors: tuple[tuple[Targets, ...], ...]
    """Per actor: where its event leads, or the first of several, the second, and so on."""
    hardware: tuple[Targets, ...]


def graph_from(
    machine: Machine, ghost: Ghost, limits: Limits, progress: Progress | None = None
) -> Graph | None:
    """Return the graph of all runs from a state, None where a limit or the callback ended it."""
    search = _Search(machine, ghost)
    return search.graph() if search.run(limits, Reporter(progress)) else None


class _NumberedFields:
    """The values that the fields of a start's states have, by number; the ghost's is the last."""

    def __init__(self, machine: Machine) -> None:
        self.moves: Final = Moves(machine)
        words = tuple(range(len(machine.setup.layout.words)))
        self.ghosts: Final = ProjectedGhosts(words, self.moves.judged)
        self._setup = machine.setup

    def belong_to(self, machine: Machine) -> bool:
        return machine.setup is self._setup or machine.setup == self._setup

    def numbers(self, machine: Machine, ghost: Ghost) -> list[int]:
        canonical = canonical_ghost(ghost, numbers_of(machine))
        return [*self.moves.numbers(machine), self.ghosts.number(canonical)]

    def sizes(self) -> list[int]:
        return [*self.moves.sizes(), len(self.ghosts.interned.values)]


class _Search:
    """Visits every state once and notes where each mover's event leads."""

    def __init__(self, machine: Machine, ghost: Ghost) -> None:
        self._fields = _NumberedFields(machine)
        start = self._fields.numbers(machine, ghost)
        # Most fields never have a second value: no bits for them until they do.
        packing = Packing.of(0 for _ in start).widened(self._fields.sizes())
        self._model = PackedModel(self._fields.moves, self._fields.ghosts, packing)
        self._states = [packing.pack(start)]
        self._numbers = {self._states[0]: 0}
        self._hardware: tuple[list[int], ...] = tuple([] for _ in self._model.hardware)
        self._options = tuple(
            option for actor in self._model.actors for option in self._model.options[actor]
        )
        self._actors: tuple[list[int], ...] = tuple([] for _ in self._options)
        self._breaking: dict[tuple[int, int], None] = {}
        """Which mover's steps from which states break, whatever gets stuck."""
        self._transitions = 0

    def run(self, limits: Limits, reporter: Reporter) -> bool:
        """Visit every state, and say whether there was room and time for all."""
        number = 0
        while number < (states := len(self._states)):
            if states > limits.max_states:
                return False
            if not reporter.report(states, self._transitions, states - number):
                return False
            try:
                self._visit(number)
            except CrowdedError:
                self._repack()
            else:
                number += 1
        return True

    def graph(self) -> Graph:
        stuck = self._stuck()
        movers = (*self._actors, *self._hardware)
        for mover, ways in enumerate(movers):
            for state, target in enumerate(ways):
                gets_stuck = target in stuck and state not in stuck and 0 not in stuck
                if gets_stuck or (mover, state) in self._breaking:
                    ways[state] = BREAKS
        states = States(self._fields, self._model.packing, self._numbers)
        lists = iter(self._actors)
        actors = tuple(
            tuple(next(lists) for _ in self._model.options[actor]) for actor in self._model.actors
        )
        return Graph(states, actors, self._hardware)

    def _visit(self, number: int) -> None:
        state = self._states[number]
        found = [*self._actor_ways(state), *self._hardware_ways(state)]
        for mover, (target, breaks) in enumerate(found):
            ways = (*self._actors, *self._hardware)[mover]
            ways.append(target)
            self._transitions += target != STAYS
            if breaks:
                self._breaking[mover, number] = None

    def _actor_ways(self, state: int) -> list[tuple[int, bool]]:
        model = self._model
        ghost = state & model.ghost_mask
        found: list[tuple[int, bool]] = []
        for mover in self._options:
            packed = model.table.outcome(mover, state)
            move = packed.outcome
            if not isinstance(move, Move):
                found.append((STAYS, False))
                continue
            after, breaks = state + packed.delta, move.loses or move.faults
            if move.judged is not None:
                ghost_delta = model.ghost_delta(move.judged)
                after += ghost_delta[ghost]
                breaks = breaks or ghost in ghost_delta.stale
            found.append((self._number(after), breaks))
        return found

    def _hardware_ways(self, state: int) -> list[tuple[int, bool]]:
        found: list[tuple[int, bool]] = []
        for hardware in self._model.hardware.values():
            bits = state & hardware.mask
            added = hardware[bits]
            if added is None:
                found.append((STAYS, False))
            else:
                found.append((self._number(state + added), bits in hardware.losing))
        return found

    def _number(self, after: int) -> int:
        number = self._numbers.setdefault(after, len(self._states))
        if number == len(self._states):
            self._states.append(after)
        return number

    def _stuck(self) -> set[int]:
        """Return the states in which somebody is in KVM and never comes out."""
        before: list[list[int]] = [[] for _ in self._states]
        for ways in (*self._actors, *self._hardware):
            for state, target in enumerate(ways):
                if target != STAYS:
                    before[target].append(state)
        stuck: set[int] = set()
        for mover in self._model.actors:
            inside = self._model.inside_masks[mover]
            due = [number for number, state in enumerate(self._states) if not state & inside]
            if len(due) == len(self._states):
                continue
            coming_out = set(due)
            for number in due:  # grows as it goes
                for earlier in before[number]:
                    if earlier not in coming_out:
                        coming_out.add(earlier)
                        due.append(earlier)
            stuck.update(set(range(len(self._states))) - coming_out)
        return stuck

    def _repack(self) -> None:
        """Make room for more numbers."""
        before = self._model.packing
        packing = before.widened(self._fields.sizes())
        self._model = PackedModel(self._fields.moves, self._fields.ghosts, packing)
        self._states = list(map(before.mover(packing), self._states))
        self._numbers = {state: number for number, state in enumerate(self._states)}
