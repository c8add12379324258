from __future__ import annotations

import pytest

from benchmarks.family import Member, Variant, member
from benchmarks.scenario_text import scenario_text
from engine.explorer.explore import explore
from engine.findings import Kind, Verdict
from engine.machine.state import Machine
from scenarios.file.reader import read_scenario
from scenarios.policy_library import load_policy

SMALLEST = (
    member(Variant.SAFE, 2, 3),
    member(Variant.BUG, 2, 2),
    member(Variant.POLLED, 2, 2),
    member(Variant.CONTENDED, 2, 1),
)


def machine(each: Member, policy: str) -> Machine:
    text = scenario_text(each).encode()
    scenario = read_scenario(text, name=each.name, file=f"{each.name}.toml")
    return scenario.machine(load_policy(policy))


@pytest.mark.parametrize("variant", Variant)
def test_a_scenario_file_has_the_members_vcpus_and_lines(variant: Variant) -> None:
    lines = 1 if variant is Variant.CONTENDED else 7
    start = machine(member(variant, 4, lines, length=2), "upstream")
    assert (len(start.vcpus), len(start.lines)) == (4, lines)


def test_fewer_lines_than_secondaries_are_shared() -> None:
    assert member(Variant.SAFE, 4, 3).lines == ((0,), (1,), (2, 3, 4))


@pytest.mark.parametrize("each", SMALLEST, ids=lambda each: each.name)
def test_every_variant_is_safe_under_upstream(each: Member) -> None:
    assert explore(machine(each, "upstream")).verdict is Verdict.SAFE


def test_the_bug_needs_more_than_40_steps_under_vcpu0_only() -> None:
    found = explore(machine(member(Variant.BUG, 3, 3), "vcpu0-only")).counterexamples
    assert [(each.finding.kind, len(each.events)) for each in found] == [(Kind.STALE, 41)]


def test_a_size_that_a_variant_does_not_come_in_is_refused() -> None:
    with pytest.raises(ValueError, match="contended has one line, not 2"):
        member(Variant.CONTENDED, 3, 2)
    with pytest.raises(ValueError, match="safe has at least 2 vCPUs, 3 lines"):
        member(Variant.SAFE, 2, 2)
