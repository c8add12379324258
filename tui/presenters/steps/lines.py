"""Accounts of what becomes of cache lines: fills, evictions, write-backs, invalidations."""

from __future__ import annotations

from collections.abc import Iterator

from engine.machine.effects import Evicted, Filled, Invalidated, WrittenBack
from engine.memory.layout import Layout
from engine.memory.line import Line
from engine.transition import Step
from tui.presenters.steps.account import (
    CACHES,
    RAM,
    Account,
    Item,
    Message,
    Sign,
    Weight,
    decisive,
)
from tui.presenters.words import line_values, line_words, listed, number, pcpus


class FillAccount(Account[Filled]):
    """A fill: one that an access asked for is part of the access."""

    @property
    def sign(self) -> Sign:
        """A fill's, where the hardware speculates."""
        return Sign.FILL if self.effect.speculative else Sign.NOTHING

    def label(self) -> str:
        """Return that there is one, which the event of a speculative one says."""
        return "" if self.effect.speculative else "fill"

    def clause(self, *, brief: bool) -> str | None:
        """Return which line a pCPU allocated by speculation, and with what."""
        if not self.effect.speculative:
            return None
        copy = self.step.after.lines[self.effect.line].cached
        assert copy is not None
        values = line_values(self.layout, self.effect.line, copy)
        line = line_words(self.layout, self.effect.line)
        pcpu = self.effect.pcpu
        return f"pcpu{pcpu} speculatively fills {line} from RAM: the cached copy is {values}"

    def messages(self, label: str) -> Iterator[Item]:
        """Yield where the line came from, and its words."""
        how = "speculative fill" if self.effect.speculative else "fill"
        before = self.step.before.lines[self.effect.line]
        values = line_values(self.layout, self.effect.line, before.cached or before.ram)
        origin = RAM if before.cached is None else CACHES
        yield Message(origin, CACHES, f"{how} on pcpu{self.effect.pcpu}: {values}", answers=True)

    def weight(self, lines: frozenset[int]) -> Weight | None:
        """Return that it decides what a line holds."""
        return decisive(self.effect.line, lines)


class EvictionAccount(Account[Evicted]):
    """A line that left a cache by itself."""

    sign = Sign.EVICTION

    def clause(self, *, brief: bool) -> str:
        """Return which line left which cache, and what became of its data."""
        index = self.effect.line
        line = line_words(self.layout, index)
        after, pcpu = self.step.after.lines[index], self.effect.pcpu
        where = "every cache" if pcpu is None else f"the cache of pcpu{pcpu}"
        if after.cached is not None:
            return f"{line} leaves {where}; {pcpus(after.pcpus)} keeps its copy"
        return f"{line} leaves {where}: {departure_in(self.step, index, brief=brief)}"

    def messages(self, label: str) -> Iterator[Item]:
        """Yield what became of the copy."""
        yield Message(CACHES, CACHES, f"eviction: {departure_in(self.step, self.effect.line)}")

    def weight(self, lines: frozenset[int]) -> Weight | None:
        """Return that it decides what a line holds."""
        return decisive(self.effect.line, lines)


class WriteBackAccount(Account[WrittenBack]):
    """A write-back, whose clause is that of the eviction or the maintenance."""

    sign = Sign.WRITE_BACK

    def label(self) -> str:
        """Return which line reached RAM."""
        return f"{self.layout.line_name(self.effect.line)} written back"

    def messages(self, label: str) -> Iterator[Item]:
        """Yield what reached RAM."""
        values = line_values(
            self.layout, self.effect.line, self.step.after.lines[self.effect.line].ram
        )
        yield Message(CACHES, RAM, f"write-back: {values}")

    def weight(self, lines: frozenset[int]) -> Weight | None:
        """Return that it decides what a line holds."""
        return decisive(self.effect.line, lines)


class InvalidationAccount(Account[Invalidated]):
    """A copy dropped by maintenance, which tells of it."""

    def weight(self, lines: frozenset[int]) -> Weight | None:
        """Return that it decides what a line holds."""
        return decisive(self.effect.line, lines)


def departure_in(step: Step, index: int, *, brief: bool = False) -> str:
    """Return what became of a line's cached copy in a step."""
    before, after = step.before.lines[index], step.after.lines[index]
    return departure(step.after.setup.layout, index, before, after, brief=brief)


def departure(layout: Layout, index: int, before: Line, after: Line, *, brief: bool = False) -> str:
    """Return what became of a line's cached copy between two states."""
    if before.cached is None:
        return "no cache holds it, nothing changes"
    values = line_values(layout, index, before.cached)
    kept = after.cached is not None
    lost = [
        f"{layout.words[word].name} = {number(before.ram[slot].value)}"
        for slot, word in enumerate(layout.lines[index])
        if after.lost(slot) and not before.lost(slot)
    ]
    if brief:
        return _departed(before, after, lost)
    if not before.dirty:
        return f"the clean copy ({values}) is {'kept' if kept else 'dropped'}"
    if after.ram != before.cached:
        return f"the dirty copy ({values}) is dropped without a write-back, and lost"
    text = f"the dirty copy ({values}) is written back to RAM{'' if kept else ' and dropped'}"
    return f"{text}, over the newer {listed(lost)}, which is lost" if lost else text


def _departed(before: Line, after: Line, lost: list[str]) -> str:
    """Return what became of a cached copy, without its values."""
    if not before.dirty:
        return f"the clean copy is {'dropped' if after.cached is None else 'kept'}"
    if after.ram != before.cached:
        return "the dirty copy is dropped without a write-back, and lost"
    if lost:
        return f"the dirty copy is written over the newer {listed(lost)}, which is lost"
    return "the dirty copy is written back to RAM"


def newest(line: Line, slot: int) -> str:
    """Return the newest value of a word, wherever it is."""
    return newer(line, slot, -1) or "lost"


def newer(line: Line, slot: int, than: int) -> str | None:
    """Return the newest value of a word and where it is, None where it is no newer version."""
    version = line.newest[slot]
    if version <= than:
        return None
    if line.ram[slot].number == version:
        return f"{number(line.ram[slot].value)}, in RAM"
    if line.cached is not None and line.cached[slot].number == version:
        return f"{number(line.cached[slot].value)}, in a cache"
    return "lost"
