from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.arm.a64.memory import Load, Store, address_of
from engine.arm.a64.operand_forms import Extended, ExtensionKind, Shifted, ShiftKind
from engine.arm.a64.register_moves import MoveImmediate
from engine.arm.assembler import assemble
from engine.arm.core import Core
from engine.arm.program import Instruction

UXTW = ExtensionKind.UXTW


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
        ("stlr w2, [sp]", Store(2, 32, release=True, size=4)),
        ("ldr w0, [x1, #4]", Load(0, 1, 4, size=4)),
        ("ldr w0, [x1, #16380]", Load(0, 1, 16380, size=4)),
        ("str wzr, [x1]", Store(31, 1, size=4)),
        ("ldar w0, [x1]", Load(0, 1, acquire=True, size=4)),
        ("ldrb w0, [x1, #3]", Load(0, 1, 3, size=1)),
        ("ldrh w0, [x1], #2", Load(0, 1, size=2, writeback=2)),
        ("ldrsw x0, [x1]", Load(0, 1, size=4, signed=True)),
        ("ldr x0, [sp, #8]!", Load(0, 32, 8, writeback=8)),
        ("str x0, [x1, #-8]!", Store(0, 1, -8, writeback=-8)),
        ("str x0, [x1], #-256", Store(0, 1, writeback=-256)),
        ("ldr x0, [x1, x2]", Load(0, 1, index=Shifted(2))),
        ("ldr x0, [x1, x2, lsl #3]", Load(0, 1, index=Shifted(2, ShiftKind.LSL, 3))),
        ("str w0, [x1, w2, uxtw #2]", Store(0, 1, size=4, index=Extended(2, UXTW, 2))),
        ("ldr x0, [x1, w2, sxtw]", Load(0, 1, index=Extended(2, ExtensionKind.SXTW))),
        ("ldr x0, [x1, :lo12:payload]", Load(0, 1, 0x40)),
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
    ("text", "first", "second"),
    [
        ("ldp x0, x1, [x2]", Load(0, 2), Load(1, 2, 8)),
        ("ldp w0, w1, [x2, #-4]", Load(0, 2, -4, size=4), Load(1, 2, 0, size=4)),
        ("ldp x2, x1, [x2]", Load(1, 2, 8), Load(2, 2)),
        ("ldp x1, x2, [x2]", Load(1, 2), Load(2, 2, 8)),
        ("ldp x29, x30, [sp], #16", Load(29, 32), Load(30, 32, 8, writeback=16)),
        ("stp x29, x30, [sp, #-16]!", Store(29, 32, -16), Store(30, 32, -8, writeback=-16)),
        ("stp xzr, xzr, [x0, #504]", Store(31, 0, 504), Store(31, 0, 512)),
        ("stnp x0, x1, [x2]", Store(0, 2), Store(1, 2, 8)),
    ],
)
def test_a_pair_is_two_accesses_and_a_base_is_overwritten_last(
    guest: Callable[[str], tuple[Instruction, ...]],
    text: str,
    first: Instruction,
    second: Instruction,
) -> None:
    assert guest(text) == (first, second)


def test_labels_count_both_accesses_of_a_pair() -> None:
    program = assemble(
        "b end; stp x0, x1, [x2]; end: nop", source="f", words={}, vcpus=1, vmm=False
    )
    assert program.labels == (("end", 3),)
    assert [each.follows for each in program.instructions] == [False, False, True, False]


def test_an_address_is_a_base_with_an_offset_or_an_index_and_wraps_around() -> None:
    core = Core.reset().write(1, 16).write(2, 2**64 - 1)
    assert address_of(Load(0, 1, -8), core) == 8
    assert address_of(Load(0, 1, -24), core) == 2**64 - 8
    assert address_of(Load(0, 1, index=Shifted(2, ShiftKind.LSL, 3)), core) == 8
    assert address_of(Load(0, 1, index=Extended(2, ExtensionKind.SXTW, 2)), core) == 12
    assert address_of(Load(0, 1, index=Extended(2, UXTW)), core) == 16 + 2**32 - 1


def test_a_load_clears_or_extends_what_it_does_not_load_and_moves_its_base() -> None:
    core = Core.reset().write(0, 2**64 - 1).write(1, 16)
    assert Load(0, 1, size=4, writeback=4).loaded(core, 0x8000_0000) == (
        core.write(0, 0x8000_0000).write(1, 20).step()
    )
    assert Load(0, 1, size=4, signed=True).loaded(core, 0x8000_0000) == (
        core.write(0, 0xFFFF_FFFF_8000_0000).step()
    )
