from __future__ import annotations

from engine.policy.policy import AsksImplementor
from tests.engine.compiler.shapes import policy_with


def test_an_implementor_that_is_kept_may_be_compared_with_any_constant() -> None:
    body = "u32 who = read_cpuid_implementor();\nif (who == 0x99) stage2_flush_vm(vcpu->kvm);"
    questions = policy_with(body).questions
    assert questions[0] == AsksImplementor("0x99", 0x99)
    assert AsksImplementor("ARM_CPU_IMP_APM", 0x50) in questions


def test_an_implementor_is_one_byte_and_neither_a_truth_nor_a_flag() -> None:
    body = "u32 who = read_cpuid_implementor();\nif ({}) stage2_flush_vm(vcpu->kvm);"
    tests = " || ".join(f"who == {value}" for value in (0, 1, 2, 0xFF, 0x100))
    asked = [
        each.value
        for each in policy_with(body.format(tests)).questions
        if isinstance(each, AsksImplementor) and "0x" in each.name
    ]
    assert asked == [2, 0xFF]
