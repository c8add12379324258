from __future__ import annotations

from tests.tui.piloting import lines, opened, played, press, said, stops
from tui.widgets.panels.listings import SourcePanel


async def test_b_sets_a_breakpoint_on_the_chosen_line_and_takes_it_away() -> None:
    async with opened(played(at=9), (120, 40)) as (pilot, screen):
        await press(pilot, "tab tab tab b")
        assert stops(screen) == ["1: break vcpu0-only.c:17"]
        assert said(pilot) == "1: break vcpu0-only.c:17, at steps 9, 21"
        assert [line for line in lines(pilot) if "●17     *vcpu_hcr(vcpu)" in line]
        await press(pilot, "down down b")
        assert stops(screen) == ["1: break vcpu0-only.c:17", "2: break vcpu0-only.c:19"]
        await press(pilot, "up up b")
        assert stops(screen) == ["2: break vcpu0-only.c:19"]
        assert said(pilot) == "1 breakpoint deleted"


async def test_b_sets_one_on_a_label_of_a_program() -> None:
    async with opened(played(at=15), (120, 40)) as (pilot, screen):
        await press(pilot, "tab tab tab tab b")
        assert stops(screen) == ["1: break vcpu1:enable"]
        await press(pilot, "enter")
        assert stops(screen) == []


async def test_a_click_in_the_gutter_sets_a_breakpoint_and_another_takes_it_away() -> None:
    async with opened(played(at=20), (120, 40)) as (pilot, screen):
        for shown in (["1: break vcpu0-only.c:12"], []):
            await pilot.click(SourcePanel, offset=(2, 3))
            await pilot.pause()
            assert stops(screen) == shown
        await pilot.click("#program0", offset=(1, 3))
        await pilot.pause()
        assert stops(screen) == ["2: break vcpu1:enable"]


async def test_a_click_beside_the_gutter_or_where_nothing_can_stop_sets_none() -> None:
    async with opened(played(at=20), (120, 40)) as (pilot, screen):
        for offset in ((30, 3), (2, 1), (2, 0)):
            await pilot.click(SourcePanel, offset=offset)
            await pilot.pause()
        assert (stops(screen), screen.now.timeline.cursor) == ([], 20)
