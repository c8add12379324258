"""The letter that stands for a step in a lane, and which matters most where there are several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum, unique
from typing import Final

from engine.machine.effects import (
    AccessFailed,
    ConditionDecided,
    Effect,
    Evicted,
    FaultTaken,
    FetchFailed,
    Filled,
    FlushBegun,
    FlushEnded,
    FlushSkipped,
    HcrWritten,
    InterruptInjected,
    InterruptTaken,
    Invalidated,
    Kicked,
    KickNoticed,
    LineFlushed,
    Loaded,
    Maintained,
    PageMapped,
    PoweredOff,
    PoweredOn,
    RegisterWritten,
    ReturnedToGuest,
    Stage2Unmapped,
    StatementExecuted,
    Stored,
    Trapped,
    TvmArmed,
    TvmCleared,
    VcpuInitialised,
    WrittenBack,
)
from engine.machine.events import (
    GuestExecutes,
    KvmExecutes,
    LineEvicted,
    LineFilled,
    VmmExecutes,
)
from engine.transition import Step
from tui.presenters.cells import Tone
from tui.presenters.steps.skips import skips_flush


@unique
class Sign(IntEnum):
    """What a lane shows of a step, from what matters least to what matters most."""

    NOTHING = 0
    IN_KVM = 1
    INSTRUCTION = 2
    STATEMENT = 3
    CONDITION = 4
    LINE_FLUSHED = 5
    RETURN = 6
    LOAD = 7
    STORE = 8
    MAINTENANCE = 9
    FILL = 10
    EVICTION = 11
    WRITE_BACK = 12
    POWER = 13
    SIGNAL = 14
    TRAP = 15
    FLUSH = 16
    SKIP = 17


LETTERS: Final[Mapping[Sign, tuple[str, Tone]]] = {
    Sign.NOTHING: (" ", Tone.PLAIN),
    Sign.IN_KVM: ("-", Tone.FAINT),
    Sign.INSTRUCTION: (".", Tone.GUEST),
    Sign.STATEMENT: (".", Tone.KVM),
    Sign.CONDITION: ("?", Tone.KVM),
    Sign.LINE_FLUSHED: ("f", Tone.GOOD),
    Sign.RETURN: ("^", Tone.KVM),
    Sign.LOAD: ("r", Tone.GUEST),
    Sign.STORE: ("w", Tone.GUEST),
    Sign.MAINTENANCE: ("m", Tone.GUEST),
    Sign.FILL: ("+", Tone.HARDWARE),
    Sign.EVICTION: ("x", Tone.HARDWARE),
    Sign.WRITE_BACK: ("W", Tone.HARDWARE),
    Sign.POWER: ("o", Tone.GUEST),
    Sign.SIGNAL: ("k", Tone.GUEST),
    Sign.TRAP: ("T", Tone.GUEST),
    Sign.FLUSH: ("F", Tone.GOOD),
    Sign.SKIP: ("S", Tone.SKIPPED),
}
"""How each sign is written."""

MEANINGS: Final = (
    ("r w m .", "a load, a store, a DC by address, any other instruction"),
    ("T - ^", "a vCPU traps to KVM, is in KVM, returns to the guest"),
    ("k o", "a kick or an interrupt; a vCPU started, stopped or reset"),
    (". ? F f", "KVM: a statement, a condition, a flush begins, a line is flushed"),
    ("S", "KVM: the flush is SKIPPED"),
    ("+ x", "hardware: a speculative fill, an eviction"),
    ("W", "a dirty line is written back: evicted, or flushed"),
)
"""The letters in the lanes, and what they mean."""


def own_sign(step: Step) -> Sign:
    """Return what the lane of who moves shows of a step: a vCPU's, the VMM's, or the hardware's."""
    match step.event:
        case GuestExecutes() | VmmExecutes():
            return max(_most(step.effects), Sign.INSTRUCTION)
        case KvmExecutes():
            returned = any(isinstance(each, ReturnedToGuest) for each in step.effects)
            return Sign.RETURN if returned else Sign.IN_KVM
        case LineFilled() | LineEvicted():
            return _most(step.effects)


def kvm_sign(step: Step) -> Sign:
    """Return what KVM's lane shows of a step that KVM takes."""
    return Sign.SKIP if skips_flush(step) else max(_most(step.effects), Sign.STATEMENT)


def _most(effects: Iterable[Effect]) -> Sign:
    return max(map(_sign, effects), default=Sign.NOTHING)


def _sign(effect: Effect) -> Sign:
    match effect:
        case FlushBegun():
            return Sign.FLUSH
        case Trapped() | FaultTaken():
            return Sign.TRAP
        case Kicked() | KickNoticed() | InterruptInjected() | InterruptTaken():
            return Sign.SIGNAL
        case PoweredOn() | PoweredOff() | VcpuInitialised():
            return Sign.POWER
        case WrittenBack():
            return Sign.WRITE_BACK
        case Evicted():
            return Sign.EVICTION
        case Filled(speculative=speculative):
            return Sign.FILL if speculative else Sign.NOTHING
        case Maintained():
            return Sign.MAINTENANCE
        case Stored():
            return Sign.STORE
        case Loaded():
            return Sign.LOAD
        case ReturnedToGuest():
            return Sign.RETURN
        case LineFlushed():
            return Sign.LINE_FLUSHED
        case ConditionDecided():
            return Sign.CONDITION
        case StatementExecuted() | FlushSkipped() | FlushEnded():
            return Sign.STATEMENT
        case (
            Invalidated()
            | RegisterWritten()
            | HcrWritten()
            | TvmCleared()
            | TvmArmed()
            | PageMapped()
            | Stage2Unmapped()
            | AccessFailed()
            | FetchFailed()
        ):
            return Sign.NOTHING
