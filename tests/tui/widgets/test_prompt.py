from __future__ import annotations

from textual import events

from tests.tui.piloting import lines, opened, played, press, said, type_line, write
from tui.files.remembered import Keeper
from tui.screens.debugger import DebuggerScreen
from tui.screens.output import OutputScreen
from tui.widgets.panels.event_list import EventList

WIDE = (120, 40)


def value(screen: DebuggerScreen) -> str:
    return screen.prompt.line.value


async def test_a_line_is_typed_and_done_and_the_prompt_gives_its_place_back() -> None:
    async with opened() as (pilot, screen):
        await pilot.press("colon", *"goto 12")
        assert lines(pilot)[-2] == " :goto 12"
        await press(pilot, "enter")
        assert (screen.prompt.display, screen.now.timeline.cursor) == (False, 12)


async def test_what_is_typed_at_once_is_all_for_the_line() -> None:
    async with opened() as (pilot, screen):
        await pilot.press("colon", "x", "q", "5", "G")
        assert (value(screen), screen.now.timeline.cursor) == ("xq5G", 0)


async def test_escape_closes_it_and_gives_the_arrows_back() -> None:
    async with opened() as (pilot, screen):
        await press(pilot, "tab tab colon")
        assert screen.panes.focused is None
        await write(pilot, "goto 12")
        await press(pilot, "escape")
        assert (screen.prompt.display, screen.now.timeline.cursor) == (False, 0)
        assert screen.panes.memory.has_focus


async def test_a_click_elsewhere_closes_it() -> None:
    async with opened(size=WIDE) as (pilot, screen):
        await press(pilot, "colon")
        await pilot.click(EventList, offset=(10, 3))
        await pilot.pause()
        assert (screen.prompt.display, screen.now.timeline.cursor) == (False, 3)


async def test_control_c_quits_from_it_too() -> None:
    async with opened() as (pilot, _):
        await pilot.press("colon", "x", "ctrl+c")
    assert pilot.app.return_code == 0


async def test_the_arrows_go_through_the_lines_that_were_typed_before() -> None:
    async with opened(keeper=Keeper(history=("mark before",))) as (pilot, screen):
        for line in ("goto 12", "step"):
            await type_line(pilot, line)
        await pilot.press("colon")
        shown = []
        for key in ("up", "up", "up", "up", "down", "down", "down", "down"):
            await pilot.press(key)
            shown.append(value(screen))
        assert shown == ["step", "goto 12", "mark before", "mark before", "goto 12", "step", "", ""]


async def test_the_lines_are_there_the_next_time() -> None:
    async with opened(size=(200, 60), keeper=Keeper.of_user()) as (pilot, _):
        await type_line(pilot, "goto 12")
        await type_line(pilot, "nonsense")
        await type_line(pilot, "skipped", "/")
    assert Keeper.of_user().history == ("goto 12", "nonsense", "/skipped")


async def test_tab_completes_as_far_as_there_is_no_doubt_and_offers_the_rest() -> None:
    async with opened(size=WIDE) as (pilot, screen):
        footer = lines(pilot)[-1]
        await pilot.press("colon")
        completed = []
        for text in ("st", "epi vc", "", "0"):
            await write(pilot, text)
            await press(pilot, "tab")
            completed.append((value(screen), lines(pilot)[-1].strip()))
        assert completed == [
            ("st", "step  stepi  start"),
            ("stepi vcpu", "vcpu0  vcpu1"),
            ("stepi vcpu", "vcpu0  vcpu1"),
            ("stepi vcpu0", footer.strip()),
        ]
        await press(pilot, "escape")
        assert lines(pilot)[-1] == footer


async def test_what_is_offered_is_whole_even_where_it_has_blanks() -> None:
    async with opened(played(at=13), WIDE) as (pilot, screen):
        await pilot.press("colon")
        await write(pilot, "take ")
        await press(pilot, "tab")
        assert lines(pilot)[-1].strip() == "vcpu1  fill x on pcpu0  fill x on pcpu1"
        await write(pilot, "f")
        await press(pilot, "tab")
        assert (value(screen), lines(pilot)[-1].strip()) == ("take fill x on pcpu", "pcpu0  pcpu1")


async def test_what_completes_a_line_is_what_its_command_takes() -> None:
    async with opened(played(at=14), WIDE) as (pilot, screen):
        completed = {}
        for line in ("info m", "policy ups", "print sees[v", "kind sk", "break vcpu1:lo", "exp"):
            await pilot.press("colon")
            await write(pilot, line)
            await press(pilot, "tab")
            completed[line] = value(screen)
            await press(pilot, "escape")
        assert completed == {
            "info m": "info memory",
            "policy ups": "policy upstream",
            "print sees[v": "print sees[v",
            "kind sk": "kind skip",
            "break vcpu1:lo": "break vcpu1:load",
            "exp": "export",
        }


async def test_a_search_completes_nothing() -> None:
    async with opened(size=WIDE) as (pilot, screen):
        footer = lines(pilot)[-1]
        await pilot.press("slash", "s", "tab")
        assert (value(screen), lines(pilot)[-1]) == ("s", footer)


async def test_what_makes_no_sense_is_said_with_what_was_expected() -> None:
    async with opened(size=WIDE) as (pilot, screen):
        told = {}
        for line in ("print ram[x", "goto 99", "watch", "info x", "step 0x", "unmark"):
            await type_line(pilot, line)
            told[line] = said(pilot)
        assert told == {
            "print ram[x": "column 12: found the end; expected ']'",
            "goto 99": "found step 99; expected a step from 0 to 26, or +N or -N",
            "watch": "column 6: found the end; expected a number, a name such as ram[x], or "
            "a parenthesis",
            "info x": "found 'x'; expected a topic: breakpoints, bookmarks, note, step, memory, "
            "vcpus, events, flushes, findings, policy",
            "step 0x": "found '0x'; expected a vCPU or vmm: vcpu0, vcpu1, vmm",
            "unmark": "found no bookmark at step 0; expected a step with a bookmark: there is none",
        }
        assert screen.now.timeline.cursor == 0


async def test_a_short_answer_stands_in_the_line_and_a_long_one_on_a_page() -> None:
    async with opened() as (pilot, screen):
        await type_line(pilot, "print ram[x]")
        assert (said(pilot), pilot.app.screen) == ("0 (v0)", screen)
        for key in ("escape", "enter", "space"):
            await type_line(pilot, "info memory")
            assert isinstance(pilot.app.screen, OutputScreen)
            text = "\n".join(lines(pilot))
            assert "info memory" in text
            assert "x: RAM 0 (v0), no cached copy" in text
            await press(pilot, key)
            assert pilot.app.screen is screen


async def test_what_stands_on_the_screen_anyway_makes_no_page() -> None:
    async with opened(size=(60, 18)) as (pilot, screen):
        for line in ("goto 24", "step", "back 2", "x"):
            await type_line(pilot, line)
            assert pilot.app.screen is screen, line
        assert screen.now.timeline.cursor == 24


async def test_an_empty_line_does_nothing() -> None:
    async with opened() as (pilot, screen):
        await type_line(pilot, "step")
        await type_line(pilot, "  ")
        assert screen.now.timeline.cursor == 1


async def test_quit_is_a_command() -> None:
    async with opened() as (pilot, _):
        await pilot.press("colon", *"quit", "enter")
    assert pilot.app.return_code == 0


async def test_a_line_is_kept_while_another_window_is_looked_at() -> None:
    async with opened() as (pilot, screen):
        await pilot.press("colon", *"goto 1")
        for event in (events.AppBlur(), events.AppFocus()):
            pilot.app.post_message(event)
            await pilot.pause()
            assert (screen.prompt.display, value(screen)) == (True, "goto 1")
        assert screen.focused is screen.prompt.line
        await press(pilot, "2 enter")
        assert (screen.prompt.display, screen.now.timeline.cursor) == (False, 12)


async def test_a_search_that_is_taken_up_from_the_history_searches_again() -> None:
    async with opened(size=WIDE) as (pilot, screen):
        await type_line(pilot, "goto 3")
        await type_line(pilot, "fill", "/")
        assert screen.now.timeline.cursor == 14
        await press(pilot, "g colon up")
        assert value(screen) == "/fill"
        await press(pilot, "enter")
        assert screen.now.timeline.cursor == 14
        await press(pilot, "slash up")
        assert value(screen) == "fill"
        await press(pilot, "up")
        assert value(screen) == "fill"


async def test_what_is_offered_goes_when_the_line_changes() -> None:
    async with opened() as (pilot, _):
        footer = lines(pilot)[-1]
        await press(pilot, "colon tab")
        assert lines(pilot)[-1].rstrip().endswith(" more")
        await press(pilot, "z")
        assert lines(pilot)[-1] == footer


async def test_a_long_error_of_a_line_is_shown_whole_on_a_page() -> None:
    async with opened() as (pilot, screen):
        await type_line(pilot, "info x")
        assert isinstance(pilot.app.screen, OutputScreen)
        text = " ".join(" ".join(lines(pilot)).split())
        assert "info x" in text
        assert "findings, policy" in text
        await press(pilot, "q")
        assert pilot.app.screen_stack[-1] is screen
        assert pilot.app.return_code is None
