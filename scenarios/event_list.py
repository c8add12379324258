"""A run written down as the names of its events, and read again: `13 vcpu0, fill x on pcpu0`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from typing import Final, TypeAlias

from engine.machine.actors import VMM, Actor, actor_name
from engine.machine.events import ActorChooses, Event, GuestExecutes, event_name
from engine.machine.hardware import HardwareEvent
from engine.machine.setup import Setup
from engine.machine.state import Machine
from engine.refusal import ListEntry, RefusedError, quote
from engine.timeline import Recording, Timeline
from engine.transition import actor_event, is_enabled
from scenarios.schedule import MOST_STEPS_IN_ALL, why_actor_cannot, why_not_chosen
from scenarios.schedule_entries import NextInstruction, Vocabulary, read_single

_COUNTED: Final = re.compile(r"([1-9][0-9]{0,5}) +(.*)", re.DOTALL)
_EVENTS: Final = (
    "an event: vcpu0, vmm, 'vcpu0 chooses LABEL', 'fill WORD on PCPU', 'evict WORD' or "
    "'evict WORD from PCPU', or several of one, as '13 vcpu0'"
)
SEPARATOR: Final = ", "


def written_run(timeline: Timeline, after: int = 0) -> tuple[str, ...]:
    """Return the names of a run's events after a step, several of one after another as one.

    Raises:
        RefusedError: there are more of them than are read again.
    """
    steps = timeline.steps[after:]
    if len(steps) > MOST_STEPS_IN_ALL:
        raise RefusedError(f"{len(steps)} steps to write down", f"at most {MOST_STEPS_IN_ALL}")
    names = (event_name(step.before, step.event) for step in steps)
    counted = ((name, sum(1 for _ in group)) for name, group in groupby(names))
    return tuple(name if count == 1 else f"{count} {name}" for name, count in counted)


def read_run(machine: Machine, texts: Iterable[str]) -> Timeline:
    """Return the run that events make from `machine` on, with the cursor at step 0.

    Raises:
        RefusedError: a text names no event, or one that cannot happen when its turn comes.
    """
    return read_on(Timeline.start(machine), texts)


def read_on(begun: Timeline, texts: Iterable[str]) -> Timeline:
    """Return the run that goes on from the cursor of another by events, its cursor at step 0.

    Raises:
        RefusedError: a text names no event, or one that cannot happen when its turn comes.
    """
    recording = Recording(begun)
    most = begun.cursor + MOST_STEPS_IN_ALL
    for index, text in enumerate(texts):
        try:
            _take(recording, text.strip(), most)
        except RefusedError as refused:
            raise refused.at(ListEntry(index, text.strip())) from None
    return recording.timeline().seek(0)


_Said: TypeAlias = GuestExecutes | ActorChooses | HardwareEvent
"""What a name says alone, whatever comes next."""


def _take(recording: Recording, text: str, most: int) -> None:
    """Go on by the events of one entry."""
    found = _COUNTED.fullmatch(text)
    name, times = (text, 1) if found is None else (found[2], int(found[1]))
    wanted = _wanted(recording.machine.setup, name)
    for _ in range(times):
        if len(recording) == most:
            raise RefusedError("more steps", f"at most {MOST_STEPS_IN_ALL}")
        recording.take(_event(recording.machine, wanted, len(recording) + 1))


def _wanted(setup: Setup, name: str) -> Actor | _Said:
    """Return whose step, or what choice or event of the hardware, a name means."""
    if name == actor_name(VMM):
        return VMM
    names = Vocabulary(setup.layout, setup.hardware.pcpus, setup.programs, setup.vmm)
    match read_single(name, names):
        case NextInstruction(actor):
            return actor
        case GuestExecutes() | ActorChooses() | HardwareEvent() as event:
            return event
        case None:
            raise RefusedError(quote(name), _EVENTS)


def _event(machine: Machine, wanted: Actor | _Said, number: int) -> Event:
    event = actor_event(machine, wanted) if isinstance(wanted, int) else wanted
    if event is not None and is_enabled(machine, event):
        return event
    match wanted:
        case ActorChooses() | GuestExecutes():
            name, why = event_name(machine, wanted), why_not_chosen(machine, wanted)
        case HardwareEvent():
            name, why = event_name(machine, wanted), wanted.why_not(machine)
        case actor:
            name, why = actor_name(actor), why_actor_cannot(machine, actor)
    raise RefusedError(f"{quote(name)} at step {number}: {why}", "an event that can happen")
