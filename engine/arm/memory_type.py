"""The memory type a data access has, from SCTLR_EL1, HCR_EL2 and FWB."""

from __future__ import annotations

from enum import Enum, unique

from engine.arm.registers import Hcr, Sctlr


@unique
class MemoryType(Enum):
    """The three types an access to guest RAM can have (Arm ARM B2.10)."""

    DEVICE = "Device-nGnRnE"
    NON_CACHEABLE = "Normal Non-cacheable"
    WRITE_BACK = "Normal Write-Back"

    @property
    def cacheable(self) -> bool:
        """Say whether such an access looks in the data caches."""
        return self is MemoryType.WRITE_BACK


def memory_type(sctlr_el1: int, hcr_el2: int) -> MemoryType:
    """Return the type of a vCPU's data access to guest RAM.

    Stage 2 maps RAM Normal Write-Back, so that stage 1 decides: with the MMU off it is
    Device-nGnRnE (D8.2.12.1) unless HCR_EL2.DC makes it Write-Back, with SCTLR_EL1.C clear
    Non-cacheable (D7.5.5). With FWB stage 2 wins and all is Write-Back (D8.6.6).
    """
    if Hcr.FWB.get(hcr_el2):
        return MemoryType.WRITE_BACK
    if not Sctlr.M.get(sctlr_el1):
        return MemoryType.WRITE_BACK if Hcr.DC.get(hcr_el2) else MemoryType.DEVICE
    return MemoryType.WRITE_BACK if Sctlr.C.get(sctlr_el1) else MemoryType.NON_CACHEABLE
