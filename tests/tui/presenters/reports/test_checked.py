from __future__ import annotations

from collections.abc import Callable

import attrs
import pytest

from engine.findings import Kind
from scenarios.scenario import Expectation
from tui.presenters.reports.checked import Checked, unreached

STALE = {Kind.STALE: 5}
MANY = tuple(("vcpu1", f"l{number}") for number in range(6))


@pytest.mark.parametrize(
    ("labels", "text"),
    [
        ((), ""),
        ((("vcpu1", "load"),), "no run reaches load of vcpu1"),
        ((("vcpu1", "load"), ("vmm", "go")), "no run reaches load of vcpu1; go of vmm"),
        (MANY, "no run reaches l0, l1, l2, l3 and 2 more of vcpu1"),
    ],
)
def test_the_labels_that_no_run_reaches_are_said_with_whose_they_are(
    labels: tuple[tuple[str, str], ...], text: str, checked: Callable[..., Checked]
) -> None:
    assert unreached(checked(unreached=labels)) == text


def test_of_what_is_not_safe_nothing_more_is_said(checked: Callable[..., Checked]) -> None:
    labels = (("vcpu1", "load"),)
    assert unreached(checked(unreached=labels, found={Kind.STALE: 9})) == ""
    assert unreached(checked(unreached=labels, reason="cancelled")) == ""


@pytest.mark.parametrize(
    ("expected", "found", "reason", "gap", "met"),
    [
        ((), {}, None, None, True),
        ((), {}, "cancelled", None, None),
        ((), {}, None, "hunk 3 was not judged", None),
        ((), STALE, None, "hunk 3 was not judged", False),
        ((Kind.STALE,), STALE, None, None, True),
        ((Kind.STALE,), STALE, None, "hunk 3 was not judged", None),
        ((Kind.STALE,), STALE, "cancelled", None, None),
        ((Kind.STALE,), {}, None, None, False),
    ],
)
def test_an_expectation_is_open_where_not_all_was_judged(
    expected: tuple[Kind, ...],
    found: dict[Kind, int],
    reason: str | None,
    gap: str | None,
    met: bool | None,
    checked: Callable[..., Checked],
) -> None:
    row = checked("mine.c", found=found, reason=reason)
    outcome = attrs.evolve(row.result.outcome, gap=gap)
    result = attrs.evolve(row.result, outcome=outcome)
    expectation = Expectation("mine.c", expected)

    assert attrs.evolve(row, result=result, expectation=expectation).met is met


def test_where_nothing_is_expected_nothing_is_met(checked: Callable[..., Checked]) -> None:
    assert checked("mine.c").met is None
