from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from threading import Event

import pytest

from engine.lockstep import DrivingCancelledError
from tui.widgets.search_thread import CANCELLED, SWITCH_INTERVAL, SearchThread

Tell = Callable[[int], bool]


async def test_it_answers_and_what_it_told_last_can_be_seen() -> None:
    def search(tell: Tell) -> int:
        return sum(number for number in range(5) if tell(number))

    thread = SearchThread(search)
    assert await thread.answer() == 10
    assert thread.told == 4


async def test_the_screen_has_its_turn_more_often_while_it_searches() -> None:
    before, going, end = sys.getswitchinterval(), Event(), Event()

    def search(tell: Tell) -> int:
        going.set()
        end.wait(60)
        return 0

    answer = asyncio.create_task(SearchThread(search).answer())
    while not going.is_set():
        await asyncio.sleep(0)
    assert sys.getswitchinterval() == SWITCH_INTERVAL
    end.set()
    await answer
    assert sys.getswitchinterval() == before


async def test_it_ends_when_it_is_asked_to_and_still_answers() -> None:
    def search(tell: Tell) -> int:
        count = 0
        while tell(count):
            count += 1
        return count

    thread = SearchThread(search)
    answer = asyncio.create_task(thread.answer())
    while thread.told is None:
        await asyncio.sleep(0)
    thread.stop()
    assert await answer == thread.told


async def test_whoever_is_cancelled_stops_it() -> None:
    ended = Event()

    def search(tell: Tell) -> int:
        while tell(0):
            pass
        ended.set()
        return 0

    thread = SearchThread(search)
    answer = asyncio.create_task(thread.answer())
    while thread.told is None:
        await asyncio.sleep(0)
    answer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await answer
    assert ended.wait(60)


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (DrivingCancelledError(), CANCELLED),
        (MemoryError(), "the memory is used up"),
        (ValueError("no such thing"), "an error in the explorer itself: no such thing"),
    ],
    ids=["cancelled", "memory", "value"],
)
async def test_what_is_wrong_with_it_is_the_answer(error: Exception, answer: str) -> None:
    def search(tell: Tell) -> int:
        raise error

    assert await SearchThread(search).answer() == answer
