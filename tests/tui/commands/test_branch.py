from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.machine.hardware import LineEvicted
from tests.tui.commands.typed import after, check, do
from tui.session.session import Session

QUIET = """
title = "One instruction"
teaches = "Nothing."
schedule = ["vcpu0"]
hardware = { pcpus = 1, speculation = { fills = false, evictions = false } }
memory.words = { x = { address = 0 } }
[[vcpu]]
program = "isb"
"""


def test_a_road_not_taken_is_a_branch_and_the_old_future_is_kept(headline: Session) -> None:
    forked, said = do(headline, "goto 16", "take evict x from pcpu0")
    assert said[0] == "branch1, from main at step 16; main is kept"
    forked, said = do(forked, "take vcpu1", "branches")
    assert said == [
        "  main: 26 steps, stale, left at step 16",
        "* branch1, from main at step 16: 18 steps, not finished, at step 18",
    ]
    back, said = do(forked, "switch main")
    assert said[0] == "branch main"
    assert (back.timeline.cursor, len(back.timeline.steps)) == (16, 26)
    onward = after(back, "take vcpu1")
    assert (onward.timeline.cursor, len(onward.branches)) == (17, 2)
    check(forked)


def test_the_road_that_the_run_takes_is_no_branch(headline: Session) -> None:
    taken = after(headline, "goto 13", "take fill x on pcpu0")
    assert (taken.timeline.cursor, len(taken.branches)) == (14, 1)
    assert taken.timeline.steps is headline.timeline.steps
    assert not taken.prepared


def test_a_run_goes_on_from_its_end_without_a_branch(headline: Session) -> None:
    longer, said = do(headline, "end", "take evict x")
    assert said == [
        "step 27 of 27: The line of x leaves every cache: the clean copy (x = 0) is dropped."
    ]
    assert [(each.name, len(each.timeline.steps)) for each in longer.branches] == [("main", 27)]
    assert longer.prepared


def test_what_can_happen_is_listed_by_number_with_what_the_run_takes(headline: Session) -> None:
    assert do(headline, "goto 16", "choices")[1] == [
        "1: vcpu1, taken in this run: KVM writes 0xc5107d to SCTLR_EL1 of vcpu1 (M 0 -> 1, "
        "C 0 -> 1, I 0 -> 1): the data accesses of vcpu1 are Normal Write-Back from now on.",
        "2: evict x from pcpu0: The line of x leaves the cache of pcpu0: the clean copy (x = 0) "
        "is dropped.",
    ]


@pytest.mark.parametrize(
    "line", ["take evict x from pcpu0", "take  evict   x from  pcpu0 ", "take evict x", "take 2"]
)
def test_an_event_is_named_by_its_name_its_beginning_or_its_number(
    headline: Session, line: str
) -> None:
    forked = after(headline, "goto 16", line)
    assert forked.branch.name == "branch1"
    assert forked.timeline.events == (*headline.timeline.events[:16], LineEvicted(0, 0))


def test_a_finding_on_the_way_is_told(session: Callable[..., Session]) -> None:
    there = session("secondary-stale-line", "never", at=7)
    forked, said = do(there, "take fill x on pcpu0", *["take vcpu1"] * 10)
    assert said == [
        "finding: stale",
        "step 18 of 18, stale: vcpu1 loads x = 0 from the cached copy (Normal Write-Back): the "
        "newest is 1, in RAM.",
    ]
    assert do(forked, "branches")[1] == [
        "  main: 19 steps, stale, left at step 7",
        "* branch1, from main at step 7: 18 steps, stale, at step 18",
    ]


def test_where_nothing_can_happen_any_more_that_is_said(session: Callable[..., Session]) -> None:
    there, said = do(session(QUIET, "upstream"), "end", "choices")
    assert said == ["nothing can happen any more"]
    assert do(there, "take 1")[1] == ["found '1'; expected what can happen now, but there is none"]
