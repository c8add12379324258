"""Steps of the policy's C on a machine: frames, effects, locks, and who has to wait."""

from __future__ import annotations

from engine.arm.registers import Hcr, Sctlr, SystemRegister
from engine.kvm.scope import exit_pointer
from engine.kvm.statement import call, execute_statement, vcpu_pointer
from engine.machine.effects import (
    ConditionDecided,
    ConditionValue,
    FlushSkipped,
    HcrWritten,
    OperandValue,
    RegisterWritten,
    StatementExecuted,
    TvmArmed,
    TvmCleared,
)
from engine.machine.setup import Hardware
from engine.machine.state import RegisterWrite
from engine.policy.frame import CFrame
from engine.policy.source import Place
from tests.engine.build import ON, machine, policy, policy_of
from tests.engine.kvm.toggling import machine_of, run, toggle


def test_a_call_pushes_a_frame_of_arguments_and_zeroes() -> None:
    state = toggle(machine("nop", runs=policy("upstream")), 0, 1)
    assert state.vcpus[0].stack == (CFrame(0, 0, (vcpu_pointer(0), 1, 0)),)


def test_a_declaration_writes_its_local_and_says_so() -> None:
    state, effects = execute_statement(toggle(machine_of("\tint x = 2 + 3;\n\tx++;"), 0), 0)
    assert state.vcpus[0].stack == (CFrame(0, 1, (vcpu_pointer(0), 0, 5)),)
    assert effects[1:] == (StatementExecuted(0, Place("test.c", 4, 2, 4, 16), "int x = 2 + 3;"),)


def test_a_condition_shows_its_operands_and_the_flush_it_skips() -> None:
    body = "if (was_enabled == 0 && vcpu->vcpu_id == 0)\nstage2_flush_vm(vcpu->kvm);"
    state, effects = execute_statement(toggle(machine_of(body), 1), 1)
    text, place = "was_enabled == 0 && vcpu->vcpu_id == 0", Place("test.c", 4, 5, 4, 43)
    operands = (OperandValue("was_enabled", 0), OperandValue("vcpu->vcpu_id", 1))
    inside = (
        ConditionValue(Place("test.c", 4, 5, 4, 21), "was_enabled == 0", True),
        ConditionValue(Place("test.c", 4, 25, 4, 43), "vcpu->vcpu_id == 0", False),
    )
    assert effects == (
        ConditionDecided(1, place, text, operands, False, inside),
        FlushSkipped(1, place, text, operands, outcome=False, at_toggle=False),
    )
    assert state.vcpus[1].stack == ()


def test_an_operand_that_is_not_looked_at_is_not_shown() -> None:
    _, effects = execute_statement(
        toggle(machine_of("if (was_enabled && vcpu->vcpu_id) return;\nwas_enabled = 1;"), 0), 0
    )
    decided = effects[-1]
    assert isinstance(decided, ConditionDecided)
    assert decided.operands == (OperandValue("was_enabled", 0),)


def test_clearing_and_setting_tvm_are_told_apart() -> None:
    state, effects = run(
        toggle(machine_of("*vcpu_hcr(vcpu) &= ~HCR_TVM; vcpu->arch.hcr_el2 |= HCR_TVM;"), 0), 0
    )
    armed, cleared = state.vcpus[0].hcr_el2, state.vcpus[0].hcr_el2 & ~Hcr.TVM.mask
    told = [e for e in effects if isinstance(e, HcrWritten | TvmArmed | TvmCleared)]
    assert told == [
        *(HcrWritten(0, armed, cleared), TvmCleared(0)),
        *(HcrWritten(0, cleared, armed), TvmArmed(0)),
    ]


def test_a_pointer_to_a_local_reaches_it_from_a_callee() -> None:
    helper = "static void set(int *p, int n) { *p = n; }"
    body = "int x = 0; set(&x, 7); vcpu->arch.seen = x;"
    state, _ = run(toggle(machine_of(body, helper), 1), 1)
    assert state.vcpus[1].fields == (7,)
    assert state.vcpus[0].fields == (0,)


def test_every_vcpu_is_visited_once() -> None:
    body = """
	struct kvm_vcpu *v;
	unsigned long i;

	kvm_for_each_vcpu(i, v, vcpu->kvm)
		v->arch.seen = i + 1;
	"""
    state, _ = run(toggle(machine_of(body), 0), 0)
    assert [vcpu.fields for vcpu in state.vcpus] == [(1,), (2,)]


def test_try_cmpxchg_gives_the_value_it_found() -> None:
    outside = "static int word = 5; static int found; static bool done;"
    body = "int old = 3; done = try_cmpxchg(&word, &old, 9); found = old;"
    state, _ = run(toggle(machine_of(body, outside), 0), 0)
    assert state.vm.statics == (0, 5, 5)


def test_a_refcount_that_is_misused_saturates() -> None:
    outside = "static refcount_t r;"
    state, _ = run(toggle(machine_of("refcount_inc(&r);", outside), 0), 0)
    assert state.vm.statics == (-0x4000_0000,)


def test_hardware_answers_what_the_policy_asks() -> None:
    outside = "static u32 who; static bool fwb;"
    body = """
	who = read_cpuid_implementor();
	fwb = cpus_have_final_cap(ARM64_HAS_STAGE2_FWB);
	"""
    hardware = Hardware(pcpus=2, fwb=True, implementor=0x48)
    state, _ = run(toggle(machine_of(body, outside, hardware), 0), 0)
    assert state.vm.statics == (0x48, 1)


def test_a_handler_writes_the_register_that_was_trapped() -> None:
    source = """
static bool access_sctlr(struct kvm_vcpu *vcpu, const struct sys_reg_params *p,
		const struct sys_reg_desc *r)
{
	vcpu_sys_reg(vcpu, r->reg) = *vcpu_reg(vcpu, p->Rt);
	return true;
}
"""
    state = machine("nop", runs=policy_of(source))
    trapped = RegisterWrite(SystemRegister.SCTLR_EL1, ON, False, True)
    state = state.with_stack(0, (trapped,))
    handler = state.setup.policy.trap_handler
    assert handler is not None
    exit_ = exit_pointer(0)
    state, effects = execute_statement(call(state, 0, handler, (vcpu_pointer(0), exit_, exit_)), 0)
    assert state.vcpus[0].registers.sctlr_el1 == ON
    assert state.vcpus[0].stack == (trapped,)
    assert effects[-1] == RegisterWritten(
        0, SystemRegister.SCTLR_EL1, Sctlr.RESET, ON, trapped=True
    )
