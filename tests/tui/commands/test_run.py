from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tui.commands.typed import after, at, do
from tui.commands.run import next_stop
from tui.session.session import Session


@pytest.mark.parametrize(
    ("lines", "cursor"),
    [
        (("until stale[1][x]",), 24),
        (("until ram[x] == 7",), 0),
        (("until step > 3 and line == 12",), 5),
        (("continue",), 26),
        (("end", "rc"), 0),
        (("break 12", "c"), 4),
        (("break 12", "c 2"), 19),
        (("break 12 if in_kvm[1]", "c"), 19),
        (("break if cache[x] != none", "c"), 14),
        (("watch due[vcpu1][x]", "c"), 15),
        (("break skip", "disable 1", "c"), 26),
        (("break skip", "disable", "enable 1", "c"), 20),
        (("break trap", "delete", "c"), 26),
        (("break trap", "c", "c", "c", "c"), 26),
        (("tbreak trap", "c", "c"), 26),
        (("tbreak trap", "c 2"), 26),
        (("break trap", "end", "rc 2"), 1),
    ],
)
def test_a_command_runs_to_the_stop_that_it_names(
    headline: Session, lines: tuple[str, ...], cursor: int
) -> None:
    assert at(headline, *lines) == cursor


def test_going_back_stops_where_going_on_has_stopped(headline: Session) -> None:
    marked = after(headline, "break trap", "break 12", "watch cache[x]", "break if stale[1][x]")
    onward, here = [], marked
    while here.timeline.cursor < 26:
        here = after(here, "c")
        onward.append(here.timeline.cursor)
    backward = []
    while here.timeline.cursor:
        here = after(here, "rc")
        backward.append(here.timeline.cursor)
    assert onward == [1, 4, 14, 16, 19, 24, 26]
    assert backward == [24, 19, 16, 14, 4, 1, 0]


def test_a_stop_says_what_stopped_it(headline: Session) -> None:
    _, said = do(headline, "watch cache[x]", "break fill", "c")
    assert said == [
        "watch 1, cache[x]: was none, is 0 (v0)",
        "breakpoint 2, fill",
        "step 14 of 26: pcpu0 speculatively fills the line of x from RAM: the cached copy is "
        "x = 0.",
    ]


def test_a_finding_stops_without_a_breakpoint_and_is_told(headline: Session) -> None:
    _, said = do(headline, "c")
    assert said == [
        "finding: STALE: vcpu1 loads x = 0 at step 26 but wrote 1; exact step 24, cause step 20 "
        "(flush skipped)",
        "step 26 of 26, stale: vcpu1 loads x = 0 from the cached copy (Normal Write-Back): the "
        "newest is 1, in RAM.",
    ]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("end", "c"), "the run ends here"),
        (("rc",), "start of 26 steps"),
        (("until ram[x] == 7",), "not true at any step after this; still at start of 26 steps"),
    ],
)
def test_what_stops_nowhere_says_so(headline: Session, lines: tuple[str, ...], said: str) -> None:
    assert do(headline, *lines)[1][0] == said


def test_a_temporary_breakpoint_is_gone_once_it_has_stopped(headline: Session) -> None:
    set_up = after(headline, "tbreak trap", "break skip")
    stopped, said = do(set_up, "c")
    assert said[0] == "breakpoint 1, trap"
    assert [each.number for each in stopped.stops] == [2]
    assert stopped.stops == set_up.stops.without((1,))


def test_the_next_stop_is_where_continue_leads(headline: Session) -> None:
    set_up = after(headline, "break trap", "goto 16")
    stops = [next_stop(set_up, forward=True), next_stop(set_up, forward=False)]
    assert stops == [at(set_up, "c"), at(set_up, "rc")] == [26, 1]
    assert next_stop(headline, forward=False) is None


@given(st.lists(st.sampled_from(["trap", "skip", "12", "fill", "if stale[1][x]", "load"])))
@settings(
    deadline=None,
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_continue_and_reverse_continue_undo_each_other_at_stops(
    headline: Session, places: list[str]
) -> None:
    there = after(headline, *(f"break {place}" for place in places), "c")
    while there.timeline.cursor < 26:
        further = after(there, "c")
        assert at(further, "rc") == there.timeline.cursor
        there = further
