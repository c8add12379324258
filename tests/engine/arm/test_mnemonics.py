from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.arm.instructions import (
    Barrier,
    BarrierKind,
    BarrierOption,
    Branch,
    BranchIf,
    CleanByVa,
    CleanOperation,
    CompareBranch,
    Condition,
    Hint,
    HintKind,
    Instruction,
    Load,
    MoveImmediate,
    ReadSystemRegister,
    SetWay,
    SetWayOperation,
    Store,
    TestBranch,
    WaitForInterrupt,
    WriteSystemRegister,
)
from engine.arm.registers import WRITABLE, SystemRegister

NAMES = [(c.value, c) for c in Condition] + [("hs", Condition.CS), ("lo", Condition.CC)]


@pytest.mark.parametrize(
    ("text", "instruction"),
    [
        ("ldr x0, [x1]", Load(0, 1)),
        ("ldr xzr, [x1, #8]", Load(31, 1, 8)),
        ("ldr x0, [x1, 32760]", Load(0, 1, 32760)),
        ("ldr x0, [x1, #-256]", Load(0, 1, -256)),
        ("ldr x0, [x1, #255]", Load(0, 1, 255)),
        ("ldar x0, [x1]", Load(0, 1, acquire=True)),
        ("ldar x0, [x1, #0]", Load(0, 1, acquire=True)),
        ("str x2, [x1]", Store(2, 1)),
        ("STR XZR, [LR, #2 * 8]", Store(31, 30, 16)),
        ("stlr x2, [x1]", Store(2, 1, release=True)),
        ("ldr x0, =flag", MoveImmediate(0, 0x4000_0000)),
        ("ldr x0, =payload + 8", MoveImmediate(0, 0x4000_0048)),
        ("ldr x0, =0x123456789abcdef0", MoveImmediate(0, 0x123456789ABCDEF0)),
        ("ldr x0, =-1", MoveImmediate(0, 2**64 - 1)),
        ("ldr w0, =0x12345678", MoveImmediate(0, 0x12345678, False)),
    ],
)
def test_loads_and_stores(
    guest: Callable[[str], tuple[Instruction, ...]], text: str, instruction: Instruction
) -> None:
    assert guest(text) == (instruction,)


@pytest.mark.parametrize(
    ("text", "instruction"),
    [
        ("b there", Branch(1)),
        ("b .", Branch(0)),
        ("cbz x1, there", CompareBranch(1, False, 1)),
        ("cbnz w1, there", CompareBranch(1, True, 1, False)),
        ("tbz x1, #63, there", TestBranch(1, 63, False, 1)),
        ("tbnz w1, 31, there", TestBranch(1, 31, True, 1)),
    ],
)
def test_branches(
    guest: Callable[[str], tuple[Instruction, ...]], text: str, instruction: Instruction
) -> None:
    assert guest(f"{text}\nthere:") == (instruction,)


@pytest.mark.parametrize(("name", "condition"), NAMES)
def test_conditional_branches(
    guest: Callable[[str], tuple[Instruction, ...]], name: str, condition: Condition
) -> None:
    assert guest(f"here: b.{name} here") == (BranchIf(condition, 0),)


@pytest.mark.parametrize("register", WRITABLE)
def test_system_registers_are_read_and_written(
    guest: Callable[[str], tuple[Instruction, ...]], register: SystemRegister
) -> None:
    assert guest(f"msr {register.value}, x3; mrs x4, {register.value.upper()}") == (
        WriteSystemRegister(register, 3),
        ReadSystemRegister(4, register),
    )


@pytest.mark.parametrize(
    ("text", "instruction"),
    [
        ("msr sctlr_el1, xzr", WriteSystemRegister(SystemRegister.SCTLR_EL1, 31)),
        ("mrs x0, mpidr_el1", ReadSystemRegister(0, SystemRegister.MPIDR_EL1)),
        *((f"dc {o.value}, x1", CleanByVa(o, 1)) for o in CleanOperation),
        *((f"dc {o.value}, x1", SetWay(o, 1)) for o in SetWayOperation),
        *((f"dsb {o.value}", Barrier(BarrierKind.DSB, o)) for o in BarrierOption),
        ("DMB ISHST", Barrier(BarrierKind.DMB, BarrierOption.ISHST)),
        ("dmb #11", Barrier(BarrierKind.DMB, BarrierOption.ISH)),
        ("isb", Barrier(BarrierKind.ISB)),
        ("isb sy", Barrier(BarrierKind.ISB)),
        ("isb #15", Barrier(BarrierKind.ISB)),
        *((k.value, Hint(k)) for k in HintKind),
        ("wfi", WaitForInterrupt()),
    ],
)
def test_system_instructions(
    guest: Callable[[str], tuple[Instruction, ...]], text: str, instruction: Instruction
) -> None:
    assert guest(text) == (instruction,)


def test_the_vmm_loads_stores_computes_and_cleans_by_address(
    vmm: Callable[[str], tuple[Instruction, ...]],
) -> None:
    assert vmm("ldr x0, =flag; ldr x1, [x0]; str x1, [x0]; dc civac, x0; dc cvac, x0; wfe") == (
        MoveImmediate(0, 0x4000_0000),
        Load(1, 0),
        Store(1, 0),
        CleanByVa(CleanOperation.CIVAC, 0),
        CleanByVa(CleanOperation.CVAC, 0),
        Hint(HintKind.WFE),
    )
