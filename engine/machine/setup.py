"""What never changes in a run: hardware, memory layout, programs and the policy."""

from __future__ import annotations

from enum import Enum, unique

import attrs

from engine.arm.program import Program
from engine.memory.layout import Layout
from engine.policy.policy import Policy


@unique
class NonCacheable(Enum):
    """What a Device or Non-cacheable access does about a cached copy (Arm ARM B2.11)."""

    BYPASSES = "bypasses"
    SNOOPS = "snoops"


@attrs.frozen
class Hardware:
    """The machine's hardware, as far as a guest or KVM can tell."""

    pcpus: int
    noncacheable: NonCacheable = NonCacheable.BYPASSES
    fwb: bool = False
    """FEAT_S2FWB: stage 2 forces Normal Write-Back."""
    implementor: int = 0x41
    """MIDR_EL1.Implementer, as `read_cpuid_implementor()` returns it; 0x41 is Arm."""
    fills: bool = True
    """Speculative fills may happen."""
    evictions: bool = True
    """Lines may leave a cache by themselves."""


@attrs.frozen(cache_hash=True)
class Setup:
    """Everything a transition looks up but never changes."""

    hardware: Hardware
    layout: Layout
    programs: tuple[Program, ...]
    """Per vCPU."""
    vmm: Program | None
    policy: Policy
