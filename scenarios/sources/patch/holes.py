"""Holes in a series: patches that its subjects count and that are not in the file."""

from __future__ import annotations

from typing import Final

import attrs

from scenarios.sources.draft import Missing
from scenarios.sources.patch.subject import PatchSubject

_WAY: Final = "give the whole series, in order"


@attrs.define
class _Run:
    """Patches of one series as they stand in the file: `last` is the last that is a candidate."""

    version: int
    total: int
    numbers: list[int]
    last: str = ""


class Holes:
    """The series of a file, as their patches come."""

    def __init__(self) -> None:
        """Start without any."""
        self._runs: list[_Run] = []

    def see(self, subject: PatchSubject, *, aside: bool) -> tuple[Missing, ...]:
        """Take the next patch; return those before it in its series that did not come.

        `aside`: it stands in a reply, which may take up any of them again.
        """
        if not subject.number:
            return ()
        run = self._run(subject)
        starts_anew = run is None or (not aside and subject.number <= max(run.numbers))
        if run is None or starts_anew:
            run = _Run(subject.version, subject.total, [])
            self._runs.append(run)
        run.numbers.append(subject.number)
        gone = [n for n in range(1, subject.number) if n not in run.numbers]
        why = f"{_are(gone)} not before {subject.name}, which is made on top of {_them(gone)}"
        return _missing(subject, gone, why)

    def make(self, subject: PatchSubject, title: str) -> None:
        """Keep the title of a patch that is a candidate."""
        run = self._run(subject)
        if run is not None:
            run.last = title

    def at_the_end(self, title: str) -> tuple[Missing, ...]:
        """Return the patches that should come after the last one of a series."""
        runs = [run for run in self._runs if title and run.last == title]
        return tuple(
            each
            for run in runs
            for gone in [[*range(max(run.numbers) + 1, run.total + 1)]]
            for each in _missing(
                PatchSubject("", run.version, 1, run.total), gone, f"{_are(gone)} not there"
            )
        )

    def _run(self, subject: PatchSubject) -> _Run | None:
        same = (
            run
            for run in reversed(self._runs)
            if (run.version, run.total) == (subject.version, subject.total)
        )
        return next(same, None)


def _missing(subject: PatchSubject, gone: list[int], why: str) -> tuple[Missing, ...]:
    if not gone:
        return ()
    names = [attrs.evolve(subject, number=number).name for number in gone]
    what = names[0] if len(names) == 1 else f"{names[0]} to {names[-1].split()[-1]}"
    return (Missing(what, 0, why, _WAY),)


def _are(gone: list[int]) -> str:
    return "is" if len(gone) == 1 else "are"


def _them(gone: list[int]) -> str:
    return "it" if len(gone) == 1 else "them"
