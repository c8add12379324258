"""What a program is made of: the A64 instructions of the model and its named operations.

Registers are numbers 0 to 30, and 31 for the zero register. `wide` tells x registers from w
registers. A branch's target is the index of an instruction; the index after the last one is
the end of the program.
"""

from __future__ import annotations

from typing import TypeAlias

import attrs

from engine.arm.a64.choice import Choose
from engine.arm.a64.computation import Computation
from engine.arm.a64.exclusives import AtomicAccess, Exclusive
from engine.arm.a64.maintenance import CleanByVa, MaintainBySetWay, ZeroBlock
from engine.arm.a64.memory import Load, Store
from engine.arm.a64.named_operations import GuestCall, VmmOperation
from engine.arm.a64.system import Privileged
from engine.arm.assembly.code_range import CodeRange, code_base
from engine.arm.assembly.operands import ForeignLabel

GuestInstruction: TypeAlias = Privileged | MaintainBySetWay | Exclusive | GuestCall
"""What only a guest program may hold."""

MemoryInstruction: TypeAlias = Load | Store | AtomicAccess | CleanByVa | ZeroBlock
"""What any program may hold that reaches memory."""

Instruction: TypeAlias = Computation | MemoryInstruction | Choose | GuestInstruction | VmmOperation


@attrs.frozen
class Located:
    """An instruction and where it was written: a 1-based line, the text without comment."""

    instruction: Instruction
    line: int
    text: str
    follows: bool = False
    """It is the second access of what was written, which the one before it is the first of."""


@attrs.frozen
class Program:
    """One actor's instructions, its labels in the order they are written, and its source text.

    `foreign` holds the labels of other programs that are still to be linked.
    """

    name: str
    instructions: tuple[Located, ...]
    labels: tuple[tuple[str, int], ...]
    text: str
    foreign: tuple[ForeignLabel, ...] = ()
    base: int = code_base(0)
    """The address of its first instruction."""
    chooses: bool = attrs.field(init=False, eq=False, repr=False)
    """Some of its instructions leave it open where it goes on."""

    @chooses.default
    def _chooses(self) -> bool:
        return any(isinstance(located.instruction, Choose) for located in self.instructions)

    @property
    def code(self) -> CodeRange:
        """Where its instructions stand."""
        return CodeRange(self.base, len(self.instructions))
