"""One process at the terminal: its first paint, then key after key, then the way out."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Final

import attrs

from benchmarks import bare_app
from benchmarks.long_run import POLICY
from benchmarks.terminal import Painted, Terminal
from benchmarks.workbench import ROOT

_SEED: Final = 48
_BETWEEN: Final = (0.03, 0.07)
"""Seconds between keys, so that they come at any phase of the screen's 60 frames a second."""

NEAR: Final = "near the start"
JUMPS: Final = "jumps"
END: Final = "at the end"
MIDDLE: Final = "in the middle"
"""In which parts of a run keys are pressed."""

_STEPS: Final = 30
_BACK_AND_FORTH: Final = 10

BARE: Final = (sys.executable, "-m", "benchmarks.bare_app")


@attrs.frozen
class Key:
    """A key, and the text that the screen shows once it is done."""

    key: str
    shows: str
    where: str
    """In which part of the run it is pressed."""


@attrs.frozen
class Sitting:
    """What one process took."""

    first: Painted
    whole: float
    """Seconds to the first frame that shows how long the whole run is."""
    keys: tuple[Painted, ...]
    peak_memory: float
    """In bytes."""


def debugger(file: Path, at: int | None = None) -> tuple[str, ...]:
    """Return the command that opens the debugger on a scenario file."""
    place = () if at is None else ("--at", str(at))
    return (sys.executable, "-m", "tui", "scenario", str(file), "--policy", POLICY, *place)


def keys_from_the_start(steps: int) -> tuple[Key, ...]:
    """Return keys for a run that is opened at its start: steps there, jumps, steps at its end."""
    times = range(_BACK_AND_FORTH)
    there = Key("G", _step(steps), JUMPS)
    return (
        *(Key("l", _step(step), NEAR) for step in range(1, _STEPS + 1)),
        *(there, Key("g", _step(0), JUMPS)) * _BACK_AND_FORTH,
        there,
        *(Key("h", _step(steps - 1 - time), END) for time in times),
        *(Key("l", _step(steps - time), END) for time in reversed(times)),
    )


def keys_from_the_middle(steps: int) -> tuple[Key, ...]:
    """Return keys for a run that is opened in its middle: steps there."""
    middle = middle_of(steps)
    return tuple(Key("l", _step(middle + step), MIDDLE) for step in range(1, _STEPS + 1))


def every_key(steps: int) -> tuple[Key, ...]:
    """Return the keys for the one and then for the other."""
    return (*keys_from_the_start(steps), *keys_from_the_middle(steps))


def keys_of_the_bare_app(count: int) -> tuple[Key, ...]:
    """Return as many keys for the bare app."""
    return tuple(Key("l", bare_app.count_text(number), "") for number in range(1, count + 1))


def middle_of(steps: int) -> int:
    """Return the step in the middle of a run."""
    return steps // 2


def sit_down(
    command: Sequence[str], opened: Sequence[str], keys: Sequence[Key], whole: str = ""
) -> Sitting:
    """Start a command, wait until the texts of its first screen stand, press keys, and quit.

    Keys are pressed once the text `whole` stands there as well.

    Raises:
        TimeoutError: something that should be on the screen never is.
    """
    random = Random(_SEED)
    painted: list[Painted] = []
    with Terminal(command, ROOT, bare_app.WIDTH, bare_app.HEIGHT) as terminal:
        first = terminal.painted(*opened)
        known = first.shown if terminal.stands(whole) else terminal.painted(whole).shown
        for key in keys:
            time.sleep(random.uniform(*_BETWEEN))
            terminal.press(key.key)
            painted.append(terminal.painted(key.shows))
        peak_memory = terminal.peak_memory()
        terminal.press("q")
        terminal.end()
    return Sitting(first, known, tuple(painted), peak_memory)


def opened_debugger(step: int) -> tuple[str, ...]:
    """Return what the debugger's screen shows when it stands: the position, and its footer."""
    return (_step(step), "q quit")


def whole_run(steps: int) -> str:
    """Return what the debugger's screen shows once it has played a whole schedule."""
    return f"of {steps} "


OPENED_BARE: Final = (bare_app.count_text(0), bare_app.LAST_WORDS)


def _step(step: int) -> str:
    return f"step {step} of"
