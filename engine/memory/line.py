"""One cache line: its data in RAM and the coherent copy the caches hold of it.

Hardware keeps all valid copies equal, and a dirty one alone (Arm ARM B2.11, D7.5.1), so one
copy with its holders stands for them all. Which pCPU holds it never changes what a load returns:
a dirty line that another pCPU reads moves there with its dirtiness, as AMBA ACE's PassDirty
allows, and stays out of RAM as long as it can: the adverse choice.
"""

from __future__ import annotations

from typing import TypedDict, TypeVar, Unpack

import attrs

_T = TypeVar("_T")


@attrs.frozen
class Version:
    """Which write put a word where it is, and the value; number 0 is the initial content."""

    number: int
    value: int


class LineChanges(TypedDict, total=False):
    """What `Line.with_` changes."""

    ram: tuple[Version, ...]
    cached: tuple[Version, ...] | None
    holders: int
    dirty: bool
    newest: tuple[int, ...]
    monitors: int


@attrs.frozen
class Line:
    """The state of one line; tuples run over the words on it."""

    ram: tuple[Version, ...]
    """At the point of coherency."""
    cached: tuple[Version, ...] | None
    """The copy that the holders share, None when no cache has the line."""
    holders: int
    """The pCPUs that hold the copy, as a bit mask."""
    dirty: bool
    """The copy may differ from RAM and is written back when it leaves."""
    newest: tuple[int, ...]
    """Per word, the number of its newest version, wherever that is."""
    monitors: int = 0
    """The vCPUs that have marked the line by a load exclusive, as a bit mask: nobody else has
    stored to it since. It counts for one whose own monitor is at this line still."""

    @classmethod
    def initial(cls, values: tuple[int, ...]) -> Line:
        """Return a line that no cache holds, with version 0 of every word."""
        ram = tuple(Version(0, value) for value in values)
        return cls(ram, None, 0, False, tuple(0 for _ in values))

    def with_(self, **changes: Unpack[LineChanges]) -> Line:
        """Return the line with some of its state replaced."""
        return attrs.evolve(self, **changes)

    @property
    def pcpus(self) -> tuple[int, ...]:
        """The pCPUs that hold the copy, in order."""
        return tuple(n for n in range(self.holders.bit_length()) if self.holders >> n & 1)

    def lost(self, slot: int) -> bool:
        """Say whether the newest version of a word is nowhere, neither in RAM nor cached."""
        newest = self.newest[slot]
        return self.ram[slot].number != newest and (
            self.cached is None or self.cached[slot].number != newest
        )

    def fill(self, pcpu: int) -> Line:
        """Return the line with `pcpu` holding it: from RAM if no cache has it.

        A copy that another pCPU holds is shared if clean, and moves over if dirty.
        """
        if self.cached is None:
            return self.with_(cached=self.ram, holders=1 << pcpu)
        if self.dirty:
            return self.with_(holders=1 << pcpu)
        return self.with_(holders=self.holders | 1 << pcpu)

    def store_cached(self, slot: int, value: int, pcpu: int) -> Line:
        """Return the line after a cacheable store: taken, other copies dropped, dirty."""
        taken = self.fill(pcpu)
        version = Version(self.newest[slot] + 1, value)
        assert taken.cached is not None
        return Line(
            ram=taken.ram,
            cached=_put(taken.cached, slot, version),
            holders=1 << pcpu,
            dirty=True,
            newest=_put(self.newest, slot, version.number),
            monitors=self.monitors,
        )

    def store_around(self, slot: int, value: int, *, snoops: bool) -> Line:
        """Return the line after a Device or Non-cacheable store to RAM.

        Hardware that snoops updates a cached copy as well; else it is neither read nor changed.
        """
        version = Version(self.newest[slot] + 1, value)
        cached = self.cached
        if snoops and cached is not None:
            cached = _put(cached, slot, version)
        return self.with_(
            ram=_put(self.ram, slot, version),
            cached=cached,
            newest=_put(self.newest, slot, version.number),
        )

    def evict(self, pcpu: int | None = None) -> Line:
        """Return the line after `pcpu`, or every cache, gave up its copy; written back if dirty."""
        holders = 0 if pcpu is None else self.holders & ~(1 << pcpu)
        if holders:
            return self.with_(holders=holders)
        return self.invalidate() if not self.dirty else self.clean().invalidate()

    def clean(self) -> Line:
        """Return the line after a clean to the PoC: written back if dirty, copies kept."""
        if not self.dirty or self.cached is None:
            return self
        return self.with_(ram=self.cached, dirty=False)

    def invalidate(self) -> Line:
        """Return the line with every copy dropped, and a dirty one lost."""
        return self.with_(cached=None, holders=0, dirty=False)


def coherent(line: Line) -> bool:
    """Say whether the line keeps what hardware coherence promises of its copies.

    A copy exists just when it has a holder, a dirty one has exactly one, and no copy is of a
    version that was never written.
    """
    if (line.cached is None) != (line.holders == 0):
        return False
    if line.dirty and line.holders.bit_count() != 1:
        return False
    copies = (line.ram,) if line.cached is None else (line.ram, line.cached)
    return all(
        version.number <= newest
        for copy in copies
        for version, newest in zip(copy, line.newest, strict=True)
    )


def _put(values: tuple[_T, ...], index: int, value: _T) -> tuple[_T, ...]:
    return (*values[:index], value, *values[index + 1 :])
