"""Implementors: who made a CPU, as MIDR_EL1.Implementer tells it."""

from __future__ import annotations

from typing import Final

import attrs


@attrs.frozen
class Implementor:
    """A code that MIDR_EL1.Implementer may hold, and what it is called."""

    name: str
    """As scenario files and the command line have it."""
    code: int
    macro: str | None = None
    """As Linux has it (`asm/cputype.h`), where it does."""


IMPLEMENTORS: Final = (
    Implementor("arm", 0x41, "ARM_CPU_IMP_ARM"),
    Implementor("broadcom", 0x42, "ARM_CPU_IMP_BRCM"),
    Implementor("cavium", 0x43, "ARM_CPU_IMP_CAVIUM"),
    Implementor("fujitsu", 0x46, "ARM_CPU_IMP_FUJITSU"),
    Implementor("hisilicon", 0x48, "ARM_CPU_IMP_HISI"),
    Implementor("nvidia", 0x4E, "ARM_CPU_IMP_NVIDIA"),
    Implementor("apm", 0x50, "ARM_CPU_IMP_APM"),
    Implementor("qualcomm", 0x51, "ARM_CPU_IMP_QCOM"),
    Implementor("samsung", 0x53),
    Implementor("marvell", 0x56),
    Implementor("apple", 0x61, "ARM_CPU_IMP_APPLE"),
    Implementor("faraday", 0x66),
    Implementor("intel", 0x69),
    Implementor("microsoft", 0x6D, "ARM_CPU_IMP_MICROSOFT"),
    Implementor("phytium", 0x70, "ARM_CPU_IMP_PHYTIUM"),
    Implementor("ampere", 0xC0, "ARM_CPU_IMP_AMPERE"),
)
"""Arm ARM D24.2, MIDR_EL1."""
