"""Cells explored for a command: here or in other processes, with progress, until Ctrl-C."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from scenarios.checking import Cell, Progressed, Result, check_cells
from tui.command_line.clock import explore_timed
from tui.command_line.interruption import Interruption, interruptible
from tui.command_line.progress import ProgressLine, told_counts
from tui.command_line.workers import Shared, Workers, explore_in_worker


@attrs.frozen
class Explored:
    """The results of all cells; what Ctrl-C left out is undetermined."""

    results: tuple[Result, ...]
    interrupted: bool


def explore_all(cells: Sequence[Cell], jobs: int, *, compare_all: bool = False) -> Explored:
    """Explore cells in so many processes, telling a terminal's stderr how far it is."""
    line = ProgressLine()
    try:
        if jobs > 1:
            return _in_workers(cells, jobs, line, compare_all)
        return _here(cells, line, compare_all)
    finally:
        line.erase()


def _here(cells: Sequence[Cell], line: ProgressLine, compare_all: bool) -> Explored:
    with interruptible() as interruption:
        tell = _Teller(line, interruption)
        results = check_cells(cells, None, tell, explorer=explore_timed, compare_all=compare_all)
        return Explored(results, interruption.asked)


def _in_workers(
    cells: Sequence[Cell], jobs: int, line: ProgressLine, compare_all: bool
) -> Explored:
    workers = Workers(jobs)
    shared = workers.shared
    with interruptible(shared.stop.set) as interruption:
        try:
            tell = _Teller(line, interruption, shared)
            results = check_cells(
                cells, workers, tell, explorer=explore_in_worker, compare_all=compare_all
            )
        except BaseException:
            workers.abandon()
            raise
        workers.shutdown()
        return Explored(results, interruption.asked)


@attrs.define
class _Teller:
    """Tells how far a check has come, and whether it may go on."""

    line: ProgressLine
    interruption: Interruption
    shared: Shared | None = None
    cell: Cell | None = None
    since: float = 0.0
    """When the cell at hand was begun."""

    def __call__(self, progressed: Progressed) -> bool:
        if progressed.cell is not self.cell:
            self.cell, self.since = progressed.cell, self.line.elapsed
        if self.line.is_due():
            self.line.show(", ".join(self._parts(progressed)))
        return not self.interruption.asked

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
