from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.tui.commands.typed import after, at, do
from tui.commands.search import KIND_NAMES
from tui.session.session import Session


@pytest.mark.parametrize(
    ("lines", "cursor"),
    [
        (("nextevent trap 2",), 16),
        (("end", "pe flush"), 6),
        (("ne evict",), 0),
        (("ne",), 6),
        (("goto 20", "pe"), 6),
        (("kind trap", "ne 2"), 16),
        (("kind trap", "ne fill", "pe"), 1),
        (("end", "pe statement 3"), 21),
        (("kind match", "ne"), 0),
        (("search speculatively",), 14),
        (("/ISB", "/"), 25),
        (("end", "?fills"), 14),
        (("/isb", "ne"), 25),
        (("/isb", "ne 2"), 25),
        (("/isb", "end", "pe 2"), 13),
        (("mark", "goto 9", "mark", "goto 20", "mark", "pe bookmark 2"), 0),
        (("goto 9", "mark", "goto 20", "mark", "start", "ne bookmark 2"), 20),
        (("goto 9", "mark", "end", "kind bookmark", "pe"), 9),
        (("break 12", "watch cache[x]", "ne breakpoint 2"), 14),
        (("break 12", "watch cache[x]", "end", "pe breakpoint"), 19),
        (("break 12", "disable", "ne breakpoint"), 0),
        (("tbreak 12", "ne breakpoint", "ne breakpoint"), 19),
    ],
)
def test_a_search_leads_to_the_step_that_it_finds(
    headline: Session, lines: tuple[str, ...], cursor: int
) -> None:
    assert at(headline, *lines) == cursor


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("goto 9", "pe fill"), ["no fill before this; still at step 9"]),
        (("ne fill 2",), ["only 1 time, not 2", "step 14 of 26: pcpu0 speculatively fills the line "
         "of x from RAM: the cached copy is x = 0."]),
        (("search PCPU9",), ["no step with 'PCPU9' after this; still at the start"]),
        (("search isb", "ne 3"), ["only 1 time, not 3", "step 25 of 26: vcpu1 executes `isb`."]),
        (("kind",), ["next and previous event: flush, stage2_flush_vm() begins"]),
        (("kind fil",), ["next and previous event: fill, a line comes into a cache"]),
        (("kind write-back",), ["next and previous event: writeback, a dirty line is written to "
         "RAM"]),
        (("kind write-b", "break write-back"), ["1: break writeback, at no step of this run"]),
        (("kind bo",), ["next and previous event: bookmark, a bookmark"]),
        (("search isb", "kind"), ["next and previous event: match, what was searched for last"]),
    ],
)  # fmt: skip
def test_what_a_search_came_to_is_said(
    headline: Session, lines: tuple[str, ...], said: list[str]
) -> None:
    assert do(headline, *lines)[1] == said


@pytest.mark.parametrize("kind", sorted(set(KIND_NAMES) - {"match", "bookmark", "breakpoint"}))
def test_going_back_by_a_kind_meets_what_going_on_has_met(
    session: Callable[..., Session], kind: str
) -> None:
    there = session("false-sharing", "upstream")
    onward, backward = [], []
    while (step := at(there, f"ne {kind}")) != there.timeline.cursor:
        onward.append(step)
        there = there.seek(step)
    there = after(there, "end")
    met = there.timeline.cursor in onward
    while (step := at(there, f"pe {kind}")) != there.timeline.cursor:
        backward.append(step)
        there = there.seek(step)
    assert backward == onward[::-1][met:]


def test_a_bookmark_on_a_shared_step_is_an_event_of_both_branches(headline: Session) -> None:
    forked = after(headline, "goto 9", "mark", "goto 20", "mark", "goto 16", "take evict x")
    assert at(forked, "start", "ne bookmark 2") == 9
    assert at(forked, "switch main", "start", "ne bookmark 2") == 20
