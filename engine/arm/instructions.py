"""What a program is made of: the A64 instructions of the model and its named operations.

Registers are numbers 0 to 30, and 31 for the zero register. `wide` tells x registers from w
registers. A branch's target is the index of an instruction; the index after the last one is
the end of the program.
"""

from __future__ import annotations

from enum import Enum, unique
from typing import Literal, TypeAlias

import attrs

from engine.arm.registers import SystemRegister


@unique
class ArithmeticOperation(Enum):
    """What `Arithmetic` does; the value is the mnemonic without its flag-setting s."""

    ADD = "add"
    SUB = "sub"


@unique
class LogicOperation(Enum):
    """What `Logic` does; the value is the mnemonic without its flag-setting s."""

    AND = "and"
    ORR = "orr"
    BIC = "bic"
    EOR = "eor"


@unique
class ShiftKind(Enum):
    """How a register operand may be shifted."""

    LSL = "lsl"
    LSR = "lsr"
    ASR = "asr"


@unique
class Condition(Enum):
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


@unique
class CleanOperation(Enum):
    """Cache maintenance by virtual address to the point of coherency."""

    CIVAC = "civac"
    CVAC = "cvac"
    IVAC = "ivac"


@unique
class SetWayOperation(Enum):
    """Cache maintenance by set and way."""

    ISW = "isw"
    CSW = "csw"
    CISW = "cisw"


@unique
class BarrierKind(Enum):
    """The three barriers; the value is the mnemonic."""

    DSB = "dsb"
    DMB = "dmb"
    ISB = "isb"


@unique
class BarrierOption(Enum):
    """The domain and the accesses a barrier orders (Arm ARM C6.2, DMB and DSB)."""

    SY = "sy"
    ST = "st"
    LD = "ld"
    ISH = "ish"
    ISHST = "ishst"
    ISHLD = "ishld"
    NSH = "nsh"
    NSHST = "nshst"
    NSHLD = "nshld"
    OSH = "osh"
    OSHST = "oshst"
    OSHLD = "oshld"


@unique
class HintKind(Enum):
    """Hints that change nothing in the model; the value is the mnemonic."""

    NOP = "nop"
    WFE = "wfe"
    SEV = "sev"
    YIELD = "yield"


@attrs.frozen
class Immediate:
    """A constant operand, shifted already; unsigned and no wider than the registers used."""

    value: int


@attrs.frozen
class Shifted:
    """A register operand, shifted left or right by `amount` bits."""

    register: int
    kind: ShiftKind = ShiftKind.LSL
    amount: int = 0


Operand: TypeAlias = Immediate | Shifted


@attrs.frozen
class MoveImmediate:
    """`mov`, `movz` or `movn` of a constant, and `ldr` of a constant or a word's address."""

    target: int
    value: int
    wide: bool = True


@attrs.frozen
class MoveKeep:
    """`movk`: replace the 16 bits from bit `shift` on."""

    target: int
    value: int
    shift: int = 0
    wide: bool = True


@attrs.frozen
class MoveRegister:
    """`mov` of one register to another."""

    target: int
    source: int
    wide: bool = True


@attrs.frozen
class Arithmetic:
    """`add`, `sub`, their flag-setting forms, and `cmp`, `cmn`, `neg` made of them."""

    operation: ArithmeticOperation
    target: int
    left: int
    right: Operand
    set_flags: bool = False
    wide: bool = True


@attrs.frozen
class Logic:
    """`and`, `orr`, `eor`, `bic`, `ands`, `bics`, and `tst` and the shifts made of them."""

    operation: LogicOperation
    target: int
    left: int
    right: Operand
    set_flags: bool = False
    wide: bool = True


@attrs.frozen
class Branch:
    """`b`: go on at another instruction."""

    target: int


@attrs.frozen
class BranchIf:
    """`b.cond`: branch if the flags meet a condition."""

    condition: Condition
    target: int


@attrs.frozen
class CompareBranch:
    """`cbz`, or `cbnz` when `nonzero`: branch on a whole register."""

    register: int
    nonzero: bool
    target: int
    wide: bool = True


@attrs.frozen
class TestBranch:
    """`tbz`, or `tbnz` when `nonzero`: branch on one bit of a register."""

    __test__ = False  # pytest would take the name for a class of tests

    register: int
    bit: int
    nonzero: bool
    target: int


Computation: TypeAlias = (
    MoveImmediate
    | MoveKeep
    | MoveRegister
    | Arithmetic
    | Logic
    | Branch
    | BranchIf
    | CompareBranch
    | TestBranch
)
"""What needs nothing but the core: data processing and branches."""


@attrs.frozen
class Load:
    """`ldr` of a word, or `ldar` when `acquire`."""

    target: int
    base: int
    offset: int = 0
    acquire: bool = False


@attrs.frozen
class Store:
    """`str` of a word, or `stlr` when `release`."""

    source: int
    base: int
    offset: int = 0
    release: bool = False


@attrs.frozen
class CleanByVa:
    """`dc civac`, `dc cvac` or `dc ivac` of the line that holds an address."""

    operation: CleanOperation
    base: int


@attrs.frozen
class Barrier:
    """`dsb`, `dmb` or `isb`."""

    kind: BarrierKind
    option: BarrierOption = BarrierOption.SY


@attrs.frozen
class Hint:
    """`nop`, `wfe`, `sev` or `yield`."""

    kind: HintKind


@attrs.frozen
class ReadSystemRegister:
    """`mrs`."""

    target: int
    register: SystemRegister


@attrs.frozen
class WriteSystemRegister:
    """`msr`."""

    register: SystemRegister
    source: int


@attrs.frozen
class SetWay:
    """`dc isw`, `dc csw` or `dc cisw`."""

    operation: SetWayOperation
    source: int


@attrs.frozen
class WaitForInterrupt:
    """`wfi`."""


@attrs.frozen
class PsciCpuOn:
    """`psci_cpu_on VCPU{, LABEL}`: a PSCI CPU_ON call.

    `entry` is a pc in the program of `vcpu`, None for its first instruction.
    """

    vcpu: int
    entry: int | None = None


@attrs.frozen
class PsciCpuOff:
    """`psci_cpu_off`: a PSCI CPU_OFF call."""


@attrs.frozen
class KickVmm:
    """`kick_vmm`: an exit to the VMM, such as a virtio notify."""


@attrs.frozen
class VcpuInit:
    """`vcpu_init VCPU{, power_off}`: KVM_ARM_VCPU_INIT."""

    vcpu: int
    power_off: bool = False


@attrs.frozen
class SetOneReg:
    """`set_one_reg VCPU, REGISTER, VALUE`: KVM_SET_ONE_REG; a pc is one of the vCPU's program."""

    vcpu: int
    register: SystemRegister | Literal["pc"]
    value: int


@attrs.frozen
class SetMpState:
    """`set_mp_state VCPU, runnable|stopped`: KVM_SET_MP_STATE."""

    vcpu: int
    runnable: bool


@attrs.frozen
class InjectInterrupt:
    """`inject_irq VCPU`: KVM_IRQ_LINE."""

    vcpu: int


@attrs.frozen
class WaitForKick:
    """`wait_kick {VCPU}`: wait for a kick of that vCPU, or of any when None."""

    vcpu: int | None = None


GuestInstruction: TypeAlias = (
    ReadSystemRegister
    | WriteSystemRegister
    | SetWay
    | WaitForInterrupt
    | PsciCpuOn
    | PsciCpuOff
    | KickVmm
)
"""What only a guest program may hold."""

VmmOperation: TypeAlias = VcpuInit | SetOneReg | SetMpState | InjectInterrupt | WaitForKick
"""What only the VMM's program may hold."""

Instruction: TypeAlias = (
    Computation | Load | Store | CleanByVa | Barrier | Hint | GuestInstruction | VmmOperation
)


@attrs.frozen
class Located:
    """An instruction and where it was written: a 1-based line, the text without comment."""

    instruction: Instruction
    line: int
    text: str


@attrs.frozen
class ForeignLabel:
    """A label of another program that the instruction at `index` names, and where it does."""

    index: int
    vcpu: int
    label: str
    line: int
    column: int


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
