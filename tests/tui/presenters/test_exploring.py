from __future__ import annotations

import pytest

from engine.explorer.limits import Counts, Limits
from engine.explorer.verdict import explore
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from tui.presenters.exploring import Said, answer, cancelled, choices, failed, under_way
from tui.presenters.rows import Tone
from tui.presenters.runs import Run, played_run


def headline(policy: str) -> Run:
    return played_run(load_scenario("secondary-stale-line"), load_policy(policy))


def answered(policy: str, start: int, limits: Limits | None = None) -> Said:
    run = headline(policy)
    there = run.timeline.seek(start)
    known = explore(there.machine, there.ghost, limits=limits)
    said = answer(run, start, known)
    # How many states it takes is the explorer's own affair.
    return Said(said.text.replace(f" {known.states} state", " N state"), said.tone)


@pytest.mark.parametrize(
    ("policy", "start", "text", "tone"),
    [
        ("upstream", 14, "From step 14: safe, no finding in any interleaving: N", Tone.GOOD),
        ("upstream", 0, "From the start: safe, no finding in any interleaving: N", Tone.GOOD),
        ("vcpu0-only", 14, "From step 14: UNSAFE, stale in 12 more steps: N", Tone.STALE),
        ("vcpu0-only", 0, "From the start: UNSAFE, stale in 13 steps: N", Tone.STALE),
        ("vcpu0-only", 25, "From step 25: UNSAFE, stale in 1 more step: N", Tone.STALE),
        (
            "vcpu0-only",
            26,
            "From step 26: safe, no further finding in any interleaving: N",
            Tone.GOOD,
        ),
    ],
)
def test_the_answer_is_said_in_one_line(policy: str, start: int, text: str, tone: Tone) -> None:
    said = answered(policy, start)
    assert (said.text.removesuffix("s").removesuffix(" state"), said.tone) == (text, tone)


def test_a_search_that_reached_its_limit_is_not_safe() -> None:
    said = answered("upstream", 0, Limits(1))
    assert said.tone is Tone.SKIPPED
    assert said.text.startswith("From the start: undetermined after N state")
    assert said.text.endswith(": the limit on states was reached")


def test_progress_says_states_rate_frontier_and_seconds() -> None:
    assert under_way(14, Counts(40_960, 90_000, 812), 2.0) == Said(
        "From step 14: exploring, 40,960 states, 20,480/s, frontier 812, 2 s. Esc cancels"
    )
    assert under_way(0, None, 0.0) == Said("From the start: exploring, begins, 0 s. Esc cancels")


def test_a_search_that_came_to_nothing_says_why() -> None:
    assert failed(3, "the memory is used up") == Said(
        "From step 3: undetermined: the memory is used up", Tone.SKIPPED
    )
    assert cancelled(3, Counts(8192, 9000, 10)) == Said(
        "From step 3: undetermined after 8,192 states: cancelled", Tone.SKIPPED
    )
    assert cancelled(0, None) == Said("From the start: undetermined: cancelled", Tone.SKIPPED)


def test_counterexamples_to_choose_from_are_described_in_steps_of_the_new_run() -> None:
    run = headline("vcpu0-only")
    there = run.timeline.seek(14)
    assert choices(run, 14, explore(there.machine, there.ghost)) == (
        "in 12 more steps: STALE: vcpu1 loads x = 0 at step 26 but wrote 1; exact step 24, "
        "cause step 20 (flush skipped)",
    )
