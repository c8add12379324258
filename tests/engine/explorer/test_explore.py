from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import attrs
import pytest

from engine.explorer.explore import Exploration, explore
from engine.explorer.limits import Counts, LimitReason, Limits
from engine.findings import Verdict
from engine.machine.actors import VMM
from engine.machine.state import Machine
from engine.timeline import Timeline
from tests.engine.build import machine
from tests.engine.explorer.generate import random_machine
from tests.engine.explorer.policies import all_policies


def explored(seed: int, *, exhaustive: bool = False) -> tuple[Machine, Exploration]:
    built = random_machine(seed, all_policies())
    return built, explore(built, exhaustive=exhaustive)


def answer(seed: int, *, exhaustive: bool) -> str:
    """Return an answer as text; what sets hold has no order of its own."""
    _, exploration = explored(seed, exhaustive=exhaustive)
    decisions = sorted(map(repr, exploration.decisions or ()))
    return f"{attrs.evolve(exploration, decisions=None)} {decisions}"


def first(verdict: Verdict) -> int:
    return next(seed for seed in range(100) if explored(seed)[1].verdict is verdict)


def test_a_counterexample_replays_to_its_finding() -> None:
    built, exploration = explored(first(Verdict.UNSAFE))
    for counterexample in exploration.counterexamples:
        timeline = Timeline.replay(built, counterexample.events)
        assert counterexample.finding in timeline.findings
        assert counterexample.finding.step == len(counterexample.events)


def test_both_searches_agree() -> None:
    for seed in range(20):
        _, reduced = explored(seed)
        _, full = explored(seed, exhaustive=True)
        assert reduced.verdict is full.verdict
        assert reduced.cost == full.cost


def test_a_limit_that_is_reached_is_never_safe() -> None:
    built, exploration = explored(first(Verdict.SAFE))
    assert exploration.reason is None
    for exhaustive in (False, True):
        limited = explore(built, limits=Limits(max_states=1), exhaustive=exhaustive)
        assert limited.verdict is Verdict.UNDETERMINED
        assert limited.reason is LimitReason.STATES


def test_a_cancelled_search_is_undetermined() -> None:
    built, _ = explored(first(Verdict.SAFE))
    told: list[Counts] = []

    def stop(counts: Counts) -> bool:
        told.append(counts)
        return False

    exploration = explore(built, progress=stop)
    assert (exploration.verdict, exploration.reason) == (
        Verdict.UNDETERMINED,
        LimitReason.CANCELLED,
    )
    assert told


@pytest.mark.parametrize("exhaustive", [False, True])
def test_a_guest_that_counts_without_end_is_undetermined(exhaustive: bool) -> None:
    counting = machine("count: add x5, x5, #1\nstr x5, [x1]\nb count", "ldr x6, [x1]")
    told: list[Counts] = []
    exploration = explore(
        counting,
        limits=Limits(max_states=20_000),
        exhaustive=exhaustive,
        progress=lambda counts: told.append(counts) is None,
    )
    reason = LimitReason.STATES if exhaustive else LimitReason.LOOP
    assert (exploration.verdict, exploration.reason) == (Verdict.UNDETERMINED, reason)
    assert len(told) > 1


def test_the_answer_does_not_depend_on_the_hash_seed() -> None:
    code = (
        "from tests.engine.explorer.test_explore import answer\n"
        "for each in (False, True):\n"
        "    for seed in range(20): print(answer(seed, exhaustive=each))"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            cwd=Path(__file__).parents[3],
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1]


POLLING = "poll: ldr x5, [x1]\ncbz x5, poll\nload: ldr x6, [x2]\nend:"


@pytest.mark.parametrize("exhaustive", [False, True])
@pytest.mark.parametrize(
    ("programs", "vmm", "unreached"),
    [
        ((POLLING, "send: str x0, [x1]"), None, ()),
        ((POLLING, "send: nop"), None, ((0, "load"), (0, "end"))),
        (("first: wfi\nsecond: nop", "nop"), None, ((0, "second"),)),
        (("nop", "nop"), "b over\nskipped: nop\nover: nop", ((VMM, "skipped"),)),
    ],
)
def test_the_labels_that_no_run_comes_to_are_named(
    programs: tuple[str, ...], vmm: str | None, unreached: object, exhaustive: bool
) -> None:
    explored = explore(machine(*programs, vmm=vmm), exhaustive=exhaustive)
    assert explored.unreached == unreached


@pytest.mark.parametrize("exhaustive", [False, True])
def test_of_a_vcpu_that_nobody_starts_no_label_is_reached(exhaustive: bool) -> None:
    built = machine("nop", "first: nop", off=[1])
    assert explore(built, exhaustive=exhaustive).unreached == ((1, "first"),)


@pytest.mark.parametrize("exhaustive", [False, True])
def test_a_search_that_ended_early_does_not_say_what_is_unreached(exhaustive: bool) -> None:
    built = machine(POLLING, "send: str x0, [x1]")
    limits = Limits(max_states=1)
    assert explore(built, limits=limits, exhaustive=exhaustive).unreached is None
