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


def memory_type(
    sctlr_el1: int, hcr_el2: int, attribute: MemoryType = MemoryType.WRITE_BACK
) -> MemoryType:
    """Return the type of a vCPU's data access to guest RAM; `attribute` is the page's, of stage 1.

    Stage 2 maps RAM Normal Write-Back, so that stage 1 decides: with the MMU off it is
    Device-nGnRnE (D8.2.12.1) unless HCR_EL2.DC makes it Write-Back; with it on it is what the page
    says (D8.6.5), but what is Normal is Non-cacheable with SCTLR_EL1.C clear (D7.5.5). With FWB
    stage 2 wins and all is Write-Back (D8.6.6).
    """
    if Hcr.FWB.get(hcr_el2):
        return MemoryType.WRITE_BACK
    if not translates(sctlr_el1, hcr_el2):
        return MemoryType.WRITE_BACK if Hcr.DC.get(hcr_el2) else MemoryType.DEVICE
    if attribute is MemoryType.DEVICE or Sctlr.C.get(sctlr_el1):
        return attribute
    return MemoryType.NON_CACHEABLE


def translates(sctlr_el1: int, hcr_el2: int) -> bool:
    """Say whether stage 1 is on: HCR_EL2.DC has SCTLR_EL1.M treated as 0 (D8.2.12.1)."""
    return Sctlr.M.get(sctlr_el1) and not Hcr.DC.get(hcr_el2)
