from __future__ import annotations

import attrs
import pytest

from engine.arm.a64.maintenance import CleanOperation, SetWayOperation
from engine.arm.core import Core
from engine.arm.kept_registers import KeptRegister, kept_value
from engine.arm.memory_type import MemoryType
from engine.arm.registers import MASK, Hcr, Sctlr, SystemRegister, SystemRegisters
from engine.machine.effects import (
    AccessFailed,
    Copy,
    Effect,
    FaultTaken,
    FetchFailed,
    Filled,
    Invalidated,
    Kicked,
    Loaded,
    Maintained,
    PoweredOff,
    PoweredOn,
    RegisterWritten,
    Stored,
    Trapped,
    WrittenBack,
)
from engine.machine.events import GuestExecutes
from engine.machine.setup import Hardware, NonCacheable
from engine.machine.state import Fault, Machine, Power, RegisterWrite
from engine.memory.line import Line, Version
from engine.transition import enabled, take
from tests.engine.build import OFF, ON, machine, with_tvm

LINE_X, WORD_X = 0, 0
INITIAL = Line.initial((0, 0))


def execute(built: Machine, index: int = 0) -> tuple[Machine, tuple[Effect, ...]]:
    step = take(built, GuestExecutes(index))
    return step.after, step.effects


def test_a_load_with_the_mmu_off_reads_ram_and_leaves_the_caches_alone() -> None:
    built = machine("ldr x5, [x1]").with_line(
        LINE_X, INITIAL.fill(0).store_around(0, 7, snoops=False)
    )
    after, effects = execute(built)
    assert effects == (Loaded(0, WORD_X, Version(1, 7), MemoryType.DEVICE, Copy.RAM),)
    assert after.lines == built.lines
    assert after.vcpus[0].core == built.vcpus[0].core.write(5, 7).step()


def test_a_load_with_the_caches_on_reads_the_cached_copy() -> None:
    stale = INITIAL.fill(0).store_around(0, 7, snoops=False)
    built = machine("ldr x5, [x1]", sctlr=[ON]).with_line(LINE_X, stale)
    after, effects = execute(built)
    assert effects == (Loaded(0, WORD_X, Version(0, 0), MemoryType.WRITE_BACK, Copy.CACHE),)
    assert after.vcpus[0].core.read(5) == 0


def test_a_load_with_the_caches_on_fills_an_absent_line() -> None:
    after, effects = execute(machine("ldr x5, [x1]", sctlr=[ON]))
    assert effects == (
        Filled(LINE_X, 0, speculative=False),
        Loaded(0, WORD_X, Version(0, 0), MemoryType.WRITE_BACK, Copy.RAM),
    )
    assert after.lines[LINE_X] == INITIAL.fill(0)


def test_a_load_with_c_clear_is_non_cacheable() -> None:
    _, effects = execute(machine("ldr x5, [x1]", sctlr=[OFF | Sctlr.M.mask]))
    assert effects == (Loaded(0, WORD_X, Version(0, 0), MemoryType.NON_CACHEABLE, Copy.RAM),)


def test_a_store_with_the_mmu_off_goes_around_the_cached_copy() -> None:
    built = machine("str x0, [x1]").with_line(LINE_X, INITIAL.fill(0))
    after, effects = execute(built)
    assert effects == (Stored(0, WORD_X, Version(1, ON), MemoryType.DEVICE, Copy.RAM),)
    assert after.lines[LINE_X] == INITIAL.fill(0).store_around(0, ON, snoops=False)


def test_a_store_with_the_caches_on_makes_the_only_copy_dirty() -> None:
    built = machine("nop", "stlr x0, [x1]", sctlr=[ON, ON]).with_line(LINE_X, INITIAL.fill(0))
    after, effects = execute(built, 1)
    assert effects == (Stored(1, WORD_X, Version(1, ON), MemoryType.WRITE_BACK, Copy.CACHE),)
    assert after.lines[LINE_X] == INITIAL.store_cached(0, ON, pcpu=1)


def test_snooping_hardware_lets_a_device_load_see_the_cached_copy() -> None:
    snoops = Hardware(pcpus=1, noncacheable=NonCacheable.SNOOPS)
    built = machine("ldr x5, [x1]", hardware=snoops)
    built = built.with_line(LINE_X, INITIAL.store_cached(0, 7, pcpu=0))
    after, effects = execute(built)
    assert effects == (Loaded(0, WORD_X, Version(1, 7), MemoryType.DEVICE, Copy.CACHE),)
    assert after.lines == built.lines


@pytest.mark.parametrize(
    ("operation", "line", "after", "effects"),
    [
        (
            "civac",
            INITIAL.store_cached(0, 7, pcpu=1),
            INITIAL.store_cached(0, 7, pcpu=1).clean().invalidate(),
            (WrittenBack(LINE_X), Invalidated(LINE_X)),
        ),
        ("civac", INITIAL, INITIAL, ()),
        (
            "cvac",
            INITIAL.store_cached(0, 7, pcpu=1),
            INITIAL.store_cached(0, 7, pcpu=1).clean(),
            (WrittenBack(LINE_X),),
        ),
        ("cvac", INITIAL.fill(1), INITIAL.fill(1), ()),
        (
            "ivac",
            INITIAL.store_cached(0, 7, pcpu=1),
            INITIAL.store_cached(0, 7, pcpu=1).clean().invalidate(),
            (WrittenBack(LINE_X), Invalidated(LINE_X)),
        ),
    ],
)
def test_maintenance_by_va_reaches_every_pcpu_and_never_drops_data(
    operation: str, line: Line, after: Line, effects: tuple[Effect, ...]
) -> None:
    reached, facts = execute(machine(f"dc {operation}, x1").with_line(LINE_X, line))
    performed = CleanOperation("civac" if operation == "ivac" else operation)
    assert reached.lines[LINE_X] == after
    assert facts == (Maintained(0, LINE_X, CleanOperation(operation), performed), *effects)


def test_dc_ivac_drops_a_dirty_line_where_hcr_vm_is_clear() -> None:
    built = machine("dc ivac, x1").with_line(LINE_X, INITIAL.store_cached(0, 7, pcpu=0))
    vcpu = built.vcpus[0]
    bare = built.with_vcpu(0, attrs.evolve(vcpu, hcr_el2=Hcr.VM.put(vcpu.hcr_el2, False)))
    after, effects = execute(bare)
    assert effects == (
        Maintained(0, LINE_X, CleanOperation.IVAC, CleanOperation.IVAC),
        Invalidated(LINE_X),
    )
    assert after.lines[LINE_X].lost(0)


def test_a_register_write_under_tvm_exits_and_changes_nothing_else() -> None:
    built = machine("msr sctlr_el1, x0")
    after, effects = execute(built)
    assert effects == (Trapped(0, SystemRegister.SCTLR_EL1),)
    expected = attrs.evolve(
        built.vcpus[0],
        stack=(RegisterWrite(SystemRegister.SCTLR_EL1, ON, was_enabled=False),),
    )
    assert after.vcpus[0] == expected


def test_a_register_write_without_tvm_is_direct() -> None:
    after, effects = execute(with_tvm(machine("msr sctlr_el1, x0"), 0, False))
    assert effects == (RegisterWritten(0, SystemRegister.SCTLR_EL1, OFF, ON, trapped=False),)
    assert after.vcpus[0].registers.sctlr_el1 == ON
    assert after.vcpus[0].in_guest


def test_a_set_way_operation_exits_and_never_executes() -> None:
    dirty = INITIAL.store_cached(0, 7, pcpu=0)
    after, effects = execute(machine("dc cisw, x5").with_line(LINE_X, dirty))
    assert effects == (Trapped(0, SetWayOperation.CISW),)
    assert after.lines[LINE_X] == dirty


def test_an_access_to_an_unmapped_page_faults_before_it_does_anything() -> None:
    built = machine("str x0, [x1]", mapped=False)
    after, effects = execute(built)
    assert effects == (FaultTaken(0, 0),)
    assert after.vcpus[0] == attrs.evolve(built.vcpus[0], stack=(Fault(0),))
    assert after.lines == built.lines


def test_an_access_beside_guest_ram_stops_the_vcpu_there() -> None:
    after, effects = execute(machine("ldr x5, [x1, #64]"))
    assert effects == (AccessFailed(0, 0x1040),)
    assert after.vcpus[0].fault == 0x1040
    assert GuestExecutes(0) not in enabled(after)


def test_maintenance_beside_guest_ram_stops_the_vcpu_there() -> None:
    after, effects = execute(machine("dc cvac, x5"))
    assert effects == (AccessFailed(0, 0),)
    assert after.vcpus[0].fault == 0
    assert GuestExecutes(0) not in enabled(after)


def test_maintenance_on_a_page_of_guest_ram_beside_its_words_does_nothing() -> None:
    built = machine("add x5, x1, #0x80; dc civac, x5")
    after, effects = execute(execute(built)[0])
    assert effects == ()
    assert after.lines == built.lines
    assert after.vcpus[0].core.pc == 2


def test_maintenance_of_a_page_that_stage_2_does_not_map_faults_wherever_it_is_on_it() -> None:
    built = machine("add x5, x1, #0x80; dc civac, x5", mapped=False)
    assert execute(execute(built)[0])[1] == (FaultTaken(0, 0),)


@pytest.mark.parametrize(
    ("program", "faults"),
    [
        ("b out\nout:", True),
        ("cbz x5, out\nnop\nout:", True),
        ("cbnz x5, out\nnop\nout:", False),
        ("tbz x5, #0, out\nnop\nout:", True),
        ("tbnz x5, #0, out\nnop\nout:", False),
        ("b.eq out\nnop\nout:", False),
        ("b.ne out\nnop\nout:", True),
        ("b in\nin: nop", False),
        ("nop", False),
        ("psci_cpu_off", False),
    ],
)
def test_a_branch_that_is_taken_out_of_the_program_fails_to_fetch(
    program: str, faults: bool
) -> None:
    after, effects = execute(machine(program))
    assert (FetchFailed(0) in effects) is faults
    assert not faults or GuestExecutes(0) not in enabled(after)


def test_a_program_that_comes_to_its_end_by_itself_just_ends() -> None:
    after, effects = execute(machine("nop"))
    assert effects == ()
    assert GuestExecutes(0) not in enabled(after)


@pytest.mark.parametrize(
    ("entry", "target", "effects"),
    [
        (", out", "nop\nout:", (PoweredOn(1, by=0), FetchFailed(1))),
        ("", "nop\nout:", (PoweredOn(1, by=0),)),
        ("", "", (PoweredOn(1, by=0),)),
    ],
)
def test_cpu_on_to_where_there_is_no_instruction_fails_to_fetch_but_for_an_empty_program(
    entry: str, target: str, effects: tuple[Effect, ...]
) -> None:
    assert execute(machine(f"psci_cpu_on vcpu1{entry}", target, off=[1]))[1] == effects


def test_cpu_on_starts_a_vcpu_anew_that_had_stopped_at_a_failed_access() -> None:
    built = machine("psci_cpu_on vcpu1", "ldr x5, [x5]", off=[1])
    stopped = built.with_vcpu(1, attrs.evolve(built.vcpus[1], fault=0))
    assert GuestExecutes(1) in enabled(execute(stopped)[0])


def test_mrs_reads_what_msr_wrote_and_mpidr_tells_the_vcpu() -> None:
    after, _ = execute(machine("mrs x5, sctlr_el1", sctlr=[ON]))
    assert after.vcpus[0].core.read(5) == ON
    after, _ = execute(machine("nop", "mrs x5, mpidr_el1"), 1)
    assert after.vcpus[0 + 1].core.read(5) == 0x80000001


def test_cpu_on_resets_the_target_and_does_not_rearm_tvm() -> None:
    built = with_tvm(machine("psci_cpu_on vcpu1, entry", "nop\nentry: nop", off=[1]), 1, False)
    built = built.with_vcpu(
        1,
        attrs.evolve(
            built.vcpus[1],
            registers=built.vcpus[1].registers.write(SystemRegister.SCTLR_EL1, ON),
        ),
    )
    after, effects = execute(built)
    assert effects == (PoweredOn(1, by=0),)
    assert after.vcpus[1] == attrs.evolve(
        built.vcpus[1],
        power=Power.ON,
        core=Core.reset(1),
        registers=SystemRegisters.reset(),
    )
    assert not after.vcpus[1].tvm
    assert after.vcpus[0].core == built.vcpus[0].core.write(0, 0).step()


def test_cpu_on_of_a_running_vcpu_says_already_on() -> None:
    built = machine("psci_cpu_on vcpu1", "nop")
    after, effects = execute(built)
    assert effects == ()
    assert after.vcpus[1] == built.vcpus[1]
    assert after.vcpus[0].core.read(0) == -4 & MASK


def test_cpu_off_stops_the_vcpu() -> None:
    after, effects = execute(machine("psci_cpu_off\nnop"))
    assert effects == (PoweredOff(0, by=0),)
    assert after.vcpus[0].power is Power.OFF
    assert GuestExecutes(0) not in enabled(after)


def test_a_kick_waits_at_the_vmm() -> None:
    after, effects = execute(machine("nop", "kick_vmm"), 1)
    assert effects == (Kicked(1),)
    assert after.vmm.kicks == (False, True)


def test_wfi_waits_for_an_injected_interrupt() -> None:
    built = machine("wfi")
    assert GuestExecutes(0) not in enabled(built)
    pending = built.with_vcpu(0, attrs.evolve(built.vcpus[0], interrupt=True))
    after, _ = execute(pending)
    assert not after.vcpus[0].interrupt


@pytest.mark.parametrize("instruction", ["wfe", "sev", "nop", "isb", "dsb sy", "dmb ish"])
def test_hints_and_barriers_only_move_on(instruction: str) -> None:
    built = machine(instruction)
    after, effects = execute(built)
    assert effects == ()
    assert after.vcpus[0] == attrs.evolve(built.vcpus[0], core=built.vcpus[0].core.step())


def test_with_fwb_every_access_is_write_back() -> None:
    _, effects = execute(machine("ldr x5, [x1]", hardware=Hardware(pcpus=1, fwb=True)))
    assert effects[-1] == Loaded(0, WORD_X, Version(0, 0), MemoryType.WRITE_BACK, Copy.RAM)


def test_masks_and_kept_registers_are_read_as_they_were_written() -> None:
    built = machine("msr vbar_el1, x1; msr daifclr, #2; mrs x4, vbar_el1; mrs x5, daif")
    for _ in range(4):
        built, effects = execute(built)
        assert effects == ()
    assert built.vcpus[0].core.read(4) == 0x1000
    assert built.vcpus[0].core.read(5) == 0x340
    after, _ = execute(machine("msr daifset, #15; mrs x5, daif"))
    assert kept_value(after.vcpus[0].kept, KeptRegister.DAIF) == 0x3C0


def test_identification_registers_tell_of_the_hardware() -> None:
    after, _ = execute(machine("mrs x5, ctr_el0"))
    assert after.vcpus[0].core.read(5) == 0x8444_C004


def test_an_exception_return_goes_to_elr_with_the_flags_and_masks_of_spsr() -> None:
    text = "adr x4, there; msr elr_el1, x4; mov w5, #0x5; movk w5, #0x8000, lsl #16;"
    built = machine(f"{text} msr spsr_el1, x5; eret; nop; there: nop")
    for _ in range(6):
        built, effects = execute(built)
    assert effects == ()
    vcpu = built.vcpus[0]
    assert (vcpu.core.pc, vcpu.core.nzcv) == (7, 0b1000)
    assert kept_value(vcpu.kept, KeptRegister.DAIF) == 0


def test_an_exception_return_to_el0_has_no_program() -> None:
    after, effects = execute(machine("eret; nop"))
    assert effects == (FetchFailed(0),)
    assert after.vcpus[0].core.pc == 2
