from __future__ import annotations

import pickle
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from typing import Any

import attrs
import pytest

from engine.explorer.cost import Span
from engine.explorer.limits import Limits
from engine.findings import Kind, Verdict
from engine.timeline import Timeline
from scenarios.checking import (
    CellOutcome,
    CheckedCell,
    Progressed,
    Result,
    check_cells,
    explore_cell,
    undetermined,
)
from scenarios.hardware import HardwareChoice
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy

HEADLINE = "secondary-stale-line"
NAMES = ("boot-on-vcpu1", HEADLINE, "single-vcpu-boot")
POLICIES = ("vcpu0-only", "upstream", "never")


def cell(scenario: str, policy: str, **options: Any) -> CheckedCell:
    return CheckedCell(load_scenario(scenario), load_policy(policy), **options)


def cells() -> list[CheckedCell]:
    return [cell(scenario, policy) for scenario in NAMES for policy in POLICIES]


def verdicts(results: tuple[Result, ...]) -> list[str]:
    return [result.outcome.verdict.value for result in results]


class Elsewhere(Executor):
    """Does what another process would: work and results cross over as bytes."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        sent = pickle.loads(pickle.dumps((fn, args, kwargs)))
        future: Future[Any] = Future()
        future.set_result(pickle.loads(pickle.dumps(sent[0](*sent[1], **sent[2]))))
        return future


class Broken(Executor):
    """Has lost its processes."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        raise BrokenExecutor


class Dying(Executor):
    """Loses its processes while they work."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(BrokenExecutor())
        return future


class Idle(Executor):
    """Begins nothing."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return Future()


def test_results_come_in_the_order_of_the_cells() -> None:
    assert verdicts(check_cells(cells())) == [
        *("unsafe", "safe", "unsafe"),
        *("unsafe", "safe", "unsafe"),
        *("safe", "safe", "unsafe"),
    ]


@pytest.mark.parametrize("executor", [Elsewhere(), ThreadPoolExecutor(2)])
def test_an_executor_that_is_handed_in_gives_the_same_results(executor: Executor) -> None:
    with executor:
        assert check_cells(cells(), executor) == check_cells(cells())


def test_a_finding_is_told_in_names_and_can_be_replayed() -> None:
    asked = cell(HEADLINE, "vcpu0-only")
    (found,) = explore_cell(asked).findings

    assert attrs.asdict(found, filter=lambda field, _: field.name not in ("trace", "events")) == {
        "kind": Kind.STALE,
        "actor": "vcpu1",
        "word": "x",
        "step": 13,
        "exact": 11,
        "cause": 7,
        "address": None,
        "failure": None,
    }
    assert sorted(set(found.trace)) == ["fill x on pcpu0", "vcpu1"]
    assert len(found.trace) == 13
    (finding,) = Timeline.replay(asked.machine, found.events).findings
    assert (finding.kind, finding.step) == (Kind.STALE, 13)


def test_an_outcome_has_the_cost() -> None:
    outcome = explore_cell(cell(HEADLINE, "upstream"))

    assert (outcome.flushes, outcome.lines_flushed) == (Span(2, 2), Span(2, 2))


def test_a_finding_that_upstream_has_not_is_introduced_by_the_policy() -> None:
    (result,) = check_cells([cell(HEADLINE, "vcpu0-only")])

    assert result.upstream == explore_cell(cell(HEADLINE, "upstream"))
    assert (result.introduced(Kind.STALE), result.introduced_by_policy) == (True, True)


def test_a_finding_that_upstream_has_as_well_is_not_introduced() -> None:
    upstream, never = check_cells(
        [cell("message-before-enable", policy) for policy in ("upstream", "never")]
    )

    assert (upstream.introduced(Kind.STALE), upstream.introduced_by_policy) == (False, False)
    assert (never.introduced(Kind.STALE), never.introduced_by_policy) == (False, False)


def test_where_upstream_is_undetermined_nobody_knows_who_introduced_a_finding() -> None:
    limits = Limits(max_states=20)
    (result,) = check_cells([cell(HEADLINE, "vcpu0-only", limits=limits)])

    assert result.outcome.verdict is Verdict.UNSAFE
    assert result.upstream is not None
    assert result.upstream.verdict is Verdict.UNDETERMINED
    assert (result.introduced(Kind.STALE), result.introduced_by_policy) == (None, None)


def test_what_is_safe_introduces_nothing_and_is_compared_only_if_asked() -> None:
    asked = [cell(HEADLINE, "keep-trapping")]
    ((alone,), (beside,)) = check_cells(asked), check_cells(asked, compare_all=True)

    assert (alone.introduced_by_policy, alone.upstream) == (False, None)
    assert beside.upstream == explore_cell(cell(HEADLINE, "upstream"))


def test_upstream_is_compared_on_the_same_hardware() -> None:
    hardware = HardwareChoice(fwb=True, implementor=0x48)
    (result,) = check_cells([cell(HEADLINE, "never", hardware=hardware)], compare_all=True)

    assert (result.outcome.verdict, result.outcome.flushes) == (Verdict.SAFE, Span(0, 0))
    assert result.upstream is not None
    assert (
        result.upstream.flushes
        == explore_cell(cell(HEADLINE, "upstream", hardware=HardwareChoice(fwb=True))).flushes
    )


def test_a_limit_makes_it_undetermined_and_says_so() -> None:
    outcome = explore_cell(cell(HEADLINE, "upstream", limits=Limits(max_states=5)))

    assert outcome.verdict is Verdict.UNDETERMINED
    assert outcome.reason == "the limit on states was reached"


def test_every_state_can_be_visited() -> None:
    outcome = explore_cell(cell(HEADLINE, "upstream", exhaustive=True))

    assert (outcome.states, outcome.transitions) == (458, 1301)


def test_progress_names_the_cell_and_its_counts_here() -> None:
    told: list[Progressed] = []

    def note(progressed: Progressed) -> bool:
        told.append(progressed)
        return True

    asked = [cell(HEADLINE, "upstream"), cell("boot-on-vcpu1", "upstream")]
    check_cells(asked, None, note)

    assert [(one.done, one.total, one.cell) for one in told if one.counts is None] == [
        (0, 2, asked[0]),
        (1, 2, asked[1]),
    ]
    assert any(one.counts is not None for one in told)


@pytest.mark.parametrize("executor", [None, Idle()])
def test_what_is_cancelled_is_undetermined(executor: Executor | None) -> None:
    asked = [cell(HEADLINE, "upstream"), cell(HEADLINE, "never")]
    results = check_cells(asked, executor, lambda _: False)

    assert results == (Result(undetermined("cancelled"), None),) * 2
    assert results[0].introduced_by_policy is None


@pytest.mark.parametrize("executor", [Broken(), Dying()])
def test_lost_processes_leave_their_cells_undetermined(executor: Executor) -> None:
    (result,) = check_cells([cell(HEADLINE, "upstream")], executor)

    assert result.outcome == undetermined("the process that explored it came to an end")


def test_how_long_it_took_makes_no_outcome_another() -> None:
    outcome = explore_cell(cell(HEADLINE, "upstream"))

    assert attrs.evolve(outcome, seconds=1.5) == outcome


def test_a_cell_that_is_asked_twice_is_explored_once() -> None:
    explored: list[CheckedCell] = []

    def explorer(cell: CheckedCell, watch: object = None) -> CellOutcome:
        explored.append(cell)
        return explore_cell(cell)

    asked = cell(HEADLINE, "never")
    first, second = check_cells([asked, cell(HEADLINE, "never")], explorer=explorer)

    assert first == second
    assert explored == [asked, asked.under_upstream]
