from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.explorer.explore import Exploration, explore
from engine.explorer.limits import Limits
from engine.timeline import Timeline
from tui.presenters.cells import Said, Tone
from tui.presenters.status.exploring import answer, counter_run, counter_title, found_runs

Run = Callable[..., Timeline]


def explored(timeline: Timeline, start: int, limits: Limits | None = None) -> Exploration:
    there = timeline.seek(start)
    return explore(there.machine, there.ghost, limits=limits)


def states(known: Exploration) -> str:
    """How many states it took, which is the explorer's own affair."""
    return f"{known.states} state{'' if known.states == 1 else 's'}"


@pytest.mark.parametrize(
    ("policy", "start", "text", "tone"),
    [
        ("upstream", 14, "From step 14: safe, no finding in any interleaving: N", Tone.GOOD),
        ("upstream", 0, "From the start: safe, no finding in any interleaving: N", Tone.GOOD),
        ("vcpu0-only", 14, "From step 14: unsafe, stale in 12 more steps: N", Tone.STALE),
        ("vcpu0-only", 0, "From the start: unsafe, stale in 13 steps: N", Tone.STALE),
        ("vcpu0-only", 25, "From step 25: unsafe, stale in 1 more step: N", Tone.STALE),
        (
            "vcpu0-only",
            26,
            "From step 26: safe, no further finding in any interleaving: N",
            Tone.GOOD,
        ),
    ],
)
def test_the_answer_is_said_in_one_line(
    run: Run, policy: str, start: int, text: str, tone: Tone
) -> None:
    timeline = run("secondary-stale-line", policy)
    known = explored(timeline, start)
    assert answer(timeline, start, known) == Said(text.replace(": N", f": {states(known)}"), tone)


def test_a_search_that_reached_its_limit_is_not_safe(run: Run) -> None:
    timeline = run("secondary-stale-line", "upstream")
    known = explored(timeline, 0, Limits(1))
    assert answer(timeline, 0, known) == Said(
        f"From the start: undetermined after {states(known)}: the limit on states was reached",
        Tone.SKIPPED,
    )


def test_counterexamples_to_choose_from_are_described_in_steps_of_the_new_run(run: Run) -> None:
    timeline = run("secondary-stale-line")
    assert found_runs(timeline, 14, explored(timeline, 14)) == (
        "in 12 more steps: STALE: vcpu1 loads x = 0 at step 26 but wrote 1; exact step 24, "
        "cause step 20 (flush skipped)",
    )


@pytest.mark.parametrize("start", [0, 14])
def test_a_counterexample_follows_the_steps_up_to_where_it_was_looked_for(
    run: Run, start: int
) -> None:
    timeline = run("secondary-stale-line")
    (found,) = explored(timeline, start).counterexamples
    shown = counter_run(timeline, start, found)
    assert shown.cursor == start
    assert shown.events == (*timeline.events[:start], *found.events)
    assert [each.step for each in shown.findings] == [len(shown.steps)]


def test_a_counterexample_is_called_the_shortest_only_if_it_is_known_to_be(run: Run) -> None:
    (found,) = explored(run("secondary-stale-line"), 0).counterexamples
    titles = [counter_title(start, found, shortest=start == 0) for start in (0, 14)]
    assert titles == ["the shortest stale run from the start on", "a stale run from step 14 on"]
