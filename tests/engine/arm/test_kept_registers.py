from __future__ import annotations

from engine.arm.kept_registers import (
    KEPT_AT_RESET,
    IdRegister,
    KeptRegister,
    id_value,
    kept_value,
    with_kept,
)


def test_a_kept_register_is_read_as_it_was_written_and_leaves_the_others_alone() -> None:
    kept = with_kept(KEPT_AT_RESET, KeptRegister.VBAR_EL1, 0x800)
    assert kept_value(kept, KeptRegister.VBAR_EL1) == 0x800
    assert [
        register
        for register in KeptRegister
        if kept_value(kept, register) != kept_value(KEPT_AT_RESET, register)
    ] == [KeptRegister.VBAR_EL1]


def test_interrupts_are_masked_at_reset() -> None:
    assert kept_value(KEPT_AT_RESET, KeptRegister.DAIF) == 0x3C0


def test_the_cpu_says_what_it_is_and_of_which_lines_its_caches_are() -> None:
    shown = {register: id_value(register, 0x48, 128) for register in IdRegister}
    assert {register.value: value for register, value in shown.items() if value} == {
        "midr_el1": 0x480F_0000,
        "ctr_el0": 0x8555_C005,
        "dczid_el0": 5,
        "clidr_el1": 0x0920_0003,
        "ccsidr_el1": 3,
        "cntfrq_el0": 62_500_000,
        "currentel": 4,
        "spsel": 1,
        "id_aa64pfr0_el1": 0x11,
        "id_aa64dfr0_el1": 6,
        "id_aa64isar0_el1": 0x20_0000,
        "id_aa64mmfr0_el1": 0x10_0025,
    }
    assert id_value(IdRegister.MIDR_EL1, 0x41, 64) == 0x410F_D0C0
