"""Effects: the facts that a step established, in the order in which they came about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum, unique
from typing import TypeAlias

import attrs

from engine.arm.a64.maintenance import CleanOperation, SetWayOperation
from engine.arm.memory_type import MemoryType
from engine.arm.registers import SystemRegister, caches_enabled
from engine.machine.actors import Actor
from engine.machine.state import Machine, WalkPurpose
from engine.memory.line import Version
from engine.policy.source import Place


@unique
class Copy(Enum):
    """Where an access found or left a word."""

    RAM = "RAM"
    CACHE = "cache"


@attrs.frozen
class Loaded:
    """A load returned a version."""

    actor: Actor
    word: int
    version: Version
    memory_type: MemoryType
    source: Copy
    alias: int | None = None
    """The alias by whose address it was, None for the word's own."""


@attrs.frozen
class Stored:
    """A store made a version."""

    actor: Actor
    word: int
    version: Version
    memory_type: MemoryType
    target: Copy
    alias: int | None = None
    """The alias by whose address it was, None for the word's own."""


@attrs.frozen
class Filled:
    """A line was allocated in the cache of a pCPU."""

    line: int
    pcpu: int
    speculative: bool


@attrs.frozen
class Evicted:
    """A line left the cache of a pCPU, or of all (None)."""

    line: int
    pcpu: int | None


@attrs.frozen
class WrittenBack:
    """A dirty line was written to RAM."""

    line: int


@attrs.frozen
class Invalidated:
    """Every cached copy of a line was dropped by maintenance."""

    line: int


@attrs.frozen
class Maintained:
    """A DC by VA reached every copy of a line."""

    actor: Actor
    line: int
    operation: CleanOperation
    performed: CleanOperation
    """What it acted as: with HCR_EL2.VM set an IVAC is a CIVAC (Arm ARM D7.5.9.2)."""


@attrs.frozen
class Trapped:
    """A guest's register write or set/way operation exited to EL2."""

    vcpu: int
    what: SystemRegister | SetWayOperation


@attrs.frozen
class RegisterWritten:
    """An EL1 register or HCR_EL2 of a vCPU has a new value, or the same one again."""

    vcpu: int
    register: SystemRegister
    before: int
    after: int
    trapped: bool

    @property
    def toggles_caches(self) -> bool:
        """Whether it turns the vCPU's caches on or off: M and C of SCTLR_EL1 as KVM reads them."""
        return self.register is SystemRegister.SCTLR_EL1 and (
            caches_enabled(self.before) != caches_enabled(self.after)
        )


@attrs.frozen
class HcrWritten:
    """HCR_EL2 of a vCPU changed."""

    vcpu: int
    before: int
    after: int


@attrs.frozen
class TvmCleared:
    """KVM no longer traps a vCPU's writes of the virtual memory registers."""

    vcpu: int


@attrs.frozen
class TvmArmed:
    """KVM traps a vCPU's writes of the virtual memory registers from now on."""

    vcpu: int


@attrs.frozen
class OperandValue:
    """An operand of a condition: its text in the source and the value it had."""

    text: str
    value: int


@attrs.frozen
class ConditionValue:
    """What a condition of the policy's C came to: a statement's, or one inside of an expression."""

    place: Place
    text: str
    met: bool


@attrs.frozen
class ConditionDecided:
    """A condition in the policy's C was evaluated."""

    actor: Actor
    place: Place
    text: str
    operands: tuple[OperandValue, ...]
    outcome: bool
    inside: tuple[ConditionValue, ...] = ()
    """The conditions that it is made of, as far as they were evaluated."""

    @property
    def decisions(self) -> tuple[ConditionValue, ...]:
        """All that was decided."""
        return (*self.inside, ConditionValue(self.place, self.text, self.outcome))


@attrs.frozen
class StatementExecuted:
    """A statement of the policy's C was executed."""

    actor: Actor
    place: Place
    text: str
    decisions: tuple[ConditionValue, ...] = ()
    """The conditions inside of it, as far as they were evaluated."""


@attrs.frozen
class FlushBegun:
    """A walk over stage 2 took the mmu_lock; `lines` are to be cleaned and invalidated."""

    actor: Actor
    purpose: WalkPurpose
    lines: int

    @property
    def flushes_vm(self) -> bool:
        """Whether it is `stage2_flush_vm()` that begins, not a walk that maps or unmaps."""
        return self.purpose is WalkPurpose.FLUSH_VM


@attrs.frozen
class LineFlushed:
    """A walk cleaned and invalidated a line to the PoC."""

    actor: Actor
    purpose: WalkPurpose
    line: int


@attrs.frozen
class FlushEnded:
    """A walk over stage 2 released the mmu_lock."""

    actor: Actor
    purpose: WalkPurpose
    lines: int


@attrs.frozen
class FlushSkipped:
    """KVM took the road on which this call of the policy flushes nothing.

    `text` is the condition that decided, None where the function has no flush on any road.
    """

    vcpu: int
    place: Place
    text: str | None
    operands: tuple[OperandValue, ...]
    outcome: bool
    at_toggle: bool
    """The vCPU is turning its caches on or off; elsewhere no flush is due."""


@attrs.frozen
class ReturnedToGuest:
    """KVM resumed a vCPU's guest."""

    vcpu: int


@attrs.frozen
class FaultTaken:
    """A vCPU accessed a page that stage 2 does not map."""

    vcpu: int
    page: int


@attrs.frozen
class PageMapped:
    """Stage 2 maps a page from now on."""

    page: int


@attrs.frozen
class Stage2Unmapped:
    """Stage 2 maps no page any more."""


@attrs.frozen
class PoweredOn:
    """A vCPU was started, by PSCI CPU_ON or by the VMM."""

    vcpu: int
    by: Actor


@attrs.frozen
class PoweredOff:
    """A vCPU was stopped."""

    vcpu: int
    by: Actor


@attrs.frozen
class VcpuInitialised:
    """KVM_ARM_VCPU_INIT reset a vCPU."""

    vcpu: int


@attrs.frozen
class Kicked:
    """A vCPU kicked the VMM, as a virtio notify does."""

    vcpu: int


@attrs.frozen
class KickNoticed:
    """The VMM noticed a vCPU's kick."""

    vcpu: int


@attrs.frozen
class InterruptInjected:
    """The VMM injected an interrupt into a vCPU."""

    vcpu: int


@attrs.frozen
class InterruptTaken:
    """A vCPU took the interrupt that the VMM had injected."""

    vcpu: int


@unique
class AccessFailure(Enum):
    """Why an access cannot be made; the value says what its address is."""

    NO_RAM = "no guest RAM"
    PART = "no whole word"
    """It is a part of a word, or more than one: a store would leave the rest as it was."""
    DEVICE = "Device memory, where DC ZVA faults"
    """An alignment fault (Arm ARM C6.2, DC ZVA)."""
    STACK = "no place for a stack pointer: not a multiple of 16"
    """An SP alignment fault: SCTLR_EL1.SA is set (Arm ARM D1.3.9)."""


@attrs.frozen
class ChoiceMade:
    """An actor at a `choose` went on at one of its labels."""

    actor: Actor
    label: str


@attrs.frozen
class AccessFailed:
    """An access hit no guest RAM, or could not be made there; the actor stops there."""

    actor: Actor
    address: int
    failure: AccessFailure = AccessFailure.NO_RAM


@attrs.frozen
class FetchFailed:
    """An actor's program went where it has no instruction; it stops there.

    A branch, or whoever started the actor, led there: a program that comes to its end by itself
    just ends.
    """

    actor: Actor


Heeded: TypeAlias = (
    Loaded
    | Stored
    | PoweredOn
    | VcpuInitialised
    | Kicked
    | KickNoticed
    | InterruptInjected
    | InterruptTaken
)
"""What the judge heeds: accesses of guest RAM, and what actors signal to one another."""

Effect: TypeAlias = (
    Heeded
    | Filled
    | Evicted
    | WrittenBack
    | Invalidated
    | Maintained
    | Trapped
    | RegisterWritten
    | HcrWritten
    | TvmCleared
    | TvmArmed
    | ConditionDecided
    | StatementExecuted
    | FlushBegun
    | LineFlushed
    | FlushEnded
    | FlushSkipped
    | ReturnedToGuest
    | FaultTaken
    | PageMapped
    | Stage2Unmapped
    | PoweredOff
    | ChoiceMade
    | AccessFailed
    | FetchFailed
)

Failed: TypeAlias = AccessFailed | FetchFailed
"""What a program did that no guest may: an access of no RAM, a step to no instruction."""

Outcome: TypeAlias = tuple[Machine, tuple[Effect, ...]]
"""What a step of the machine leads to: the state after it, and the facts it established."""


def heeded(effects: Iterable[Effect]) -> tuple[Heeded, ...]:
    """Return those effects that the judge heeds: nothing else can change what it knows."""
    return tuple(effect for effect in effects if isinstance(effect, Heeded))


def decisions_of(effects: Iterable[Effect]) -> Iterator[ConditionValue]:
    """Yield what conditions of the policy came to in a step."""
    for effect in effects:
        if isinstance(effect, ConditionDecided | StatementExecuted):
            yield from effect.decisions
