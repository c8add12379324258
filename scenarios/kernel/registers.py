"""The registers whose writes HCR_EL2.TVM traps, and DC by set and way, by name and by encoding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TVM_REGISTERS: Final = (
    *("SCTLR_EL1", "TTBR0_EL1", "TTBR1_EL1", "TCR_EL1", "ESR_EL1", "FAR_EL1", "AFSR0_EL1"),
    *("AFSR1_EL1", "MAIR_EL1", "AMAIR_EL1", "CONTEXTIDR_EL1", "TCR2_EL1", "PIR_EL1", "PIRE0_EL1"),
    *("POR_EL1", "SCTLR2_EL1", "MAIR2_EL1", "AMAIR2_EL1", "SCTLRALIAS_EL1", "TCRALIAS_EL1"),
)
SET_WAY: Final = (
    *("DC_ISW", "DC_CSW", "DC_CISW", "DC_IGSW", "DC_IGDSW", "DC_CGSW", "DC_CGDSW"),
    *("DC_CIGSW", "DC_CIGDSW"),
)
AARCH32_TVM_REGISTERS: Final = (
    *("SCTLR", "TTBR0", "TTBR1", "TTBCR", "TTBCR2", "DACR", "DFSR", "IFSR", "ADFSR", "AIFSR"),
    *("DFAR", "IFAR", "PRRR", "NMRR", "AMAIR0", "AMAIR1", "CONTEXTIDR"),
)
AARCH32_SET_WAY: Final = ("DCISW", "DCCSW", "DCCISW")

NAMED: Final = frozenset((*TVM_REGISTERS, *SET_WAY))
"""What a row may name as `SYS_…`."""

AARCH64: Final[Mapping[tuple[int, ...], str]] = {
    (3, 0, 1, 0, 0): "SCTLR_EL1",
    (3, 0, 2, 0, 0): "TTBR0_EL1",
    (3, 0, 2, 0, 1): "TTBR1_EL1",
    (3, 0, 2, 0, 2): "TCR_EL1",
    (3, 0, 5, 1, 0): "AFSR0_EL1",
    (3, 0, 5, 1, 1): "AFSR1_EL1",
    (3, 0, 5, 2, 0): "ESR_EL1",
    (3, 0, 6, 0, 0): "FAR_EL1",
    (3, 0, 10, 2, 0): "MAIR_EL1",
    (3, 0, 10, 3, 0): "AMAIR_EL1",
    (3, 0, 13, 0, 1): "CONTEXTIDR_EL1",
    (3, 0, 2, 0, 3): "TCR2_EL1",
    (3, 0, 10, 2, 2): "PIRE0_EL1",
    (3, 0, 10, 2, 3): "PIR_EL1",
    (3, 0, 10, 2, 4): "POR_EL1",
    (3, 0, 1, 0, 3): "SCTLR2_EL1",
    (1, 0, 7, 6, 2): "DC_ISW",
    (1, 0, 7, 6, 4): "DC_IGSW",
    (1, 0, 7, 6, 6): "DC_IGDSW",
    (1, 0, 7, 10, 2): "DC_CSW",
    (1, 0, 7, 10, 4): "DC_CGSW",
    (1, 0, 7, 10, 6): "DC_CGDSW",
    (1, 0, 7, 14, 2): "DC_CISW",
    (1, 0, 7, 14, 4): "DC_CIGSW",
    (1, 0, 7, 14, 6): "DC_CIGDSW",
}
"""By Op0, Op1, CRn, CRm, Op2."""

AARCH32: Final[Mapping[tuple[int, ...], str]] = {
    (0, 1, 0, 0): "SCTLR",
    (0, 2, 0, 0): "TTBR0",
    (0, 2, 0, 1): "TTBR1",
    (0, 2, 0, 2): "TTBCR",
    (0, 2, 0, 3): "TTBCR2",
    (0, 3, 0, 0): "DACR",
    (0, 5, 0, 0): "DFSR",
    (0, 5, 0, 1): "IFSR",
    (0, 5, 1, 0): "ADFSR",
    (0, 5, 1, 1): "AIFSR",
    (0, 6, 0, 0): "DFAR",
    (0, 6, 0, 2): "IFAR",
    (0, 10, 2, 0): "PRRR",
    (0, 10, 2, 1): "NMRR",
    (0, 10, 3, 0): "AMAIR0",
    (0, 10, 3, 1): "AMAIR1",
    (0, 13, 0, 1): "CONTEXTIDR",
    (0, 7, 6, 2): "DCISW",
    (0, 7, 10, 2): "DCCSW",
    (0, 7, 14, 2): "DCCISW",
}
"""By Op1, CRn, CRm, Op2."""

AARCH32_WIDE: Final[Mapping[tuple[int, ...], str]] = {(0, 2): "TTBR0", (1, 2): "TTBR1"}
"""Written by MCRR, by Op1 and CRm."""
