from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.findings import Kind
from tui.presenters.reports.checked import Checked
from tui.presenters.reports.reviewed import Judgement, judged

FAULT = {Kind.FAULT: 2}


@pytest.mark.parametrize(
    ("found", "upstream", "judgement"),
    [
        ({}, {}, Judgement.SAFE),
        ({Kind.STALE: 9}, {Kind.STALE: 9}, Judgement.SAFE),
        (FAULT, {}, Judgement.UNSAFE),
        (FAULT, FAULT, Judgement.UNDETERMINED),
        ({}, FAULT, Judgement.UNDETERMINED),
        ({**FAULT, Kind.STALE: 9}, FAULT, Judgement.UNSAFE),
    ],
)
def test_a_guest_that_faults_with_upstream_too_is_never_a_pass(
    found: dict[Kind, int],
    upstream: dict[Kind, int],
    judgement: Judgement,
    checked: Callable[..., Checked],
) -> None:
    safe = checked("mine.c", "first")
    assert judged([safe, checked("mine.c", "second", found=found, upstream=upstream)]) is judgement
