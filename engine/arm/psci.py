"""PSCI and the SMC calling convention, as KVM answers them: functions by number, and results."""

from __future__ import annotations

from enum import IntEnum, unique
from typing import Final

from engine.arm.registers import MASK

SUCCESS: Final = 0
NOT_SUPPORTED: Final = -1 & MASK
INVALID_PARAMETERS: Final = -2 & MASK
ALREADY_ON: Final = -4 & MASK
INTERNAL_FAILURE: Final = -6 & MASK
"""What a call returns in x0 (PSCI, DEN 0022, 5.2.2)."""

VERSION: Final = 0x1_0001
"""PSCI 1.1, and the version 1.1 of the calling convention."""

NO_TRUSTED_OS: Final = 2
"""MIGRATE_INFO_TYPE: nothing has to be migrated."""

_WIDE: Final = 1 << 30
"""The bit of a function's number by which its arguments are 64 bits (DEN 0028, 2.5)."""


@unique
class PsciFunction(IntEnum):
    """What a guest may ask for; the value is the number with 32-bit arguments (DEN 0022, 5.1)."""

    SMCCC_VERSION = 0x8000_0000
    PSCI_VERSION = 0x8400_0000
    CPU_SUSPEND = 0x8400_0001
    CPU_OFF = 0x8400_0002
    CPU_ON = 0x8400_0003
    AFFINITY_INFO = 0x8400_0004
    MIGRATE_INFO_TYPE = 0x8400_0006
    SYSTEM_OFF = 0x8400_0008
    SYSTEM_RESET = 0x8400_0009
    PSCI_FEATURES = 0x8400_000A


_NUMBERS: Final = {function.value: function for function in PsciFunction}
_WITH_ADDRESSES: Final = (
    PsciFunction.CPU_SUSPEND,
    PsciFunction.CPU_ON,
    PsciFunction.AFFINITY_INFO,
)
"""What has a number for 64-bit arguments, too."""


def psci_function(number: int) -> tuple[PsciFunction, bool] | None:
    """Return a function by its number, and whether its arguments are 64 bits; None if unknown."""
    wide = bool(number & _WIDE)
    function = _NUMBERS.get(number & ~_WIDE)
    if function is None or (wide and function not in _WITH_ADDRESSES):
        return None
    return function, wide


def affinity(index: int) -> int:
    """Return a vCPU's affinity fields, which `reset_mpidr()` deals out 16 to a level 1."""
    return index >> 4 << 8 | index & 0xF


def mpidr(index: int) -> int:
    """Return a vCPU's MPIDR_EL1: RES1 in bit 31, and its affinities."""
    return 1 << 31 | affinity(index)


_AFFINITIES: Final = 0xFF_00FF_FFFF


def vcpu_of(target: int, vcpus: int) -> int | None:
    """Return the vCPU with the affinities of an MPIDR, or None (`kvm_mpidr_to_vcpu()`)."""
    wanted = target & _AFFINITIES
    return next((index for index in range(vcpus) if affinity(index) == wanted), None)
