"""Influence (a cone of influence): what of registers and memory the course of programs depends on.

The course of a program depends on what it branches on, on the addresses it uses, on what it writes
to system registers, and on all that these are computed from. Nothing else that it keeps ever makes
a difference to where it goes, or to what KVM is entered for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

import attrs

from engine.arm.core import Core
from engine.arm.instructions import (
    Arithmetic,
    Barrier,
    Branch,
    BranchIf,
    CleanByVa,
    CompareBranch,
    Hint,
    InjectInterrupt,
    Instruction,
    KickVmm,
    Load,
    Logic,
    MoveImmediate,
    MoveKeep,
    MoveRegister,
    Program,
    PsciCpuOff,
    PsciCpuOn,
    ReadSystemRegister,
    SetMpState,
    SetOneReg,
    SetWay,
    Shifted,
    Store,
    TestBranch,
    VcpuInit,
    WaitForInterrupt,
    WaitForKick,
    WriteSystemRegister,
)

_FLAGS: Final = -1
_MEMORY: Final = -2
_COURSE: Final = -3
"""What stands beside the registers' numbers: the flags, all of memory, and the program's course."""

Flow: TypeAlias = tuple[int, int]
"""From a register, or what stands beside them, to another."""


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
        registers = tuple(core.x[each] for each in sorted(self.registers[program]))
        return (core.pc, core.nzcv if self.flags[program] else 0, *registers)


@lru_cache(maxsize=64)  # pure: programs never change
def influence(programs: Sequence[Program]) -> Influence:
    """Return what the course of programs depends on that share memory."""
    flows = [list(_flows(program)) for program in programs]
    memory = False
    while True:
        reached = [_reaching(each, memory) for each in flows]
        if memory or not any(_MEMORY in each for each in reached):
            break
        memory = True
    return Influence(
        tuple(frozenset(each for each in known if 0 <= each < 31) for known in reached),
        tuple(_FLAGS in known for known in reached),
        memory,
    )


def _reaching(flows: list[Flow], memory: bool) -> set[int]:
    reached = {_COURSE, _MEMORY} if memory else {_COURSE}
    while True:
        more = {source for source, target in flows if target in reached} - reached
        if not more:
            return reached
        reached |= more


def _flows(program: Program) -> Iterator[Flow]:
    for located in program.instructions:
        yield from _flows_of(located.instruction)


def _flows_of(instruction: Instruction) -> Iterator[Flow]:
    match instruction:
        case MoveKeep(target):
            yield target, target
        case MoveRegister(target, source):
            yield source, target
        case Arithmetic(_, target, left, right, set_flags) | Logic(
            _, target, left, right, set_flags
        ):
            sources = (left, right.register) if isinstance(right, Shifted) else (left,)
            for source in sources:
                yield source, target
                if set_flags:
                    yield source, _FLAGS
        case BranchIf():
            yield _FLAGS, _COURSE
        case CompareBranch(register) | TestBranch(register):
            yield register, _COURSE
        case Load(target, base):
            yield _MEMORY, target
            yield base, _COURSE
        case Store(source, base):
            yield source, _MEMORY
            yield base, _COURSE
        case CleanByVa(_, base):
            yield base, _COURSE
        case WriteSystemRegister(_, source):
            yield source, _COURSE
        case (
            MoveImmediate()
            | Branch()
            | Barrier()
            | Hint()
            | ReadSystemRegister()
            | SetWay()
            | WaitForInterrupt()
            | PsciCpuOn()
            | PsciCpuOff()
            | KickVmm()
            | VcpuInit()
            | SetOneReg()
            | SetMpState()
            | InjectInterrupt()
            | WaitForKick()
        ):
            return
