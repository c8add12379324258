"""Measure the screen: `python -m benchmarks.screen [--profile] [--save]`, in a checkout's root."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

from benchmarks import bare_app
from benchmarks.long_run import POLICY, long_run
from benchmarks.pairs import paired, process
from benchmarks.screen_profile import profile
from benchmarks.screen_table import Question, questions_table
from benchmarks.sitting import BARE, OPENED_BARE, debugger, opened_debugger, sit_down
from benchmarks.table import markdown
from benchmarks.turn import questions, turns
from benchmarks.workbench import ROOT

STEPS: Final = 100_000
_WARM_UP: Final = 1_000
"""The steps of a run that is opened before anything counts, so that all is compiled and cached."""

_README: Final = ROOT / "benchmarks" / "README.md"
_BEGIN: Final = "<!-- screen -->\n"
_END: Final = "<!-- end of screen -->\n"
_PYTHON: Final = (sys.executable, "-c", "pass")
_WITHOUT_A_SCREEN: Final = ("--help", "list")
_LIBRARIES: Final = ("textual", "rich")


def main() -> int:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.screen")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"of the run (default: {STEPS})")
    parser.add_argument("--turns", type=int, default=5, help="starts of each (default: 5)")
    parser.add_argument("--profile", action="store_true", help="say where the time goes as well")
    parser.add_argument("--save", action="store_true", help="write README.md's table")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        _as_installed(Path(directory) / "compiled")
        file = Path(directory) / "long-run.toml"
        file.write_text(long_run(_WARM_UP), encoding="utf-8")
        sit_down(debugger(file), opened_debugger(0), ())
        sit_down(BARE, OPENED_BARE, ())
        file.write_text(long_run(asked.steps), encoding="utf-8")
        text = "".join(_report(file, asked.steps, asked.turns))
        for part in profile(file, asked.steps) if asked.profile else ():
            print(part, flush=True)
    if asked.save:
        before, rest = _README.read_text(encoding="utf-8").split(_BEGIN)
        after = rest.split(_END)[1]
        _README.write_text(before + _BEGIN + text + _END + after, encoding="utf-8")
    return 0


def _as_installed(compiled: Path) -> None:
    """Let every process from here on find its modules compiled, as they are once installed."""
    os.environ["PYTHONPYCACHEPREFIX"] = str(compiled)
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"):
        os.environ.pop(name, None)


def _report(file: Path, steps: int, times: int) -> Iterator[str]:
    """Yield the parts of the report, each printed once it is known."""
    parts: tuple[Callable[[], str], ...] = (
        lambda: _head(steps, times),
        lambda: questions_table(
            (
                *questions(turns(file, steps, times), steps),
                *(_whole(argument, times) for argument in _WITHOUT_A_SCREEN),
            )
        ),
        _imports,
    )
    for part in parts:
        text = part() + "\n"
        print(text, end="", flush=True)
        yield text


def _head(steps: int, times: int) -> str:
    return (
        f"{times} starts of each; {steps:,} steps under {POLICY}; "
        f"{bare_app.WIDTH} x {bare_app.HEIGHT}; Python {platform.python_version()}; "
        f"Textual {metadata.version('textual')}.\n"
    )


def _whole(argument: str, times: int) -> Question:
    """Return how long a command takes that opens no screen, beside Python that does nothing."""
    command = (sys.executable, "-m", "tui", argument)
    pairs = paired(process(command, ROOT), process(_PYTHON, ROOT), times)
    ours = tuple((value,) for value in pairs.ours.seconds)
    theirs = tuple((value,) for value in pairs.theirs.seconds)
    return Question(f"kvmcache-tui {argument}", 50, ours, theirs, against="python -c pass")


def _imports() -> str:
    """Return which of the screen's libraries are imported where no screen opens."""
    return markdown(
        ("command", *(f"imports {library}" for library in _LIBRARIES)),
        (
            (
                f"kvmcache-tui {argument}",
                *("yes" if library in imported else "no" for library in _LIBRARIES),
            )
            for argument in _WITHOUT_A_SCREEN
            for imported in (_imported(argument),)
        ),
    )


def _imported(argument: str) -> frozenset[str]:
    """Return the packages that a command imports."""
    command = (sys.executable, "-X", "importtime", "-m", "tui", argument)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    names = (line.rpartition("|")[2].strip() for line in done.stderr.splitlines())
    return frozenset(name.partition(".")[0] for name in names)


if __name__ == "__main__":
    sys.exit(main())
