"""Instruction fetches: whether a program has an instruction where something leads its actor."""

from __future__ import annotations

from engine.arm.a64.branches import BranchInstruction
from engine.arm.a64.computation import Computation
from engine.arm.core import Core
from engine.machine.actors import VMM, Actor
from engine.machine.effects import FetchFailed
from engine.machine.state import Machine


def fetch_after(
    machine: Machine, actor: Actor, core: Core, instruction: Computation
) -> tuple[FetchFailed, ...]:
    """Return the failed fetch that an instruction leads to: that of a branch out of the program.

    To come to the program's end one instruction after the other is how a program stops.
    """
    if isinstance(instruction, BranchInstruction) and instruction.taken(core):
        return fetch_at(machine, actor, instruction.destination(core))
    return ()


def fetch_at(machine: Machine, actor: Actor, pc: int) -> tuple[FetchFailed, ...]:
    """Return the failed fetch where an actor is led to `pc` and has no instruction there.

    A program without any instruction ends where it begins: nobody can be led out of it.
    """
    program = machine.setup.vmm if actor == VMM else machine.setup.programs[actor]
    length = 0 if program is None else len(program.instructions)
    return (FetchFailed(actor),) if 0 < length <= pc else ()
