"""Random machines for property tests: small guests, VMMs and hardware, from a seed alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from engine.arm.a64.branches import (
    BranchCondition,
    BranchIf,
    BranchToRegister,
    BranchWithLink,
    CompareBranch,
    TestBranch,
    UnconditionalBranch,
)
from engine.arm.a64.choice import Choose
from engine.arm.a64.conditionals import ConditionalSelect, OtherwiseKind
from engine.arm.a64.data_processing import Arithmetic, ArithmeticOperation, Logic, LogicOperation
from engine.arm.a64.exclusives import (
    AtomicOperation,
    AtomicUpdate,
    ClearExclusive,
    CompareAndSwap,
    LoadExclusive,
    StoreExclusive,
)
from engine.arm.a64.maintenance import (
    CleanByVa,
    CleanOperation,
    MaintainBySetWay,
    SetWayOperation,
    ZeroBlock,
)
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
from engine.arm.a64.operand_forms import Immediate, Shifted, ShiftKind
from engine.arm.a64.register_moves import MoveImmediate, MoveRegister
from engine.arm.a64.system import (
    Barrier,
    BarrierKind,
    Hint,
    HintKind,
    HypervisorCall,
    ReadSystemRegister,
    WaitForInterrupt,
    WriteSystemRegister,
)
from engine.arm.assembly.code_range import CodeRange
from engine.arm.core import Core
from engine.arm.memory_type import MemoryType
from engine.arm.program import Instruction, Located, Program
from engine.arm.registers import Hcr, Sctlr, SystemRegister, SystemRegisters
from engine.machine.setup import Alias, Hardware, NonCacheable, Setup, Stage1
from engine.machine.state import Machine, Power, VCpu, Vm, Vmm
from engine.memory.layout import Layout, Word
from engine.memory.line import Line
from engine.policy.policy import Policy

RAM = 0x4000_0000
ALIAS = 0x1000_0000
"""How far from guest RAM the alias of its first page is."""
ON = Sctlr.RESET | Sctlr.CACHES_ON
SCTLRS = (ON, ON, ON, Sctlr.RESET, Sctlr.RESET | Sctlr.M.mask)
VALUE, LOADED, OTHER, SCTLR, STATUS, BASE = 2, 3, 4, 5, 6, 10
"""Registers: a value to store, two that loads write, one for msr, one that store exclusives write,
and the first word's address."""


def random_machine(
    seed: int,
    policies: Sequence[Policy],
    *,
    straying: float = 0.0,
    choosing: float = 0.0,
    booting: float = 0.0,
) -> Machine:
    """Return the machine of a seed.

    So often a program strays, off guest RAM or off its end, so often it chooses, and so often an
    access is one that boot code makes, and few others: exclusive, atomic and so on.
    """
    return _Generator(Random(seed), policies, straying, choosing, booting).machine()


class _Generator:
    def __init__(
        self,
        random: Random,
        policies: Sequence[Policy],
        straying: float,
        choosing: float,
        booting: float,
    ) -> None:
        self.random = random
        self.straying = straying
        self.choosing = choosing
        self.booting = booting
        self.code = CodeRange(length=50)
        self.policy = random.choice(policies)
        self.vcpus = random.choice((1, 2, 2, 2, 2, 3))
        self.words = random.choice((1, 1, 2, 2, 3))
        self.with_vmm = random.random() < 0.3
        self.powers = random.random() < 0.3
        self.stride = random.choice((8, 64, 64, 64, 4096))
        self.stride_bits = self.stride.bit_length() - 1

    def machine(self) -> Machine:
        random = self.random
        words = tuple(Word(f"w{n}", self.address(n)) for n in range(self.words))
        layout = Layout.of(words)
        fwb = random.random() < 0.05
        hardware = Hardware(
            pcpus=random.choice((1, 2)),
            noncacheable=self.noncacheable(),
            fwb=fwb,
            implementor=random.choice((0x41, 0x41, 0x48)),
            fills=random.random() < 0.8,
            evictions=random.random() < 0.8,
        )
        programs = tuple(self.guest(index) for index in range(self.vcpus))
        vmm = self.vmm() if self.with_vmm else None
        setup = Setup(hardware, layout, programs, vmm, self.policy, self.stage1(layout))
        return Machine(
            setup,
            tuple(self.line(members) for members in layout.lines),
            tuple(self.vcpu(index, fwb) for index in range(self.vcpus)),
            Vmm(self.core(), kicks=(False,) * self.vcpus),
            Vm(
                mapped=tuple(random.random() < 0.8 for _ in layout.pages),
                statics=self.policy.initial_statics,
            ),
        )

    def noncacheable(self) -> NonCacheable:
        random = self.random
        if random.random() < 0.1:
            return NonCacheable.SNOOPS
        hits = self.booting and random.random() < 0.3
        return NonCacheable.MAY_HIT if hits else NonCacheable.BYPASSES

    def stage1(self, layout: Layout) -> Stage1:
        """Return mappings of the vCPUs' own, of guests that boot: attributes, and an alias."""
        random = self.random
        if random.random() >= self.booting:
            return Stage1()
        kinds = (*MemoryType, MemoryType.WRITE_BACK)

        def some(count: int) -> tuple[MemoryType, ...]:
            return tuple(random.choice(kinds) for _ in range(count))

        attributes = tuple(some(len(layout.pages)) for _ in range(self.vcpus))
        return Stage1(attributes, (Alias("alias", RAM + ALIAS, 0, some(self.vcpus)),))

    def line(self, members: tuple[int, ...]) -> Line:
        line = Line.initial(tuple(0 for _ in members))
        if self.random.random() < 0.3:
            line = line.fill(0)
            if self.random.random() < 0.5:
                slot = self.random.randrange(len(members))
                line = line.store_cached(slot, 1, 0)
        return line

    def core(self) -> Core:
        x = [0] * 31
        x[VALUE], x[SCTLR] = 1, ON
        for word in range(self.words):
            elsewhere = self.booting and _rarely(self.random)
            x[BASE + word] = self.address(word) + (ALIAS if elsewhere else 0)
        return Core(tuple(x), 0, 0)

    def address(self, word: int) -> int:
        return RAM + word * self.stride

    def vcpu(self, index: int, fwb: bool) -> VCpu:
        random = self.random
        registers = SystemRegisters.reset()
        if random.random() < 0.25:
            registers = registers.write(SystemRegister.SCTLR_EL1, random.choice(SCTLRS))
        hcr = Hcr.reset(fwb=fwb)
        if random.random() < 0.2:
            hcr = Hcr.TVM.put(hcr, False)
        if random.random() < 0.05:
            hcr = Hcr.DC.put(hcr, True)
        power = Power.OFF if self.powers and index and random.random() < 0.6 else Power.ON
        return VCpu(
            power=power,
            pcpu=index % 2,
            core=self.core(),
            registers=registers,
            hcr_el2=hcr,
            fields=self.policy.initial_fields,
        )

    def guest(self, index: int) -> Program:
        random = self.random
        code: list[Instruction] = []
        if self.powers and random.random() < 0.5:
            word = random.randrange(self.words)
            code.append(MoveImmediate(BASE + word, self.address(word)))
            code.append(MoveImmediate(SCTLR, ON))
        for _ in range(random.choice((1, 2, 3, 3, 4, 5))):
            code += self.choice()
            code += self.guest_piece(index, len(code))
        return self.program(f"vcpu{index}", code)

    def choice(self) -> list[Instruction]:
        """Return a choice, perhaps; between what is known once the program is whole."""
        if not self.choosing or self.random.random() >= self.choosing:
            return []
        return [Choose(())]

    def program(self, name: str, code: list[Instruction]) -> Program:
        """Return the program of some code, its choices going anywhere in it, most often on."""
        labels: dict[str, int] = {}
        for pc, instruction in enumerate(code):
            if isinstance(instruction, Choose):
                back = self.random.randrange(pc + 1)
                on = self.random.choices(range(pc + 1, len(code)), k=2)
                targets = dict.fromkeys((*on, back) if self.random.random() < 0.3 else on)
                options = {f"to{target}": target for target in targets}
                code[pc] = Choose(tuple(options.items()))
                labels.update(options)
        return _program(name, code, labels)

    def guest_piece(self, index: int, pc: int) -> list[Instruction]:
        random = self.random
        roll = random.randrange(100)
        if roll < 58:
            return self.access(pc)
        if roll < 74:
            code: list[Instruction] = []
            if random.random() < 0.35:
                code.append(MoveImmediate(SCTLR, random.choice(SCTLRS)))
            return [*code, WriteSystemRegister(SystemRegister.SCTLR_EL1, SCTLR)]
        if roll < 77:
            register = random.choice((SystemRegister.TTBR0_EL1, SystemRegister.MAIR_EL1))
            return [WriteSystemRegister(register, random.choice((SCTLR, LOADED)))]
        if roll < 79:
            register = random.choice((SystemRegister.SCTLR_EL1, SystemRegister.MPIDR_EL1))
            return [ReadSystemRegister(LOADED, register)]
        if roll < 83:
            return [MaintainBySetWay(random.choice(tuple(SetWayOperation)), 0)]
        if roll < 86:
            return [Barrier(BarrierKind.DSB) if roll < 85 else Hint(HintKind.NOP)]
        if roll < 91 and self.with_vmm:
            return [KickVmm()] if random.random() < 0.6 else [WaitForInterrupt()]
        if self.booting and random.random() < self.booting / 4:
            return self.firmware_call()
        if roll < 97 and self.powers:
            if random.random() < 0.6:
                entries = (None, 1, 99) if self.straying else (None, 1)
                return [PsciCpuOn(random.randrange(self.vcpus), random.choice(entries))]
            return [PsciCpuOff()]
        if roll >= 98 and pc:
            return [UnconditionalBranch(random.randrange(pc))]
        return self.access(pc)

    def firmware_call(self) -> list[Instruction]:
        """Return a call for firmware by a number, which boots and stops vCPUs."""
        random = self.random
        vcpu = random.randrange(self.vcpus)
        numbers = (0xC400_0003, 0xC400_0003, 0x8400_0002, 0xC400_0004, 0xC400_0001, 0x8400_0009)
        return [
            MoveImmediate(0, random.choice(numbers)),
            MoveImmediate(1, vcpu),
            MoveImmediate(2, random.choice((0, CodeRange(length=50).base))),
            MoveImmediate(3, VALUE),
            HypervisorCall(),
        ]

    def stray(self, pc: int) -> list[Instruction]:
        """Return an access or a branch that goes astray, perhaps by what a load returned."""
        random = self.random
        base = BASE + random.randrange(self.words)
        away = pc + random.choice((0, 2, 9))
        scaled = Arithmetic(
            ArithmeticOperation.ADD, OTHER, base, Shifted(LOADED, ShiftKind.LSL, self.stride_bits)
        )
        return random.choice(
            (
                [Load(LOADED, base, 0x10_0000)],
                [Store(VALUE, base, 4)],
                [Load(OTHER, LOADED)],
                [CleanByVa(random.choice(tuple(CleanOperation)), LOADED)],
                [
                    Load(LOADED, base),
                    scaled,
                    random.choice((Load(LOADED, OTHER), Store(31, OTHER))),
                ],
                [Load(LOADED, base), scaled, CleanByVa(CleanOperation.CIVAC, OTHER)],
                [Load(LOADED, base), CompareBranch(LOADED, random.random() < 0.5, away + 1)],
                [TestBranch(LOADED, 0, True, away)],
                [UnconditionalBranch(away)],
            )
        )

    def boot(self, pc: int, *, vmm: bool) -> list[Instruction]:
        """Return an access of the kinds that boot code makes."""
        random = self.random
        base = BASE + random.randrange(self.words)
        update = random.choice((AtomicOperation.SWAP, AtomicOperation.SET, AtomicOperation.ADD))
        target = random.choice((LOADED, OTHER, 31))
        scaled = Shifted(LOADED, ShiftKind.LSL, self.stride_bits)
        choices: tuple[list[Instruction], ...] = (
            [AtomicUpdate(update, VALUE, target, base)],
            [CompareAndSwap(LOADED, VALUE, base)],
            [ZeroBlock(base)],
            [Load(LOADED, base, size=4), Store(LOADED, base)],
            [Load(LOADED, base), Load(OTHER, BASE, index=scaled)],
            [Load(LOADED, base, writeback=self.stride), Store(VALUE, base)],
            [
                Load(LOADED, base),
                Logic(LogicOperation.AND, 31, LOADED, Immediate(1), True),
                ConditionalSelect(BranchCondition.NE, OTHER, VALUE, 31, OtherwiseKind.PLUS_ONE),
                Store(OTHER, base),
            ],
        )
        if vmm or random.random() < 0.5:
            return random.choice(choices)
        again = CompareBranch(STATUS, True, pc)
        exclusive: list[Instruction] = [
            LoadExclusive(LOADED, base),
            StoreExclusive(STATUS, VALUE, base),
        ]
        return random.choice(
            (
                exclusive,
                [*exclusive, again],
                [exclusive[0], *self.access(pc + 1, vmm=vmm), exclusive[1], Store(STATUS, base)],
                [StoreExclusive(STATUS, VALUE, base), ClearExclusive()],
                [exclusive[0]],
                [exclusive[1], CompareBranch(STATUS, False, pc + 3), Load(OTHER, base)],
                [BranchWithLink(pc + 1, self.code.address(pc + 1)), BranchToRegister(30, self.code)]
                if pc
                else [ClearExclusive()],
            )
        )

    def access(self, pc: int, *, vmm: bool = False) -> list[Instruction]:
        random = self.random
        if self.straying and random.random() < self.straying:
            return self.stray(pc)
        if self.booting and random.random() < self.booting:
            return self.boot(pc, vmm=vmm)
        base = BASE + random.randrange(self.words)
        roll = random.randrange(100)
        if roll < 33:
            source = random.choice((VALUE, VALUE, VALUE, LOADED, 31))
            return [Store(source, base)]
        if roll < 70:
            return [Load(random.choice((LOADED, LOADED, OTHER)), base)]
        if roll < 78:
            return [CleanByVa(random.choice(tuple(CleanOperation)), base)]
        if roll < 84:
            return [Load(LOADED, base), CompareBranch(LOADED, False, pc)]
        if roll < 89:
            nonzero = random.random() < 0.5
            return [Load(LOADED, base), CompareBranch(LOADED, nonzero, pc + 3), Store(VALUE, base)]
        if roll < 92:
            compare = Arithmetic(ArithmeticOperation.SUB, 31, LOADED, Immediate(1), True)
            return [compare, BranchIf(BranchCondition.NE, pc + 3), Load(OTHER, base)]
        if roll < 95:
            return [TestBranch(OTHER, 0, False, pc + 2), Store(OTHER, base)]
        if roll < 97:
            mask = Logic(LogicOperation.AND, VALUE, LOADED, Immediate(1))
            return [mask, MoveRegister(OTHER, VALUE)]
        added = Arithmetic(ArithmeticOperation.ADD, base, base, Shifted(LOADED))
        return [added, Load(OTHER, base)]

    def vmm(self) -> Program:
        random = self.random
        code: list[Instruction] = []
        for _ in range(random.choice((1, 2, 3))):
            code += self.choice()
            vcpu = random.randrange(self.vcpus)
            roll = random.randrange(100)
            if roll < 50:
                code += self.access(len(code), vmm=True)
            elif roll < 65:
                code.append(WaitForKick(random.choice((None, vcpu))))
            elif roll < 78:
                code.append(InjectInterrupt(vcpu))
            elif roll < 90:
                code.append(VcpuInit(vcpu, power_off=random.random() < 0.3))
            elif roll < 94:
                code.append(SetOneReg(vcpu, SystemRegister.SCTLR_EL1, random.choice(SCTLRS)))
            elif roll < 97:
                code.append(SetOneReg(vcpu, "pc", 99 if self.straying and roll > 95 else 0))
            else:
                code.append(SetMpState(vcpu, random.random() < 0.5))
        return self.program("vmm", code)


def _rarely(random: Random) -> bool:
    """Return true rarely."""
    return random.random() < 0.15


def _program(name: str, code: list[Instruction], labels: Mapping[str, int]) -> Program:
    located = tuple(Located(each, line, "") for line, each in enumerate(code, 1))
    return Program(name, located, tuple(labels.items()), "")
