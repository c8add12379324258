from __future__ import annotations

import pytest

from engine.query.locations import location
from engine.query.parser import parse
from engine.query.triggers import (
    Becomes,
    Changes,
    Trigger,
    firing,
)
from tests.engine.query.stopped import RUN, SETUP


def stops(text: str) -> list[int]:
    return fired(location(text, SETUP))


def fired(trigger: Trigger) -> list[int]:
    return list(filter(firing(trigger, RUN), range(1, len(RUN.steps) + 1)))


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("3", [2, 13]),
        ("test.c:4", [3]),
        ("kvm_toggle_cache", [2, 13]),
        ("vcpu1:enable", [11]),
        ("spin", [15, 17]),
        ("vmm:end", [10]),
        ("trap", [1, 12]),
        ("flush", [4]),
        ("flushed", [7]),
        ("skip", [14]),
        ("return", [8, 15]),
        ("toggle", [2, 13]),
        ("fill", [9]),
        ("evict", [19]),
        ("store", [11]),
        ("load", [16, 18]),
        ("finding", [16, 18]),
        ("exact", [15]),
        ("cause", [14]),
    ],
)
def test_a_place_stops_when_it_comes_next_and_an_event_when_it_has_happened(
    text: str, steps: list[int]
) -> None:
    assert stops(text) == steps


def test_a_condition_stops_where_it_becomes_true_and_a_watch_where_its_value_changes() -> None:
    assert fired(Changes(parse("cache[x]", SETUP))) == [9, 19]
    assert fired(Becomes(parse("stale[1][x]", SETUP))) == [15]
