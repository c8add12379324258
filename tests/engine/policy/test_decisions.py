"""The conditions of a policy that can come to either, named by where the source has them."""

from __future__ import annotations

import pytest

from engine.compiler.compiler import compile_policy
from engine.kvm.execution import attempt, innermost
from engine.kvm.scope import MachineScope
from engine.machine.effects import decisions_of
from engine.policy.decisions import conditions
from engine.policy.policy import Options
from engine.policy.source import SourceFile
from tests.engine.build import BUILT_IN, ON, machine
from tests.engine.compiler.lines import compiled
from tests.engine.kvm.toggling import TOGGLE, toggle

WITH_A_PART = ["vcpu->vcpu_id < 4", "was_enabled & (vcpu->vcpu_id < 4)"]
WITH_OPERANDS = [
    *("was_enabled", "vcpu->vcpu_id"),
    "(was_enabled || vcpu->vcpu_id) + 1 < 2",
]
IN_A_COMPARISON = ["vcpu->vcpu_id / 8", "vcpu->vcpu_id / 8 == was_enabled"]
TWICE = ["table[vcpu->vcpu_id / 8] == 2", "vcpu->vcpu_id / 8"]
OUTSIDE = """\
static int table[4];
static bool is_late(struct kvm_vcpu *vcpu) { return vcpu->vcpu_id & 4; }
static void is_told(bool late) { }
"""


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
        ("int x = min(vcpu->vcpu_id, 3);", ["vcpu->vcpu_id < 3"]),
        ("int x = max_t(u64, vcpu->vcpu_id, 3);", ["vcpu->vcpu_id > 3"]),
        ("int x = min(2, 3);", []),
        ("int x = vcpu->vcpu_id / 8;", ["vcpu->vcpu_id / 8"]),
        ("int x = vcpu->vcpu_id % 8;", ["vcpu->vcpu_id % 8"]),
        ("int x = vcpu->vcpu_id >> 3;", ["vcpu->vcpu_id >> 3"]),
        ("int x = 1 << vcpu->vcpu_id;", []),
        ("int x = vcpu->vcpu_id * 8;", ["vcpu->vcpu_id"]),
        ("int x = 8; x /= vcpu->vcpu_id;", ["x /= vcpu->vcpu_id"]),
        ("int x = 8; x >>= 2;", ["x >>= 2"]),
        ("int x = 8; x *= vcpu->vcpu_id;", ["vcpu->vcpu_id"]),
        ("int x = 8; x += vcpu->vcpu_id;", []),
        ("int x = was_enabled * (9 - vcpu->vcpu_id);", ["was_enabled", "9 - vcpu->vcpu_id"]),
        ("int x = (vcpu->vcpu_id / 8) * was_enabled;", ["vcpu->vcpu_id / 8", "was_enabled"]),
        ("if (vcpu->vcpu_id / 8) ;", ["vcpu->vcpu_id / 8"]),
        ("if (vcpu->vcpu_id / 8 == 1) ;", ["vcpu->vcpu_id / 8 == 1"]),
        ("if (1 == (u8)(vcpu->vcpu_id / 8)) ;", ["1 == (u8)(vcpu->vcpu_id / 8)"]),
        ("int x = vcpu->vcpu_id / 8 == 1;", ["vcpu->vcpu_id / 8 == 1"]),
        ("if (vcpu->vcpu_id / 8 == was_enabled) ;", IN_A_COMPARISON),
        ("switch (vcpu->vcpu_id / 8) { case 1: barrier(); }", ["vcpu->vcpu_id / 8"]),
        ("int x = table[vcpu->vcpu_id];", ["table[vcpu->vcpu_id]"]),
        ("int x = table[1];", []),
        ("if (table[vcpu->vcpu_id] == 2) ;", ["table[vcpu->vcpu_id] == 2"]),
        ("int x = table[vcpu->vcpu_id / 8] == 2;", TWICE),
        ("bool x = vcpu->vcpu_id & 4;", ["x = vcpu->vcpu_id & 4"]),
        ("bool x; x = vcpu->vcpu_id & 4;", ["x = vcpu->vcpu_id & 4"]),
        ("int x = (bool)(vcpu->vcpu_id & 4);", ["(bool)(vcpu->vcpu_id & 4)"]),
        ("bool x = was_enabled;", []),
        ("is_late(vcpu);", []),
        ("is_told(vcpu->vcpu_id & 4);", ["vcpu->vcpu_id & 4"]),
        ("vcpu->vcpu_id < 4;", []),
        ('pr_info("%d", was_enabled && vcpu->vcpu_id < 4);', []),
        ("was_enabled && table[1]++;", ["was_enabled", "table[1]++"]),
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
        ("WARN_ON(was_enabled && !vcpu->vcpu_id);", []),
        ("if (WARN_ON(was_enabled && vcpu->vcpu_id)) ;", ["was_enabled", "vcpu->vcpu_id"]),
        ("if (WARN_ON(vcpu->vcpu_id > 5)) ;", ["WARN_ON(vcpu->vcpu_id > 5)"]),
    ],
)
def test_the_conditions_of_a_body_are_what_its_text_decides(body: str, named: list[str]) -> None:
    (toggled,) = (
        each for each in compiled(body, OUTSIDE).functions if each.name == "kvm_toggle_cache"
    )
    found = dict.fromkeys(
        each for operation in toggled.operations for each in conditions(operation)
    )
    assert [text for _, text in found] == named


def test_what_a_function_gives_as_a_bool_is_a_condition() -> None:
    policy = compiled("if (is_late(vcpu)) barrier();", OUTSIDE)
    (late,) = (each for each in policy.functions if each.name == "is_late")
    assert [text for each in late.operations for _, text in conditions(each)] == [
        "vcpu->vcpu_id & 4"
    ]


def test_what_is_vouched_to_do_nothing_decides_nothing() -> None:
    source = SourceFile("test.c", f"{TOGGLE}{{ BUG_ON(vcpu->vcpu_id > 5); }}")
    fallback = SourceFile("set-way.c", (BUILT_IN / "set-way.c").read_text())
    options = Options(assume_no_effect=("BUG_ON",))
    policy = compile_policy(source, fallback, name="test", options=options)
    toggled = policy.functions[policy.toggle or 0]
    assert (toggled.name, policy.assumed) == ("kvm_toggle_cache", ("BUG_ON",))
    assert [named for each in toggled.operations for named in conditions(each)] == []


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
