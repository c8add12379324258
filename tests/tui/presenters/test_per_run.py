from __future__ import annotations

from collections.abc import Callable

from engine.timeline import Timeline
from tui.presenters.per_run import OncePerRun

Run = Callable[..., Timeline]


def test_what_is_made_of_a_run_is_made_once_whatever_the_step(run: Run) -> None:
    made: list[int] = []

    def length(timeline: Timeline) -> int:
        made.append(timeline.cursor)
        return len(timeline.steps)

    once = OncePerRun(length)
    timeline = run("secondary-stale-line")
    assert [once(timeline.seek(step)) for step in (5, 0, 26)] == [26, 26, 26]
    assert made == [5]


def test_of_another_run_it_is_made_anew_and_kept_instead(run: Run) -> None:
    made: list[int] = []

    def length(timeline: Timeline) -> int:
        made.append(len(timeline.steps))
        return made[-1]

    once = OncePerRun(length)
    whole = run("secondary-stale-line")
    part = whole.seek(9).extend(())
    assert [once(timeline) for timeline in (whole, part, part, whole)] == [26, 9, 9, 26]
    assert made == [26, 9, 26]


def test_what_is_nothing_is_kept_as_well(run: Run) -> None:
    made: list[int] = []

    def nothing(timeline: Timeline) -> tuple[int, ...]:
        made.append(1)
        return ()

    once = OncePerRun(nothing)
    timeline = run("secondary-stale-line")
    assert [once(timeline), once(timeline.seek(3))] == [(), ()]
    assert made == [1]
