"""Whatever the size, the arrangement and the needs, every pane lies where it is of use."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import attrs
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tui.presenters.layout import ASKED, EVERY, Arrangement, Box, Needs, Pane, Places, places

CODE = {Pane.SOURCE, Pane.PROGRAMS}
TABLES = (Pane.LANES, Pane.VCPUS, Pane.MEMORY)
BELOW = {Pane.FLUSHES, Pane.WHY, Pane.STOPS}
"""What of the decks lies below the tables, at whatever width."""


@attrs.frozen
class Asked:
    """What panes are placed for; `memory` is the rows at 100 columns, twice as many at fewer."""

    width: int
    height: int
    arrangement: Arrangement
    offered: frozenset[Pane] = EVERY
    lanes: int = 5
    vcpus: int = 3
    memory: int = 2

    @property
    def seen(self) -> frozenset[Pane]:
        return self.offered - self.arrangement.hidden

    @property
    def rows(self) -> dict[Pane, int]:
        return {Pane.LANES: self.lanes, Pane.VCPUS: self.vcpus, Pane.MEMORY: self.memory}

    def placed(self) -> Places:
        def memory(width: int) -> int:
            return self.memory if width >= 100 else 2 * self.memory

        needs = Needs(self.lanes, self.vcpus, memory)
        return places(self.width, self.height, needs, self.arrangement, self.offered)


PANES = st.sampled_from(Pane)
ARRANGEMENTS = st.builds(
    Arrangement,
    hidden=st.frozensets(PANES),
    front=st.dictionaries(st.sampled_from(("only", "left", "right", "dock", "bottom")), PANES),
    zoomed=st.none() | PANES,
)


def asked(narrowest: int, lowest: int, *, zoomed: bool = True) -> st.SearchStrategy[Asked]:
    """Return screens from this size on."""
    plain = ARRANGEMENTS.map(lambda each: attrs.evolve(each, zoomed=None))
    return st.builds(
        Asked,
        width=st.integers(narrowest, 400),
        height=st.integers(lowest, 120),
        arrangement=ARRANGEMENTS if zoomed else plain,
        offered=st.just(EVERY) | st.frozensets(PANES),
        lanes=st.integers(4, 9),
        vcpus=st.integers(2, 8),
        memory=st.integers(2, 300),
    )


def boxes(shown: Places) -> Iterator[Box]:
    yield from (box for box in shown.boxes.values() if box.width and box.height)
    yield from (deck.box for deck in shown.decks if deck.box.width and deck.box.height)


def overlap(one: Box, two: Box) -> bool:
    return (
        one.x < two.x + two.width
        and two.x < one.x + one.width
        and one.y < two.y + two.height
        and two.y < one.y + one.height
    )


def together(some: list[Box]) -> Box:
    """Return the box around some that lie beside each other, and the column between them."""
    first, last = min(some, key=lambda box: box.x), max(some, key=lambda box: box.x)
    return attrs.evolve(first, width=last.x + last.width - first.x)


NARROW = Asked(9, 9, Arrangement(hidden=frozenset(TABLES)))
"""Too narrow for the columns that programs would like to have."""


FULL = Asked(120, 30, Arrangement(), lanes=9, vcpus=8, memory=40)
"""With tables that leave no more than they must."""


@settings(max_examples=150)
@given(asked(1, 1))
@example(NARROW)
def test_panes_and_tabs_lie_inside_the_screen_and_none_on_another(screen: Asked) -> None:
    shown = list(boxes(screen.placed()))
    assert [
        box
        for box in shown
        if min(box.x, box.y) < 0
        or box.x + box.width > screen.width
        or box.y + box.height > screen.height
    ] == []
    assert [pair for pair in combinations(shown, 2) if overlap(*pair)] == []


@settings(max_examples=100)
@given(asked(1, 1))
def test_only_what_is_offered_and_not_hidden_is_shown(screen: Asked) -> None:
    shown = screen.placed()
    assert set(shown.boxes) <= screen.seen
    tabs = {pane for deck in shown.decks for pane in deck.panes}
    # The tab of the code stands for the programs as well.
    assert tabs <= screen.seen | ({Pane.SOURCE} if screen.seen & CODE else set())


@settings(max_examples=150)
@given(asked(42, 14, zoomed=False))
def test_everything_is_in_sight_or_has_a_tab(screen: Asked) -> None:
    shown = screen.placed()
    there = {pane for pane, box in shown.boxes.items() if box.width and box.height}
    tabs = {pane for deck in shown.decks for pane in deck.panes}
    if Pane.SOURCE in tabs:
        tabs |= CODE
    # Lanes are the first to go where a screen is low.
    dropped = {Pane.LANES} if screen.height < 18 else set()
    assert screen.seen - dropped <= there | tabs


@settings(max_examples=150)
@given(asked(42, 14, zoomed=False))
@example(FULL)
def test_nothing_is_too_small_to_be_of_use(screen: Asked) -> None:
    shown = screen.placed()
    fewest = {
        **{pane: (42, min(rows, 4)) for pane, rows in screen.rows.items()},
        Pane.LANES: (42, 1),
        Pane.SOURCE: (20, 5),
        Pane.PROGRAMS: (19, 5),
        **dict.fromkeys(ASKED, (20, 4)),
    }
    assert {
        pane: box
        for pane, box in shown.boxes.items()
        if box.width < fewest[pane][0] or box.height < fewest[pane][1]
    } == {}


@settings(max_examples=150)
@given(asked(3, 14, zoomed=False))
def test_the_front_of_a_deck_lies_below_its_tabs_and_the_others_nowhere(screen: Asked) -> None:
    shown = screen.placed()
    for deck in shown.decks:
        fronts = CODE if deck.front is Pane.SOURCE else {deck.front}
        front = together([box for pane, box in shown.boxes.items() if pane in fronts])
        assert (front.x, front.y, front.width) == (deck.box.x, deck.box.y + 1, deck.box.width)
        others = {pane for each in deck.panes for pane in (CODE if each in CODE else {each})}
        assert (others - fronts) & set(shown.boxes) == set()
        assert len(deck.panes) > 1


@settings(max_examples=150)
@given(asked(42, 14, zoomed=False))
def test_where_there_is_something_to_show_no_more_than_gaps_are_left_blank(screen: Asked) -> None:
    if not screen.seen & (CODE | BELOW):
        return
    filled = sum(box.width * box.height for box in boxes(screen.placed()))
    # At most a row below each table and below the code, and two columns, are gaps.
    gaps = 4 * screen.width + 2 * screen.height
    assert screen.width * screen.height - filled <= gaps


@settings(max_examples=100)
@given(asked(1, 1), st.sampled_from(Pane))
def test_a_zoomed_pane_has_all_of_any_screen(screen: Asked, zoomed: Pane) -> None:
    arrangement = attrs.evolve(screen.arrangement, zoomed=zoomed)
    shown = attrs.evolve(screen, arrangement=arrangement).placed()
    plain = attrs.evolve(screen, arrangement=attrs.evolve(arrangement, zoomed=None)).placed()
    whole = Places({zoomed: Box(0, 0, screen.width, screen.height)}, ())
    assert shown == (whole if zoomed in screen.seen else plain)
