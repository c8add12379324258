from __future__ import annotations

import pytest

from engine.arm.registers import (
    WRITABLE,
    Hcr,
    Sctlr,
    SystemRegister,
    SystemRegisters,
    caches_enabled,
)


@pytest.mark.parametrize(
    ("name", "bit"),
    [
        *(("VM", 0), ("SWIO", 1), ("FMO", 3), ("IMO", 4), ("AMO", 5), ("FB", 9), ("DC", 12)),
        *(("TWI", 13), ("TWE", 14), ("TSW", 22), ("TVM", 26), ("TRVM", 30), ("CD", 32)),
        *(("ID", 33), ("E2H", 34), ("FWB", 46)),
    ],
)
def test_the_fields_of_hcr_el2_are_where_the_architecture_puts_them(name: str, bit: int) -> None:
    (field,) = (field for field in Hcr.ALL if field.name == name)
    assert (field.bit, field.mask) == (bit, 1 << bit)


def test_the_fields_of_sctlr_el1_are_where_the_architecture_puts_them() -> None:
    assert (Sctlr.M.bit, Sctlr.C.bit, Sctlr.I.bit) == (0, 2, 12)


def test_kvm_resets_sctlr_el1_with_mmu_and_caches_off() -> None:
    reset = SystemRegisters.reset()
    assert reset.sctlr_el1 == 0x00C50078
    assert not caches_enabled(reset.sctlr_el1)
    assert reset.values == (0x00C50078, *(0 for _ in WRITABLE[1:]))


def test_kvm_arms_tvm_at_reset_unless_the_hardware_has_fwb() -> None:
    plain, fwb = Hcr.reset(fwb=False), Hcr.reset(fwb=True)
    assert (Hcr.TVM.get(plain), Hcr.FWB.get(plain)) == (True, False)
    assert (Hcr.TVM.get(fwb), Hcr.FWB.get(fwb)) == (False, True)
    assert plain ^ fwb == Hcr.TVM.mask | Hcr.FWB.mask


@pytest.mark.parametrize(
    ("sctlr_el1", "enabled"), [(0b000, False), (0b001, False), (0b100, False), (0b101, True)]
)
def test_caches_are_enabled_when_m_and_c_are_both_set(sctlr_el1: int, enabled: bool) -> None:
    assert caches_enabled(Sctlr.RESET | sctlr_el1) is enabled


def test_tvm_traps_writes_of_eighteen_registers_and_not_of_mpidr() -> None:
    assert len(WRITABLE) == 18
    assert not SystemRegister.MPIDR_EL1.trapped_by_tvm


@pytest.mark.parametrize("register", WRITABLE)
def test_a_written_register_reads_back_cut_to_64_bits(register: SystemRegister) -> None:
    written = SystemRegisters.reset().write(register, 1 << 64 | 5)
    assert written.read(register) == 5
    for other in WRITABLE:
        if other is not register:
            assert written.read(other) == SystemRegisters.reset().read(other)


def test_a_field_is_put_and_got_without_touching_the_rest() -> None:
    value = Hcr.TVM.put(0xFF, True)
    assert value == 0xFF | 1 << 26
    assert Hcr.TVM.put(value, False) == 0xFF
