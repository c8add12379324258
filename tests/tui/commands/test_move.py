from __future__ import annotations

import pytest

from tests.tui.commands.typed import after, at, do
from tui.session.session import Session

LAST = (
    "step 26 of 26, stale: vcpu1 loads x = 0 from the cached copy (Normal Write-Back): the newest "
    "is 1, in RAM."
)


@pytest.mark.parametrize(
    ("lines", "cursor"),
    [
        (("step",), 1),
        (("step 5", ""), 10),
        (("step vcpu1",), 15),
        (("s vcpu1 2", "back"), 15),
        (("step 99",), 26),
        (("end", "reverse-step 99"), 0),
        (("end", "rs vcpu0"), 13),
        (("stepi 2",), 13),
        (("goto 20", "si"), 25),
        (("goto 20", "reverse-stepi"), 16),
        (("next 3",), 5),
        (("vcpu vcpu1", "n"), 18),
        (("vcpu vcpu1", "si"), 15),
        (("vcpu vcpu1", "vcpu all", "si"), 1),
        (("end", "rn"), 23),
    ],
)
def test_a_command_moves_to_the_step_that_it_names(
    headline: Session, lines: tuple[str, ...], cursor: int
) -> None:
    assert at(headline, *lines) == cursor


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("end", "step"), [f"the run ends here, {LAST}", "choices lists what can happen now"]),
        (("back 3",), ["the run starts here"]),
        (("step vmm",), ["no step of vmm after this; still at the start"]),
        (("stepi 99",), ["only 6 times, not 99", LAST]),
        (("vcpu",), ["stepping by everybody"]),
        (("vcpu vcpu1",), ["stepping by vcpu1"]),
        (("vcpu vmm", "vcpu"), ["stepping by vmm"]),
        (("vcpu vcpu1", "vcpu all"), ["stepping by everybody"]),
    ],
)  # fmt: skip
def test_what_a_move_came_to_is_said(
    headline: Session, lines: tuple[str, ...], said: list[str]
) -> None:
    assert do(headline, *lines)[1] == said


def test_moving_changes_nothing_but_the_place_and_what_is_asked_again(headline: Session) -> None:
    moved = after(headline, "break 12", "mark", "kind fill")
    again = after(moved, "step 3", "ne", "goto 7", "next")
    assert (again.work, again.prompt.kind, again.prompt.last) == (moved.work, "fill", "next")
    assert again.seek(0).branches.first.timeline.steps is headline.timeline.steps
