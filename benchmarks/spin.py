"""Spin and the C compiler as programs to run: from Promela text to a `pan` and what it says."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from enum import Enum, unique
from pathlib import Path
from typing import Final

import attrs

_DEPTH: Final = "-m1000000"
_COUNTS: Final = re.compile(
    r"depth reached (?P<depth>\d+), errors: (?P<errors>\d+)\s+"
    r"(?P<states>\d+) states, stored.*?(?P<transitions>[\d.e+]+) transitions",
    re.DOTALL,
)
_ERROR: Final = re.compile(r"pan:1: assertion violated .* \(at depth (\d+)\)")
_PLAIN: Final = ("-o1", "-o2", "-o3")
"""No data-flow optimisation, no hiding of variables, no merging of statements: state for state."""


@unique
class Search(Enum):
    """How pan is compiled, and what it is asked; each value is spin's, gcc's and pan's options."""

    COUNT = (_PLAIN, ("-DNOREDUCE",), ("-c0",))
    """Depth-first without partial-order reduction, on past errors: every state there is."""
    PLAIN = (_PLAIN, ("-DNOREDUCE",), ())
    """Depth-first without partial-order reduction."""
    REDUCED = ((), (), ())
    """Depth-first with partial-order reduction and all that Spin does by default."""
    BREADTH_FIRST = ((), ("-DBFS",), ())
    """Breadth-first with partial-order reduction; merged statements count as one step."""
    SHORTEST = (_PLAIN, ("-DBFS", "-DNOREDUCE"), ())
    """Breadth-first, state for state: its first counterexample is a shortest one."""


@attrs.frozen
class Pan:
    """A compiled verifier."""

    command: tuple[str, ...]
    spin_seconds: float
    gcc_seconds: float

    @property
    def seconds(self) -> float:
        """How long it took to make."""
        return self.spin_seconds + self.gcc_seconds


@attrs.frozen
class Said:
    """What pan printed."""

    states: int
    transitions: int
    """Without the one that pan counts for the initial state; to eight digits, as pan prints."""
    errors: int
    length: int | None
    """Steps of the first counterexample."""


def available() -> bool:
    """Say whether spin and gcc are there."""
    return all(shutil.which(name) for name in ("spin", "gcc"))


def version() -> str:
    """Return what spin calls itself."""
    return _run(("spin", "-V"), Path.cwd()).strip()


def compiled(text: str, search: Search, directory: Path) -> Pan:
    """Return the verifier of a model, made in a directory of its own.

    Raises:
        subprocess.CalledProcessError: spin or gcc refuses the model.
    """
    spin_options, gcc_options, pan_options = search.value
    directory.mkdir(parents=True)
    (directory / "model.pml").write_text(text, encoding="utf-8")
    began = time.perf_counter()
    _run(("spin", "-a", *spin_options, "model.pml"), directory)
    generated = time.perf_counter()
    _run(("gcc", "-O2", "-w", "-DSAFETY", *gcc_options, "-o", "pan", "pan.c"), directory)
    made = time.perf_counter()
    command = (str(directory / "pan"), _DEPTH, "-n", *pan_options)
    return Pan(command, generated - began, made - generated)


def said(output: str) -> Said:
    """Return what pan's output says.

    Raises:
        ValueError: it says that the search was cut short, or nothing.
    """
    counts = _COUNTS.search(output)
    if counts is None or "max search depth too small" in output or "out of memory" in output:
        raise ValueError(f"pan did not finish:\n{output}")
    error = _ERROR.search(output)
    return Said(
        states=int(counts["states"]),
        transitions=int(float(counts["transitions"])) - 1,
        errors=int(counts["errors"]),
        # The depth is that of the state in which the failing step is taken.
        length=int(error[1]) + 1 if error else None,
    )


def _run(command: tuple[str, ...], directory: Path) -> str:
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=True)
    return done.stdout
