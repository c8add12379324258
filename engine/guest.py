"""What a vCPU in the guest does: one A64 instruction, or the exit it takes instead."""

from __future__ import annotations

from typing import Final

from engine.arm.a64.choice import Choose
from engine.arm.a64.computation import Computation
from engine.arm.a64.exclusives import (
    AtomicUpdate,
    ClearExclusive,
    CompareAndSwap,
    LoadExclusive,
    StoreExclusive,
)
from engine.arm.a64.maintenance import CleanByVa, CleanOperation, MaintainBySetWay, ZeroBlock
from engine.arm.a64.memory import Load, Store
from engine.arm.a64.named_operations import (
    InjectInterrupt,
    KickVmm,
    PsciCpuOff,
    PsciCpuOn,
    SetMpState,
    SetOneReg,
    VcpuInit,
    VmmOperation,
    WaitForKick,
)
from engine.arm.a64.system import (
    ReadSystemRegister,
    WaitForInterrupt,
    WriteSystemRegister,
)
from engine.arm.core import Core
from engine.arm.memory_type import MemoryType
from engine.arm.program import Instruction
from engine.arm.registers import MASK, Hcr, Sctlr, SystemRegister, SystemRegisters
from engine.kvm.exits import take_fault, trap_register_write, trap_set_way, write_register
from engine.machine.access import access_type, load, maintain, store, touched, zero
from engine.machine.effects import (
    AccessFailed,
    AccessFailure,
    Effect,
    InterruptTaken,
    Kicked,
    Maintained,
    Outcome,
    PoweredOff,
    PoweredOn,
    RegisterWritten,
)
from engine.machine.fetch import fetch_after, fetch_at
from engine.machine.state import Machine, Power
from engine.machine.word_access import (
    WordAccess,
    misaligned_stack,
    perform,
    word_address,
    word_of,
)
from engine.memory.layout import WORD_BYTES

PSCI_SUCCESS: Final = 0
PSCI_ALREADY_ON: Final = -4 & MASK
"""What CPU_ON returns in x0 (PSCI, DEN 0022, 5.2.2)."""


def next_instruction(machine: Machine, index: int) -> Instruction | None:
    """Return the instruction a vCPU executes next in the guest, None at its program's end."""
    program = machine.setup.programs[index]
    pc = machine.vcpus[index].core.pc
    return program.instructions[pc].instruction if pc < len(program.instructions) else None


def can_execute_guest(machine: Machine, index: int) -> bool:
    """Say whether a vCPU in the guest has an instruction that can complete now, or a choice."""
    vcpu = machine.vcpus[index]
    if not vcpu.in_guest or vcpu.fault is not None:
        return False
    match next_instruction(machine, index):
        case None:
            return False
        case WaitForInterrupt():
            return vcpu.interrupt
        case Computation() | Load() | Store() | CleanByVa() | MaintainBySetWay() | Choose():
            return True
        case AtomicUpdate() | CompareAndSwap() | LoadExclusive() | StoreExclusive():
            return True
        case ClearExclusive() | ZeroBlock():
            return True
        case ReadSystemRegister() | WriteSystemRegister() | PsciCpuOn() | PsciCpuOff() | KickVmm():
            return True
        case VcpuInit() | SetOneReg() | SetMpState() | InjectInterrupt() | WaitForKick():
            raise AssertionError(f"vcpu{index} cannot hold what only the VMM's program may")


def execute_guest(machine: Machine, index: int) -> Outcome:
    """Execute a vCPU's next instruction, or take the exit that stops it."""
    if not machine.vm.has_run:
        machine = machine.with_vm(machine.vm.with_(has_run=True))
    vcpu = machine.vcpus[index]
    instruction = next_instruction(machine, index)
    if instruction is None or isinstance(instruction, Choose | VmmOperation):
        raise AssertionError(f"vcpu{index} cannot execute {instruction}")
    match instruction:
        case Computation():
            after = _with_core(machine, index, instruction.compute(vcpu.core))
            return after, fetch_after(machine, index, vcpu.core, instruction)
        case Load() | Store() | AtomicUpdate() | CompareAndSwap():
            return _access(machine, index, instruction)
        case LoadExclusive() | StoreExclusive():
            return _access_exclusively(machine, index, instruction)
        case ClearExclusive():
            return machine.with_vcpu(index, vcpu.with_(core=vcpu.core.step(), monitor=None)), ()
        case CleanByVa(operation, base):
            return _maintain(machine, index, operation, vcpu.core.read(base))
        case ZeroBlock(base):
            return _zero(machine, index, vcpu.core.read(base))
        case ReadSystemRegister(target, register):
            value = _read_register(machine, index, register)
            return _with_core(machine, index, vcpu.core.write(target, value).step()), ()
        case WriteSystemRegister(register, source):
            value = vcpu.core.read(source)
            # HCR_EL2.TVM traps EL1's writes of the virtual memory controls (Arm ARM, HCR_EL2).
            if vcpu.tvm:
                return trap_register_write(_left(machine, index), index, register, value)
            return _write_directly(machine, index, register, value)
        case MaintainBySetWay(operation):
            # KVM has HCR_EL2.TSW set always, which traps DC by set and way (Arm ARM, HCR_EL2).
            return trap_set_way(_left(machine, index), index, operation)
        case WaitForInterrupt():
            taken = vcpu.with_(core=vcpu.core.step(), interrupt=False, monitor=None)
            return machine.with_vcpu(index, taken), (InterruptTaken(index),)
        case PsciCpuOn(target, entry):
            return _power_on(machine, index, target, 0 if entry is None else entry)
        case PsciCpuOff():
            off = vcpu.with_(power=Power.OFF, core=vcpu.core.step(), monitor=None)
            return machine.with_vcpu(index, off), (PoweredOff(index, by=index),)
        case KickVmm():
            kicks = tuple(on or who == index for who, on in enumerate(machine.vmm.kicks))
            kicked = machine.with_vmm(machine.vmm.with_(kicks=kicks))
            return _with_core(_left(kicked, index), index, vcpu.core.step()), (Kicked(index),)


def _access(machine: Machine, index: int, instruction: WordAccess) -> Outcome:
    core = machine.vcpus[index].core
    address = word_address(instruction, core)
    if _misplaced_stack(machine, index, instruction.base):
        return _fail(machine, index, address, AccessFailure.STACK)
    found = word_of(machine.setup.layout, instruction, address)
    if isinstance(found, AccessFailure):
        return _fail(machine, index, address, found)
    page = _unmapped(machine, found[0])
    if page is not None:
        return _fault(machine, index, page)
    after, core, effects = perform(machine, index, core, instruction, *found)
    return _with_core(after, index, core), effects


def _access_exclusively(
    machine: Machine, index: int, instruction: LoadExclusive | StoreExclusive
) -> Outcome:
    vcpu = machine.vcpus[index]
    core, layout = vcpu.core, machine.setup.layout
    address = core.read(instruction.base)
    if _misplaced_stack(machine, index, instruction.base):
        return _fail(machine, index, address, AccessFailure.STACK)
    found = touched(layout, address, instruction.size, whole=True)
    if isinstance(found, AccessFailure):
        return _fail(machine, index, address, found)
    word, _ = found
    page = _unmapped(machine, word)
    if page is not None:
        return _fault(machine, index, page)
    number = layout.line_of[word]
    match instruction:
        case LoadExclusive(target):
            after, version, effects = load(machine, index, word)
            line = after.lines[number]
            marked = line.with_(monitors=line.monitors | 1 << index)
            loaded = vcpu.with_(core=core.write(target, version.value).step(), monitor=number)
            return after.with_line(number, marked).with_vcpu(index, loaded), effects
        case StoreExclusive(status, source, _, size):
            done = vcpu.with_(core=core.write(status, 0).step(), monitor=None)
            if vcpu.monitor != number or not machine.lines[number].monitors >> index & 1:
                failed = done.with_(core=core.write(status, 1).step())
                return machine.with_vcpu(index, failed), ()
            value = core.read(source, size == WORD_BYTES)
            after, stored = store(machine, index, word, value)
            return after.with_vcpu(index, done), stored


def _zero(machine: Machine, index: int, address: int) -> Outcome:
    vcpu, layout = machine.vcpus[index], machine.setup.layout
    page = layout.page_at(address)
    if page is None:
        return _fail(machine, index, address)
    if access_type(machine, index) is MemoryType.DEVICE:
        return _fail(machine, index, address, AccessFailure.DEVICE)
    if not machine.vm.mapped[page]:
        return _fault(machine, index, page)
    line = layout.line_at(address)
    after = _with_core(machine, index, vcpu.core.step())
    return (after, ()) if line is None else zero(after, index, line)


def _unmapped(machine: Machine, word: int) -> int | None:
    """Return the page of a word if stage 2 does not map it."""
    layout = machine.setup.layout
    page = layout.page_of[layout.line_of[word]]
    return None if machine.vm.mapped[page] else page


def _misplaced_stack(machine: Machine, index: int, base: int) -> bool:
    vcpu = machine.vcpus[index]
    return misaligned_stack(base, vcpu.core) and Sctlr.SA.get(vcpu.registers.sctlr_el1)


def _fault(machine: Machine, index: int, page: int) -> Outcome:
    return take_fault(_left(machine, index), index, page)


def _left(machine: Machine, index: int) -> Machine:
    """Return the machine with a vCPU that leaves the guest: its ERET clears its monitor."""
    return machine.with_vcpu(index, machine.vcpus[index].with_(monitor=None))


def _maintain(machine: Machine, index: int, operation: CleanOperation, address: int) -> Outcome:
    vcpu = machine.vcpus[index]
    layout = machine.setup.layout
    page = layout.page_at(address)
    if page is None:
        return _fail(machine, index, address)
    if not machine.vm.mapped[page]:
        return _fault(machine, index, page)
    line = layout.line_at(address)
    if line is None:
        return _with_core(machine, index, vcpu.core.step()), ()
    # A guest under stage 2 must not drop the host's data (Arm ARM D7.5.9.2).
    cleans = operation is CleanOperation.IVAC and Hcr.VM.get(vcpu.hcr_el2)
    performed = CleanOperation.CIVAC if cleans else operation
    after, effects = maintain(machine.lines[line], line, performed)
    machine = _with_core(machine.with_line(line, after), index, vcpu.core.step())
    return machine, (Maintained(index, line, operation, performed), *effects)


def _fail(
    machine: Machine,
    index: int,
    address: int,
    failure: AccessFailure = AccessFailure.NO_RAM,
) -> Outcome:
    failed = machine.vcpus[index].with_(fault=address)
    return machine.with_vcpu(index, failed), (AccessFailed(index, address, failure),)


def _read_register(machine: Machine, index: int, register: SystemRegister) -> int:
    if register is SystemRegister.MPIDR_EL1:
        # RES1 in bit 31, and the affinities as `reset_mpidr()` deals them out.
        return 1 << 31 | index
    return machine.vcpus[index].registers.read(register)


def _write_directly(machine: Machine, index: int, register: SystemRegister, value: int) -> Outcome:
    vcpu = machine.vcpus[index]
    before = vcpu.registers.read(register)
    written = write_register(vcpu, register, value).with_(core=vcpu.core.step())
    effect = RegisterWritten(index, register, before, value, trapped=False)
    return machine.with_vcpu(index, written), (effect,)


def _power_on(machine: Machine, index: int, target: int, entry: int) -> Outcome:
    # `kvm_psci_vcpu_on()`, the target's `kvm_reset_vcpu()`: EL1 registers are reset, HCR_EL2, and
    # so TVM, is left as it is.
    caller = machine.vcpus[index].core
    effects: tuple[Effect, ...] = ()
    result = PSCI_ALREADY_ON
    if machine.vcpus[target].power is Power.OFF:
        started = machine.vcpus[target].with_(
            power=Power.ON,
            core=Core.reset(entry),
            registers=SystemRegisters.reset(),
            fault=None,
            monitor=None,
        )
        effects = (PoweredOn(target, by=index), *fetch_at(machine, target, entry))
        machine = machine.with_vcpu(target, started)
        result = PSCI_SUCCESS
    after = _with_core(_left(machine, index), index, caller.write(0, result).step())
    return after, effects


def _with_core(machine: Machine, index: int, core: Core) -> Machine:
    return machine.with_vcpu(index, machine.vcpus[index].with_(core=core))
