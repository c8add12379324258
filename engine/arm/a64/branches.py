"""Branches: to a label, on the flags, on a register or on one bit of it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from enum import Enum, unique
from functools import partial
from typing import Final

import attrs

from engine.arm.a64.computation import COURSE, FLAGS, Computation, Flow
from engine.arm.assembly.code_range import CodeRange
from engine.arm.assembly.expressions import between
from engine.arm.assembly.operands import OperandReader, Operands
from engine.arm.assembly.syntax import AssemblyTokenKind
from engine.arm.core import LINK, C, Core, N, V, Z


@unique
class BranchCondition(Enum):
    """The conditions of `b.cond` (Arm ARM C1.2.4); hs is CS, lo is CC."""

    EQ = "eq"
    NE = "ne"
    CS = "cs"
    CC = "cc"
    MI = "mi"
    PL = "pl"
    VS = "vs"
    VC = "vc"
    HI = "hi"
    LS = "ls"
    GE = "ge"
    LT = "lt"
    GT = "gt"
    LE = "le"
    AL = "al"
    NV = "nv"


class BranchInstruction(Computation):
    """A branch, which goes on somewhere else where it is taken."""

    @abstractmethod
    def taken(self, core: Core) -> bool:
        """Say whether it is taken."""

    @abstractmethod
    def destination(self, core: Core) -> int:
        """Return the index of the instruction that it goes on at, where it is taken.

        The index after the last instruction is the end of the program.
        """

    def compute(self, core: Core) -> Core:
        """Return the core at the destination, or at the next instruction."""
        return core.jump(self.destination(core)) if self.taken(core) else core.step()


class LabelledBranch(BranchInstruction):
    """A branch to a label of the program."""

    target: int
    """The index of an instruction; the one after the last is the end of the program."""

    def destination(self, core: Core) -> int:
        """Return the target."""
        return self.target


@attrs.frozen
class UnconditionalBranch(LabelledBranch):
    """`b`: go on at another instruction."""

    target: int

    def taken(self, core: Core) -> bool:
        """Say that it always is."""
        return True


@attrs.frozen
class BranchWithLink(LabelledBranch):
    """`bl`: go on at another instruction, with the address to return to in x30."""

    target: int
    returns: int
    """The address of the next instruction."""

    def taken(self, core: Core) -> bool:
        """Say that it always is."""
        return True

    def compute(self, core: Core) -> Core:
        """Return the core at the target, and with the address to return to."""
        return core.write(LINK, self.returns).jump(self.target)


@attrs.frozen
class BranchToRegister(BranchInstruction):
    """`br` and `ret`, or `blr` where there is an address to return to."""

    register: int
    code: CodeRange
    """Of the program: an address elsewhere is its end, where it has no instruction."""
    returns: int | None = None

    def taken(self, core: Core) -> bool:
        """Say that it always is."""
        return True

    def destination(self, core: Core) -> int:
        """Return the index of the instruction at the register's address."""
        return self.code.index(core.read(self.register))

    def compute(self, core: Core) -> Core:
        """Return the core there, and with the address to return to, if any."""
        there = core.jump(self.destination(core))
        return there if self.returns is None else there.write(LINK, self.returns)

    def flows(self) -> Iterator[Flow]:
        """Yield that the register decides."""
        yield self.register, COURSE


@attrs.frozen
class BranchIf(LabelledBranch):
    """`b.cond`: branch if the flags meet a condition."""

    condition: BranchCondition
    target: int

    def taken(self, core: Core) -> bool:
        """Say whether the flags meet the condition."""
        return holds(self.condition, core.nzcv)

    def flows(self) -> Iterator[Flow]:
        """Yield that the flags decide."""
        yield FLAGS, COURSE


@attrs.frozen
class CompareBranch(LabelledBranch):
    """`cbz`, or `cbnz` when `nonzero`: branch on a whole register."""

    register: int
    nonzero: bool
    target: int
    wide: bool = True

    def taken(self, core: Core) -> bool:
        """Say whether the register is as asked."""
        return (core.read(self.register, self.wide) != 0) == self.nonzero

    def flows(self) -> Iterator[Flow]:
        """Yield that the register decides."""
        yield self.register, COURSE


@attrs.frozen
class TestBranch(LabelledBranch):
    """`tbz`, or `tbnz` when `nonzero`: branch on one bit of a register."""

    __test__ = False  # pytest would take the name for a class of tests

    register: int
    bit: int
    nonzero: bool
    target: int

    def taken(self, core: Core) -> bool:
        """Say whether the bit is as asked."""
        return bool(core.read(self.register) >> self.bit & 1) == self.nonzero

    def flows(self) -> Iterator[Flow]:
        """Yield that the register decides."""
        yield self.register, COURSE


def holds(condition: BranchCondition, nzcv: int) -> bool:
    """Say whether the flags meet a condition (Arm ARM C1.2.4; NV is always met, like AL)."""
    n, z, c, v = (bool(nzcv & flag) for flag in (N, Z, C, V))
    match condition:
        case BranchCondition.EQ:
            return z
        case BranchCondition.NE:
            return not z
        case BranchCondition.CS:
            return c
        case BranchCondition.CC:
            return not c
        case BranchCondition.MI:
            return n
        case BranchCondition.PL:
            return not n
        case BranchCondition.VS:
            return v
        case BranchCondition.VC:
            return not v
        case BranchCondition.HI:
            return c and not z
        case BranchCondition.LS:
            return not c or z
        case BranchCondition.GE:
            return n == v
        case BranchCondition.LT:
            return n != v
        case BranchCondition.GT:
            return n == v and not z
        case BranchCondition.LE:
            return n != v or z
        case BranchCondition.AL | BranchCondition.NV:
            return True


def _b(operands: Operands) -> Computation:
    return UnconditionalBranch(operands.label())


def _bl(operands: Operands) -> Computation:
    return BranchWithLink(operands.label(), operands.names.code.address(operands.pc + 1))


def _to_register(operands: Operands, *, links: bool) -> Computation:
    register = operands.register(True, "addresses are 64 bits")
    code = operands.names.code
    returns = code.address(operands.pc + 1) if links else None
    return BranchToRegister(register.number, code, returns)


def _ret(operands: Operands) -> Computation:
    if operands.token.kind is AssemblyTokenKind.END:
        return BranchToRegister(LINK, operands.names.code)
    return _to_register(operands, links=False)


def _b_if(operands: Operands, *, condition: BranchCondition) -> Computation:
    return BranchIf(condition, operands.label())


def _compare_branch(operands: Operands, *, nonzero: bool) -> Computation:
    register = operands.register()
    operands.comma()
    return CompareBranch(register.number, nonzero, operands.label(), register.wide)


def _test_branch(operands: Operands, *, nonzero: bool) -> Computation:
    register = operands.register()
    operands.comma()
    bit = between(operands, 0, 63 if register.wide else 31, "a bit")
    operands.comma()
    return TestBranch(register.number, bit, nonzero, operands.label())


CONDITIONS: Final = {
    **{condition.value: condition for condition in BranchCondition},
    "hs": BranchCondition.CS,
    "lo": BranchCondition.CC,
}
"""The conditions by what they are called."""

BRANCHES: Final[Mapping[str, OperandReader[Computation]]] = {
    "b": _b,
    "bl": _bl,
    "br": partial(_to_register, links=False),
    "blr": partial(_to_register, links=True),
    "ret": _ret,
    **{f"b.{name}": partial(_b_if, condition=c) for name, c in CONDITIONS.items()},
    "cbz": partial(_compare_branch, nonzero=False),
    "cbnz": partial(_compare_branch, nonzero=True),
    "tbz": partial(_test_branch, nonzero=False),
    "tbnz": partial(_test_branch, nonzero=True),
}
"""What may change the course of a program."""
