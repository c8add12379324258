"""Which steps of two runs stand for each other, where each run takes steps of its own."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from typing import Final, TypeAlias

import attrs

from engine.machine.effects import Effect
from engine.machine.events import KvmExecutes
from engine.transition import Step

MOST_MATCHED: Final = 500
"""How many steps each of two stretches may have for equal ones to be looked for."""

AlignedSteps: TypeAlias = tuple[int, int]
"""The steps that left and right have reached."""


def stretches(
    ours: Sequence[Hashable], theirs: Sequence[Hashable]
) -> Iterator[tuple[bool, AlignedSteps, AlignedSteps]]:
    """Yield in order the stretches, from and to, that are equal, or stand for each other."""
    if max(len(ours), len(theirs)) > MOST_MATCHED:
        yield False, (0, len(ours)), (0, len(theirs))
        return
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        yield tag == "equal", (i1, i2), (j1, j2)


def aligned_in_kvm(
    rows: Sequence[AlignedSteps], left: Sequence[Step], right: Sequence[Step]
) -> list[AlignedSteps]:
    """Put KVM's steps side by side that do the same, between rows at which others move.

    What only one policy executes stands alone then, and does not push what follows out of step.
    Two statements that stand for each other, and are not the same, share a row.
    """
    made = [rows[0]]
    moves = pairwise(rows)
    for in_kvm, stretch in groupby(moves, lambda move: _in_kvm(move, left, right)):
        pairs = list(stretch)
        if not in_kvm:
            made += [after for _, after in pairs]
            continue
        (start, theirs), (end, theirs_end) = pairs[0][0], pairs[-1][1]
        made += _paired(left[start:end], right[theirs:theirs_end], (start, theirs))
    return made


def _in_kvm(
    move: tuple[AlignedSteps, AlignedSteps], left: Sequence[Step], right: Sequence[Step]
) -> bool:
    (ours, theirs), (ours_after, theirs_after) = move
    taken = (*left[ours:ours_after], *right[theirs:theirs_after])
    return all(isinstance(step.event, KvmExecutes) for step in taken)


def _paired(
    ours: Sequence[Step], theirs: Sequence[Step], before: AlignedSteps
) -> Iterator[AlignedSteps]:
    keys = [_key(step) for step in ours], [_key(step) for step in theirs]
    start, their_start = before
    for equal, (i1, i2), (j1, j2) in stretches(*keys):
        together = equal or len({step.event for step in (*ours[i1:i2], *theirs[j1:j2])}) == 1
        if together:
            for taken in range(1, max(i2 - i1, j2 - j1) + 1):
                yield start + min(i1 + taken, i2), their_start + min(j1 + taken, j2)
        else:
            yield from ((start + at, their_start + j1) for at in range(i1 + 1, i2 + 1))
            yield from ((start + i2, their_start + at) for at in range(j1 + 1, j2 + 1))


def _key(step: Step) -> Hashable:
    """Return what a step of KVM's did, wherever in its source that stands."""
    effects = tuple((type(effect), *_facts(effect)) for effect in step.effects)
    return step.event, effects


def _facts(effect: Effect) -> Iterator[object]:
    """Yield what an effect says, but for what has a place in the source."""
    for field in attrs.fields(type(effect)):
        if field.name not in _PLACED:
            yield getattr(effect, field.name)


_PLACED: Final = ("place", "decisions", "inside")
