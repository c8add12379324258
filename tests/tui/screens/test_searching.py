"""Events by kind, and events by words: chosen, gone to, gone on to, backwards too."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

from tests.tui.piloting import lines, opened, played, press, said, type_line
from tui.commands.search import KIND_NAMES
from tui.screens.choice import ChoiceScreen
from tui.screens.debugger import DebuggerScreen

REACHED = {
    "flush": [6],
    "skip": [20],
    "trap": [1, 16],
    "fill": [14],
    "toggle": [2, 17],
    "return": [12, 24],
    "exact": [24],
    "finding": [26],
}


async def every(pilot: Pilot[None], screen: DebuggerScreen, key: str) -> list[int]:
    """Press a key for as long as it leads somewhere, and return where it has led."""
    found: list[int] = []
    before = -1
    while before != screen.now.timeline.cursor:
        before = screen.now.timeline.cursor
        await press(pilot, key)
        found.append(screen.now.timeline.cursor)
    return found[:-1]


@pytest.mark.parametrize("kind", REACHED)
async def test_n_and_p_go_to_the_chosen_kind_of_event(kind: str) -> None:
    async with opened(size=(120, 40)) as (pilot, screen):
        await type_line(pilot, f"kind {kind}")
        assert await every(pilot, screen, "n") == REACHED[kind]
        assert said(pilot).startswith(f"no {kind} after this")
        backwards = REACHED[kind][-2::-1]
        assert await every(pilot, screen, "p") == backwards


async def test_t_lists_every_kind_with_its_meaning_and_begins_at_the_chosen_one() -> None:
    async with opened(size=(90, 24)) as (pilot, screen):
        await press(pilot, "t")
        options = pilot.app.screen.query_one(OptionList)
        shown = [str(option.prompt).split(maxsplit=1) for option in options.options]
        assert shown == [[name, meaning] for name, meaning in KIND_NAMES.items()]
        assert options.highlighted == list(KIND_NAMES).index("flush")
        await press(pilot, "end")
        assert [line for line in lines(pilot) if "breakpoint   a breakpoint or watch" in line]
        await press(pilot, "escape")
        assert screen.now.prompt.kind == "flush"
        await press(pilot, "t down down enter")
        assert screen.now.prompt.kind == "skip"
        assert said(pilot) == f"next and previous event: skip, {KIND_NAMES['skip']}"
        await press(pilot, "n")
        assert screen.now.timeline.cursor == 20


async def test_the_events_say_what_n_and_p_go_to() -> None:
    async with opened(size=(120, 40)) as (pilot, _):
        for kind in ("flush", "fill"):
            await type_line(pilot, f"kind {kind}")
            assert [line for line in lines(pilot) if line.endswith(f"n p: {kind}")]


async def test_a_search_goes_to_the_next_step_with_the_words_and_n_and_p_go_on() -> None:
    async with opened() as (pilot, screen):
        await type_line(pilot, "Returns", "/")
        assert screen.now.timeline.cursor == 12
        await press(pilot, "n")
        assert screen.now.timeline.cursor == 24
        await press(pilot, "p")
        assert screen.now.timeline.cursor == 12
        await type_line(pilot, "no such words", "/")
        assert screen.now.timeline.cursor == 12
        assert said(pilot) == "no step with 'no such words' after this; still at step 12"


async def test_a_search_backwards_goes_to_the_step_before() -> None:
    async with opened(played(at=26)) as (pilot, screen):
        await type_line(pilot, "flush", "\\")
        assert screen.now.timeline.cursor == 20
        await press(pilot, "p p")
        assert screen.now.timeline.cursor == 7


async def test_an_empty_search_searches_for_the_same_again() -> None:
    async with opened() as (pilot, screen):
        await press(pilot, "/ enter")
        assert said(pilot) == "found nothing; expected a text to search for"
        await type_line(pilot, "return", "/")
        await press(pilot, "/ enter")
        assert screen.now.timeline.cursor == 24


async def test_the_sign_of_the_search_stands_before_its_words() -> None:
    async with opened() as (pilot, _):
        for key, sign in (("slash", "/"), ("backslash", "?"), ("colon", ":")):
            await press(pilot, f"{key} x")
            assert said(pilot).startswith(f"{sign}x")
            await press(pilot, "escape")


async def test_whose_steps_one_goes_by_is_chosen_from_a_list() -> None:
    async with opened() as (pilot, screen):
        await press(pilot, "a")
        assert isinstance(pilot.app.screen, ChoiceScreen)
        await press(pilot, "end enter")
        assert (screen.now.prompt.actor, said(pilot)) == (1, "stepping by vcpu1")
        assert await every(pilot, screen, "j") == [15, 16, 25, 26]
        await press(pilot, "a home enter g j")
        assert (screen.now.prompt.actor, screen.now.timeline.cursor) == (None, 1)


async def test_where_the_chosen_actor_does_not_move_the_list_begins_at_everybody() -> None:
    async with opened() as (pilot, _):
        await type_line(pilot, "vcpu vmm")
        await press(pilot, "a")
        assert pilot.app.screen.query_one(OptionList).highlighted == 0
