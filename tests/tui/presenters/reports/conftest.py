from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.explorer.cost import Span
from engine.findings import Kind, Verdict
from engine.machine.effects import AccessFailure
from scenarios.checking import CellOutcome, CheckedCell, Result, ShortestFound
from scenarios.hardware import OWN_HARDWARE, HardwareChoice
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from tui.presenters.reports.checked import Checked

Kinds = dict[Kind, int]
Labels = tuple[tuple[str, str], ...]


def outcome(
    found: Kinds, most: int | None, reason: str | None, unreached: Labels = ()
) -> CellOutcome:
    verdict = Verdict.UNDETERMINED if reason else Verdict.SAFE
    return CellOutcome(
        Verdict.UNSAFE if found else verdict,
        reason,
        tuple(
            ShortestFound(
                kind,
                "vcpu0",
                "x" if kind in (Kind.STALE, Kind.LOST) else None,
                step,
                *(None, None, (), ()),
                *((0x1040, AccessFailure.NO_RAM) if kind is Kind.FAULT else (None, None)),
            )
            for kind, step in found.items()
        ),
        1000,
        2000,
        None if reason else Span(0, most),
        None if reason else Span(0, most),
        unreached=unreached,
    )


@pytest.fixture
def checked() -> Callable[..., Checked]:
    """Make a result up: kinds with their steps, upstream's kinds, cost, why it ended early."""

    def make(
        policy: str = "upstream",
        scenario: str = "single-vcpu-boot",
        *,
        found: Kinds | None = None,
        upstream: Kinds | None = None,
        most: int | None = 1,
        reason: str | None = None,
        upstream_reason: str | None = None,
        variant: HardwareChoice = OWN_HARDWARE,
        unreached: Labels = (),
    ) -> Checked:
        cell = CheckedCell(load_scenario("single-vcpu-boot"), load_policy("upstream"), variant)
        result = Result(
            outcome(found or {}, most, reason, unreached),
            outcome(upstream or {}, 1, upstream_reason),
        )
        return Checked(scenario, policy, variant, (), cell, result)

    return make
