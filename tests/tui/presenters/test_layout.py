from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs
import pytest

from engine.machine.actors import actors
from engine.timeline import Timeline
from tui.presenters.layout import EVERY, Arrangement, Box, Deck, Needs, Pane, Places, places
from tui.presenters.panels.memory import memory_rows, sizes
from tui.presenters.scrubber.lanes import lane_count

NEEDS = Needs(lanes=5, vcpus=3, memory=lambda width: 2)
"""What the headline needs."""

LEFT = (Pane.FLUSHES, Pane.WHY, Pane.STOPS)
RIGHT = (Pane.EVENTS, Pane.CHOICES, Pane.BRANCHES)


def placed(
    size: tuple[int, int],
    *,
    hidden: frozenset[Pane] = frozenset(),
    front: Mapping[str, Pane] | None = None,
    zoomed: Pane | None = None,
) -> Places:
    return places(*size, NEEDS, Arrangement(hidden, front or {}, zoomed))


def test_on_80x24_code_and_what_can_be_asked_for_share_a_deck_below_the_tables() -> None:
    assert placed((80, 17)) == Places(
        {
            Pane.LANES: Box(0, 0, 80, 5),
            Pane.VCPUS: Box(0, 5, 80, 3),
            Pane.MEMORY: Box(0, 8, 80, 2),
            Pane.SOURCE: Box(0, 11, 50, 6),
            Pane.PROGRAMS: Box(51, 11, 29, 6),
        },
        (
            Deck(
                "only",
                Box(0, 10, 80, 1),
                (
                    Pane.SOURCE,
                    Pane.EVENTS,
                    Pane.CHOICES,
                    Pane.WHY,
                    Pane.BRANCHES,
                    Pane.FLUSHES,
                    Pane.STOPS,
                ),
                Pane.SOURCE,
            ),
        ),
    )


def test_on_120x40_two_decks_lie_below_the_code() -> None:
    assert placed((120, 29)) == Places(
        {
            Pane.LANES: Box(0, 0, 120, 5),
            Pane.VCPUS: Box(0, 6, 120, 3),
            Pane.MEMORY: Box(0, 10, 120, 2),
            Pane.SOURCE: Box(0, 13, 75, 9),
            Pane.PROGRAMS: Box(76, 13, 44, 9),
            Pane.FLUSHES: Box(0, 24, 60, 5),
            Pane.EVENTS: Box(61, 24, 59, 5),
        },
        (
            Deck("left", Box(0, 23, 60, 1), LEFT, Pane.FLUSHES),
            Deck("right", Box(61, 23, 59, 1), RIGHT, Pane.EVENTS),
        ),
    )


def test_on_200x60_the_events_have_a_place_of_their_own_at_the_right() -> None:
    assert placed((200, 49)) == Places(
        {
            Pane.EVENTS: Box(122, 0, 78, 28),
            Pane.CHOICES: Box(122, 30, 78, 19),
            Pane.LANES: Box(0, 0, 121, 5),
            Pane.VCPUS: Box(0, 6, 121, 3),
            Pane.MEMORY: Box(0, 10, 121, 2),
            Pane.SOURCE: Box(0, 13, 76, 20),
            Pane.PROGRAMS: Box(77, 13, 44, 20),
            Pane.FLUSHES: Box(0, 35, 121, 14),
        },
        (
            Deck("dock", Box(122, 29, 78, 1), (Pane.CHOICES, Pane.BRANCHES), Pane.CHOICES),
            Deck("bottom", Box(0, 34, 121, 1), LEFT, Pane.FLUSHES),
        ),
    )


@pytest.mark.parametrize("size", [(80, 17), (120, 29), (200, 49)])
def test_a_zoomed_pane_has_all_of_the_screen(size: tuple[int, int]) -> None:
    assert placed(size, zoomed=Pane.WHY) == Places({Pane.WHY: Box(0, 0, *size)}, ())


def test_a_pane_that_is_hidden_or_not_offered_is_not_zoomed() -> None:
    hidden = frozenset({Pane.WHY})
    assert placed((120, 29), hidden=hidden, zoomed=Pane.WHY) == placed((120, 29), hidden=hidden)
    offered = EVERY - hidden
    assert places(120, 29, NEEDS, Arrangement(zoomed=Pane.WHY), offered) == placed(
        (120, 29), hidden=hidden
    )


def test_a_pane_brought_to_the_front_lies_where_the_one_before_it_lay() -> None:
    plain = placed((120, 29))
    boxes = dict(plain.boxes)
    boxes[Pane.STOPS] = boxes.pop(Pane.FLUSHES)
    left, right = plain.decks
    assert placed((120, 29), front={"left": Pane.STOPS}) == Places(
        boxes, (attrs.evolve(left, front=Pane.STOPS), right)
    )


def test_where_code_shares_the_deck_both_its_panes_make_way() -> None:
    assert placed((80, 17), front={"only": Pane.EVENTS}).boxes == {
        Pane.LANES: Box(0, 0, 80, 5),
        Pane.VCPUS: Box(0, 5, 80, 3),
        Pane.MEMORY: Box(0, 8, 80, 2),
        Pane.EVENTS: Box(0, 11, 80, 6),
    }


@pytest.mark.parametrize("front", [Pane.WHY, Pane.MEMORY])
def test_what_is_hidden_or_of_no_deck_is_in_front_of_none(front: Pane) -> None:
    hidden = frozenset({Pane.WHY})
    shown = placed((120, 29), hidden=hidden, front={"left": front})
    assert shown == placed((120, 29), hidden=hidden)


def test_a_pane_alone_in_its_deck_needs_no_tabs() -> None:
    shown = placed((120, 29), hidden=frozenset({Pane.WHY, Pane.STOPS}))
    assert shown.boxes[Pane.FLUSHES] == Box(0, 23, 60, 6)
    assert [deck.name for deck in shown.decks] == ["right"]


@pytest.mark.parametrize(
    ("hidden", "front", "name"), [(LEFT, Pane.EVENTS, "right"), (RIGHT, Pane.FLUSHES, "left")]
)
def test_a_deck_alone_has_the_whole_width(hidden: tuple[Pane, ...], front: Pane, name: str) -> None:
    shown = placed((120, 29), hidden=frozenset(hidden))
    assert shown.boxes[front] == Box(0, 24, 120, 5)
    assert [(deck.name, deck.box) for deck in shown.decks] == [(name, Box(0, 23, 120, 1))]


def test_without_anything_to_dock_nothing_is_kept_free_at_the_right() -> None:
    shown = placed((200, 49), hidden=frozenset(RIGHT))
    assert shown.boxes[Pane.LANES] == Box(0, 0, 200, 5)
    assert shown.boxes[Pane.FLUSHES] == Box(0, 35, 200, 14)


def test_without_a_deck_below_it_the_code_has_what_is_left() -> None:
    shown = placed((200, 49), hidden=frozenset(LEFT))
    assert shown.boxes[Pane.SOURCE] == Box(0, 13, 76, 36)
    assert [deck.name for deck in shown.decks] == ["dock"]


def test_without_events_their_place_is_that_of_the_other_docked_panes() -> None:
    shown = placed((200, 49), hidden=frozenset({Pane.EVENTS}))
    assert shown.boxes[Pane.CHOICES] == Box(122, 1, 78, 48)
    assert shown.decks[0] == Deck(
        "dock", Box(122, 0, 78, 1), (Pane.CHOICES, Pane.BRANCHES), Pane.CHOICES
    )


@pytest.mark.parametrize("alone", [Pane.SOURCE, Pane.PROGRAMS])
def test_one_half_of_the_code_alone_has_the_place_of_both(alone: Pane) -> None:
    other = frozenset({Pane.SOURCE, Pane.PROGRAMS}) - {alone}
    assert placed((120, 29), hidden=other).boxes[alone] == Box(0, 13, 120, 9)
    assert placed((80, 17), hidden=other).boxes[alone] == Box(0, 11, 80, 6)


def test_where_there_is_no_room_tables_are_cut_and_of_the_lanes_the_ruler_is_left() -> None:
    large = Needs(lanes=8, vcpus=9, memory=lambda width: 129)
    tall, low, flat, flatter = (
        places(80, rows, large, Arrangement()).boxes for rows in (60, 17, 15, 14)
    )
    tables = (Pane.LANES, Pane.VCPUS, Pane.MEMORY)
    assert [tall[pane].height for pane in tables] == [8, 9, 10]
    assert [low[pane] for pane in tables] == [
        Box(0, 0, 80, 1), Box(0, 1, 80, 6), Box(0, 7, 80, 4),
    ]  # fmt: skip
    assert [flat[pane].height for pane in tables] == [1, 4, 4]
    assert [flatter.get(pane) for pane in tables] == [None, Box(0, 0, 80, 4), Box(0, 4, 80, 4)]


def test_a_pane_knows_the_deck_that_it_has_a_tab_in() -> None:
    shown = placed((120, 29))
    assert [shown.deck_of(pane) for pane in (Pane.WHY, Pane.CHOICES, Pane.MEMORY)] == [
        *shown.decks,
        None,
    ]


def needs_at(timeline: Timeline) -> Needs:
    room, setup = sizes(timeline), timeline.initial.setup
    return Needs(
        lanes=1 + lane_count(setup),
        vcpus=1 + len(actors(setup)),
        memory=lambda width: memory_rows(timeline, width, room),
    )


@pytest.mark.parametrize("size", [(80, 17), (120, 29), (200, 49)])
def test_no_step_moves_a_pane(run: Callable[..., Timeline], size: tuple[int, int]) -> None:
    timeline = run("reboot-one-vcpu")
    steps = range(len(timeline.steps) + 1)
    shown = [places(*size, needs_at(timeline.seek(step)), Arrangement()) for step in steps]
    assert shown == shown[:1] * len(steps)
