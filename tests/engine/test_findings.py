from __future__ import annotations

import attrs

from engine.findings import Finding, Kind, Lead, roles

STALE = Finding(Kind.STALE, step=26, actor=1, word=0, exact=24, cause=20, version=None, entitled=1)
LOST = attrs.evolve(STALE, kind=Kind.LOST, step=24, exact=None)


def test_a_step_is_told_what_it_is_to_each_finding_in_turn() -> None:
    assert roles((LOST, STALE)) == {
        20: (Lead.CAUSE, Lead.CAUSE),
        24: (Kind.LOST, Lead.EXACT_STEP),
        26: (Kind.STALE,),
    }


def test_without_findings_no_step_is_anything() -> None:
    assert roles(()) == {}


def test_the_step_to_look_at_is_the_exact_one_where_there_is_one() -> None:
    assert (STALE.shown_at, LOST.shown_at) == (24, 24)
    assert attrs.evolve(STALE, exact=None).shown_at == 26
