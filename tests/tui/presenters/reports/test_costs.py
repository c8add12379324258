from __future__ import annotations

from collections.abc import Callable

from engine.findings import Kind
from scenarios.hardware import HardwareChoice
from tui.presenters.reports.checked import Checked
from tui.presenters.reports.costs import Cheapest, MostFlushed, cheapest

STALE = {Kind.STALE: 5}

Make = Callable[..., Checked]


def cost(most: int, *, unbounded: bool = False) -> MostFlushed:
    return MostFlushed((unbounded, most), (unbounded, most))


def test_the_cheapest_policy_is_safe_on_every_scenario(checked: Make) -> None:
    rows = [
        checked("dear", "a", most=3),
        checked("cheap", "a", most=2),
        checked("unsafe", "a", most=0),
        checked("dear", "b", most=3),
        checked("cheap", "b", most=2),
        checked("unsafe", "b", most=0, found=STALE),
    ]

    assert cheapest(rows) == Cheapest(("cheap",), True, cost(4), 2)


def test_policies_that_cost_the_same_are_all_named(checked: Make) -> None:
    assert cheapest([checked("b"), checked("a")]) == Cheapest(("b", "a"), True, cost(1), 1)


def test_what_is_unbounded_costs_more_than_any_number(checked: Make) -> None:
    rows = [checked("endless", most=None), checked("bounded", most=1000)]

    assert cheapest(rows) == Cheapest(("bounded",), True, cost(1000), 1)
    assert cheapest(rows[:1]) == Cheapest(("endless",), True, cost(0, unbounded=True), 1)


def test_what_is_undetermined_never_counts_as_safe(checked: Make) -> None:
    rows = [checked("quick", most=0, reason="the limit"), checked("slow", most=9)]

    assert cheapest(rows) == Cheapest(("slow",), True, cost(9), 1)
    assert cheapest(rows[:1]) is None


def test_where_upstream_breaks_as_well_a_policy_that_adds_nothing_qualifies(checked: Make) -> None:
    rows = [
        checked("same", found=STALE, upstream=STALE),
        checked("worse", most=0, found={**STALE, Kind.STUCK: 9}, upstream=STALE),
        checked("perhaps", most=0, found=STALE, upstream_reason="the limit"),
    ]

    assert cheapest(rows) == Cheapest(("same",), False, cost(1), 1)


def test_a_policy_must_qualify_on_all_hardware_and_costs_the_most_of_them(checked: Make) -> None:
    off, on = HardwareChoice(fwb=False), HardwareChoice(fwb=True)
    rows = [
        checked("gated", most=4, variant=off),
        checked("gated", most=0, variant=on),
        checked("broken", most=0, variant=off, found=STALE),
        checked("broken", most=0, variant=on),
    ]

    assert cheapest(rows) == Cheapest(("gated",), True, cost(4), 1)


def test_a_guest_that_faults_speaks_for_no_policy(checked: Make) -> None:
    fault = {Kind.FAULT: 2}
    assert cheapest([checked("any", most=0, found=fault, upstream=fault)]) is None
