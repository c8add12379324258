"""Actions: the instructions that a run's actors executed, one after the other, without a branch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeGuard

import attrs

from engine.arm.a64.branches import BranchInstruction
from engine.arm.a64.choice import Choose
from engine.arm.a64.exclusives import AtomicUpdate, CompareAndSwap, LoadExclusive, StoreExclusive
from engine.arm.a64.maintenance import CleanByVa, MaintainBySetWay, ZeroBlock
from engine.arm.a64.memory import Load, Store
from engine.arm.a64.named_operations import (
    InjectInterrupt,
    KickVmm,
    PsciCpuOff,
    PsciCpuOn,
    SetMpState,
    SetOneReg,
    VcpuInit,
    WaitForKick,
)
from engine.arm.a64.system import WaitForInterrupt, WriteSystemRegister
from engine.arm.core import Core
from engine.arm.program import Instruction, Located
from engine.arm.registers import Sctlr, SystemRegister, caches_enabled
from engine.machine.actors import VMM, Actor
from engine.machine.effects import FaultTaken
from engine.machine.events import GuestExecutes, VmmExecutes
from engine.machine.state import Machine, Power
from engine.timeline import Timeline
from engine.transition import Step

_NAMES: Final[Mapping[type, str]] = {
    Load: "load",
    Store: "store",
    ZeroBlock: "zero",
    LoadExclusive: "exclusive",
    StoreExclusive: "exclusive",
    AtomicUpdate: "exclusive",
    CompareAndSwap: "exclusive",
    MaintainBySetWay: "set_way",
    CleanByVa: "clean",
    WaitForInterrupt: "wait",
    WaitForKick: "wait",
    PsciCpuOn: "start",
    PsciCpuOff: "off",
    KickVmm: "kick",
    VcpuInit: "init",
    InjectInterrupt: "inject",
}
_TABLES: Final = (SystemRegister.TTBR0_EL1, SystemRegister.TTBR1_EL1, SystemRegister.TCR_EL1)


@attrs.frozen
class Action:
    """An instruction that an actor executed."""

    actor: Actor
    instruction: Instruction
    text: str
    """As it was written, without label and comment."""
    name: str
    """What it does, in a word that can be a label; empty where there is none."""
    part: int = 0
    """How often its vCPU had been started anew before, after it had executed something."""
    starts: int | None = None
    """Which part of its target it starts, where it does and the target went on from there."""

    @property
    def target(self) -> int | None:
        """The vCPU that it starts, or gives a place to go on at."""
        call = self.instruction
        if isinstance(call, PsciCpuOn | VcpuInit) or _sets_pc(call):
            return call.vcpu
        return None


def executed(step: Step) -> tuple[Actor, Located] | None:
    """Return what an actor executes in a step, its choices and both accesses of a pair included.

    What is tried again after a stage-2 fault is executed each time.
    """
    before, event = step.before, step.event
    if isinstance(event, GuestExecutes):
        actor, program = event.vcpu, before.setup.programs[event.vcpu]
    elif isinstance(event, VmmExecutes) and before.setup.vmm is not None:
        actor, program = VMM, before.setup.vmm
    else:
        return None
    core = _core(before, actor)
    if core.pc >= len(program.instructions):
        return None
    return actor, program.instructions[core.pc]


def moves_on(step: Step) -> bool:
    """Say whether a step only takes its actor to another place of its program."""
    found = executed(step)
    return found is not None and isinstance(found[1].instruction, BranchInstruction | Choose)


def actions_of(run: Timeline) -> tuple[Action, ...]:
    """Return what the actors of a run did, in the order in which they began it."""
    actions: list[Action] = []
    parts: dict[int, int] = {}
    starters: dict[int, int] = {}
    for actor, located, before in _begun(run):
        if (starter := starters.pop(actor, None)) is not None:
            parts[actor] = parts[actor] + 1 if actor in parts else 0
            actions[starter] = attrs.evolve(actions[starter], starts=parts[actor])
        part = parts.setdefault(actor, 0)
        instruction = located.instruction
        if not isinstance(instruction, BranchInstruction):
            name = _name(instruction, before, actor)
            action = Action(actor, instruction, _spaced(located.text), name, part)
            if (target := action.target) is not None and _starts(instruction, before, target):
                starters[target] = len(actions)
            actions.append(action)
    return tuple(actions)


def _begun(run: Timeline) -> Iterator[tuple[Actor, Located, Machine]]:
    """Yield the instructions, each once, and from where they were executed."""
    again: set[Actor] = set()
    for step in run.steps:
        found = executed(step)
        if found is None:
            continue
        actor, located = found
        if not (actor in again or located.follows or isinstance(located.instruction, Choose)):
            yield actor, located, step.before
        again.discard(actor)
        if any(isinstance(effect, FaultTaken) for effect in step.effects):
            again.add(actor)


def _starts(instruction: Instruction, before: Machine, target: int) -> bool:
    """Say whether a call reaches its target: CPU_ON of a vCPU that is on does not."""
    return not isinstance(instruction, PsciCpuOn) or before.vcpus[target].power is Power.OFF


def _spaced(text: str) -> str:
    """Return an instruction with its operands in a column."""
    mnemonic, *operands = text.split(None, 1)
    return f"{mnemonic:<7} {operands[0]}" if operands else mnemonic


def _sets_pc(instruction: Instruction) -> TypeGuard[SetOneReg]:
    return isinstance(instruction, SetOneReg) and instruction.register == "pc"


def _name(instruction: Instruction, before: Machine, actor: Actor) -> str:
    """Return what an instruction does, in a word; empty where there is none for it."""
    if isinstance(instruction, WriteSystemRegister):
        value = _core(before, actor).read(instruction.source)
        return _written(instruction.register, value)
    if isinstance(instruction, SetMpState):
        return "run" if instruction.runnable else "stop"
    return next((name for kind, name in _NAMES.items() if isinstance(instruction, kind)), "")


def _written(register: object, value: int) -> str:
    """Return what a write of a system register does, by its value."""
    if register is SystemRegister.SCTLR_EL1:
        if caches_enabled(value):
            return "enable"
        return "mmu" if Sctlr.M.get(value) else "disable"
    if register in _TABLES:
        return "tables"
    return "attributes" if register is SystemRegister.MAIR_EL1 else ""


def _core(machine: Machine, actor: Actor) -> Core:
    return machine.vmm.core if actor == VMM else machine.vcpus[actor].core
