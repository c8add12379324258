"""What the host VMM does: one instruction in user space, or a step of KVM under its ioctl."""

from __future__ import annotations

from engine.arm.a64.choice import Choose
from engine.arm.a64.computation import Computation
from engine.arm.a64.exclusives import (
    AtomicUpdate,
    CompareAndSwap,
)
from engine.arm.a64.maintenance import CleanByVa, ZeroBlock
from engine.arm.a64.memory import Load, Store
from engine.arm.a64.named_operations import (
    InjectInterrupt,
    SetMpState,
    SetOneReg,
    VcpuInit,
    WaitForKick,
)
from engine.arm.core import Core
from engine.arm.program import GuestInstruction, Instruction
from engine.arm.registers import Hcr, SystemRegister, SystemRegisters
from engine.kvm.exits import write_register
from engine.kvm.walk import advance, begin_unmap, lock_is_free
from engine.machine.access import maintain, zero
from engine.machine.actors import VMM
from engine.machine.effects import (
    AccessFailed,
    AccessFailure,
    Effect,
    InterruptInjected,
    KickNoticed,
    Maintained,
    Outcome,
    PoweredOff,
    PoweredOn,
    RegisterWritten,
    TvmArmed,
    VcpuInitialised,
)
from engine.machine.fetch import fetch_after, fetch_at
from engine.machine.state import (
    Fault,
    Initialisation,
    Machine,
    Power,
    RegisterWrite,
    SetWay,
    VCpu,
    Walk,
)
from engine.machine.word_access import (
    WordAccess,
    misaligned_stack,
    perform,
    word_address,
    word_of,
)
from engine.policy.frame import CFrame


def next_vmm_instruction(machine: Machine) -> Instruction | None:
    """Return the instruction the VMM executes next, None at its program's end or without one."""
    program = machine.setup.vmm
    pc = machine.vmm.core.pc
    if program is None or pc >= len(program.instructions):
        return None
    return program.instructions[pc].instruction


def can_execute_vmm(machine: Machine) -> bool:
    """Say whether the VMM has an instruction in user space that can complete now, or a choice.

    An ioctl on a vCPU takes its mutex (`kvm_vcpu_ioctl()`), so it waits until KVM is done with
    the vCPU.
    """
    if machine.vmm.stack or machine.vmm.fault is not None:
        return False
    instruction = next_vmm_instruction(machine)
    if isinstance(instruction, GuestInstruction):
        raise AssertionError("the VMM cannot hold what only a guest's program may")
    match instruction:
        case None:
            return False
        case VcpuInit(vcpu):
            return not machine.vcpus[vcpu].stack and (
                not _must_unmap(machine) or lock_is_free(machine)
            )
        case SetOneReg(vcpu) | SetMpState(vcpu):
            return not machine.vcpus[vcpu].stack
        case WaitForKick(vcpu):
            return any(machine.vmm.kicks) if vcpu is None else machine.vmm.kicks[vcpu]
        case Computation() | Load() | Store() | CleanByVa() | InjectInterrupt() | Choose():
            return True
        case AtomicUpdate() | CompareAndSwap() | ZeroBlock():
            return True


def execute_vmm(machine: Machine) -> Outcome:
    """Execute the VMM's next instruction in user space, or enter its ioctl."""
    core = machine.vmm.core
    instruction = next_vmm_instruction(machine)
    if instruction is None or isinstance(instruction, Choose | GuestInstruction):
        raise AssertionError(f"the VMM cannot execute {instruction}")
    match instruction:
        case Computation():
            after = _with_core(machine, instruction.compute(core))
            return after, fetch_after(machine, VMM, core, instruction)
        case Load() | Store() | AtomicUpdate() | CompareAndSwap():
            return _access(machine, instruction)
        case ZeroBlock(base):
            address = core.read(base)
            if machine.setup.layout.page_at(address) is None:
                return _fail(machine, address)
            line = machine.setup.layout.line_at(address)
            after = _with_core(machine, core.step())
            return (after, ()) if line is None else zero(after, VMM, line)
        case CleanByVa(operation, base):
            address = core.read(base)
            if machine.setup.layout.page_at(address) is None:
                return _fail(machine, address)
            # By VA to the PoC it reaches every pCPU's copy (Arm ARM D7.5.9.5). DC IVAC is the
            # host's own here: no HCR_EL2.VM turns it into CIVAC.
            line = machine.setup.layout.line_at(address)
            after = _with_core(machine, core.step())
            if line is None:
                return after, ()
            cleaned, effects = maintain(machine.lines[line], line, operation)
            maintained = Maintained(VMM, line, operation, operation)
            return after.with_line(line, cleaned), (maintained, *effects)
        case VcpuInit(vcpu, power_off):
            return _initialise(machine, Initialisation(vcpu, power_off))
        case SetOneReg() | SetMpState():
            return _set(machine, instruction)
        case InjectInterrupt(vcpu):
            injected = machine.vcpus[vcpu].with_(interrupt=True)
            after = _with_core(machine.with_vcpu(vcpu, injected), core.step())
            return after, (InterruptInjected(vcpu),)
        case WaitForKick(vcpu):
            noticed = machine.vmm.kicks.index(True) if vcpu is None else vcpu
            kicks = tuple(on and who != noticed for who, on in enumerate(machine.vmm.kicks))
            after = machine.with_vmm(machine.vmm.with_(kicks=kicks, core=core.step()))
            return after, (KickNoticed(noticed),)


def continue_ioctl(machine: Machine) -> Outcome:
    """Take KVM's next step under the VMM's ioctl."""
    frame = machine.vmm.stack[-1]
    match frame:
        case Walk():
            return advance(machine, VMM, frame)
        case Initialisation():
            return _reset(machine, frame)
        case RegisterWrite() | SetWay() | Fault() | CFrame():
            raise AssertionError(f"the VMM cannot be in {frame}")


def _must_unmap(machine: Machine) -> bool:
    """Say whether KVM_ARM_VCPU_INIT unmaps stage 2.

    As `kvm_arch_vcpu_ioctl_vcpu_init()`: a guest that has run may have left RAM stale, and the new
    one finds the caches off; with FWB its accesses are cacheable all the same.
    """
    return machine.vm.has_run and not machine.setup.hardware.fwb


def _initialise(machine: Machine, frame: Initialisation) -> Outcome:
    # `kvm_arch_vcpu_ioctl_vcpu_init()`: `stage2_unmap_vm()`, then `vcpu_reset_hcr()` and the power.
    entered = machine.with_stack(VMM, (frame,))
    return begin_unmap(entered, VMM) if _must_unmap(machine) else _reset(entered, frame)


def _reset(machine: Machine, frame: Initialisation) -> Outcome:
    fwb = machine.setup.hardware.fwb
    before = machine.vcpus[frame.vcpu]
    # `kvm_reset_vcpu()` resets what the guest sees, `vcpu_reset_hcr()` arms TVM without FWB,
    # and KVM_ARM_VCPU_POWER_OFF says whether the vCPU waits for PSCI CPU_ON.
    reset = VCpu(
        power=Power.OFF if frame.power_off else Power.ON,
        pcpu=before.pcpu,
        core=Core.reset(),
        registers=SystemRegisters.reset(),
        hcr_el2=Hcr.reset(fwb=fwb),
        fields=before.fields,
    )
    effects: tuple[Effect, ...] = (VcpuInitialised(frame.vcpu),)
    if reset.tvm and not before.tvm:
        effects = (*effects, TvmArmed(frame.vcpu))
    vmm = machine.vmm.with_(core=machine.vmm.core.step(), stack=())
    return machine.with_vcpu(frame.vcpu, reset).with_vmm(vmm), effects


def _set(machine: Machine, instruction: SetOneReg | SetMpState) -> Outcome:
    index = instruction.vcpu
    vcpu = machine.vcpus[index]
    effects: tuple[Effect, ...] = ()
    match instruction:
        # `kvm_arm_set_reg()`: user space writes the value; TVM traps the writes of guests alone.
        case SetOneReg(register=SystemRegister() as register, value=value):
            before = vcpu.registers.read(register)
            vcpu = write_register(vcpu, register, value)
            effects = (RegisterWritten(index, register, before, value, trapped=False),)
        case SetOneReg(value=pc):
            vcpu, effects = (
                vcpu.with_(core=vcpu.core.jump(pc)),
                fetch_at(machine, index, pc),
            )
        # `kvm_arch_vcpu_ioctl_set_mpstate()`: runnable, or stopped as by PSCI CPU_OFF.
        case SetMpState(runnable=True):
            vcpu, effects = vcpu.with_(power=Power.ON), (PoweredOn(index, by=VMM),)
        case SetMpState():
            vcpu, effects = vcpu.with_(power=Power.OFF), (PoweredOff(index, by=VMM),)
    after = machine.with_vcpu(index, vcpu)
    return _with_core(after, machine.vmm.core.step()), effects


def _access(machine: Machine, instruction: WordAccess) -> Outcome:
    core = machine.vmm.core
    address = word_address(instruction, core)
    if misaligned_stack(instruction.base, core):
        return _fail(machine, address, AccessFailure.STACK)  # Linux sets SCTLR_EL1.SA0
    found = word_of(machine.setup.layout, instruction, address)
    if isinstance(found, AccessFailure):
        return _fail(machine, address, found)
    after, core, effects = perform(machine, VMM, core, instruction, *found)
    return _with_core(after, core), effects


def _fail(machine: Machine, address: int, failure: AccessFailure = AccessFailure.NO_RAM) -> Outcome:
    failed = machine.vmm.with_(fault=address)
    return machine.with_vmm(failed), (AccessFailed(VMM, address, failure),)


def _with_core(machine: Machine, core: Core) -> Machine:
    return machine.with_vmm(machine.vmm.with_(core=core))
