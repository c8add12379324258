from __future__ import annotations

from collections.abc import Callable

from engine.machine.effects import FlushBegun, FlushSkipped
from tui.presenters.exports.shared import SharedRun
from tui.presenters.exports.story import MOST_STEPS, story


def test_the_headline_is_told_by_what_touches_the_word_and_decides_its_flush(
    shared: Callable[..., SharedRun],
) -> None:
    timeline = shared("secondary-stale-line").played.timeline

    told = story(timeline)

    assert told.told == (1, 2, 5, 6, 8, 12, 14, 15, 16, 17, 20, 24, 26)
    assert told.left_out == 13
    assert told.roles == {20: ("CAUSE",), 24: ("EXACT STEP",), 26: ("STALE",)}


def test_what_is_told_and_what_is_left_out_is_every_step_once(
    shared: Callable[..., SharedRun],
) -> None:
    timeline = shared("four-vcpus-64-lines", "upstream").played.timeline

    told = story(timeline)

    left_out = [step for gap in told.gaps for step in gap]
    assert sorted((*told.told, *left_out)) == list(range(1, len(timeline.steps) + 1))
    assert len(left_out) == told.left_out
    assert len(told.told) == MOST_STEPS


def test_of_too_many_steps_flushes_come_first(shared: Callable[..., SharedRun]) -> None:
    timeline = shared("four-vcpus-64-lines", "vcpu0-only").played.timeline

    told = story(timeline)

    flushes = {
        number
        for number, step in enumerate(timeline.steps, 1)
        if any(isinstance(effect, FlushBegun | FlushSkipped) for effect in step.effects)
    }
    spoken_of = {
        step
        for finding in timeline.findings
        for step in (finding.cause, finding.exact, finding.step)
    }
    assert flushes | spoken_of <= {*told.told}


def test_a_step_that_is_asked_for_is_told(shared: Callable[..., SharedRun]) -> None:
    timeline = shared("secondary-stale-line").played.timeline

    assert 23 not in story(timeline).told
    assert 23 in story(timeline, 23).told
    assert story(timeline, 0) == story(timeline)
