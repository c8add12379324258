from __future__ import annotations

import attrs

from engine.query.kinds import BY_NAME
from engine.query.triggers import AtLine, OnEvent
from tui.session.stops import NO_STOPS, Breakpoint

FIRST = Breakpoint(1, AtLine("a.c", 12))
SECOND = Breakpoint(2, OnEvent(BY_NAME["skip"]), temporary=True)
BOTH = NO_STOPS.making(FIRST.trigger).making(SECOND.trigger, temporary=True)


def test_stops_are_numbered_as_they_are_made() -> None:
    assert (tuple(BOTH), BOTH.numbers, BOTH.numbered) == ((FIRST, SECOND), (1, 2), 2)
    assert BOTH.last == SECOND


def test_the_number_of_one_that_is_gone_is_not_given_again() -> None:
    left = BOTH.without((1, 2))
    assert (len(left), left.numbered) == (0, 2)
    assert left.making(AtLine("a.c", 3)).numbers == (3,)


def test_stops_can_be_kept_without_stopping() -> None:
    assert tuple(BOTH.enabling((2,), on=False)) == (FIRST, attrs.evolve(SECOND, enabled=False))
    assert BOTH.enabling((2,), on=False).enabling((1, 2), on=True) == BOTH


def test_one_that_is_made_again_has_the_number_that_it_had() -> None:
    again = NO_STOPS.keeping(FIRST, 7, enabled=False)
    assert tuple(again) == (Breakpoint(7, AtLine("a.c", 12), enabled=False),)
    assert again.numbered == 7
    assert BOTH.without((1,)).keeping(FIRST, 1, enabled=True).numbered == 2
