"""What policies cost, and which safe one costs least."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import attrs

from engine.explorer.cost import Span
from engine.findings import Kind, Verdict
from tui.presenters.reports.checked import Checked

Amount: TypeAlias = tuple[bool, int]
"""Whether it is unbounded, and how much it is where it is not."""


@attrs.frozen(order=True)
class MostFlushed:
    """The most that is flushed; compared by the calls, then by the lines."""

    flushes: Amount
    lines: Amount

    @classmethod
    def total(cls, costs: Iterable[MostFlushed]) -> MostFlushed:
        """Return the sum."""
        every = tuple(costs)
        return cls(_sum(cost.flushes for cost in every), _sum(cost.lines for cost in every))


def most(rows: Iterable[Checked]) -> MostFlushed | None:
    """Return the most that is flushed on several scenarios in all, None where that is not known."""
    every = tuple(rows)
    costs = _costs(every)
    known = all(row.scenario_spec in costs for row in every)
    return MostFlushed.total(costs.values()) if known else None


@attrs.frozen
class Cheapest:
    """The policies that are cheapest among those that qualify."""

    policies: tuple[str, ...]
    safe: bool
    """Whether nothing was found at all; else nothing that upstream has not as well."""
    cost: MostFlushed | None
    """Summed over the scenarios, None where it is known on none of them."""
    scenarios: int
    """On how many it is known."""


def cheapest(checks: Sequence[Checked]) -> Cheapest | None:
    """Return the cheapest policies that are safe on every scenario, None where none is.

    Where no policy is safe on all, those that introduce nothing that upstream has not. A policy
    that is judged on several hardware must qualify on each, and costs what it costs at most.
    """
    rows: dict[str, list[Checked]] = {}
    for checked in checks:
        rows.setdefault(checked.policy_spec, []).append(checked)
    safe = [policy for policy in rows if all(map(_is_safe, rows[policy]))]
    chosen = safe or [policy for policy in rows if all(map(_keeps, rows[policy]))]
    if not chosen:
        return None
    costs = {policy: _costs(rows[policy]) for policy in chosen}
    scenarios = [spec for spec in costs[chosen[0]] if all(spec in each for each in costs.values())]
    if not scenarios:
        return Cheapest(tuple(chosen), bool(safe), None, 0)
    totals = {
        policy: MostFlushed.total(costs[policy][scenario] for scenario in scenarios)
        for policy in chosen
    }
    least = min(totals.values())
    names = tuple(policy for policy in chosen if totals[policy] == least)
    return Cheapest(names, bool(safe), least, len(scenarios))


def _is_safe(checked: Checked) -> bool:
    return checked.result.outcome.verdict is Verdict.SAFE


def _keeps(checked: Checked) -> bool:
    """Say whether it is known that all that can be found is there with upstream too.

    A guest that faults tells of no policy what comes after.
    """
    faults = checked.result.outcome.found(Kind.FAULT) is not None
    return checked.result.introduced_by_policy is False and not faults


def _costs(rows: Iterable[Checked]) -> dict[str, MostFlushed]:
    """Return what is known of the cost on each scenario, the most over all hardware."""
    costs: dict[str, MostFlushed | None] = {}
    for row in rows:
        spec, outcome = row.scenario_spec, row.result.outcome
        cost = _cost(outcome.flushes, outcome.lines_flushed)
        former = costs.get(spec, cost)
        costs[spec] = None if cost is None or former is None else max(former, cost)
    return {spec: cost for spec, cost in costs.items() if cost is not None}


def _cost(flushes: Span | None, lines: Span | None) -> MostFlushed | None:
    if flushes is None or lines is None:
        return None
    return MostFlushed(_amount(flushes.most), _amount(lines.most))


def _amount(most: int | None) -> Amount:
    return (True, 0) if most is None else (False, most)


def _sum(amounts: Iterable[Amount]) -> Amount:
    every = tuple(amounts)
    return any(unbounded for unbounded, _ in every), sum(most for _, most in every)
