"""Registers that only their guest looks at: kept as written, or constants that KVM shows.

What a guest writes to a kept register it reads back, and nothing else comes of it: vectors, thread
pointers, floating point and the like are no part of the model. The identification registers say
what the model's CPU is: Armv8.1 with LSE atomics, none of the later features, EL1 and EL0 in 64
bits alone, and caches of one set and one way, as KVM shows them since v6.3 so that loops over sets
and ways are short.
"""

from __future__ import annotations

from enum import Enum, unique
from typing import Final

DAIF_MASKED: Final = 0x3C0
"""DAIF with all of its bits set, as at reset (Arm ARM C5.2.2)."""

MODE: Final = 0x1F
"""SPSR_EL1.M."""

EL1H: Final = 0b0101
"""PSTATE.M, and SPSR_EL1.M, at EL1 with its own stack pointer (Arm ARM C5.2.19)."""


@unique
class KeptRegister(Enum):
    """What a guest may write and read back; the value is the assembler's spelling."""

    VBAR_EL1 = "vbar_el1"
    ELR_EL1 = "elr_el1"
    SPSR_EL1 = "spsr_el1"
    SP_EL0 = "sp_el0"
    DAIF = "daif"
    TPIDR_EL0 = "tpidr_el0"
    TPIDRRO_EL0 = "tpidrro_el0"
    TPIDR_EL1 = "tpidr_el1"
    CPACR_EL1 = "cpacr_el1"
    CSSELR_EL1 = "csselr_el1"
    ACTLR_EL1 = "actlr_el1"
    PAR_EL1 = "par_el1"
    CNTKCTL_EL1 = "cntkctl_el1"
    CNTV_CTL_EL0 = "cntv_ctl_el0"
    CNTV_CVAL_EL0 = "cntv_cval_el0"
    CNTP_CTL_EL0 = "cntp_ctl_el0"
    MDSCR_EL1 = "mdscr_el1"
    OSLAR_EL1 = "oslar_el1"
    OSDLR_EL1 = "osdlr_el1"
    PMCR_EL0 = "pmcr_el0"
    PMUSERENR_EL0 = "pmuserenr_el0"
    AMUSERENR_EL0 = "amuserenr_el0"
    ICC_SRE_EL1 = "icc_sre_el1"
    ICC_PMR_EL1 = "icc_pmr_el1"
    ICC_BPR1_EL1 = "icc_bpr1_el1"
    ICC_CTLR_EL1 = "icc_ctlr_el1"
    ICC_IGRPEN1_EL1 = "icc_igrpen1_el1"


@unique
class IdRegister(Enum):
    """What a guest may only read, the same on all CPUs; the value is the assembler's spelling."""

    MIDR_EL1 = "midr_el1"
    REVIDR_EL1 = "revidr_el1"
    AIDR_EL1 = "aidr_el1"
    CTR_EL0 = "ctr_el0"
    DCZID_EL0 = "dczid_el0"
    CLIDR_EL1 = "clidr_el1"
    CCSIDR_EL1 = "ccsidr_el1"
    CCSIDR2_EL1 = "ccsidr2_el1"
    CNTFRQ_EL0 = "cntfrq_el0"
    CURRENT_EL = "currentel"
    SPSEL = "spsel"
    OSLSR_EL1 = "oslsr_el1"
    ID_AA64PFR0_EL1 = "id_aa64pfr0_el1"
    ID_AA64PFR1_EL1 = "id_aa64pfr1_el1"
    ID_AA64PFR2_EL1 = "id_aa64pfr2_el1"
    ID_AA64ZFR0_EL1 = "id_aa64zfr0_el1"
    ID_AA64SMFR0_EL1 = "id_aa64smfr0_el1"
    ID_AA64DFR0_EL1 = "id_aa64dfr0_el1"
    ID_AA64DFR1_EL1 = "id_aa64dfr1_el1"
    ID_AA64ISAR0_EL1 = "id_aa64isar0_el1"
    ID_AA64ISAR1_EL1 = "id_aa64isar1_el1"
    ID_AA64ISAR2_EL1 = "id_aa64isar2_el1"
    ID_AA64ISAR3_EL1 = "id_aa64isar3_el1"
    ID_AA64MMFR0_EL1 = "id_aa64mmfr0_el1"
    ID_AA64MMFR1_EL1 = "id_aa64mmfr1_el1"
    ID_AA64MMFR2_EL1 = "id_aa64mmfr2_el1"
    ID_AA64MMFR3_EL1 = "id_aa64mmfr3_el1"
    ID_AA64MMFR4_EL1 = "id_aa64mmfr4_el1"


_SLOT: Final = {register: slot for slot, register in enumerate(KeptRegister)}

KEPT_AT_RESET: Final = tuple(
    DAIF_MASKED if register is KeptRegister.DAIF else 0 for register in KeptRegister
)
"""What kept registers hold after a reset, in their order (the unknown ones as 0)."""


def kept_value(kept: tuple[int, ...], register: KeptRegister) -> int:
    """Return what a kept register holds."""
    return kept[_SLOT[register]]


def with_kept(kept: tuple[int, ...], register: KeptRegister, value: int) -> tuple[int, ...]:
    """Return the kept registers with one of them written."""
    slot = _SLOT[register]
    return (*kept[:slot], value, *kept[slot + 1 :])


_PARTS: Final = {0x41: 0xD0C}
"""MIDR_EL1.PartNum by implementor: Neoverse N1, and 0 of the others."""
_LINE_WORDS_BYTES: Final = 4


_CONSTANTS: Final = {
    # LoUU, LoC and LoUIS at level 1, where the caches are separate.
    IdRegister.CLIDR_EL1: 1 << 27 | 1 << 24 | 1 << 21 | 0b011,
    IdRegister.CNTFRQ_EL0: 62_500_000,
    IdRegister.CURRENT_EL: 1 << 2,
    IdRegister.SPSEL: 1,
    IdRegister.ID_AA64PFR0_EL1: 0x11,  # EL1 and EL0 in AArch64 alone
    IdRegister.ID_AA64DFR0_EL1: 0x6,  # the debug architecture of Armv8.0
    IdRegister.ID_AA64ISAR0_EL1: 0b10 << 20,  # LSE atomics
    # All granules, 16-bit ASIDs, 48-bit addresses.
    IdRegister.ID_AA64MMFR0_EL1: 1 << 20 | 0b10 << 4 | 0b101,
}
"""What identification registers show on every machine; those that are not here, 0."""


def id_value(register: IdRegister, implementor: int, line_bytes: int) -> int:
    """Return what an identification register shows (Arm ARM D24.2; KVM's `sys_regs.c`)."""
    words = (line_bytes // _LINE_WORDS_BYTES).bit_length() - 1
    if register is IdRegister.MIDR_EL1:
        return implementor << 24 | 0xF << 16 | _PARTS.get(implementor, 0) << 4
    if register is IdRegister.CTR_EL0:
        # RES1, CWG, ERG and DminLine, L1Ip: PIPT, IminLine; IDC and DIC are 0.
        return 1 << 31 | words << 24 | words << 20 | words << 16 | 0b11 << 14 | words
    if register is IdRegister.DCZID_EL0:
        return words
    if register is IdRegister.CCSIDR_EL1:
        return max(words - 2, 0)  # LineSize; one set, one way
    return _CONSTANTS.get(register, 0)
