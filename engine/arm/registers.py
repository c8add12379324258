"""System registers as 64-bit values with named fields, and the values KVM resets them to.

Field positions are from the Arm ARM (DDI 0487, D24.2), reset values from KVM as of v6.6
(`arch/arm64/kvm/sys_regs.c` for SCTLR_EL1, `arch/arm64/include/asm/kvm_arm.h` for HCR_EL2).
"""

from __future__ import annotations

from enum import Enum, unique
from typing import Final

import attrs

WIDTH: Final = 64
MASK: Final = (1 << WIDTH) - 1


@attrs.frozen
class Field:
    """One named bit of a register."""

    name: str
    bit: int

    @property
    def mask(self) -> int:
        """The field as a mask over the 64-bit register."""
        return 1 << self.bit

    def get(self, value: int) -> bool:
        """Say whether the bit is set in `value`."""
        return bool(value >> self.bit & 1)

    def put(self, value: int, on: bool) -> int:
        """Return `value` with the bit set or cleared."""
        return value | self.mask if on else value & ~self.mask & MASK


@unique
class SystemRegister(Enum):
    """The EL1 registers a guest program may name; the value is the assembler's spelling."""

    SCTLR_EL1 = "sctlr_el1"
    TTBR0_EL1 = "ttbr0_el1"
    TTBR1_EL1 = "ttbr1_el1"
    TCR_EL1 = "tcr_el1"
    ESR_EL1 = "esr_el1"
    FAR_EL1 = "far_el1"
    AFSR0_EL1 = "afsr0_el1"
    AFSR1_EL1 = "afsr1_el1"
    MAIR_EL1 = "mair_el1"
    AMAIR_EL1 = "amair_el1"
    CONTEXTIDR_EL1 = "contextidr_el1"
    MPIDR_EL1 = "mpidr_el1"
    TCR2_EL1 = "tcr2_el1"
    SCTLR2_EL1 = "sctlr2_el1"
    PIR_EL1 = "pir_el1"
    PIRE0_EL1 = "pire0_el1"
    POR_EL1 = "por_el1"
    MAIR2_EL1 = "mair2_el1"
    AMAIR2_EL1 = "amair2_el1"

    @property
    def trapped_by_tvm(self) -> bool:
        """Say whether HCR_EL2.TVM traps EL1 writes of it (Arm ARM, HCR_EL2.TVM)."""
        return self is not SystemRegister.MPIDR_EL1


WRITABLE: Final = tuple(register for register in SystemRegister if register.trapped_by_tvm)
"""The registers a guest may write, in the order `SystemRegisters` stores them."""

_SLOT: Final = {register: slot for slot, register in enumerate(WRITABLE)}


class Sctlr:
    """The fields of SCTLR_EL1 the model reads."""

    M: Final = Field("M", 0)
    C: Final = Field("C", 2)
    SA: Final = Field("SA", 3)
    I: Final = Field("I", 12)  # noqa: E741 - the architecture's own name

    RESET: Final = 0x00C50078
    """What KVM resets it to: MMU and caches off."""

    CACHES_ON: Final = M.mask | C.mask


class Hcr:
    """The fields of HCR_EL2 the model names."""

    VM: Final = Field("VM", 0)
    SWIO: Final = Field("SWIO", 1)
    PTW: Final = Field("PTW", 2)
    FMO: Final = Field("FMO", 3)
    IMO: Final = Field("IMO", 4)
    AMO: Final = Field("AMO", 5)
    FB: Final = Field("FB", 9)
    BSU_IS: Final = Field("BSU_IS", 10)
    DC: Final = Field("DC", 12)
    TWI: Final = Field("TWI", 13)
    TWE: Final = Field("TWE", 14)
    TID3: Final = Field("TID3", 18)
    TSC: Final = Field("TSC", 19)
    TIDCP: Final = Field("TIDCP", 20)
    TACR: Final = Field("TACR", 21)
    TSW: Final = Field("TSW", 22)
    TVM: Final = Field("TVM", 26)
    TRVM: Final = Field("TRVM", 30)
    RW: Final = Field("RW", 31)
    CD: Final = Field("CD", 32)
    ID: Final = Field("ID", 33)
    E2H: Final = Field("E2H", 34)
    TLOR: Final = Field("TLOR", 35)
    FWB: Final = Field("FWB", 46)

    ALL: Final = (
        *(VM, SWIO, PTW, FMO, IMO, AMO, FB, BSU_IS, DC, TWI, TWE, TID3, TSC, TIDCP),
        *(TACR, TSW, TVM, TRVM, RW, CD, ID, E2H, TLOR, FWB),
    )

    GUEST_FLAGS: Final = sum(
        field.mask
        for field in (
            *(VM, SWIO, PTW, FMO, IMO, AMO, FB, BSU_IS, TWI, TWE),
            *(TID3, TSC, TIDCP, TACR, TSW, RW, TLOR, E2H),
        )
    )
    """What KVM sets for every guest on a VHE host, before it arms TVM or sets FWB."""

    @classmethod
    def reset(cls, *, fwb: bool) -> int:
        """Return HCR_EL2 as `vcpu_reset_hcr()` leaves it: TVM armed, or FWB set instead."""
        return cls.GUEST_FLAGS | (cls.FWB.mask if fwb else cls.TVM.mask)


def caches_enabled(sctlr_el1: int) -> bool:
    """Say whether M and C are both set: KVM's `vcpu_has_cache_enabled()`."""
    return sctlr_el1 & Sctlr.CACHES_ON == Sctlr.CACHES_ON


@attrs.frozen
class SystemRegisters:
    """The EL1 registers of one vCPU, 64-bit values in the order of `WRITABLE`."""

    values: tuple[int, ...]

    @classmethod
    def reset(cls) -> SystemRegisters:
        """Return what a vCPU holds after KVM_ARM_VCPU_INIT (the unknown ones as 0)."""
        return cls((Sctlr.RESET, *(0 for _ in WRITABLE[1:])))

    @property
    def sctlr_el1(self) -> int:
        """SCTLR_EL1, which decides what a data access is."""
        return self.values[0]

    def read(self, register: SystemRegister) -> int:
        """Return the value of a register this vCPU can write."""
        return self.values[_SLOT[register]]

    def write(self, register: SystemRegister, value: int) -> SystemRegisters:
        """Return the registers with one of them replaced, cut to 64 bits."""
        slot = _SLOT[register]
        return SystemRegisters((*self.values[:slot], value & MASK, *self.values[slot + 1 :]))
