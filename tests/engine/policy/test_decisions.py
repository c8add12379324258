"""The conditions of a policy that can come to either, named by where the source has them."""

from __future__ import annotations

import pytest

from engine.kvm.execution import attempt, innermost
from engine.kvm.scope import MachineScope
from engine.machine.effects import decisions_of
from engine.policy.decisions import conditions
from tests.engine.build import ON, machine
from tests.engine.compiler.lines import compiled
from tests.engine.kvm.toggling import toggle

WITH_A_PART = ["vcpu->vcpu_id < 4", "was_enabled & (vcpu->vcpu_id < 4)"]
WITH_OPERANDS = [
    *("was_enabled", "vcpu->vcpu_id"),
    "(was_enabled || vcpu->vcpu_id) + 1 < 2",
]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("int x = vcpu->vcpu_id + 1;", []),
        ("if (vcpu->vcpu_id) barrier();", ["vcpu->vcpu_id"]),
        ("if (vcpu->vcpu_id < 2 && !was_enabled) ;", ["vcpu->vcpu_id < 2", "!was_enabled"]),
        ("if (!(was_enabled || vcpu->vcpu_id)) ;", ["was_enabled", "vcpu->vcpu_id"]),
        ("if (likely(was_enabled && vcpu->vcpu_id)) ;", ["was_enabled", "vcpu->vcpu_id"]),
        ("bool x = was_enabled && vcpu->vcpu_id == 1;", ["was_enabled", "vcpu->vcpu_id == 1"]),
        ("int x = vcpu->vcpu_id ? 2 : 3;", ["vcpu->vcpu_id"]),
        ("int x = vcpu->vcpu_id ?: 3;", ["vcpu->vcpu_id"]),
        ("int x = (was_enabled && vcpu->vcpu_id) ? 2 : 3;", ["was_enabled", "vcpu->vcpu_id"]),
        ("if (1 && was_enabled) ;", ["1 && was_enabled"]),
        ("if (was_enabled && IS_ENABLED(CONFIG_ARM64)) ;", ["was_enabled"]),
        ("switch (vcpu->vcpu_id) { case 0: barrier(); }", ["vcpu->vcpu_id"]),
        ("int x = min(vcpu->vcpu_id, 3);", []),
        ("struct kvm_vcpu *v; unsigned long i; kvm_for_each_vcpu(i, v, vcpu->kvm) barrier();", []),
        ("if (0) barrier();", []),
        ("bool x = vcpu->vcpu_id < 4;", ["vcpu->vcpu_id < 4"]),
        ("bool x = !vcpu->vcpu_id;", ["!vcpu->vcpu_id"]),
        ("bool x = !(vcpu->vcpu_id < 4);", ["vcpu->vcpu_id < 4"]),
        ("if (was_enabled & (vcpu->vcpu_id < 4)) ;", WITH_A_PART),
        ("if ((bool)(vcpu->vcpu_id < 4)) ;", ["vcpu->vcpu_id < 4"]),
        ("if ((was_enabled || vcpu->vcpu_id) + 1 < 2) ;", WITH_OPERANDS),
        ("if (vcpu->kvm && was_enabled) ;", ["was_enabled"]),
        ("if (!vcpu->kvm || was_enabled) ;", ["was_enabled"]),
        ("if (vcpu->kvm) barrier();", []),
        ("int x = vcpu->kvm ? 1 : 2;", []),
        ("struct kvm *kvm = vcpu->kvm; if (kvm) ;", ["kvm"]),
        ("BUG_ON(vcpu->vcpu_id > 5);", ["vcpu->vcpu_id > 5"]),
        ("BUG_ON(vcpu->vcpu_id);", ["vcpu->vcpu_id"]),
        ("WARN_ON(vcpu->vcpu_id > 5);", []),
        ("if (WARN_ON(vcpu->vcpu_id > 5)) ;", ["WARN_ON(vcpu->vcpu_id > 5)"]),
    ],
)
def test_the_conditions_of_a_body_are_what_its_text_decides(body: str, named: list[str]) -> None:
    (toggled,) = (each for each in compiled(body).functions if each.name == "kvm_toggle_cache")
    found = dict.fromkeys(
        each for operation in toggled.operations for each in conditions(operation)
    )
    assert [text for _, text in found] == named


BOTH = "vcpu->vcpu_id && was_enabled"


@pytest.mark.parametrize(
    ("vcpu", "came_to"),
    [
        (0, [("vcpu->vcpu_id", False), (BOTH, False)]),
        (1, [("vcpu->vcpu_id", True), ("was_enabled", True), (BOTH, True)]),
    ],
)
def test_a_step_says_what_was_decided_in_it(vcpu: int, came_to: list[tuple[str, bool]]) -> None:
    state = machine("nop", "nop", runs=compiled(f"if ({BOTH}) ;"), sctlr=(ON, ON))
    state = toggle(state, vcpu, was_enabled=True)
    outcome = attempt(MachineScope.of(state, vcpu, innermost(state, vcpu)))
    assert outcome is not None
    assert [(each.text, each.met) for each in decisions_of(outcome[1])] == came_to
