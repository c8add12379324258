"""What can follow is looked for beside all else, and told as soon as it is known."""

from __future__ import annotations

from collections.abc import Callable

from textual import events

from engine.explorer.limits import Limits
from engine.explorer.prospects.outlook import NoReturn
from engine.explorer.prospects.prospects import no_return, prospects
from tests.tui.piloting import lines, opened, played, press, said, settled, type_line
from tui.presenters.panels.choices import FORESEEN
from tui.presenters.scrubber.lanes import LABEL
from tui.presenters.scrubber.scale import WIDEST_STEP
from tui.session.session import Session


def expected(session: Session) -> NoReturn:
    known = prospects(session.timeline.initial, limits=Limits(FORESEEN))
    assert known is not None
    return no_return(session.timeline, known)


async def test_the_point_of_no_return_is_marked_and_told() -> None:
    async with opened(size=(120, 40)) as (pilot, screen):
        found = screen.panes.scrubber.no_return
        assert found == expected(screen.now) == NoReturn(26, 14)
        assert lines(pilot)[9].index("n") == LABEL + 14 * WIDEST_STEP
        await type_line(pilot, "foresee")
        assert said(pilot) == (
            "No return at step 26: every way on from there must break; "
            "no return at step 14 unless the hardware acts."
        )


async def test_it_is_marked_anew_in_another_run() -> None:
    async with opened() as (pilot, screen):
        for line in ("policy never", "policy upstream", "goto 2", "take 2"):
            await type_line(pilot, line)
            assert screen.panes.scrubber.no_return == expected(screen.now), line


async def test_of_a_scenario_too_large_it_is_said_that_nothing_is_known(
    session: Callable[..., Session], contended: str
) -> None:
    async with opened(session(contended, "upstream"), (120, 40)) as (pilot, screen):
        await type_line(pilot, "foresee")
        assert screen.panes.choices.known is None
        assert said(pilot) == "what can follow is not known: more than 20,000 states"


async def test_no_choice_is_labelled_by_another_policys_future() -> None:
    async with opened(played("off-after-set-way", "upstream", at=3)) as (pilot, screen):
        await type_line(pilot, "policy never")
        for key in "ruUuU":
            pilot.app.post_message(events.Key(key, key))
            await pilot.pause()
            known = screen.panes.choices.known
            assert known is None or known[0] is screen.now.setup
        await settled(pilot)
        known = screen.panes.choices.known
        assert known is not None
        assert known[0] is screen.now.setup
        assert screen.panes.scrubber.no_return == expected(screen.now)


async def test_it_says_where_too_much_can_follow_to_label_the_choices() -> None:
    async with opened(played("four-vcpus-64-lines")) as (pilot, _):
        await press(pilot, "r")
        assert said(pilot) == "what can follow is not known: more than 20,000 states"
