from __future__ import annotations

from collections.abc import Callable

import attrs
import pytest

from engine.findings import Finding, Kind
from engine.memory.line import Version
from engine.timeline import Timeline
from tui.presenters.verdict import describe, verdict

Run = Callable[..., Timeline]


@pytest.mark.parametrize(
    ("scenario", "policy", "expected"),
    [
        (
            "secondary-stale-line",
            "vcpu0-only",
            "STALE: vcpu1 loads x = 0 at step 26 but wrote 1; exact step 24, cause step 20 "
            "(flush skipped)",
        ),
        ("secondary-stale-line", "upstream", "holds on this schedule: no finding in 27 steps"),
        (
            "boot-on-vcpu1",
            "vcpu0-only",
            "STALE: vcpu1 loads x = 0 at step 13 but wrote 1; exact step 11, cause step 7 "
            "(flush skipped)",
        ),
    ],
)
def test_the_verdict_names_the_load_the_exact_step_and_the_cause(
    run: Run, scenario: str, policy: str, expected: str
) -> None:
    assert verdict(run(scenario, policy)) == expected


def test_the_verdict_is_the_same_wherever_the_cursor_is(run: Run) -> None:
    timeline = run("secondary-stale-line")
    assert {verdict(timeline.seek(step)) for step in range(27)} == {verdict(timeline)}


def test_a_run_of_one_step_is_spoken_of_in_the_singular(run: Run) -> None:
    timeline = run("secondary-stale-line")
    only = Timeline.start(timeline.initial).extend(timeline.events[:1])
    assert verdict(only) == "holds on this schedule: no finding in 1 step"


def test_what_another_vcpu_wrote_is_said_with_its_step(run: Run) -> None:
    timeline = run("secondary-stale-line")
    finding = attrs.evolve(timeline.findings[0], actor=0)
    assert describe(timeline, finding) == (
        "STALE: vcpu0 loads x = 0 at step 26 but may rely on 1, which vcpu1 wrote at step 15; "
        "exact step 24, cause step 20 (flush skipped)"
    )


def test_a_lost_version_is_said_with_its_writer(run: Run) -> None:
    timeline = run("secondary-stale-line")
    finding = Finding(Kind.LOST, 26, 1, 0, None, 15, Version(1, 1), None)
    assert describe(timeline, finding) == (
        "LOST: x = 1 that vcpu1 wrote is neither in RAM nor in a cache from step 26 on; "
        "cause step 15 (the store)"
    )


def test_a_stuck_vcpu_is_said_to_be_so_for_ever(run: Run) -> None:
    timeline = run("secondary-stale-line")
    finding = Finding(Kind.STUCK, 9, 1, None, None, None, None, None)
    assert describe(timeline, finding) == (
        "STUCK: vcpu1 is in KVM for ever from step 9 on: nothing can change any more"
    )


def test_more_findings_are_counted(run: Run) -> None:
    timeline = run("secondary-stale-line")
    stuck = Finding(Kind.STUCK, 26, 1, None, None, None, None, None)
    both = attrs.evolve(timeline, findings=(stuck, *timeline.findings))
    assert verdict(both) == (
        "STUCK: vcpu1 is in KVM for ever from step 26 on: nothing can change any more; "
        "and 1 more finding"
    )
