"""A schedule's entries made of a run's events: whole instructions where that is the same run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from engine.arm.program import Located
from engine.findings import Finding
from engine.machine.actors import Actor, actor_name
from engine.machine.effects import FaultTaken
from engine.machine.events import event_actor, event_name
from engine.machine.state import Machine
from engine.timeline import Timeline
from engine.transition import Step
from scenarios.schedule import play
from scenarios.schedule_entries import ScheduleEntry, Vocabulary, read_move
from scenarios.written_out.actions import executed


@attrs.frozen
class WrittenEntry:
    """An entry of a schedule, and the place in its actor's program that it is about."""

    text: str
    actor: Actor | None
    line: int | None
    """From 1, of the instruction that it begins or goes on with; None of what has none."""


@attrs.frozen
class _Moved:
    """One event of a run: what it is called, and of which instruction it is."""

    entry: WrittenEntry
    instruction: int | None
    """Which of its actor's it is, None of the hardware's own."""
    last: bool
    """The actor has then done all of it."""
    exact: bool
    """Its name says more than who moves."""


def schedule_of(run: Timeline) -> tuple[WrittenEntry, ...]:
    """Return entries that make a run, or one with the same first finding.

    Whole instructions are preferred, in the order in which they begin, else in that in which they
    end; where neither will do, single steps make exactly this run.
    """
    moved = tuple(_moved(run.steps))
    for by_end in (False, True):
        entries = tuple(_whole(moved, by_end=by_end))
        if _comes_to(run, entries):
            return entries
    return tuple(_pieces(moved))


def parsed(machine: Machine, entries: Sequence[WrittenEntry]) -> tuple[ScheduleEntry, ...]:
    """Return entries as a machine's schedule has them."""
    setup = machine.setup
    names = Vocabulary(setup.layout, setup.hardware.pcpus, setup.programs, setup.vmm)
    return tuple(ScheduleEntry(each.text, read_move(each.text, names)) for each in entries)


def _comes_to(run: Timeline, entries: Sequence[WrittenEntry]) -> bool:
    played = play(run.initial, parsed(run.initial, entries))
    if played.skipped:
        return False
    if not run.findings:
        return played.timeline.events == run.events
    return [_what(each) for each in played.timeline.findings] == [
        _what(each) for each in run.findings
    ]


def _what(finding: Finding) -> tuple[object, ...]:
    return finding.kind, finding.actor, finding.word


def _moved(steps: Sequence[Step]) -> Iterator[_Moved]:
    begun = dict[Actor, int]()
    busy, again, line = set[Actor](), set[Actor](), dict[Actor, int | None]()
    for step in steps:
        name = event_name(step.before, step.event)
        actor = event_actor(step.event)
        if actor is None:
            yield _Moved(WrittenEntry(name, None, None), None, last=True, exact=True)
            continue
        found = executed(step)
        if actor not in busy:
            begun[actor] = begun.get(actor, 0) + 1
            line[actor] = None if found is None else found[1].line
        if found is not None:
            again.discard(actor)
        if any(isinstance(effect, FaultTaken) for effect in step.effects):
            again.add(actor)
        goes_on = bool(step.after.stack(actor)) or actor in again or _amid(step, found)
        (busy.add if goes_on else busy.discard)(actor)
        entry = WrittenEntry(name, actor, line[actor])
        exact = name != actor_name(actor)
        yield _Moved(entry, begun[actor], last=not goes_on, exact=exact)


def _amid(step: Step, found: tuple[Actor, Located] | None) -> bool:
    """Say whether what an actor executed has a second access to come."""
    if found is None:
        return False
    actor, located = found
    program = step.before.setup.programs[actor] if actor >= 0 else step.before.setup.vmm
    assert program is not None
    after = program.instructions.index(located) + 1
    return after < len(program.instructions) and program.instructions[after].follows


def _whole(moved: Sequence[_Moved], *, by_end: bool) -> Iterator[WrittenEntry]:
    """Yield an entry an instruction, where it begins or where it ends."""
    order = tuple(reversed(moved)) if by_end else tuple(moved)
    seen = set[tuple[Actor | None, int]]()
    kept: list[WrittenEntry] = []
    for each in order:
        if each.instruction is not None and not each.exact:
            key = (each.entry.actor, each.instruction)
            if key in seen:
                continue
            seen.add(key)
        kept.append(each.entry)
    yield from reversed(kept) if by_end else kept


def _pieces(moved: Sequence[_Moved]) -> Iterator[WrittenEntry]:
    """Yield an entry an instruction that nothing came between, else one a piece of it."""
    at = 0
    while at < len(moved):
        first, end = moved[at], at + 1
        if first.exact:
            yield first.entry
            at = end
            continue
        while end < len(moved) and _same(first, moved[end]):
            end += 1
        begins = not any(_same(first, each) for each in moved[:at])
        steps = "" if begins and moved[end - 1].last else f" step {end - at}"
        yield attrs.evolve(first.entry, text=first.entry.text + steps)
        at = end


def _same(one: _Moved, other: _Moved) -> bool:
    """Say whether two events are of one instruction of one actor."""
    return not other.exact and (one.entry.actor, one.instruction) == (
        other.entry.actor,
        other.instruction,
    )
