from __future__ import annotations

import attrs
import pytest

from engine.arm.registers import WRITABLE, Hcr, SystemRegister
from engine.machine.effects import (
    ConditionDecided,
    Effect,
    FlushBegun,
    FlushEnded,
    FlushSkipped,
    HcrWritten,
    Invalidated,
    LineFlushed,
    OperandValue,
    RegisterWritten,
    ReturnedToGuest,
    StatementExecuted,
    Trapped,
    TvmArmed,
    TvmCleared,
)
from engine.machine.events import GuestExecutes, KvmExecutes
from engine.machine.setup import Hardware
from engine.machine.state import Machine, WalkPurpose
from engine.memory.line import Line
from engine.timeline import Timeline
from engine.transition import enabled
from tests.engine.build import OFF, ON, machine, policy, with_tvm

FLUSH = WalkPurpose.FLUSH_VM


def exit_of(built: Machine, vcpu: int = 0) -> Timeline:
    """Run a vCPU's next instruction with all that KVM does for it."""
    run = Timeline.start(built).extend([GuestExecutes(vcpu)])
    while run.machine.vcpus[vcpu].stack:
        run = run.extend([KvmExecutes(vcpu)])
    return run


def said(effects: tuple[Effect, ...]) -> list[str | Effect]:
    """Return effects with statements and conditions as their text."""
    shown: list[str | Effect] = []
    for effect in effects:
        match effect:
            case StatementExecuted(text=text):
                shown.append(text)
            case ConditionDecided(text=text, operands=operands, outcome=outcome):
                values = ", ".join(f"{operand.text}={operand.value}" for operand in operands)
                shown.append(f"{text} -> {outcome} ({values})")
            case _:
                shown.append(effect)
    return shown


def story(run: Timeline) -> list[list[str | Effect]]:
    return [said(step.effects) for step in run.steps]


def test_upstream_flushes_line_by_line_and_stops_trapping_when_caches_come_on() -> None:
    built = machine("msr sctlr_el1, x0", runs=policy("upstream"))
    built = built.with_line(0, Line.initial((0, 0)).fill(0))
    hcr = Hcr.reset(fwb=False)
    clear = Hcr.TVM.put(hcr, False)
    run = exit_of(built)
    assert story(run) == [
        [Trapped(0, SystemRegister.SCTLR_EL1)],
        [RegisterWritten(0, SystemRegister.SCTLR_EL1, OFF, ON, trapped=True)],
        ["bool now_enabled = vcpu_has_cache_enabled(vcpu);"],
        ["now_enabled != was_enabled -> True (now_enabled=1, was_enabled=0)"],
        ["stage2_flush_vm(vcpu->kvm);", FlushBegun(0, FLUSH, 2)],
        [LineFlushed(0, FLUSH, 0), Invalidated(0)],
        [LineFlushed(0, FLUSH, 1)],
        [FlushEnded(0, FLUSH, 2)],
        ["now_enabled -> True (now_enabled=1)"],
        ["*vcpu_hcr(vcpu) &= ~HCR_TVM;", HcrWritten(0, hcr, clear), TvmCleared(0)],
        ["trace_kvm_toggle_cache(*vcpu_pc(vcpu), was_enabled, now_enabled);"],
        [ReturnedToGuest(0)],
    ]
    before, after = built.vcpus[0], run.machine.vcpus[0]
    assert after == attrs.evolve(
        before,
        core=before.core.step(),
        registers=before.registers.write(SystemRegister.SCTLR_EL1, ON),
        hcr_el2=clear,
    )
    assert run.machine.lines[0].cached is None
    assert run.machine.vm == attrs.evolve(built.vm, has_run=True)


def test_vcpu0_only_skips_the_flush_of_another_vcpu_and_says_on_what_it_decided() -> None:
    run = exit_of(machine("nop", "msr sctlr_el1, x0", runs=policy("vcpu0-only")), 1)
    (decided, skipped) = run.steps[4].effects
    assert said((decided,)) == ["vcpu->vcpu_id == 0 -> False (vcpu->vcpu_id=1)"]
    assert isinstance(decided, ConditionDecided)
    assert skipped == FlushSkipped(
        1,
        decided.place,
        "vcpu->vcpu_id == 0",
        (OperandValue("vcpu->vcpu_id", 1),),
        outcome=False,
        at_toggle=True,
    )
    assert not any(isinstance(e, FlushBegun) for step in run.steps for e in step.effects)


def test_a_policy_without_any_flush_skips_it_from_the_start() -> None:
    run = exit_of(machine("msr sctlr_el1, x0", runs=policy("never")))
    skipped = [e for step in run.steps for e in step.effects if isinstance(e, FlushSkipped)]
    assert [(effect.text, effect.operands) for effect in skipped] == [(None, ())]


def test_a_trapped_write_that_toggles_nothing_does_not_flush_and_keeps_trapping() -> None:
    run = exit_of(machine("msr ttbr0_el1, x1"))
    assert not any(isinstance(e, FlushBegun) for step in run.steps for e in step.effects)
    assert run.machine.vcpus[0].tvm
    assert run.machine.vcpus[0].registers.read(SystemRegister.TTBR0_EL1) == 0x1000


@pytest.mark.parametrize("register", WRITABLE)
def test_every_register_that_tvm_names_traps(register: SystemRegister) -> None:
    run = exit_of(machine(f"msr {register.value}, x1"))
    assert run.steps[0].effects == (Trapped(0, register),)


def test_set_way_flushes_and_rearms_tvm_once_it_is_clear() -> None:
    run = exit_of(with_tvm(machine("dc csw, x5", sctlr=[ON]), 0, False))
    effects = [effect for step in run.steps for effect in step.effects]
    assert FlushBegun(0, FLUSH, 2) in effects
    assert TvmArmed(0) in effects
    assert run.machine.vcpus[0].tvm


def test_set_way_does_nothing_while_tvm_is_still_armed() -> None:
    run = exit_of(machine("dc csw, x5"))
    effects = [effect for step in run.steps for effect in step.effects]
    assert not any(isinstance(effect, FlushBegun | TvmArmed) for effect in effects)


def test_with_fwb_set_way_is_ignored() -> None:
    fwb = Hardware(pcpus=1, fwb=True)
    run = exit_of(machine("dc csw, x5", hardware=fwb))
    assert [step.effects[-1:] for step in run.steps][1:] == [(ReturnedToGuest(0),)]
    assert not run.machine.vcpus[0].tvm


def test_one_vcpus_flush_keeps_another_waiting_for_the_lock_but_not_its_guest() -> None:
    built = machine("msr sctlr_el1, x0", "msr sctlr_el1, x0\nnop")
    run = Timeline.start(built).extend([GuestExecutes(0), *([KvmExecutes(0)] * 4)])
    run = run.extend([GuestExecutes(1), *([KvmExecutes(1)] * 3)])
    assert KvmExecutes(0) in enabled(run.machine)
    assert KvmExecutes(1) not in enabled(run.machine)
    run = run.extend([KvmExecutes(0)] * 3)
    assert KvmExecutes(1) in enabled(run.machine)
