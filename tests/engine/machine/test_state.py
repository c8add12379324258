from __future__ import annotations

import attrs

from engine.arm.registers import SystemRegister
from engine.machine.actors import VMM
from engine.machine.state import Machine, Power, RegisterWrite
from tests.engine.build import machine, with_tvm

BUILT = machine("nop", "nop", vmm="nop")
WRITE = RegisterWrite(SystemRegister.SCTLR_EL1, 5, False, True)


def others(before: Machine, after: Machine, changed: str) -> bool:
    """Say whether all but one part of two machines is the very same object."""
    return all(
        getattr(before, field.name) is getattr(after, field.name)
        for field in attrs.fields(Machine)
        if field.name != changed
    )


def test_a_machine_with_one_part_replaced_shares_all_the_others() -> None:
    line = BUILT.lines[0].fill(0)
    after = BUILT.with_line(0, line)
    assert after.lines == (line, *BUILT.lines[1:])
    assert after.lines[1] is BUILT.lines[1]
    assert others(BUILT, after, "lines")

    vcpu = BUILT.vcpus[1].with_(power=Power.OFF)
    after = BUILT.with_vcpu(1, vcpu)
    assert after.vcpus == (BUILT.vcpus[0], vcpu)
    assert others(BUILT, after, "vcpus")

    assert others(BUILT, BUILT.with_vm(attrs.evolve(BUILT.vm, has_run=True)), "vm")
    assert others(BUILT, BUILT.with_vmm(BUILT.vmm.with_(stack=(WRITE,))), "vmm")


def test_each_actor_has_a_stack_of_kvms_and_a_pcpu() -> None:
    for actor in (0, 1, VMM):
        after = BUILT.with_stack(actor, (WRITE,))
        assert [after.stack(each) for each in (0, 1, VMM)] == [
            (WRITE,) if each == actor else () for each in (0, 1, VMM)
        ]
    assert [BUILT.pcpu(actor) for actor in (0, 1, VMM)] == [0, 1, BUILT.vmm.pcpu]


def test_a_vcpu_is_in_the_guest_while_it_is_on_and_kvm_does_nothing_for_it() -> None:
    vcpu = BUILT.vcpus[0]
    assert vcpu.in_guest
    assert not vcpu.with_(power=Power.OFF).in_guest
    assert not vcpu.with_(stack=(WRITE,)).in_guest


def test_tvm_is_a_bit_of_a_vcpus_hcr_el2() -> None:
    assert with_tvm(BUILT, 0, True).vcpus[0].tvm
    assert not with_tvm(BUILT, 0, False).vcpus[0].tvm


def test_equal_machines_have_equal_hashes_and_a_changed_one_is_another() -> None:
    same = BUILT.with_line(0, BUILT.lines[0])
    assert (same, hash(same)) == (BUILT, hash(BUILT))
    assert BUILT.with_line(0, BUILT.lines[0].fill(0)) != BUILT
