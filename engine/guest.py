"""What a vCPU in the guest does: one A64 instruction, or the exit it takes instead."""

from __future__ import annotations

import attrs

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
    PsciCpuSuspend,
    PsciSystemReset,
    SetMpState,
    SetOneReg,
    VcpuInit,
    VmmOperation,
    WaitForKick,
)
from engine.arm.a64.system import (
    ChangeMasks,
    ExceptionReturn,
    HypervisorCall,
    ReadableRegister,
    ReadSystemRegister,
    WaitForInterrupt,
    WriteSystemRegister,
)
from engine.arm.assembly.code_range import CodeRange
from engine.arm.core import Core
from engine.arm.kept_registers import (
    DAIF_MASKED,
    EL1H,
    MODE,
    IdRegister,
    KeptRegister,
    id_value,
    kept_value,
    with_kept,
)
from engine.arm.memory_type import MemoryType
from engine.arm.program import Instruction
from engine.arm.psci import mpidr
from engine.arm.registers import Hcr, Sctlr, SystemRegister
from engine.firmware_calls import (
    call_by_number,
    kick,
    power_off,
    power_on,
    stop_all,
    suspend,
    suspends,
)
from engine.kvm.exits import take_fault, trap_register_write, trap_set_way, write_register
from engine.machine.access import access_type, load, maintain, store, touched, translated, zero
from engine.machine.effects import (
    AccessFailed,
    AccessFailure,
    InterruptTaken,
    Kicked,
    Maintained,
    Outcome,
    RegisterWritten,
)
from engine.machine.fetch import fetch_after, fetch_at
from engine.machine.setup import NonCacheable
from engine.machine.state import Machine
from engine.machine.word_access import (
    WordAccess,
    misaligned_stack,
    perform,
    word_address,
    word_of,
)
from engine.memory.layout import WORD_BYTES


def next_instruction(machine: Machine, index: int) -> Instruction | None:
    """Return the instruction a vCPU executes next in the guest, None at its program's end."""
    program = machine.setup.programs[index]
    pc = machine.vcpus[index].core.pc
    return program.instructions[pc].instruction if pc < len(program.instructions) else None


def next_access(machine: Machine, index: int) -> tuple[int, int | None] | None:
    """Return the word that a vCPU's next instruction accesses and by which alias, if it does."""
    core = machine.vcpus[index].core
    match next_instruction(machine, index):
        case Load() | Store() | AtomicUpdate() | CompareAndSwap() as access:
            address = word_address(access, core)
        case LoadExclusive(base=base) | StoreExclusive(base=base):
            address = core.read(base)
        case _:
            return None
    physical, alias = translated(machine, index, address)
    word = machine.setup.layout.word_at(physical)
    return None if word is None else (word, alias)


def may_hit(machine: Machine, index: int) -> bool:
    """Say whether a vCPU's next instruction is a load that may hit a cached copy or go around it.

    A load by a read-modify-write goes around, with the store that is one with it.
    """
    if machine.setup.hardware.noncacheable is not NonCacheable.MAY_HIT:
        return False
    if not isinstance(next_instruction(machine, index), Load | LoadExclusive):
        return False
    found = next_access(machine, index)
    if found is None or _unmapped(machine, found[0]) is not None:
        return False
    if access_type(machine, index, *found) is not MemoryType.NON_CACHEABLE:
        return False
    return machine.lines[machine.setup.layout.line_of[found[0]]].cached is not None


def can_execute_guest(machine: Machine, index: int) -> bool:
    """Say whether a vCPU in the guest has an instruction that can complete now, or a choice."""
    vcpu = machine.vcpus[index]
    if not vcpu.in_guest or vcpu.fault is not None:
        return False
    match next_instruction(machine, index):
        case None:
            return False
        case WaitForInterrupt() | PsciCpuSuspend():
            return vcpu.interrupt
        case HypervisorCall():
            return vcpu.interrupt or not suspends(vcpu.core)
        case Computation() | Load() | Store() | CleanByVa() | MaintainBySetWay() | Choose():
            return True
        case AtomicUpdate() | CompareAndSwap() | LoadExclusive() | StoreExclusive():
            return True
        case ClearExclusive() | ZeroBlock() | ChangeMasks() | ExceptionReturn() | PsciSystemReset():
            return True
        case ReadSystemRegister() | WriteSystemRegister() | PsciCpuOn() | PsciCpuOff() | KickVmm():
            return True
        case VcpuInit() | SetOneReg() | SetMpState() | InjectInterrupt() | WaitForKick():
            raise AssertionError(f"vcpu{index} cannot hold what only the VMM's program may")


def execute_guest(machine: Machine, index: int, *, hits: bool = False) -> Outcome:
    """Execute a vCPU's next instruction, or take the exit that stops it.

    `hits` says of a load that may hit a cached copy that it does.
    """
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
            return _access(machine, index, instruction, hits=hits)
        case LoadExclusive() | StoreExclusive():
            return _access_exclusively(machine, index, instruction, hits=hits)
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
            if isinstance(register, KeptRegister):
                return _keep(machine, index, register, value), ()
            # HCR_EL2.TVM traps EL1's writes of the virtual memory controls (Arm ARM, HCR_EL2).
            if vcpu.tvm:
                return trap_register_write(_left(machine, index), index, register, value)
            return _write_directly(machine, index, register, value)
        case MaintainBySetWay(operation):
            # KVM has HCR_EL2.TSW set always, which traps DC by set and way (Arm ARM, HCR_EL2).
            return trap_set_way(_left(machine, index), index, operation)
        case ChangeMasks(bits, clears):
            masks = kept_value(vcpu.kept, KeptRegister.DAIF)
            masks = masks & ~bits if clears else masks | bits
            return _keep(machine, index, KeptRegister.DAIF, masks), ()
        case ExceptionReturn(code):
            return _return_from_exception(machine, index, code)
        case HypervisorCall():
            return call_by_number(machine, index)
        case WaitForInterrupt():
            taken = vcpu.with_(core=vcpu.core.step(), interrupt=False, monitor=None)
            return machine.with_vcpu(index, taken), (InterruptTaken(index),)
        case PsciCpuOn(target, entry, context):
            at = 0 if entry is None else entry
            given = 0 if context is None else vcpu.core.read(context)
            return power_on(machine, index, target, at, given)
        case PsciCpuOff():
            return power_off(machine, index)
        case PsciCpuSuspend():
            return suspend(machine, index)
        case PsciSystemReset():
            return stop_all(machine, index)
        case KickVmm():
            kicked = kick(_left(machine, index), index)
            return _with_core(kicked, index, vcpu.core.step()), (Kicked(index),)


def _access(machine: Machine, index: int, instruction: WordAccess, *, hits: bool) -> Outcome:
    core = machine.vcpus[index].core
    address = word_address(instruction, core)
    if _misplaced_stack(machine, index, instruction.base):
        return _fail(machine, index, address, AccessFailure.STACK)
    physical, alias = translated(machine, index, address)
    found = word_of(machine.setup.layout, instruction, physical)
    if isinstance(found, AccessFailure):
        return _fail(machine, index, address, found)
    page = _unmapped(machine, found[0])
    if page is not None:
        return _fault(machine, index, page)
    after, core, effects = perform(machine, index, core, instruction, *found, alias, hits=hits)
    return _with_core(after, index, core), effects


def _access_exclusively(
    machine: Machine, index: int, instruction: LoadExclusive | StoreExclusive, *, hits: bool
) -> Outcome:
    vcpu = machine.vcpus[index]
    core, layout = vcpu.core, machine.setup.layout
    address = core.read(instruction.base)
    if _misplaced_stack(machine, index, instruction.base):
        return _fail(machine, index, address, AccessFailure.STACK)
    physical, alias = translated(machine, index, address)
    found = touched(layout, physical, instruction.size, whole=True)
    if isinstance(found, AccessFailure):
        return _fail(machine, index, address, found)
    word, _ = found
    page = _unmapped(machine, word)
    if page is not None:
        return _fault(machine, index, page)
    number = layout.line_of[word]
    match instruction:
        case LoadExclusive(target):
            after, version, effects = load(machine, index, word, alias, hits=hits)
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
            after, stored = store(machine, index, word, value, alias)
            return after.with_vcpu(index, done), stored


def _zero(machine: Machine, index: int, address: int) -> Outcome:
    vcpu, layout = machine.vcpus[index], machine.setup.layout
    physical, alias = translated(machine, index, address)
    page = layout.page_at(physical)
    if page is None:
        return _fail(machine, index, address)
    word = layout.lines[layout.pages[page][0]][0]
    if access_type(machine, index, word, alias) is MemoryType.DEVICE:
        return _fail(machine, index, address, AccessFailure.DEVICE)
    if not machine.vm.mapped[page]:
        return _fault(machine, index, page)
    line = layout.line_at(physical)
    after = _with_core(machine, index, vcpu.core.step())
    return (after, ()) if line is None else zero(after, index, line, alias)


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
    physical, _ = translated(machine, index, address)
    page = layout.page_at(physical)
    if page is None:
        return _fail(machine, index, address)
    if not machine.vm.mapped[page]:
        return _fault(machine, index, page)
    line = layout.line_at(physical)
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


def _read_register(machine: Machine, index: int, register: ReadableRegister) -> int:
    match register:
        case SystemRegister.MPIDR_EL1:
            return mpidr(index)
        case SystemRegister():
            return machine.vcpus[index].registers.read(register)
        case KeptRegister():
            return kept_value(machine.vcpus[index].kept, register)
        case IdRegister():
            setup = machine.setup
            return id_value(register, setup.hardware.implementor, setup.layout.line_bytes)


def _keep(machine: Machine, index: int, register: KeptRegister, value: int) -> Machine:
    vcpu = machine.vcpus[index]
    kept = with_kept(vcpu.kept, register, value)
    return machine.with_vcpu(index, vcpu.with_(core=vcpu.core.step(), kept=kept))


def _return_from_exception(machine: Machine, index: int, code: CodeRange) -> Outcome:
    """Return to ELR_EL1, which clears the monitor (Arm ARM D1.4, B2.12); EL0 has no program."""
    vcpu = machine.vcpus[index]
    state = kept_value(vcpu.kept, KeptRegister.SPSR_EL1)
    at = code.length
    if state & MODE == EL1H:
        at = code.index(kept_value(vcpu.kept, KeptRegister.ELR_EL1))
    core = attrs.evolve(vcpu.core.jump(at), nzcv=state >> 28 & 0xF)
    kept = with_kept(vcpu.kept, KeptRegister.DAIF, state & DAIF_MASKED)
    after = machine.with_vcpu(index, vcpu.with_(core=core, kept=kept, monitor=None))
    return after, fetch_at(machine, index, at)


def _write_directly(machine: Machine, index: int, register: SystemRegister, value: int) -> Outcome:
    vcpu = machine.vcpus[index]
    before = vcpu.registers.read(register)
    written = write_register(vcpu, register, value).with_(core=vcpu.core.step())
    effect = RegisterWritten(index, register, before, value, trapped=False)
    return machine.with_vcpu(index, written), (effect,)


def _with_core(machine: Machine, index: int, core: Core) -> Machine:
    return machine.with_vcpu(index, machine.vcpus[index].with_(core=core))
