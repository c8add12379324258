"""Paired timing: two things run in turn, A B A B, and the ratio of each pair."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Container, Sequence
from pathlib import Path
from statistics import median

import attrs


@attrs.frozen
class Timed:
    """How long a thing took each time, in seconds, and what it said the last time."""

    seconds: tuple[float, ...]
    output: str

    @property
    def median(self) -> float:
        """The middle one, in seconds."""
        return median(self.seconds)


@attrs.frozen
class Pairs:
    """Two things timed in turn."""

    ours: Timed
    theirs: Timed

    @property
    def ratios(self) -> tuple[float, ...]:
        """Per pair, our time over theirs."""
        return tuple(
            ours / theirs
            for ours, theirs in zip(self.ours.seconds, self.theirs.seconds, strict=True)
        )

    @property
    def ratio(self) -> float:
        """The median of the ratios."""
        return median(self.ratios)


def paired(ours: Callable[[], str], theirs: Callable[[], str], times: int) -> Pairs:
    """Run two things in turn and time each run."""
    seconds: tuple[list[float], list[float]] = ([], [])
    outputs = ["", ""]
    for _ in range(times):
        for which, run in enumerate((ours, theirs)):
            outputs[which], taken = timed(run)
            seconds[which].append(taken)
    return Pairs(Timed(tuple(seconds[0]), outputs[0]), Timed(tuple(seconds[1]), outputs[1]))


def timed(run: Callable[[], str]) -> tuple[str, float]:
    """Return what a run says, and how many seconds it took."""
    began = time.perf_counter()
    output = run()
    return output, time.perf_counter() - began


def process(
    command: Sequence[str],
    directory: Path,
    *,
    timeout: float | None = None,
    succeeds: Container[int] = (0,),
) -> Callable[[], str]:
    """Return a run of a whole process, from its start to its end, that returns what it prints.

    Running it raises subprocess.CalledProcessError where the exit code is none of `succeeds`, and
    subprocess.TimeoutExpired if it takes more than `timeout` seconds.
    """

    def run() -> str:
        done = subprocess.run(
            command, cwd=directory, capture_output=True, text=True, timeout=timeout
        )
        if done.returncode not in succeeds:
            raise subprocess.CalledProcessError(
                done.returncode, done.args, done.stdout, done.stderr
            )
        return done.stdout

    return run
