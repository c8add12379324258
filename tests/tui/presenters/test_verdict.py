from __future__ import annotations

from collections.abc import Callable

import attrs
import pytest

from engine.findings import Finding, Kind
from engine.machine.actors import VMM
from engine.machine.effects import AccessFailure
from engine.memory.line import Version
from engine.timeline import Timeline
from engine.transition import movers
from tui.presenters.cells import Tone
from tui.presenters.verdict import describe, verdict, verdict_tone, verdicts

Run = Callable[..., Timeline]


@pytest.mark.parametrize(
    ("scenario", "policy", "expected"),
    [
        (
            "secondary-stale-line",
            "vcpu0-only",
            "this run: unsafe, STALE: vcpu1 loads x = 0 at step 26 but wrote 1; exact step 24, "
            "cause step 20 (flush skipped)",
        ),
        ("secondary-stale-line", "upstream", "this run: safe, no finding in 27 steps"),
        (
            "boot-on-vcpu1",
            "vcpu0-only",
            "this run: unsafe, STALE: vcpu1 loads x = 0 at step 13 but wrote 1; exact step 11, "
            "cause step 7 (flush skipped)",
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
    assert verdict(only) == (
        "this run: undetermined, nothing broken so far in 1 step: not finished, vcpu0 and vcpu1 "
        "can go on"
    )


def test_a_run_that_is_not_finished_has_not_held_and_says_so_ever_more_briefly(run: Run) -> None:
    timeline = run("secondary-stale-line", "upstream")
    branch = Timeline.start(timeline.initial).extend(timeline.events[:-1])
    assert verdicts(branch) == (
        "this run: undetermined, nothing broken so far in 26 steps: not finished, vcpu1 can go on",
        "this run: undetermined, nothing broken so far in 26 steps: not finished",
        "this run: undetermined, not finished",
    )
    assert verdict_tone(branch) is Tone.SKIPPED


def test_what_is_found_in_a_run_that_is_not_finished_is_found(run: Run) -> None:
    timeline = run("false-sharing", "upstream")
    begun = Timeline.start(timeline.initial).extend(timeline.events[:19])
    assert movers(begun.machine)
    assert verdicts(begun)[0].startswith("this run: unsafe, LOST: ")
    assert verdict_tone(begun) is Tone.STALE


def test_what_another_vcpu_wrote_is_said_with_its_step(run: Run) -> None:
    timeline = run("secondary-stale-line")
    finding = attrs.evolve(timeline.findings[0], actor=0)
    assert describe(timeline, finding) == (
        "STALE: vcpu0 loads x = 0 at step 26 but may rely on 1, which vcpu1 wrote at step 15; "
        "exact step 24, cause step 20 (flush skipped)"
    )


def test_in_shorter_forms_who_wrote_it_goes_first_and_the_steps_stay(run: Run) -> None:
    assert verdicts(run("message-after-enable")) == (
        "this run: unsafe, STALE: vcpu0 loads x = 0 at step 30 but may rely on 1, which vcpu1 "
        "wrote at step 16; exact step 28, cause step 16 (the store)",
        "this run: STALE: vcpu0 loads x = 0 at step 30 but may rely on 1, which vcpu1 wrote at "
        "step 16; exact step 28, cause step 16 (the store)",
        "this run: STALE: vcpu0 loads x = 0 at 30 but may rely on 1, which vcpu1 wrote at 16; "
        "exact 28, cause 16 (the store)",
        "this run: STALE: vcpu0 loads x = 0 at 30 but may rely on 1; exact 28, cause 16 "
        "(the store)",
        "this run: STALE: vcpu0 loads x = 0 at 30 but may rely on 1; exact 28, cause 16",
        "this run: STALE: vcpu0 loads x = 0 at 30; exact 28, cause 16",
        "this run: STALE for vcpu0 at 30; exact 28, cause 16",
        "STALE for vcpu0 at 30; exact 28, cause 16",
    )


def test_of_a_lost_version_its_writer_and_the_other_findings_are_said_briefly(run: Run) -> None:
    assert verdicts(run("false-sharing", "upstream")) == (
        "this run: unsafe, LOST: x = 1 that vcpu1 wrote is neither in RAM nor in a cache from "
        "step 19 on; cause step 13 (the store); and 1 more finding",
        "this run: LOST: x = 1 that vcpu1 wrote is neither in RAM nor in a cache from step 19 on; "
        "cause step 13 (the store); 1 more",
        "this run: LOST: x = 1 that vcpu1 wrote is neither in RAM nor in a cache from 19 on; "
        "cause 13 (the store); 1 more",
        "this run: LOST at 19: x = 1 that vcpu1 wrote; cause 13 (the store); 1 more",
        "this run: LOST at 19: x = 1; cause 13; 1 more",
        "LOST at 19: x = 1; cause 13; 1 more",
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
        "STUCK: vcpu1 is in KVM for ever from step 9 on, whatever anybody does"
    )


def test_more_findings_are_counted(run: Run) -> None:
    timeline = run("secondary-stale-line")
    stuck = Finding(Kind.STUCK, 26, 1, None, None, None, None, None)
    both = attrs.evolve(timeline, findings=(stuck, *timeline.findings))
    assert verdict(both) == (
        "this run: unsafe, STUCK: vcpu1 is in KVM for ever from step 26 on, whatever anybody "
        "does; and 1 more finding"
    )


def failure_of(address: int | None) -> AccessFailure | None:
    """Return what is wrong with an address that no guest RAM is at."""
    return None if address is None else AccessFailure.NO_RAM


@pytest.mark.parametrize(
    ("actor", "address", "text"),
    [
        (1, 0x1040, "FAULT: vcpu1 accesses 0x1040 at step 9, which is no guest RAM, and stops"),
        (
            VMM,
            None,
            "FAULT: the VMM goes where its program has no instruction at step 9, and stops",
        ),
    ],
)
def test_a_fault_is_said_with_its_address_or_that_there_is_no_instruction(
    run: Run, actor: int, address: int | None, text: str
) -> None:
    finding = Finding(
        Kind.FAULT, 9, actor, None, None, None, None, None, address, failure_of(address)
    )
    timeline = attrs.evolve(run("secondary-stale-line"), findings=(finding,))
    assert describe(timeline, finding) == text
    assert verdict(timeline) == f"this run: unsafe, {text}"


@pytest.mark.parametrize(
    ("address", "text"), [(0x1040, "vcpu1, 0x1040"), (None, "vcpu1, no instruction")]
)
def test_where_there_is_little_room_a_fault_keeps_its_step(
    run: Run, address: int | None, text: str
) -> None:
    finding = Finding(Kind.FAULT, 9, 1, None, None, None, None, None, address, failure_of(address))
    timeline = attrs.evolve(run("secondary-stale-line"), findings=(finding,))
    assert verdicts(timeline)[-1] == f"FAULT at 9: {text}"
