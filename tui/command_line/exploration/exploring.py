"""Cells explored for a command: here or in other processes, with progress, until Ctrl-C.

Or until the time is over that the command was given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import attrs

from engine.explorer.limits import LimitReason
from scenarios.checking import (
    CellOutcome,
    CheckedCell,
    Explorer,
    Progressed,
    Result,
    check_cells,
    explore_cells,
)
from tui.command_line.exploration.clock import explore_timed
from tui.command_line.exploration.interruption import Interruption, interruptible
from tui.command_line.exploration.progress import ProgressLine, told_counts
from tui.command_line.exploration.workers import Shared, Workers, explore_in_worker


@attrs.frozen
class ExploredCells:
    """The results of all cells; what Ctrl-C or the end of the time left out is undetermined."""

    results: tuple[Result, ...]
    interrupted: bool


@attrs.frozen(eq=False)
class Exploring:
    """What explores cells, some after others, until Ctrl-C or the end of the time."""

    _tell: _Teller
    _workers: Workers | None

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C ended it."""
        return self._tell.interruption.asked

    def results(
        self, cells: Sequence[CheckedCell], *, compare_all: bool = False
    ) -> tuple[Result, ...]:
        """Return the results of cells beside upstream's."""
        results = check_cells(
            cells, self._workers, self._tell, explorer=self._explorer, compare_all=compare_all
        )
        return self._tell.dated(results)

    def outcomes(self, cells: Sequence[CheckedCell]) -> tuple[CellOutcome, ...]:
        """Return the outcomes of cells."""
        outcomes = explore_cells(cells, self._workers, self._tell, explorer=self._explorer)
        return tuple(map(self._tell.dated_outcome, outcomes))

    @property
    def _explorer(self) -> Explorer:
        return explore_timed if self._workers is None else explore_in_worker


@contextmanager
def exploring(jobs: int, timeout: int | None = None) -> Iterator[Exploring]:
    """Explore in so many processes, telling a terminal's stderr how far it is.

    What is not decided after `timeout` seconds is undetermined.
    """
    line = ProgressLine()
    workers = Workers(jobs) if jobs > 1 else None
    shared = None if workers is None else workers.shared
    try:
        with interruptible(None if shared is None else shared.stop.set) as interruption:
            try:
                yield Exploring(_Teller(line, interruption, timeout, shared), workers)
            except BaseException:
                if workers is not None:
                    workers.abandon()
                raise
            if workers is not None:
                workers.shutdown()
    finally:
        line.erase()


def explore_all(
    cells: Sequence[CheckedCell],
    jobs: int,
    *,
    compare_all: bool = False,
    timeout: int | None = None,
) -> ExploredCells:
    """Explore cells at once, as `exploring` does."""
    with exploring(jobs, timeout) as explored:
        results = explored.results(cells, compare_all=compare_all)
    return ExploredCells(results, explored.interrupted)


@attrs.define
class _Teller:
    """Tells how far a check has come, and whether it may go on."""

    line: ProgressLine
    interruption: Interruption
    timeout: int | None = None
    """Seconds."""
    shared: Shared | None = None
    cell: CheckedCell | None = None
    since: float = 0.0
    """When the cell at hand was begun."""
    over: bool = False
    """The time is, and it ended the check."""

    def __call__(self, progressed: Progressed) -> bool:
        if progressed.cell is not self.cell:
            self.cell, self.since = progressed.cell, self.line.elapsed
        if self.line.is_due():
            self.line.show(", ".join(self._parts(progressed)))
        if self.timeout is not None and self.line.elapsed >= self.timeout:
            self.over = True
            if self.shared is not None:
                self.shared.stop.set()
        return not self.interruption.asked and not self.over

    def dated(self, results: tuple[Result, ...]) -> tuple[Result, ...]:
        """Return results that say of what the end of the time left out that it did."""
        return tuple(
            Result(
                self.dated_outcome(result.outcome),
                None if result.upstream is None else self.dated_outcome(result.upstream),
            )
            for result in results
        )

    def dated_outcome(self, outcome: CellOutcome) -> CellOutcome:
        """Return an outcome that says so."""
        left_out = outcome.reason == LimitReason.CANCELLED.value
        if not (left_out and self.over) or self.interruption.asked:
            return outcome
        return attrs.evolve(outcome, reason=f"the time was over (--timeout {self.timeout})")

    def _parts(self, progressed: Progressed) -> Iterator[str]:
        elapsed = self.line.elapsed
        yield f"{progressed.done} of {progressed.total} done"
        if self.cell is not None:
            yield f"{self.cell.scenario.name} under {self.cell.policy.name}"
        if self.shared is not None:
            yield told_counts(self.shared.states, self.shared.frontier, elapsed)
        elif progressed.counts is not None:
            counts = progressed.counts
            yield told_counts(counts.states, counts.frontier, elapsed - self.since)
        yield f"{elapsed:.0f} s"
