"""Influence (a cone of influence): what of registers and memory the course of programs depends on.

The course of a program depends on what it branches on, on the addresses it uses, on what it writes
to system registers, and on all that these are computed from. Nothing else that it keeps ever makes
a difference to where it goes, or to what KVM is entered for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import attrs

from engine.arm.a64.choice import Choose
from engine.arm.a64.computation import COURSE, FLAGS, MEMORY, Computation, Flow
from engine.arm.a64.exclusives import (
    AtomicUpdate,
    ClearExclusive,
    CompareAndSwap,
    LoadExclusive,
    StoreExclusive,
)
from engine.arm.a64.maintenance import CleanByVa, MaintainBySetWay, ZeroBlock
from engine.arm.a64.memory import IndexRegister, Load, Store
from engine.arm.a64.named_operations import GuestCall, PsciCpuOn, VmmOperation
from engine.arm.a64.system import (
    ChangeMasks,
    ExceptionReturn,
    HypervisorCall,
    ReadSystemRegister,
    WaitForInterrupt,
    WriteSystemRegister,
)
from engine.arm.core import ZERO, Core
from engine.arm.program import Instruction, Program


@attrs.frozen
class Influence:
    """What the course of some programs depends on."""

    registers: tuple[frozenset[int], ...]
    """Per program."""
    flags: tuple[bool, ...]
    memory: bool
    """It depends on what words hold."""

    def of(self, program: int, core: Core) -> tuple[int, ...]:
        """Return what of a core the course of its program depends on."""
        registers = tuple(core.read(each) for each in sorted(self.registers[program]))
        return (core.pc, core.nzcv if self.flags[program] else 0, *registers)


@lru_cache(maxsize=64)  # pure: programs never change
def influence(programs: Sequence[Program]) -> Influence:
    """Return what the course of programs depends on that share memory."""
    flows = [list(_flows(program)) for program in programs]
    memory = False
    while True:
        reached = [_reaching(each, memory) for each in flows]
        if memory or not any(MEMORY in each for each in reached):
            break
        memory = True
    return Influence(
        tuple(frozenset(each for each in known if each >= 0 and each != ZERO) for known in reached),
        tuple(FLAGS in known for known in reached),
        memory,
    )


def _reaching(flows: list[Flow], memory: bool) -> set[int]:
    reached = {COURSE, MEMORY} if memory else {COURSE}
    while True:
        more = {source for source, target in flows if target in reached} - reached
        if not more:
            return reached
        reached |= more


def _flows(program: Program) -> Iterator[Flow]:
    for located in program.instructions:
        yield from _flows_of(located.instruction)


def _flows_of(instruction: Instruction) -> Iterator[Flow]:
    if isinstance(instruction, GuestCall | VmmOperation):
        if isinstance(instruction, PsciCpuOn) and instruction.context is not None:
            yield instruction.context, COURSE
        return
    match instruction:
        case Computation():
            yield from instruction.flows()
        case Load(target, base, index=index):
            yield MEMORY, target
            yield from _address(base, index)
        case Store(source, base, index=index):
            yield source, MEMORY
            yield from _address(base, index)
        case LoadExclusive(target, base):
            yield MEMORY, target
            yield from _address(base)
        case StoreExclusive(status, source, base):
            # Who has stored to the line decides whether this one does.
            yield MEMORY, status
            yield source, MEMORY
            yield from _address(base)
        case AtomicUpdate(_, source, target, base):
            yield MEMORY, target
            yield source, MEMORY
            yield from _address(base)
        case CompareAndSwap(expected, source, base):
            yield MEMORY, expected
            yield expected, MEMORY
            yield source, MEMORY
            yield from _address(base)
        case CleanByVa(base=base) | ZeroBlock(base):
            yield from _address(base)
        case WriteSystemRegister(_, source):
            yield source, COURSE
        case HypervisorCall():
            for argument in range(4):
                yield argument, COURSE
        case (
            ReadSystemRegister()
            | ChangeMasks()
            | ExceptionReturn()
            | MaintainBySetWay()
            | WaitForInterrupt()
            | Choose()
            | ClearExclusive()
        ):
            return


def _address(base: int, index: IndexRegister | None = None) -> Iterator[Flow]:
    yield base, COURSE
    if index is not None:
        yield index.register, COURSE
