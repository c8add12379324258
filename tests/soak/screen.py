"""Random keys, clicks, pastes and sizes for the screen, by hand and for as long as is wanted.

    python -m tests.soak.screen --seconds 1800 --seed 1

Each sitting opens something and does bursts of events, some of them without waiting for what
follows; a sitting that went wrong is told with its number, and `--only` does it again.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import random
import resource
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator

import attrs
from textual import events
from textual.geometry import Size
from textual.pilot import Pilot

from engine.explorer.limits import Limits
from scenarios.names import policy_names, scenario_names
from tests.tui.piloting import case, played, settled
from tui.app import DebuggerApp, Mode
from tui.files.remembered import Keeper
from tui.presenters.panels.side_by_side import told_alike
from tui.session.comparison import Comparison

SIZES = ((80, 24), (120, 40), (200, 60), (60, 18), (20, 5), (1, 1), (300, 90))
LIMITS = Limits(2_000)
PALETTE = ("ctrl+p", "ctrl+p", "enter", "enter", "escape", "down", "colon", "r")
KEYS = (
    *"abcdefghijklmnoprstuvwxyzABCDEFGHIJKLMNOPRSTUVWXYZ0123456789",
    *("?", ":", "/", "[", "]", "<", ">", ".", ",", "+", "-", "=", "|", " ", "\ufffd", "é"),
    *("left", "right", "up", "down", "home", "end", "pageup", "pagedown", "tab", "shift+tab"),
    *("enter", "enter", "escape", "escape", "backspace", "delete", "ctrl+p", "ctrl+e", "ctrl+o"),
    *("ctrl+left", "ctrl+right", "f1", "f5", "ctrl+s", "ctrl+w", "ctrl+u", "ctrl+a", "ctrl+k"),
)
LINES = (
    *("goto 3", "goto 99999", "mark here", "info bookmarks", "list", "why x", "foresee", "help"),
    *("break 8", "watch ram[x]", "break if stale[1][x]", "compare upstream", "policy never"),
    *("take 1", "explore", "run", "reverse-continue", "next", "info branches", "copy", "undo"),
)
NAMES = {"enter": "\r", "escape": "\x1b", "tab": "\t", "backspace": "\x7f"}


@attrs.define
class Sitting:
    """What is opened, and what is done there."""

    number: int
    rng: random.Random
    done: list[str] = attrs.field(factory=list)

    def app(self) -> DebuggerApp:
        """Return what this sitting opens."""
        name, policy = self.rng.choice(scenario_names()), self.rng.choice(policy_names())
        kind = self.rng.choice(("debugger", "debugger", "tour", "quiz", "compare", "picker"))
        self.done.append(f"{kind} {name} {policy}")
        keeper = Keeper.of_user()
        if kind == "picker":
            return DebuggerApp(limits=LIMITS, keeper=keeper)
        session = played(name, policy)
        if kind == "compare":
            other = case(name, self.rng.choice(policy_names()))
            return DebuggerApp(
                Comparison.under(session, other, told_alike), limits=LIMITS, keeper=keeper
            )
        return DebuggerApp(session, mode=Mode(kind), limits=LIMITS, keeper=keeper)

    async def burst(self, pilot: Pilot[None]) -> None:
        """Post a few events at once, and wait for what follows, or for less than that."""
        palette = self.rng.random() < 0.2
        for _ in range(self.rng.choice((1, 1, 2, 4, 12))):
            if not pilot.app.is_running:
                return
            key = self.rng.choice(PALETTE if palette else KEYS)
            odd = self.rng.random()
            if palette or odd < 0.8:
                self.done.append(key)
                character = key if len(key) == 1 else NAMES.get(key)
                pilot.app.post_message(events.Key(key, character))
            elif odd < 0.83:
                line = self.rng.choice(LINES)
                self.done.append(f":{line}")
                for message in (events.Key("colon", ":"), events.Paste(line)):
                    pilot.app.post_message(message)
                pilot.app.post_message(events.Key("enter", "\r"))
            elif odd < 0.85:
                self.resize(pilot)
            else:
                self.mouse(pilot)
        wait = self.rng.choice((None, None, 0.0, 0.02, 0.3))
        self.done.append("~" if wait is None else f"~{wait}")
        if wait is None:
            await settled(pilot)
        else:
            await asyncio.sleep(wait)

    def resize(self, pilot: Pilot[None]) -> None:
        """Make the terminal larger or smaller."""
        width, height = self.rng.choice(SIZES)
        self.done.append(f"{width}x{height}")
        size = Size(width, height)
        driver = pilot.app._driver
        assert driver is not None
        driver._size = (width, height)
        pilot.app.post_message(events.Resize(size, size))

    def mouse(self, pilot: Pilot[None]) -> None:
        """Click or turn the wheel somewhere."""
        width, height = pilot.app.size
        x, y = self.rng.randrange(max(width, 1)), self.rng.randrange(max(height, 1))
        kinds: tuple[tuple[type[events.MouseEvent], ...], ...] = (
            (events.MouseMove, events.MouseDown, events.MouseUp),
            (events.MouseDown, events.MouseMove, events.MouseUp),
            (events.MouseScrollDown,),
            (events.MouseScrollUp,),
        )
        chosen = self.rng.choice(kinds)
        self.done.append(f"{chosen[-1].__name__}({x},{y})")
        for kind in chosen:
            button = 1 if kind in (events.MouseDown, events.MouseUp) else 0
            pilot.app.post_message(
                kind(None, x, y, 0, 0, button, False, False, False, screen_x=x, screen_y=y)
            )


async def sit(sitting: Sitting, bursts: int) -> str:
    """Do a sitting; return what went wrong, nothing if all was well."""
    app = sitting.app()
    try:
        async with app.run_test(size=sitting.rng.choice(SIZES), notifications=True) as pilot:
            for _ in range(bursts):
                if not app.is_running or app._exit:
                    break
                await sitting.burst(pilot)
            else:
                await settled(pilot)
    except Exception:
        return traceback.format_exc()
    return f"ended with {app.return_code}" if app.return_code else ""


def resident() -> float:
    """Return the MiB of memory that this process has now, where that can be known."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * resource.getpagesize() / (1 << 20)
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def sittings(seed: int, only: int | None, going_on: Callable[[], bool]) -> Iterator[Sitting]:
    """Yield sittings for as long as is wanted."""
    number = 0 if only is None else only
    while going_on():
        yield Sitting(number, random.Random(f"{seed}/{number}"))
        if only is not None:
            return
        number += 1


def main() -> int:
    """Sit for a while; return 1 if anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--bursts", type=int, default=60, help="of events, in each sitting")
    parser.add_argument("--only", type=int, help="the number of the one sitting to do")
    parser.add_argument("--most-mib", type=float, default=600.0, help="of memory, in the end")
    options = parser.parse_args()
    end = time.monotonic() + options.seconds
    wrong = count = 0
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        os.environ.update(
            XDG_STATE_HOME=directory, XDG_CONFIG_HOME=directory, EDITOR="true", HOME=directory
        )
        for sitting in sittings(options.seed, options.only, lambda: time.monotonic() < end):
            found = asyncio.run(sit(sitting, options.bursts))
            count += 1
            if found:
                wrong += 1
                sys.stdout.write(f"sitting {sitting.number}: {' '.join(sitting.done)}\n{found}\n")
                sys.stdout.flush()
        os.chdir("/")
    gc.collect()
    memory = resident()
    sys.stdout.write(f"{count} sittings, {wrong} went wrong, {memory:.0f} MiB in the end\n")
    return 1 if wrong or memory > options.most_mib else 0


if __name__ == "__main__":
    sys.exit(main())
