"""The judge: what each actor is entitled to read, and which loads returned less.

Its state, the ghost, lives beside the machine and never influences it. It is folded over the
effects of each step: a write is a release and a read an acquire, so that an actor is entitled,
per word, to the newest version that it wrote, read, or could know of through what it read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final, TypeAlias

import attrs

from engine.machine.actors import VMM, Actor
from engine.machine.effects import (
    Effect,
    Heeded,
    InterruptInjected,
    InterruptTaken,
    Kicked,
    KickNoticed,
    Loaded,
    PoweredOn,
    Stored,
    VcpuInitialised,
    heeded,
)
from engine.machine.state import Machine

Clock: TypeAlias = tuple[int, ...]
"""Per word, the number of the oldest version that may still be read."""

_BLOCK: Final = 64


@attrs.frozen
class History:
    """Clocks by version, too many for a tuple of its own at each step: two share their blocks."""

    blocks: tuple[tuple[Clock, ...], ...]
    """All but the last few clocks, each block with `_BLOCK` of them."""
    last: tuple[Clock, ...]

    def __len__(self) -> int:
        """Return how many versions there are."""
        return len(self.blocks) * _BLOCK + len(self.last)

    def __getitem__(self, number: int) -> Clock:
        """Return a version's clock."""
        block, index = divmod(number, _BLOCK)
        return (self.blocks[block] if block < len(self.blocks) else self.last)[index]

    def __iter__(self) -> Iterator[Clock]:
        """Return the clocks in the order of versions."""
        return chain(*self.blocks, self.last)


Clocks: TypeAlias = tuple[Clock, ...] | History
"""Clocks by version."""


@attrs.frozen(cache_hash=True)
class Ghost:
    """What the judge knows; tuples over actors run over the vCPUs and end with the VMM."""

    entitled: tuple[Clock, ...]
    released: tuple[Clocks, ...]
    """Per word and version: what its writer was entitled to once it had written it."""
    kicks: tuple[Clock | None, ...]
    """Per vCPU: what came with a kick that the VMM has not noticed."""
    interrupts: tuple[Clock | None, ...]
    """Per vCPU: what came with an interrupt that it has not taken."""

    @classmethod
    def initial(cls, machine: Machine) -> Ghost:
        """Return the ghost at the start: all are entitled to what was newest then."""
        layout = machine.setup.layout
        start = tuple(
            machine.lines[layout.line_of[word]].newest[layout.slot_of[word]]
            for word in range(len(layout.words))
        )
        vcpus = len(machine.vcpus)
        return cls(
            entitled=(start,) * (vcpus + 1),
            released=tuple((start,) * (newest + 1) for newest in start),
            kicks=(None,) * vcpus,
            interrupts=(None,) * vcpus,
        )


@attrs.frozen
class Staleness:
    """A load returned a version older than the loader was entitled to."""

    load: Loaded
    entitled: int
    """The number of the oldest version that it should have returned."""


def observe(ghost: Ghost, effects: tuple[Effect, ...]) -> tuple[Ghost, tuple[Staleness, ...]]:
    """Return the ghost after a step's effects, and the stale loads among them."""
    stale: list[Staleness] = []
    for effect in heeded(effects):
        match effect:
            case Loaded(actor, word, version):
                entitled = ghost.entitled[actor][word]
                if version.number < entitled:
                    stale.append(Staleness(effect, entitled))
                clock = ghost.released[word][version.number]
                ghost = _entitle(ghost, actor, _raise(clock, word, version.number))
            case Stored(actor, word, version):
                ghost = _release(ghost, actor, word, version.number)
            case PoweredOn(vcpu, by):
                ghost = _entitle(ghost, vcpu, ghost.entitled[by])
            case VcpuInitialised(vcpu):
                ghost = _entitle(ghost, vcpu, ghost.entitled[VMM])
            case Kicked(vcpu):
                clock = join(ghost.kicks[vcpu], ghost.entitled[vcpu])
                ghost = attrs.evolve(ghost, kicks=_put(ghost.kicks, vcpu, clock))
            case KickNoticed(vcpu):
                ghost = _entitle(ghost, VMM, join(ghost.kicks[vcpu], ghost.entitled[VMM]))
                ghost = attrs.evolve(ghost, kicks=_put(ghost.kicks, vcpu, None))
            case InterruptInjected(vcpu):
                clock = join(ghost.interrupts[vcpu], ghost.entitled[VMM])
                ghost = attrs.evolve(ghost, interrupts=_put(ghost.interrupts, vcpu, clock))
            case InterruptTaken(vcpu):
                ghost = _entitle(ghost, vcpu, join(ghost.interrupts[vcpu], ghost.entitled[vcpu]))
                ghost = attrs.evolve(ghost, interrupts=_put(ghost.interrupts, vcpu, None))
    return ghost, tuple(stale)


def signals(effects: Iterable[Heeded]) -> Iterator[tuple[Actor, Actor]]:
    """Yield who hands whom what it is entitled to, other than through guest RAM."""
    for effect in effects:
        match effect:
            case PoweredOn(vcpu, by):
                yield by, vcpu
            case Kicked(vcpu):
                yield vcpu, VMM
            case VcpuInitialised(vcpu) | InterruptInjected(vcpu):
                yield VMM, vcpu
            case Loaded() | Stored():
                pass
            case KickNoticed() | InterruptTaken():
                pass  # what was handed over before is taken


def join(left: Clock | None, right: Clock) -> Clock:
    """Return, per word, the newer of what two clocks entitle to; None entitles to nothing."""
    if left is None or left is right:
        return right
    return tuple(map(max, left, right))


def _entitle(ghost: Ghost, actor: Actor, clock: Clock) -> Ghost:
    before = ghost.entitled[actor]
    after = join(before, clock)
    if after == before:
        return ghost
    who = actor % len(ghost.entitled)
    entitled = (*ghost.entitled[:who], after, *ghost.entitled[who + 1 :])
    return Ghost(entitled, ghost.released, ghost.kicks, ghost.interrupts)


def _release(ghost: Ghost, actor: Actor, word: int, number: int) -> Ghost:
    ghost = _entitle(ghost, actor, _raise(ghost.entitled[actor], word, number))
    versions = _and_one_more(ghost.released[word], ghost.entitled[actor])
    released = (*ghost.released[:word], versions, *ghost.released[word + 1 :])
    return Ghost(ghost.entitled, released, ghost.kicks, ghost.interrupts)


def _and_one_more(clocks: Clocks, clock: Clock) -> Clocks:
    blocks, last = (clocks.blocks, clocks.last) if isinstance(clocks, History) else ((), clocks)
    grown = (*last, clock)
    if not blocks and len(grown) < _BLOCK:
        return grown
    rest = len(grown) % _BLOCK
    full = tuple(grown[begin : begin + _BLOCK] for begin in range(0, len(grown) - rest, _BLOCK))
    return History((*blocks, *full), grown[len(grown) - rest :])


def _raise(clock: Clock, word: int, number: int) -> Clock:
    if clock[word] >= number:
        return clock
    return (*clock[:word], number, *clock[word + 1 :])


def _put(
    clocks: tuple[Clock | None, ...], index: int, clock: Clock | None
) -> tuple[Clock | None, ...]:
    return (*clocks[:index], clock, *clocks[index + 1 :])
