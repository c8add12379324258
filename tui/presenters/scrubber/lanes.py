"""The lanes of a run: per vCPU, for the VMM, for KVM and for the hardware, a sign a step."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

import attrs

from engine.machine.actors import actor_name, actors
from engine.machine.events import KvmExecutes, event_actor
from engine.machine.setup import Setup
from engine.timeline import Timeline
from tui.presenters.cells import Cell, Row, Tone
from tui.presenters.scrubber.scale import Scale
from tui.presenters.steps.account import Sign
from tui.presenters.steps.signs import LETTERS, kvm_sign, own_sign

LABEL: Final = 7
"""The columns of a lane's name."""
FEWEST: Final = 3
"""The lanes that there are at least: all actors in one, KVM, the hardware."""


@attrs.frozen(eq=False)
class Lane:
    """One lane: its name, and its sign at each step from 0 on, as bytes."""

    name: str
    signs: bytes


def lane_count(setup: Setup) -> int:
    """Return how many lanes the runs of a machine have."""
    return len(actors(setup)) + 2


def lanes(timeline: Timeline) -> tuple[Lane, ...]:
    """Return the lanes of a run, those of the actors first."""
    count = len(timeline.steps) + 1
    own = {actor: bytearray(count) for actor in (*actors(timeline.initial.setup), None)}
    kvm = bytearray(count)
    for at, step in enumerate(timeline.steps, 1):
        own[event_actor(step.event)][at] = own_sign(step)
        if isinstance(step.event, KvmExecutes):
            kvm[at] = kvm_sign(step)
    hardware = own.pop(None)
    return (
        *(
            Lane(actor_name(actor), bytes(signs))
            for actor, signs in own.items()
            if actor is not None
        ),
        Lane("KVM", bytes(kvm)),
        Lane("hw", bytes(hardware)),
    )


def at_most(every: tuple[Lane, ...], most: int) -> tuple[Lane, ...]:
    """Return the lanes; where that are too many, the actors' last ones as one."""
    *who, kvm, hardware = every
    kept = max(most, FEWEST) - 2
    if len(who) > kept:
        together = who[kept - 1 :]
        signs = bytes(map(max, zip(*(lane.signs for lane in together), strict=True)))
        who = [*who[: kept - 1], Lane(f"{together[0].name}+", signs)]
    return (*who, kvm, hardware)


@attrs.frozen(eq=False)
class DrawnLane:
    """A lane as it is drawn to a scale: a letter a column, and its tone."""

    name: str
    letters: str
    tones: tuple[Tone, ...]


def drawn(lane: Lane, scale: Scale) -> DrawnLane:
    """Draw a lane, in each column what matters most of its steps."""
    pairs = [_letter(lane, scale, column) for column in range(scale.used)]
    return DrawnLane(
        lane.name, "".join(letter for letter, _ in pairs), tuple(tone for _, tone in pairs)
    )


def lane_row(lane: DrawnLane, here: range) -> Row:
    """Return a lane as a row, with the columns of the step at hand marked."""
    name = Cell(f" {lane.name}".ljust(LABEL)[:LABEL], Tone.STRONG)
    before, after = range(here.start), range(here.stop, len(lane.tones))
    return Row(
        (name, *_cells(lane, before), *_cells(lane, here, current=True), *_cells(lane, after))
    )


def _cells(lane: DrawnLane, columns: range, *, current: bool = False) -> Iterator[Cell]:
    """Yield some columns of a lane, those of like tone together."""
    start = columns.start
    for tone, alike in groupby(lane.tones[columns.start : columns.stop]):
        stop = start + sum(1 for _ in alike)
        yield Cell(lane.letters[start:stop], tone, current=current)
        start = stop


def _letter(lane: Lane, scale: Scale, column: int) -> tuple[str, Tone]:
    steps = scale.steps(column)
    sign = Sign(max(lane.signs[steps.start : steps.stop]))
    letter, tone = LETTERS[sign]
    goes_on = scale.columns(steps.start).start != column
    return (" " if goes_on and sign is not Sign.IN_KVM else letter), tone
