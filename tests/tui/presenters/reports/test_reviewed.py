from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.findings import Kind, Verdict
from scenarios.checking import CellOutcome
from scenarios.every_guest import EveryGuest, GuestQuestion, SearchedGuest, general_guests
from scenarios.policy_library import load_candidates, load_policy
from tui.presenters.reports.checked import Checked
from tui.presenters.reports.every_guest import Answered
from tui.presenters.reports.reviewed import Judgement, Reviewed, judged

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


@pytest.mark.parametrize(
    ("found", "every_guest", "judgement"),
    [
        ({}, Verdict.SAFE, Judgement.SAFE),
        ({}, Verdict.UNDETERMINED, Judgement.UNDETERMINED),
        ({}, Verdict.UNSAFE, Judgement.UNSAFE),
        (FAULT, Verdict.SAFE, Judgement.UNSAFE),
        (FAULT, Verdict.UNDETERMINED, Judgement.UNSAFE),
    ],
)
def test_a_candidate_is_safe_only_on_the_scenarios_and_for_every_guest(
    found: dict[Kind, int],
    every_guest: Verdict,
    judgement: Judgement,
    checked: Callable[..., Checked],
    mail: Path,
) -> None:
    (candidate,) = load_candidates(f"{mail.name}#1")
    policy = load_policy("upstream")
    outcome = CellOutcome(every_guest, None, (), 1, 1, None, None)
    searched = SearchedGuest(GuestQuestion(policy).cell(general_guests()[0]), outcome)
    answered = Answered("mine.c", policy, (), EveryGuest((searched,)))
    rows = (checked("mine.c", "first", found=found),)

    reviewed = Reviewed(
        candidate, "mine.c", policy, policy.coverage, None, rows, every_guest=answered
    )
    assert reviewed.judgement is judgement
