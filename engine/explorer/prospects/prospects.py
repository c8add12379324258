"""Prospects: whether fair runs from a state can, or must, still have a finding.

A run breaks at a step that establishes a finding: a load is stale, a newest version gets lost, an
access or a fetch fails, or a vCPU is stuck now and none was before (or from the start).

A run is *fair* if no actor is left out for ever that can move from some point on for ever; if it
ends, no actor can move. A guest that polls for ever keeps nobody else from moving. Hardware owes
nothing: it may fill and evict lines at any time, or never.

A state is safe if no run from it breaks (any more), and must break if every fair run from it does.
Otherwise it may break. *Quietly*, the same is asked of those runs only in which hardware does
nothing of its own from here on. So a state that may break and quietly must is one that only
hardware can still save, and one that may break and is quietly safe breaks only if hardware acts.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from engine.explorer.limits import Limits, Progress
from engine.explorer.prospects.fairness import Fates, fates
from engine.explorer.prospects.graph import States, graph_from
from engine.explorer.prospects.outlook import NoReturn, Outlook, Prospect
from engine.judge import Ghost
from engine.machine.events import event_actor
from engine.machine.state import Machine
from engine.timeline import Timeline


class Prospects:
    """The outlook of every state that runs from a start lead to."""

    def __init__(self, states: States, outlooks: Sequence[Outlook]) -> None:
        """Look up outlooks by the states' numbers."""
        self.states: Final = len(outlooks)
        self._numbered = states
        self._outlooks = outlooks

    def of(self, machine: Machine, ghost: Ghost) -> Outlook:
        """Return the outlook of a state.

        Raises:
            UnreachableError: no run from the start leads there.
        """
        return self._outlooks[self._numbered.number(machine, ghost)]


def prospects(
    machine: Machine,
    ghost: Ghost | None = None,
    *,
    limits: Limits,
    progress: Progress | None = None,
) -> Prospects | None:
    """Explore all that can come of a state: the start of a run unless a ghost says what was before.

    `progress` is called now and then and cancels by returning False. Return None if it did, or
    if there are more states than the limits allow.
    """
    ghost = Ghost.initial(machine) if ghost is None else ghost
    graph = graph_from(machine, ghost, limits, progress)
    if graph is None:
        return None
    adverse, quiet = fates(graph.actors, graph.hardware), fates(graph.actors, ())
    known = {(each, quietly): Outlook(each, quietly) for each in Prospect for quietly in Prospect}
    outlooks = [
        known[_prospect(adverse, number), _prospect(quiet, number)]
        for number in range(len(graph.states))
    ]
    return Prospects(graph.states, outlooks)


def _prospect(known: Fates, number: int) -> Prospect:
    if number in known.must_break:
        return Prospect.MUST_BREAK
    return Prospect.MAY_BREAK if number in known.can_break else Prospect.SAFE


def no_return(timeline: Timeline, known: Prospects) -> NoReturn:
    """Return the points of no return of a run from the start of what is known.

    Raises:
        UnreachableError: the run is from somewhere else.
    """
    finding = timeline.findings[0].step if timeline.findings else None
    end = len(timeline.steps) + 1 if finding is None else finding

    def outlook(step: int) -> Outlook:
        return known.of(timeline.machine_at(step), timeline.ghosts[step])

    def must_break(step: int) -> bool:
        return outlook(step).prospect is Prospect.MUST_BREAK

    def must_quietly(step: int) -> bool:
        return outlook(step).quiet is Prospect.MUST_BREAK

    # A fair run stays fair with a step put before it. So if all fair runs from a state break, and
    # a step from it does not, then all fair runs from the next state break as well.
    at = bisect_left(range(end), True, key=must_break)
    # Quietly this holds from one event of hardware to the next only: any of them can save the run.
    quiet = until = at
    while quiet == until > 0:
        since = until - 1
        while since and event_actor(timeline.steps[since - 1].event) is not None:
            since -= 1
        quiet = since + bisect_left(range(since, until), True, key=must_quietly)
        until = since
    return NoReturn(*(None if step > len(timeline.steps) else step for step in (at, quiet)))
