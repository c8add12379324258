"""Cells explored for a command: here or in other processes, with progress, until Ctrl-C.

Or until the time is over that the command was given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from engine.explorer.limits import LimitReason
from scenarios.checking import CellOutcome, CheckedCell, Progressed, Result, check_cells
from tui.command_line.exploration.clock import explore_timed
from tui.command_line.exploration.interruption import Interruption, interruptible
from tui.command_line.exploration.progress import ProgressLine, told_counts
from tui.command_line.exploration.workers import Shared, Workers, explore_in_worker


@attrs.frozen
class ExploredCells:
    """The results of all cells; what Ctrl-C or the end of the time left out is undetermined."""

    results: tuple[Result, ...]
    interrupted: bool


def explore_all(
    cells: Sequence[CheckedCell],
    jobs: int,
    *,
    compare_all: bool = False,
    timeout: int | None = None,
) -> ExploredCells:
    """Explore cells in so many processes, telling a terminal's stderr how far it is.

    What is not decided after `timeout` seconds is undetermined.
    """
    line = ProgressLine()
    try:
        if jobs > 1:
            return _in_workers(cells, jobs, line, compare_all, timeout)
        return _here(cells, line, compare_all, timeout)
    finally:
        line.erase()


def _here(
    cells: Sequence[CheckedCell], line: ProgressLine, compare_all: bool, timeout: int | None
) -> ExploredCells:
    with interruptible() as interruption:
        tell = _Teller(line, interruption, timeout)
        results = check_cells(cells, None, tell, explorer=explore_timed, compare_all=compare_all)
        return ExploredCells(tell.dated(results), interruption.asked)


def _in_workers(
    cells: Sequence[CheckedCell],
    jobs: int,
    line: ProgressLine,
    compare_all: bool,
    timeout: int | None,
) -> ExploredCells:
    workers = Workers(jobs)
    shared = workers.shared
    with interruptible(shared.stop.set) as interruption:
        try:
            tell = _Teller(line, interruption, timeout, shared)
            results = check_cells(
                cells, workers, tell, explorer=explore_in_worker, compare_all=compare_all
            )
        except BaseException:
            workers.abandon()
            raise
        workers.shutdown()
        return ExploredCells(tell.dated(results), interruption.asked)


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
        if not self.over or self.interruption.asked:
            return results
        return tuple(
            Result(
                self._dated(result.outcome),
                None if result.upstream is None else self._dated(result.upstream),
            )
            for result in results
        )

    def _dated(self, outcome: CellOutcome) -> CellOutcome:
        if outcome.reason != LimitReason.CANCELLED.value:
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
