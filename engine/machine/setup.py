"""What never changes in a run: hardware, memory layout, programs and the policy."""

from __future__ import annotations

from enum import Enum, unique

import attrs

from engine.arm.memory_type import MemoryType
from engine.arm.program import Program
from engine.memory.layout import Layout
from engine.policy.policy import Policy


@unique
class NonCacheable(Enum):
    """What a Device or Non-cacheable access does about a cached copy (Arm ARM B2.11)."""

    BYPASSES = "bypasses"
    SNOOPS = "snoops"
    MAY_HIT = "may-hit"
    """A Normal Non-cacheable load returns the cached copy or RAM, each time either; stores, atomic
    accesses and all of Device go around the copy."""


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


@attrs.frozen
class Alias:
    """Another address, of stage 1, at which a page of guest RAM is."""

    name: str
    address: int
    """Where the page begins there."""
    page: int
    attributes: tuple[MemoryType, ...]
    """Per vCPU."""


@attrs.frozen
class Stage1:
    """What the guest's own mapping makes of its pages, once the MMU is on."""

    attributes: tuple[tuple[MemoryType, ...], ...] = ()
    """Per vCPU and page; all is Normal Write-Back where it is empty."""
    aliases: tuple[Alias, ...] = ()

    def attribute(self, vcpu: int, page: int, alias: int | None = None) -> MemoryType:
        """Return a page's attribute for a vCPU, at its own address or an alias's."""
        if alias is not None:
            return self.aliases[alias].attributes[vcpu]
        return self.attributes[vcpu][page] if self.attributes else MemoryType.WRITE_BACK


@attrs.frozen(cache_hash=True)
class Setup:
    """Everything a transition looks up but never changes."""

    hardware: Hardware
    layout: Layout
    programs: tuple[Program, ...]
    """Per vCPU."""
    vmm: Program | None
    policy: Policy
    stage1: Stage1 = Stage1()
