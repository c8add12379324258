from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.tui.commands.typed import after, at, do
from tui.session.session import Session

Opened = Callable[..., Session]


@pytest.mark.parametrize(
    ("lines", "cursor"),
    [
        (("goto 12", "goto +3", "goto -1"), 14),
        (("ownstep",), 1),
        (("goto 2", "ownstep 3"), 5),
        (("goto 13", "reverse-ownstep 2"), 11),
        (("goto 14", "ownstep"), 14),
        (("goto 14", "ro"), 13),
        (("goto 15", "ownstep", ""), 17),
        (("vcpu vcpu1", "goto 3", "ownstep"), 15),
        (("vcpu vcpu0", "end", "ro"), 13),
        (("exact",), 24),
        (("end", "exact"), 24),
        (("exact", "x"), 24),
        (("nextfinding",), 26),
        (("f", "f"), 26),
        (("end", "prevfinding"), 26),
    ],
)
def test_a_command_leads_to_the_step_that_it_names(
    headline: Session, lines: tuple[str, ...], cursor: int
) -> None:
    assert at(headline, *lines) == cursor


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("end", "start"), "start of 26 steps"),
        (("goto 14", "ownstep"), "no step of vcpu0 after this; still at step 14"),
        (("reverse-ownstep",), "no step of vcpu0 before this; still at the start"),
        (("end", "nextfinding"), "no finding after this step"),
        (("end", "prevfinding"), "no finding before this step"),
        (("ownstep 0",), "found '0'; expected a count, 1 or more"),
        (("exact 2",), "found '2'; expected nothing after the command"),
        (("nextfinding 2",), "found '2'; expected nothing after the command"),
    ],
)
def test_what_cannot_be_reached_is_said(
    headline: Session, lines: tuple[str, ...], said: str
) -> None:
    assert do(headline, *lines)[1] == [said]


def test_each_finding_and_each_exact_step_of_a_run_is_come_to_in_turn(session: Opened) -> None:
    there = session("set-way-on-secondary", "never")
    assert [at(there, *["f"] * times) for times in range(4)] == [0, 20, 29, 29]
    assert [at(there, "end", *["prevfinding"] * times) for times in range(4)] == [29, 20, 20, 20]
    assert [at(there, *["exact"] * times) for times in range(4)] == [0, 16, 28, 16]


def test_a_finding_without_an_exact_step_is_passed_over(session: Opened) -> None:
    there = session("false-sharing", "upstream")
    assert [at(there, *["f"] * times) for times in range(3)] == [0, 19, 26]
    assert [at(there, *["exact"] * times) for times in range(3)] == [0, 24, 24]


def test_a_run_without_findings_says_so(session: Opened) -> None:
    there = session("secondary-stale-line", "upstream", at=9)
    assert do(there, "exact")[1] == ["no finding of this run has an exact step"]
    assert do(there, "nextfinding")[1] == ["no finding after this step"]
    assert at(there, "nextfinding", "prevfinding", "exact") == 9


def test_ones_own_steps_are_those_of_who_moved_last_until_one_is_chosen(session: Opened) -> None:
    there = session("vmm-reads-after-enable", "vcpu0-only")
    last = after(there, "end")
    assert [at(last, *lines, "ro") for lines in ((), ["vcpu vmm"], ["vcpu vcpu1"])] == [26, 26, 24]
