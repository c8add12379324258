"""Scenarios checked under policies: every interleaving of each, in this process or in others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from functools import cache
from typing import Final, Protocol, TypeAlias

import attrs

from engine.explorer.cost import Span
from engine.explorer.counterexample import Counterexample, ReplayError
from engine.explorer.explore import explore
from engine.explorer.learning.moves import Statement
from engine.explorer.limits import Counts, LimitReason, Limits
from engine.explorer.limits import Progress as Watch
from engine.findings import Kind, Verdict
from engine.machine.actors import actor_name
from engine.machine.effects import AccessFailure, ConditionValue
from engine.machine.events import Event, event_name
from engine.machine.state import Machine
from engine.policy.policy import Policy
from scenarios.hardware import OWN_HARDWARE, HardwareChoice, fit
from scenarios.policy_library import UPSTREAM, load_policy
from scenarios.scenario import Scenario

_POLL: Final = 0.1
"""Seconds between two looks at what other processes have done."""


@attrs.frozen
class CheckedCell:
    """One question: what can happen in a scenario under a policy, on what hardware."""

    scenario: Scenario
    policy: Policy
    hardware: HardwareChoice = OWN_HARDWARE
    limits: Limits = attrs.field(factory=Limits)
    exhaustive: bool = False

    @property
    def machine(self) -> Machine:
        """The machine at step 0."""
        return fit(self.scenario, self.hardware).machine(self.policy)

    @property
    def under_upstream(self) -> CheckedCell:
        """The same question about upstream's policy, which asks for no implementor."""
        hardware = HardwareChoice(fwb=self.hardware.fwb)
        return attrs.evolve(self, policy=_upstream(), hardware=hardware)


@attrs.frozen
class ShortestFound:
    """A shortest counterexample of a kind; steps count from 1."""

    kind: Kind
    actor: str | None
    word: str | None
    step: int
    exact: int | None
    cause: int | None
    trace: tuple[str, ...]
    """A label a step."""
    events: tuple[Event, ...]
    """The run itself, to be replayed."""
    address: int | None = None
    """Where an access hit no guest RAM, or could not be made."""
    failure: AccessFailure | None = None
    """What is wrong with that address."""


@attrs.frozen
class CellOutcome:
    """The answer to a cell."""

    verdict: Verdict
    reason: str | None
    """Why the search ended early, if it did."""
    findings: tuple[ShortestFound, ...]
    """In the order of `Kind`."""
    states: int
    transitions: int
    flushes: Span | None
    """stage2_flush_vm calls over complete runs; None where that is not known."""
    lines_flushed: Span | None
    gap: str | None = None
    """What of the policy's source was not judged, so that nothing is called safe."""
    seconds: float | None = attrs.field(default=None, eq=False)
    """How long it took, if somebody has measured it."""
    unreached: tuple[tuple[str, str], ...] | None = None
    """The labels that no run comes to, after the names of whose they are; None where not known."""
    statements: frozenset[Statement] | None = None
    """The steps of the policy that some run comes to; None where not known."""
    decisions: frozenset[ConditionValue] | None = None
    """What the policy's conditions come to in some run; None where not known."""

    @property
    def complete(self) -> bool:
        """Whether all that can be found was looked for: every interleaving, the whole source."""
        return self.reason is None and self.gap is None

    def found(self, kind: Kind) -> ShortestFound | None:
        """Return what was found of a kind."""
        return next((found for found in self.findings if found.kind is kind), None)


@attrs.frozen
class Result:
    """The answer to a cell beside upstream's."""

    outcome: CellOutcome
    upstream: CellOutcome | None
    """None where it was not asked for: nothing was found that had to be compared."""

    def introduced(self, kind: Kind) -> bool | None:
        """Say whether a finding of that kind is the policy's own; None where nobody knows."""
        if self.upstream is None:
            return None
        if self.upstream.found(kind) is not None:
            return False
        return None if self.upstream.reason is not None else True

    @property
    def faults_anyway(self) -> bool:
        """Whether the guest faults with upstream too, so that what comes after is not judged."""
        return self.upstream is not None and self.upstream.found(Kind.FAULT) is not None

    @property
    def introduced_by_policy(self) -> bool | None:
        """Whether any finding is the policy's own; None where nobody knows."""
        answers = [self.introduced(found.kind) for found in self.outcome.findings]
        if True in answers:
            return True
        return None if None in answers or not self.outcome.complete else False


@attrs.frozen
class Progressed:
    """How far a check has come."""

    done: int
    total: int
    cell: CheckedCell | None = None
    """The one being explored, where that happens in this process."""
    counts: Counts | None = None


CheckProgress: TypeAlias = Callable[[Progressed], bool]
"""Called now and then; returning False cancels what is not decided yet."""


class Explorer(Protocol):
    """What explores a cell; other processes call it without a watch."""

    def __call__(self, cell: CheckedCell, watch: Watch | None = None) -> CellOutcome:
        """Return the cell's outcome."""


def explore_cell(cell: CheckedCell, watch: Watch | None = None) -> CellOutcome:
    """Explore a cell; whatever goes wrong, the outcome is undetermined and says why."""
    machine = cell.machine
    try:
        known = explore(machine, limits=cell.limits, exhaustive=cell.exhaustive, progress=watch)
    except MemoryError:
        return undetermined("the memory is used up")
    except (ReplayError, RecursionError) as error:
        return undetermined(f"an error in the explorer itself: {error}")
    gap = cell.policy.coverage.gap
    unread = gap is not None and known.verdict is Verdict.SAFE
    return CellOutcome(
        Verdict.UNDETERMINED if unread else known.verdict,
        None if known.reason is None else known.reason.value,
        tuple(_found(machine, each) for each in known.counterexamples),
        known.states,
        known.transitions,
        None if known.cost is None else known.cost.flushes,
        None if known.cost is None else known.cost.lines_flushed,
        gap,
        unreached=None
        if known.unreached is None
        else tuple((actor_name(actor), label) for actor, label in known.unreached),
        statements=known.statements,
        decisions=known.decisions,
    )


def undetermined(reason: str) -> CellOutcome:
    """Return the outcome of a cell that could not be explored."""
    return CellOutcome(Verdict.UNDETERMINED, reason, (), 0, 0, None, None)


def check_cells(
    cells: Iterable[CheckedCell],
    executor: Executor | None = None,
    progress: CheckProgress | None = None,
    *,
    explorer: Explorer = explore_cell,
    compare_all: bool = False,
) -> tuple[Result, ...]:
    """Return the cells' results in their order, the same whoever computes them.

    Without an executor they are explored here, one after the other. Any other's futures must be
    those of `concurrent.futures`. `upstream` is explored beside what was found unsafe, or beside
    all of them.
    """
    asked = tuple(cells)
    work = _Work(executor, progress or _carry_on, explorer)
    work.explore(asked)
    beside = {
        cell: cell.under_upstream for cell in asked if compare_all or work.outcomes[cell].findings
    }
    work.explore(tuple(beside.values()))
    return tuple(
        Result(work.outcomes[cell], work.outcomes[beside[cell]] if cell in beside else None)
        for cell in asked
    )


def explore_cells(
    cells: Iterable[CheckedCell],
    executor: Executor | None = None,
    progress: CheckProgress | None = None,
    *,
    explorer: Explorer = explore_cell,
) -> tuple[CellOutcome, ...]:
    """Return the cells' outcomes in their order, as `check_cells` does without upstream's."""
    asked = tuple(cells)
    work = _Work(executor, progress or _carry_on, explorer)
    work.explore(asked)
    return tuple(work.outcomes[cell] for cell in asked)


class _Work:
    """The outcomes so far, each cell's explored once."""

    def __init__(
        self, executor: Executor | None, progress: CheckProgress, explorer: Explorer
    ) -> None:
        self.outcomes: dict[CheckedCell, CellOutcome] = {}
        self._executor = executor
        self._progress = progress
        self._explorer = explorer

    def explore(self, cells: Sequence[CheckedCell]) -> None:
        """Add the outcomes of cells that have none."""
        fresh = [cell for cell in dict.fromkeys(cells) if cell not in self.outcomes]
        if self._executor is None:
            self._explore_here(fresh)
        else:
            self._explore_elsewhere(self._executor, fresh)

    def _explore_here(self, cells: Sequence[CheckedCell]) -> None:
        total = len(self.outcomes) + len(cells)
        for cell in cells:
            here = Progressed(len(self.outcomes), total, cell)
            if self._progress(here):
                self.outcomes[cell] = self._explorer(cell, self._watch(here))
            else:
                self.outcomes[cell] = undetermined(LimitReason.CANCELLED.value)

    def _watch(self, here: Progressed) -> Watch:
        return lambda counts: self._progress(attrs.evolve(here, counts=counts))

    def _explore_elsewhere(self, executor: Executor, cells: Sequence[CheckedCell]) -> None:
        before = len(self.outcomes)
        futures = {cell: _submit(executor, self._explorer, cell) for cell in cells}
        pending = set(futures.values())
        try:
            while pending:
                _, pending = wait(pending, timeout=_POLL, return_when=FIRST_COMPLETED)
                done = before + len(futures) - len(pending)
                if not self._progress(Progressed(done, before + len(futures))):
                    pending = {future for future in pending if not future.cancel()}
        finally:
            for future in pending:
                future.cancel()
        self.outcomes |= {cell: _outcome(future) for cell, future in futures.items()}


def _submit(executor: Executor, explorer: Explorer, cell: CheckedCell) -> Future[CellOutcome]:
    try:
        return executor.submit(explorer, cell)
    except BrokenExecutor as error:
        broken: Future[CellOutcome] = Future()
        broken.set_exception(error)
        return broken


def _outcome(future: Future[CellOutcome]) -> CellOutcome:
    if future.cancelled():
        return undetermined(LimitReason.CANCELLED.value)
    try:
        return future.result()
    except BrokenExecutor:
        return undetermined("the process that explored it came to an end")


def _found(machine: Machine, counterexample: Counterexample) -> ShortestFound:
    finding, events = counterexample.finding, counterexample.events
    word = finding.word
    return ShortestFound(
        kind=finding.kind,
        actor=None if finding.actor is None else actor_name(finding.actor),
        word=None if word is None else machine.setup.layout.words[word].name,
        step=finding.step,
        exact=finding.exact,
        cause=finding.cause,
        trace=tuple(event_name(machine, event) for event in events),
        events=events,
        address=finding.address,
        failure=finding.failure,
    )


@cache
def _upstream() -> Policy:
    return load_policy(UPSTREAM)


def _carry_on(_: Progressed) -> bool:
    return True
