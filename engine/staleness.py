"""Since when a word is stale for whom, and because of what, at every step of one run."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import TypeAlias

import attrs

from engine.diagnosis import is_stale_for, loads_now, stale_finding
from engine.findings import Kind
from engine.judge import Ghost, Staleness
from engine.machine.access import access_type, looked_at
from engine.machine.actors import VMM, Actor, actor_name, actors
from engine.machine.effects import Loaded
from engine.machine.state import Machine
from engine.memory.layout import Layout
from engine.memory.line import Version
from engine.timeline import Timeline

Sight: TypeAlias = tuple[Actor, int, Version, int]
"""Who sees which word in which version, and the oldest version that is due."""


@attrs.frozen
class Stale:
    """A word that an actor, in the guest, sees in a version too old for it."""

    actor: Actor
    word: int
    version: Version
    due: int
    """The oldest version that it is entitled to."""
    since: int
    cause: int | None


@attrs.frozen
class _Stretch:
    """Steps through which a sight stays what it is, whenever the actor is in the guest."""

    first: int
    last: int
    """The last that is known to be part of it."""
    cause: int | None


class Standings:
    """How things stand at the steps of one run; what was found out is kept."""

    def __init__(self, timeline: Timeline) -> None:
        """Prepare for a run at whatever step."""
        self._steps = timeline.steps
        self._stretches: dict[Sight, list[_Stretch]] = {}
        """Those that were looked at, in order."""

    def fits(self, timeline: Timeline) -> bool:
        """Say whether a timeline is of the same run."""
        return timeline.steps is self._steps

    def stale(self, timeline: Timeline) -> tuple[Stale, ...]:
        """Return what is stale at the cursor."""
        return tuple(self._stale(timeline))

    def asks(self, timeline: Timeline) -> str:
        """Return what is stale at the cursor as `why` is asked for it, empty where nothing is."""
        found = next(iter(self.stale(timeline)), None)
        if found is None:
            return ""
        name = timeline.initial.setup.layout.words[found.word].name
        return f"sees[{actor_name(found.actor)}][{name}]"

    def _stale(self, timeline: Timeline) -> Iterator[Stale]:
        machine, ghost = timeline.machine, timeline.ghost
        for actor in actors(machine.setup):
            for word in range(len(machine.setup.layout.words)):
                version = is_stale_for(machine, ghost, actor, word)
                if version is not None:
                    due = ghost.entitled[actor][word]
                    since, cause = self._stretch(timeline, actor, word, version, due)
                    yield Stale(actor, word, version, due, since, cause)

    def _stretch(
        self, timeline: Timeline, actor: Actor, word: int, version: Version, due: int
    ) -> tuple[int, int | None]:
        at, sight = timeline.cursor, (actor, word, version, due)
        known = self._stretches.setdefault(sight, [])
        place = bisect_right(known, at, key=_first)
        before = known[place - 1] if place else None
        if before is not None and at <= before.last:
            return before.first, before.cause
        since = _beginning(timeline, sight, 0 if before is None else before.last)
        if before is not None and since == before.last:
            known[place - 1] = attrs.evolve(before, last=at)
            return before.first, before.cause
        cause = _cause(timeline.seek(since), sight) if since else None
        known.insert(place, _Stretch(since, at, cause))
        return since, cause


def _first(stretch: _Stretch) -> int:
    return stretch.first


def _beginning(timeline: Timeline, sight: Sight, least: int) -> int:
    """Return the step since which a sight is what it is at the cursor, `least` if before that.

    While the actor is in KVM, or off, it sees nothing, and nothing begins anew.
    """
    actor, word, version, due = sight
    of = _grounds(timeline.initial.setup.layout, actor, word)
    since, grounds = timeline.cursor, of(timeline.machine, timeline.ghost)
    for at in range(timeline.cursor - 1, least - 1, -1):
        machine, ghost = timeline.machine_at(at), timeline.ghosts[at]
        if not loads_now(machine, actor):
            continue
        before = of(machine, ghost)
        if before != grounds:
            if ghost.entitled[actor][word] != due:
                break
            if is_stale_for(machine, ghost, actor, word) != version:
                break
            grounds = before
        since = at
    return since


def _grounds(
    layout: Layout, actor: Actor, word: int
) -> Callable[[Machine, Ghost], tuple[object, ...]]:
    """Return what tells all that an actor's sight of a word depends on, quick to be compared."""
    line = layout.line_of[word]
    page = layout.page_of[line]

    def of_vmm(machine: Machine, ghost: Ghost) -> tuple[object, ...]:
        return machine.lines[line], ghost.entitled[VMM][word], not machine.vmm.stack

    def of_vcpu(machine: Machine, ghost: Ghost) -> tuple[object, ...]:
        vcpu = machine.vcpus[actor]
        return (
            machine.lines[line],
            ghost.entitled[actor][word],
            not vcpu.stack,
            vcpu.power,
            vcpu.registers,
            vcpu.hcr_el2,
            machine.vm.mapped[page],
        )

    return of_vmm if actor == VMM else of_vcpu


def _cause(timeline: Timeline, sight: Sight) -> int | None:
    """Return what a load now would be blamed on; that of a finding where there is one."""
    actor, word, version, due = sight
    at = timeline.cursor
    for finding in timeline.findings:
        if (
            finding.kind is Kind.STALE
            and (finding.actor, finding.word, finding.version) == (actor, word, version)
            and finding.exact is not None
            and finding.exact <= at <= finding.step
        ):
            return finding.cause
    machine = timeline.machine
    load = Loaded(
        actor, word, version, access_type(machine, actor, word), looked_at(machine, actor, word)
    )
    steps, ghosts = timeline.steps[:at], timeline.ghosts[: at + 1]
    return stale_finding(steps, ghosts, Staleness(load, due)).cause
