"""Where each pane lies on the screen: from its size alone, so that no step ever moves one.

From top to bottom: the lanes, the vCPUs, memory, then the code. What else can be asked for shares
decks, in each of which one pane is in front and the others are tabs: one deck with the code where
the screen is low, two below the code where it is tall, one of them at the right where it is wide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum, unique
from typing import Final

import attrs

WIDE: Final = 150
"""Columns from which on the events have a place of their own at the right."""
TALL: Final = 25
"""Rows from which on code and decks lie below each other."""
_DOCK: Final = (0.4, 78)
"""The right column's share of the width, and the most that it takes."""
_CODE: Final = 5
_DECK: Final = 5
"""The rows that the code and a deck need at least, headers and tabs included."""
_MOST_ROWS: Final = 10
_FEW_ROWS: Final = 4
"""The rows of a table at most, and where space is short."""
_RULER: Final = 1
"""The rows of the lanes at least: the ruler with all that matters, without the lanes."""
_PROGRAMS: Final = 3 / 8
"""What of the code's width the programs take."""
_FEWEST_COLUMNS: Final = 20


@unique
class Pane(Enum):
    """A part of the screen that shows one thing; the value is its name for the user."""

    LANES = "lanes"
    VCPUS = "vcpus"
    MEMORY = "memory"
    SOURCE = "source"
    PROGRAMS = "programs"
    EVENTS = "events"
    CHOICES = "choices"
    BRANCHES = "branches"
    WHY = "why"
    FLUSHES = "flushes"
    STOPS = "stops"


ASKED: Final = (
    Pane.EVENTS,
    Pane.CHOICES,
    Pane.WHY,
    Pane.BRANCHES,
    Pane.FLUSHES,
    Pane.STOPS,
)
"""The panes that share decks."""

_LEFT: Final = (Pane.FLUSHES, Pane.WHY, Pane.STOPS)
_RIGHT: Final = (Pane.EVENTS, Pane.CHOICES, Pane.BRANCHES)
"""Those of them that lie at the left, and at the right, where there are two decks."""

EVERY: Final = frozenset(Pane)


@attrs.frozen
class Box:
    """A rectangle, in columns and rows from the upper left corner of the panes."""

    x: int
    y: int
    width: int
    height: int

    def rows(self, start: int, end: int | None = None) -> Box:
        """Return some of its rows; none where they lie outside."""
        end = self.height if end is None else min(end, self.height)
        start = min(start, end)
        return Box(self.x, self.y + start, self.width, end - start)

    def columns(self, start: int, end: int | None = None) -> Box:
        """Return some of its columns."""
        end = self.width if end is None else min(end, self.width)
        start = min(start, end)
        return Box(self.x + start, self.y, end - start, self.height)


@attrs.frozen
class Needs:
    """How many rows the tables would like to have, headers included."""

    lanes: int
    vcpus: int
    memory: Callable[[int], int]
    """For a width in columns."""


@attrs.frozen
class Arrangement:
    """What the user has hidden, brought to the front and zoomed."""

    hidden: frozenset[Pane] = frozenset()
    front: Mapping[str, Pane] = attrs.field(factory=dict)
    """Per deck, by its name."""
    zoomed: Pane | None = None


@attrs.frozen
class Deck:
    """The tabs of panes that share a place; `box` is their one row."""

    name: str
    box: Box
    panes: tuple[Pane, ...]
    front: Pane


@attrs.frozen
class Places:
    """Where the visible panes lie, and the decks that some of them are in front of."""

    boxes: Mapping[Pane, Box]
    decks: tuple[Deck, ...]

    def deck_of(self, pane: Pane) -> Deck | None:
        """Return the deck in which a pane has a tab."""
        return next((deck for deck in self.decks if pane in deck.panes), None)


def places(
    width: int,
    height: int,
    needs: Needs,
    arrangement: Arrangement,
    offered: Iterable[Pane] = EVERY,
) -> Places:
    """Return where the panes lie that are offered and not hidden, on a screen of this size."""
    seen = frozenset(offered) - arrangement.hidden
    if arrangement.zoomed in seen:
        return Places({arrangement.zoomed: Box(0, 0, width, height)}, ())
    return _Placing(needs, arrangement, seen).place(Box(0, 0, width, height))


class _Placing:
    """Places pane after pane, from what is left of the screen."""

    def __init__(self, needs: Needs, arrangement: Arrangement, seen: frozenset[Pane]) -> None:
        self._needs = needs
        self._front = arrangement.front
        self._seen = seen
        self._boxes: dict[Pane, Box] = {}
        self._decks: list[Deck] = []

    def place(self, screen: Box) -> Places:
        tall = screen.height >= TALL
        left = screen
        if tall and screen.width >= WIDE and self._seen & {*_RIGHT}:
            share, most = _DOCK
            left = screen.columns(0, screen.width - min(int(screen.width * share), most) - 1)
            self._dock(screen.columns(left.width + 1))
        below = self._tables(left, tall)
        if not tall:
            self._deck("only", below, (Pane.SOURCE, *ASKED))
        elif left is screen:
            code, decks = self._code_and_decks(below, ASKED)
            self._code(code)
            middle = decks.width // 2
            both = self._seen & {*_LEFT} and self._seen & {*_RIGHT}
            self._deck("left", decks.columns(0, middle) if both else decks, _LEFT)
            self._deck("right", decks.columns(middle + 1) if both else decks, _RIGHT)
        else:
            code, decks = self._code_and_decks(below, _LEFT)
            self._code(code)
            self._deck("bottom", decks, _LEFT)
        return Places(self._boxes, tuple(self._decks))

    def _dock(self, dock: Box) -> None:
        below = dock.rows(dock.height * 3 // 5)
        if Pane.EVENTS not in self._seen or not self._seen & {Pane.CHOICES, Pane.BRANCHES}:
            self._deck("dock", dock, _RIGHT)
        else:
            self._boxes[Pane.EVENTS] = dock.rows(0, dock.height * 3 // 5 - 1)
            self._deck("dock", below, (Pane.CHOICES, Pane.BRANCHES))

    def _tables(self, box: Box, tall: bool) -> Box:
        """Place lanes, vCPUs and memory; return what is left below them."""
        rows = self._rows(box, _CODE + _DECK if tall else _CODE + 1)
        gap = 1 if tall and self._fits(rows, box, (_CODE + _DECK + 6)) else 0
        top = 0
        for pane, count in rows.items():
            self._boxes[pane] = box.rows(top, top + count)
            top += count + gap
        return box.rows(top)

    def _rows(self, box: Box, kept: int) -> dict[Pane, int]:
        """Return the rows of each table: fewer where else no `kept` ones were left."""
        wanted = {
            Pane.LANES: self._needs.lanes,
            Pane.VCPUS: min(self._needs.vcpus, _MOST_ROWS),
            Pane.MEMORY: min(self._needs.memory(box.width), _MOST_ROWS),
        }
        rows = {pane: count for pane, count in wanted.items() if pane in self._seen}
        for pane in (Pane.MEMORY, Pane.VCPUS, Pane.LANES):
            while (
                pane in rows and rows[pane] > _FEW_ROWS and sum(rows.values()) + kept > box.height
            ):
                rows[pane] -= 1
        if Pane.LANES in rows and sum(rows.values()) + kept > box.height:
            rows[Pane.LANES] = _RULER
        if sum(rows.values()) + kept > box.height:
            rows.pop(Pane.LANES, None)
        for pane in (Pane.VCPUS, Pane.MEMORY):
            while (
                pane in rows
                and rows[pane] < wanted[pane]
                and sum(rows.values()) + kept < box.height
            ):
                rows[pane] += 1
        return rows

    @staticmethod
    def _fits(rows: Mapping[Pane, int], box: Box, kept: int) -> bool:
        return sum(rows.values()) + len(rows) + kept <= box.height

    def _code_and_decks(self, below: Box, decked: tuple[Pane, ...]) -> tuple[Box, Box]:
        code = {Pane.SOURCE, Pane.PROGRAMS} & self._seen
        if not code:
            return below.rows(0, 0), below
        if not self._seen & {*decked}:
            return below, below.rows(below.height)
        middle = below.height - max(below.height * 3 // 7, _DECK)
        gap = 1 if below.height > _CODE + _DECK + 4 else 0
        return below.rows(0, middle - gap), below.rows(middle)

    def _code(self, box: Box) -> None:
        both = {Pane.SOURCE, Pane.PROGRAMS} <= self._seen
        programs = max(int(box.width * _PROGRAMS), min(_FEWEST_COLUMNS, box.width // 2))
        middle = box.width - programs
        if not box.height:
            return
        for pane, part in (
            (Pane.SOURCE, box.columns(0, middle) if both else box),
            (Pane.PROGRAMS, box.columns(middle + 1) if both else box),
        ):
            if pane in self._seen:
                self._boxes[pane] = part

    def _deck(self, name: str, box: Box, panes: tuple[Pane, ...]) -> None:
        """Place the tabs of a deck, and below them the pane in front."""
        tabs = tuple(pane for pane in panes if pane in self._seen or self._is_code(pane))
        if not tabs or not box.height:
            return
        front = self._front.get(name, tabs[0])
        front = front if front in tabs else tabs[0]
        if len(tabs) > 1:
            self._decks.append(Deck(name, box.rows(0, 1), tabs, front))
            box = box.rows(1)
        if self._is_code(front):
            self._code(box)
        else:
            self._boxes[front] = box

    def _is_code(self, pane: Pane) -> bool:
        return pane is Pane.SOURCE and bool(self._seen & {Pane.SOURCE, Pane.PROGRAMS})
