"""The letter that stands for a step in a lane, and which matters most where there are several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.machine.effects import ReturnedToGuest
from engine.machine.events import ActorChooses, GuestExecutes, KvmExecutes, VmmExecutes
from engine.machine.hardware import HardwareEvent
from engine.transition import Step
from tui.presenters.cells import Tone
from tui.presenters.steps.account import Sign
from tui.presenters.steps.told import accounts

LETTERS: Final[Mapping[Sign, tuple[str, Tone]]] = {
    Sign.NOTHING: (" ", Tone.PLAIN),
    Sign.IN_KVM: ("-", Tone.FAINT),
    Sign.INSTRUCTION: (".", Tone.GUEST),
    Sign.CHOICE: ("c", Tone.GUEST),
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
    ("c", "a choice of where the program goes on"),
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
        case GuestExecutes() | VmmExecutes() | ActorChooses():
            return max(_most(step), Sign.INSTRUCTION)
        case KvmExecutes():
            returned = any(isinstance(each, ReturnedToGuest) for each in step.effects)
            return Sign.RETURN if returned else Sign.IN_KVM
        case HardwareEvent():
            return _most(step)


def kvm_sign(step: Step) -> Sign:
    """Return what KVM's lane shows of a step that KVM takes."""
    return max(_most(step), Sign.STATEMENT)


def _most(step: Step) -> Sign:
    return max((one.sign for one in accounts(step)), default=Sign.NOTHING)
