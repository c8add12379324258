from __future__ import annotations

import pytest
from textual.pilot import Pilot

from scenarios.names import policy_names, policy_title
from tests.tui.piloting import lines, opened, press
from tui.screens.choice import ChoiceScreen

KEYS = "↑↓ choose Enter take Esc none of them"


def shown(pilot: Pilot[None]) -> str:
    """Return the words in the frame, without the screen at its sides."""
    inside = (line.split("│") for line in lines(pilot))
    return " ".join(" ".join(parts[1] for parts in inside if len(parts) > 2).split())


@pytest.mark.parametrize("size", [(80, 24), (60, 18)], ids=lambda size: f"{size[0]}")
@pytest.mark.parametrize("key", ["d", "P"])
async def test_the_whole_of_a_line_that_is_cut_stands_below_the_list(
    key: str, size: tuple[int, int]
) -> None:
    async with opened(size=size) as (pilot, _):
        await press(pilot, f"{key} home")
        for name in policy_names():
            assert f"{name} {policy_title(name)} {KEYS}" in shown(pilot)
            await press(pilot, "down")
        assert f"another one: type its name, or a file {KEYS}" in shown(pilot)


async def test_where_no_line_is_cut_none_is_repeated() -> None:
    async with opened(size=(160, 48)) as (pilot, _):
        await press(pilot, "d")
        for name in policy_names():
            assert shown(pilot).count(policy_title(name)) == 1


async def test_a_line_is_chosen_and_none_of_them_is() -> None:
    async with opened() as (pilot, screen):
        await press(pilot, "P escape")
        assert screen.now.case.policy.name == "vcpu0-only"
        await press(pilot, "P home")
        assert isinstance(pilot.app.screen, ChoiceScreen)
        await press(pilot, "enter")
        assert screen.now.case.policy.name == policy_names()[0]
