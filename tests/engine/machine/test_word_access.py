from __future__ import annotations

import pytest

from engine.arm.memory_type import MemoryType
from engine.arm.registers import Sctlr
from engine.machine.effects import (
    AccessFailed,
    AccessFailure,
    Copy,
    Effect,
    FaultTaken,
    Filled,
    Loaded,
    Stored,
)
from engine.machine.events import GuestExecutes, KvmExecutes, VmmExecutes
from engine.machine.setup import Setup
from engine.machine.state import Machine
from engine.memory.layout import Layout, Word
from engine.memory.line import Line, Version
from engine.transition import enabled, take
from tests.engine.build import OFF, ON, X, machine

LINE, WB, DEVICE = 0, MemoryType.WRITE_BACK, MemoryType.DEVICE
"""x and y are on line 0, z on line 1; x1, x2 and x3 point to them, and x0 is SCTLR_EL1."""


def halves(built: Machine) -> Machine:
    """Return a machine whose words x and y are of 4 bytes."""
    words = (Word("x", X, size=4), Word("y", X + 4, size=4), Word("z", 0x2000))
    setup = built.setup
    layout = Layout.of(words)
    return Machine(
        Setup(setup.hardware, layout, setup.programs, setup.vmm, setup.policy),
        built.lines,
        built.vcpus,
        built.vmm,
        built.vm,
    )


def run(built: Machine, *who: int) -> tuple[Machine, list[tuple[Effect, ...]]]:
    """Let vCPUs execute an instruction each, in turn."""
    told = []
    for vcpu in who:
        step = take(built, GuestExecutes(vcpu))
        built = step.after
        told.append(step.effects)
    return built, told


def x(built: Machine, number: int, vcpu: int = 0) -> int:
    return built.vcpus[vcpu].core.read(number)


def test_a_pair_is_stored_and_loaded_in_two_steps_between_which_others_may_move() -> None:
    built, told = run(machine("stp x1, x2, [x1]; ldp x4, x5, [x1]", "str x3, [x2]"), 0, 1, 0, 0, 0)
    assert told == [
        (Stored(0, 0, Version(1, 0x1000), DEVICE, Copy.RAM),),
        (Stored(1, 1, Version(1, 0x2000), DEVICE, Copy.RAM),),
        (Stored(0, 1, Version(2, 0x1008), DEVICE, Copy.RAM),),
        (Loaded(0, 0, Version(1, 0x1000), DEVICE, Copy.RAM),),
        (Loaded(0, 1, Version(2, 0x1008), DEVICE, Copy.RAM),),
    ]
    assert (x(built, 4), x(built, 5)) == (0x1000, 0x1008)


def test_words_of_four_bytes_are_loaded_and_stored_by_w_registers() -> None:
    built, told = run(halves(machine("str w0, [x1]; ldr w4, [x1]; ldr w5, [x1, #4]")), 0, 0, 0)
    assert told[:2] == [
        (Stored(0, 0, Version(1, ON), DEVICE, Copy.RAM),),
        (Loaded(0, 0, Version(1, ON), DEVICE, Copy.RAM),),
    ]
    assert (x(built, 4), x(built, 5)) == (ON, 0)


def test_part_of_a_word_may_be_loaded() -> None:
    built = machine("ldr w4, [x1, #4]; ldrb w5, [x1, #1]; ldrsw x6, [x1]")
    built = built.with_line(LINE, Line.initial((0x1122_3344_F566_7788, 0)))
    after, told = run(built, 0, 0, 0)
    assert [x(after, number) for number in (4, 5, 6)] == [0x11223344, 0x77, 0xFFFF_FFFF_F566_7788]
    assert told[0] == (Loaded(0, 0, Version(0, 0x1122_3344_F566_7788), DEVICE, Copy.RAM),)


@pytest.mark.parametrize(
    ("program", "address", "failure"),
    [
        ("str w0, [x1]", X, AccessFailure.PART),
        ("ldr x4, [x1, #4]", X + 4, AccessFailure.PART),
        ("swp w4, w4, [x1]", X, AccessFailure.PART),
        ("stxr w4, w0, [x1]", X, AccessFailure.PART),
        ("ldr x4, [x1, #16]", X + 16, AccessFailure.NO_RAM),
        ("dc zva, x1", X, AccessFailure.DEVICE),
        ("dc zva, xzr", 0, AccessFailure.NO_RAM),
        ("str x0, [sp, #8]", X + 16, AccessFailure.STACK),
        ("ldxr x4, [sp]", X + 8, AccessFailure.STACK),
    ],
)
def test_what_cannot_be_accessed_says_why(
    program: str, address: int, failure: AccessFailure
) -> None:
    built = machine(program)
    vcpu = built.vcpus[0]
    built = built.with_vcpu(0, vcpu.with_(core=vcpu.core.write(32, X + 8)))
    after, told = run(built, 0)
    assert told == [(AccessFailed(0, address, failure),)]
    assert after.vcpus[0].fault == address


def test_a_stack_pointer_is_not_checked_where_sctlr_does_not_ask_for_it() -> None:
    unchecked = Sctlr.SA.put(OFF, on=False)
    built = machine("str x0, [sp]", sctlr=[unchecked])
    vcpu = built.vcpus[0]
    built = built.with_vcpu(0, vcpu.with_(core=vcpu.core.write(32, X + 8)))
    _, told = run(built, 0)
    assert told == [(Stored(0, 1, Version(1, ON), DEVICE, Copy.RAM),)]


def test_the_base_moves_once_the_access_is_done() -> None:
    built, _ = run(machine("str x0, [x1], #8; str x0, [x1], #8"), 0, 0)
    assert x(built, 1) == X + 16
    assert [version.value for version in built.lines[LINE].ram] == [ON, ON]


def test_dc_zva_stores_zeros_to_the_words_of_its_line() -> None:
    built = machine("add x4, x1, #60; dc zva, x4", sctlr=[ON])
    built = built.with_line(LINE, Line.initial((7, 8)))
    after, told = run(built, 0, 0)
    assert told[1] == (
        Filled(LINE, 0, speculative=False),
        Stored(0, 0, Version(1, 0), WB, Copy.CACHE),
        Stored(0, 1, Version(1, 0), WB, Copy.CACHE),
    )
    line = after.lines[LINE]
    assert line.cached == (Version(1, 0), Version(1, 0))
    assert (line.ram, line.dirty) == ((Version(0, 7), Version(0, 8)), True)


def test_an_update_loads_and_stores_in_one_step() -> None:
    built, told = run(machine("ldadd x0, x4, [x1]", sctlr=[ON]), 0)
    assert told == [
        (
            Filled(LINE, 0, speculative=False),
            Loaded(0, 0, Version(0, 0), WB, Copy.RAM),
            Stored(0, 0, Version(1, ON), WB, Copy.CACHE),
        )
    ]
    assert x(built, 4) == 0


def test_compare_and_swap_stores_where_the_value_is_as_expected() -> None:
    built, told = run(machine("cas xzr, x0, [x1]; cas x3, x2, [x1]"), 0, 0)
    assert told == [
        (
            Loaded(0, 0, Version(0, 0), DEVICE, Copy.RAM),
            Stored(0, 0, Version(1, ON), DEVICE, Copy.RAM),
        ),
        (Loaded(0, 0, Version(1, ON), DEVICE, Copy.RAM),),
    ]
    assert x(built, 3) == ON


def test_a_store_exclusive_stores_to_the_line_that_is_marked() -> None:
    built, told = run(machine("ldxr x4, [x1]; stxr w5, x0, [x1]; stxr w6, x0, [x1]"), 0, 0, 0)
    assert told == [
        (Loaded(0, 0, Version(0, 0), DEVICE, Copy.RAM),),
        (Stored(0, 0, Version(1, ON), DEVICE, Copy.RAM),),
        (),
    ]
    assert (x(built, 5), x(built, 6)) == (0, 1)
    assert built.vcpus[0].monitor is None


@pytest.mark.parametrize(
    ("between", "other", "status"),
    [
        ("nop", "nop", 0),
        ("str x0, [x2]", "nop", 0),
        ("nop", "str x0, [x3]", 0),
        ("nop", "ldxr x4, [x1]", 0),
        ("nop", "str x0, [x2]", 1),
        ("nop", "swp x0, x4, [x2]", 1),
        ("clrex", "nop", 1),
        ("ldxr x7, [x3]", "nop", 1),
        ("kick_vmm", "nop", 1),
    ],
)
def test_a_store_exclusive_fails_once_another_has_stored_to_the_line_or_the_mark_is_elsewhere(
    between: str, other: str, status: int
) -> None:
    built = machine(f"ldxr x4, [x1]; {between}; stxr w5, x0, [x1]", other)
    after, _ = run(built, 0, 0, 1, 0)
    assert x(after, 5) == status
    assert after.lines[LINE].newest[0] == (0 if status else 1)


def test_a_store_by_the_vmm_clears_every_mark() -> None:
    built = machine("ldxr x4, [x1]; stxr w5, x0, [x1]", vmm="str x0, [x2]")
    built, _ = run(built, 0)
    after, _ = run(take(built, VmmExecutes()).after, 0)
    assert x(after, 5) == 1


def test_an_exit_clears_the_monitor() -> None:
    built = machine("ldxr x4, [x1]; msr ttbr0_el1, x0; stxr w5, x0, [x1]")
    built, _ = run(built, 0, 0)
    while KvmExecutes(0) in enabled(built):
        built = take(built, KvmExecutes(0)).after
    after, _ = run(built, 0)
    assert x(after, 5) == 1


@pytest.mark.parametrize(
    "program", ["ldxr x4, [x1]", "stxr w5, x0, [x1]", "cas x4, x0, [x1]", "ldp x4, x5, [x1]"]
)
def test_an_access_to_a_page_that_is_not_mapped_faults(program: str) -> None:
    built = machine(program, mapped=False)
    after, told = run(built, 0)
    assert told == [(FaultTaken(0, 0),)]
    assert after.vcpus[0].core == built.vcpus[0].core


def test_dc_zva_faults_on_a_page_that_is_not_mapped() -> None:
    _, told = run(machine("dc zva, x1", mapped=False, sctlr=[ON]), 0)
    assert told == [(FaultTaken(0, 0),)]


def test_the_vmm_swaps_and_zeroes_through_the_caches() -> None:
    built = machine("nop", vmm="swp x0, x4, [x1]; dc zva, x1; str w0, [x1]")
    first = take(built, VmmExecutes())
    second = take(first.after, VmmExecutes())
    third = take(second.after, VmmExecutes())
    assert first.effects == (
        Filled(LINE, 0, speculative=False),
        Loaded(-1, 0, Version(0, 0), WB, Copy.RAM),
        Stored(-1, 0, Version(1, ON), WB, Copy.CACHE),
    )
    assert second.effects == (
        Stored(-1, 0, Version(2, 0), WB, Copy.CACHE),
        Stored(-1, 1, Version(1, 0), WB, Copy.CACHE),
    )
    assert third.effects == (AccessFailed(-1, X, AccessFailure.PART),)
