from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.findings import Kind
from tui.presenters.reports.checked import Checked, unreached

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
