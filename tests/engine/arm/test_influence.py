"""What the course of programs depends on: where each goes, and what KVM and others see of it."""

from __future__ import annotations

import pytest

from engine.arm.assembler import assemble
from engine.arm.core import Core
from engine.arm.influence import Influence, influence
from engine.arm.program import Program

WORDS = {"x": 0x1000}
POLLS = "again: ldr x5, [x1]\ncbz x5, again"
STORES = "mov x7, #3\nstr x7, [x1]"


def _programs(*texts: str) -> tuple[Program, ...]:
    return tuple(assemble(text, source="test", words=WORDS, vcpus=2, vmm=False) for text in texts)


@pytest.mark.parametrize(
    ("text", "registers", "flags", "memory"),
    [
        ("mov x5, #1\nadd x5, x5, x6", set(), False, False),
        ("ldr x5, [x1]\nadd x5, x5, #1", {1}, False, False),
        ("dc civac, x2", {2}, False, False),
        ("msr sctlr_el1, x3", {3}, False, False),
        ("again: sub x5, x5, x6\ncbnz x5, again", {5, 6}, False, False),
        ("cmp x5, #1", set(), False, False),
        ("cmp x5, #1\nb.eq out\nout: nop", {5}, True, False),
        (POLLS, {1, 5}, False, True),
        (STORES, {1}, False, False),
        ("mrs x5, mpidr_el1\nmov x6, x5", set(), False, False),
    ],
)
def test_a_program_depends_on_what_its_branches_and_its_addresses_come_from(
    text: str, registers: set[int], flags: bool, memory: bool
) -> None:
    found = influence(_programs(text))
    assert found == Influence((frozenset(registers),), (flags,), memory)


def test_where_one_goes_by_what_memory_holds_all_depend_on_what_they_store() -> None:
    one, other = influence(_programs(POLLS, STORES)).registers
    assert (one, other) == ({1, 5}, {1, 7})
    one, other = influence(_programs("ldr x5, [x1]", STORES)).registers
    assert (one, other) == ({1}, {1})


def test_of_a_core_no_more_is_told_than_its_program_depends_on() -> None:
    found = influence(_programs("cmp x5, #1\nb.eq out\nout: str x6, [x1]", "nop"))
    core = Core.reset().write(1, 0x1000).write(5, 7).write(6, 8)
    assert found.of(0, core) == (core.pc, core.nzcv, 0x1000, 7)
    assert found.of(1, core) == (core.pc, 0)
