"""The debugger and the bare app opened in turn, and what is asked about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import attrs

from benchmarks.screen_table import Question, Samples, mebibytes
from benchmarks.sitting import (
    BARE,
    OPENED_BARE,
    Key,
    Sitting,
    debugger,
    every_key,
    keys_from_the_middle,
    keys_from_the_start,
    keys_of_the_bare_app,
    middle_of,
    opened_debugger,
    sit_down,
    whole_run,
)
from benchmarks.terminal import Painted

FIRST_PAINT_AIM: Final = 2.0
KEY_AIM: Final = 3.0


@attrs.frozen
class Turn:
    """One turn: the debugger at the start of a run, then in its middle, then the bare app."""

    start: Sitting
    middle: Sitting
    bare: Sitting

    @property
    def keys(self) -> tuple[Painted, ...]:
        """All keys of the debugger."""
        return (*self.start.keys, *self.middle.keys)


def turns(file: Path, steps: int, times: int) -> tuple[Turn, ...]:
    """Open each `times` times; `file` is a scenario that plays to `steps` steps."""
    start, middle = keys_from_the_start(steps), keys_from_the_middle(steps)
    bare = keys_of_the_bare_app(len(every_key(steps)))
    half, whole = middle_of(steps), whole_run(steps)
    return tuple(
        Turn(
            sit_down(debugger(file), opened_debugger(0), start, whole),
            sit_down(debugger(file, at=half), opened_debugger(half), middle, whole),
            sit_down(BARE, OPENED_BARE, bare),
        )
        for _ in range(times)
    )


def questions(taken: Sequence[Turn], steps: int) -> Iterator[Question]:
    """Yield what is asked about turns: first paint, keys, and memory."""
    opened_bare = _of(taken, lambda turn: (turn.bare.first.shown,))
    opened = _of(taken, lambda turn: (turn.start.first.shown,))
    opened_in_the_middle = _of(taken, lambda turn: (turn.middle.first.shown,))
    yield Question("first paint", 50, opened, opened_bare, FIRST_PAINT_AIM)
    yield Question("first paint, opened in the middle", 50, opened_in_the_middle, opened_bare)
    whole = _of(taken, lambda turn: (turn.start.whole,))
    yield Question("the whole run is there", 50, whole, opened_bare)
    bare = _of(taken, lambda turn: _shown(turn.bare.keys))
    ours = _of(taken, lambda turn: _shown(turn.keys))
    for percent in (50, 95):
        yield Question("key to repaint", percent, ours, bare, KEY_AIM)
    keys = every_key(steps)
    for where in dict.fromkeys(key.where for key in keys):
        there = _of(taken, partial(_shown_where, keys, where))
        yield Question(f"key to repaint, {where}", 50, there, bare)
    bare = _of(taken, lambda turn: _settled(turn.bare.keys))
    ours = _of(taken, lambda turn: _settled(turn.keys))
    for percent in (50, 95):
        yield Question("key to the last repaint", percent, ours, bare)
    memory = _of(taken, lambda turn: (turn.start.peak_memory,))
    bare = _of(taken, lambda turn: (turn.bare.peak_memory,))
    yield Question("peak memory", 50, memory, bare, written=mebibytes)


def _of(taken: Sequence[Turn], samples: Callable[[Turn], tuple[float, ...]]) -> Samples:
    return tuple(map(samples, taken))


def _shown(keys: Sequence[Painted]) -> tuple[float, ...]:
    return tuple(key.shown for key in keys)


def _settled(keys: Sequence[Painted]) -> tuple[float, ...]:
    return tuple(key.settled for key in keys)


def _shown_where(keys: Sequence[Key], where: str, turn: Turn) -> tuple[float, ...]:
    """Return the times of the keys that were pressed in one part of the run."""
    return tuple(
        painted.shown for painted, key in zip(turn.keys, keys, strict=True) if key.where == where
    )
