"""What can be asked about, and the reasons that answer: what happened, and at which step."""

from __future__ import annotations

from enum import Enum, unique
from typing import TypeAlias

import attrs

from engine.arm.memory_type import MemoryType
from engine.arm.registers import Field
from engine.findings import Finding
from engine.machine.actors import Actor
from engine.machine.effects import (
    ConditionDecided,
    Copy,
    Evicted,
    Filled,
    FlushSkipped,
    LineFlushed,
    Maintained,
    RegisterWritten,
    Stored,
    Trapped,
)
from engine.machine.state import WalkPurpose
from engine.memory.line import Version


@unique
class ControlRegister(Enum):
    """The registers whose bits decide what KVM and the caches do."""

    SCTLR = "SCTLR_EL1"
    HCR = "HCR_EL2"


@attrs.frozen
class RamWord:
    """A word in RAM."""

    word: int


@attrs.frozen
class CachedWord:
    """The cached copy of a word, there or not."""

    word: int


@attrs.frozen
class SeenWord:
    """A word as a load by an actor would return it."""

    actor: Actor
    word: int


@attrs.frozen
class RegisterBits:
    """One bit of a control register, or all of it (None)."""

    vcpu: int
    register: ControlRegister
    field: Field | None


WhySubject: TypeAlias = RamWord | CachedWord | SeenWord | RegisterBits | Finding
"""What can be asked about."""


@unique
class SetBy(Enum):
    """How a control register came by its bits."""

    START = "start"
    TRAP = "trap"
    """KVM wrote it for a guest whose write had trapped."""
    GUEST = "guest"
    """The guest wrote it itself: HCR_EL2.TVM was clear."""
    VMM = "vmm"
    """KVM_SET_ONE_REG."""
    POWER_ON = "power on"
    """PSCI CPU_ON reset it."""
    RESET = "reset"
    """KVM_ARM_VCPU_INIT reset it."""
    POLICY = "policy"
    """A statement of the policy's C."""


CopyMover: TypeAlias = Evicted | Maintained | LineFlushed
"""What can make a cached copy leave, or be written back."""


@attrs.frozen
class Holds:
    """A copy of a word has this version; None where no cache has the line."""

    step: int
    word: int
    copy: Copy
    version: Version | None


@attrs.frozen
class Sees:
    """A load by an actor would return this version, from this copy."""

    step: int
    actor: Actor
    word: int
    version: Version
    copy: Copy
    memory_type: MemoryType
    alias: int | None = None
    """The alias by whose address it would load, None for the word's own."""


@attrs.frozen
class Reads:
    """A control register, or one bit of it, has this value."""

    step: int
    bits: RegisterBits
    value: int


@attrs.frozen
class Found:
    """The judge found it."""

    step: int
    finding: Finding


@attrs.frozen
class AtStart:
    """A copy had this version from the start."""

    step: None
    word: int
    version: Version
    copy: Copy


@attrs.frozen
class NeverCached:
    """No cache has had the line since the start."""

    step: None
    word: int


@attrs.frozen
class Written:
    """A store made the version."""

    step: int
    stored: Stored


@attrs.frozen
class Fetched:
    """A fill took the version from RAM into a cache."""

    step: int
    word: int
    version: Version
    filled: Filled


@attrs.frozen
class WroteBack:
    """The version came to RAM from a dirty copy."""

    step: int
    word: int
    version: Version
    by: CopyMover


@attrs.frozen
class Dropped:
    """The cached copy left."""

    step: int
    word: int
    by: CopyMover


@attrs.frozen
class BitsSet:
    """Bits of a vCPU's control registers came to be what they are, None for from the start on."""

    step: int | None
    bits: tuple[tuple[RegisterBits, int], ...]
    """Each with its value."""
    by: SetBy
    makes: MemoryType | None
    """The memory type that the vCPU's accesses have from here on, if these decide it last."""


@attrs.frozen
class HostMapping:
    """The VMM's mapping of guest RAM is Write-Back always."""

    step: None


@attrs.frozen
class PageMapping:
    """A vCPU's own mapping, of stage 1, gives a word's page an attribute, from the start on."""

    step: None
    vcpu: int
    word: int
    alias: int | None
    attribute: MemoryType


@attrs.frozen
class TrappedAt:
    """The instruction that asked for it exited to KVM."""

    step: int
    trapped: Trapped


@attrs.frozen
class Decided:
    """The condition in the policy that led there."""

    step: int
    decided: ConditionDecided


@attrs.frozen
class FlushNotDone:
    """The policy took the road on which nothing is flushed."""

    step: int
    skipped: FlushSkipped


@attrs.frozen
class NotTrapped:
    """The caches were turned on or off without KVM hearing of it."""

    step: int
    written: RegisterWritten


@attrs.frozen
class CachesReset:
    """PSCI CPU_ON reset the registers of a vCPU, and so turned its caches off without a trap."""

    step: int
    vcpu: int


@attrs.frozen
class NotFlushedYet:
    """An actor is in KVM, whose walk over stage 2 has not come to the word's line."""

    step: int
    actor: Actor
    word: int
    purpose: WalkPurpose


@attrs.frozen
class NotDecidedYet:
    """A vCPU is in KVM, which has neither begun a flush nor decided against one."""

    step: int
    vcpu: int


@attrs.frozen
class Blamed:
    """The step that a word's finding is blamed on: it left a copy behind the newest version."""

    step: int
    word: int
    copy: Copy
    kvm_had_say: bool
    """KVM did it itself, or could have brought the copy up to date since, or still can."""


@attrs.frozen
class Entitled:
    """The actor came to know of a version, and is entitled to it from here on."""

    step: int
    actor: Actor
    word: int
    number: int


@attrs.frozen
class NotDue:
    """The actor sees an older version than the newest, and is entitled to no better."""

    step: int
    actor: Actor
    word: int
    number: int


@attrs.frozen
class Visible:
    """From this step on the actor is where it can load, and sees a version too old for it."""

    step: int
    actor: Actor
    word: int
    version: Version


@attrs.frozen
class Waits:
    """The step from which on the vCPU waits in KVM for ever, or goes round there."""

    step: int
    vcpu: int


@attrs.frozen
class LockHeld:
    """A lock of the policy was taken, and not released since; from the start for None."""

    step: int | None
    name: str


@attrs.frozen
class PointsThere:
    """A register has held the value that an access took its address from, None for the start."""

    step: int | None
    actor: Actor
    register: int
    value: int


@attrs.frozen
class LedThere:
    """A step that led a program to where it has no instruction."""

    step: int


Reason: TypeAlias = (
    Holds
    | Sees
    | Reads
    | Found
    | AtStart
    | NeverCached
    | Written
    | Fetched
    | WroteBack
    | Dropped
    | BitsSet
    | HostMapping
    | PageMapping
    | TrappedAt
    | Decided
    | FlushNotDone
    | NotTrapped
    | CachesReset
    | NotFlushedYet
    | NotDecidedYet
    | Blamed
    | Entitled
    | NotDue
    | Visible
    | Waits
    | LockHeld
    | PointsThere
    | LedThere
)
