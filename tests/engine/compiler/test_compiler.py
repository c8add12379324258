"""What the reader makes of each construct: the steps, their texts and where they lead."""

from __future__ import annotations

import pytest

from engine.policy.source import Place
from engine.refusal import RefusedError
from tests.engine.compiler.shapes import policy_with, shape, toggle_of


def test_a_compound_condition_is_one_step() -> None:
    assert shape(
        toggle_of("if (was_enabled && vcpu->vcpu_id == 0)\nstage2_flush_vm(vcpu->kvm);")
    ) == [
        (
            *("Decide", "was_enabled && vcpu->vcpu_id == 0"),
            *("stage2_flush_vm(vcpu->kvm);", "}"),
        ),
        ("Flush", "stage2_flush_vm(vcpu->kvm);", "}"),
        ("Return", "}"),
    ]


def test_a_step_has_the_place_of_its_statement() -> None:
    operation = toggle_of("\tif (was_enabled)\n\t\tstage2_flush_vm(vcpu->kvm);").operations[1]
    assert operation.place == Place("test.c", 5, 3, 5, 30)


def test_macros_show_as_they_are_called() -> None:
    macro = "#define STOP(v) (*vcpu_hcr(v) &= ~HCR_TVM)"
    assert shape(toggle_of("STOP(vcpu);", macro)) == [
        ("Execute", "STOP(vcpu);", "}"),
        ("Return", "}"),
    ]


def test_equal_text_makes_an_equal_policy() -> None:
    one, other = (
        policy_with("stage2_flush_vm(vcpu->kvm);"),
        policy_with("stage2_flush_vm(vcpu->kvm);"),
    )
    assert one == other
    assert hash(one) == hash(other)
    assert one != policy_with("return;")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("int a[3]; a = 0;", "int where int[3] stands"),
        ("was_enabled++ ++;", "found `was_enabled++"),
        ("5 = 3;", "found `5 =`"),
        ("return 1;", "found `return 1;`"),
        ("break;", "outside of a loop"),
        ("int x = stage2_flush_vm(vcpu->kvm);", "of type void"),
        ("vcpu->run->exit_reason = 0;", "found `vcpu->run`"),
        ("({ int x; x; });", "({ int x; x; })"),
        ("stage2_flush_vm(vcpu);", "a struct kvm_vcpu *"),
        ("switch (1) { case 1: case 1: ; }", "twice"),
        ("int was_enabled[0];", "this array size"),
        ("atomic_inc(&vcpu->kvm->online_vcpus);", "online_vcpus"),
        ("*vcpu_pc(vcpu) = 0;", "vcpu_pc"),
    ],
)
def test_what_is_not_supported_is_refused_by_name(body: str, message: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        policy_with(body)
    assert message in str(refusal.value)
    assert (refusal.value.file, refusal.value.line) == ("test.c", 4)
