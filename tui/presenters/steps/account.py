"""An account of an effect: its sign, its label, its clause, its messages, its weight in a story."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum, unique
from typing import ClassVar, Final, Generic, TypeAlias, TypeVar

import attrs

from engine.machine.actors import VMM, Actor, actor_name
from engine.machine.effects import Effect
from engine.memory.layout import Layout
from engine.transition import Step


@unique
class Sign(IntEnum):
    """What a lane shows of a step, from what matters least to what matters most."""

    NOTHING = 0
    IN_KVM = 1
    INSTRUCTION = 2
    CHOICE = 3
    STATEMENT = 4
    CONDITION = 5
    LINE_FLUSHED = 6
    RETURN = 7
    LOAD = 8
    STORE = 9
    MAINTENANCE = 10
    FILL = 11
    EVICTION = 12
    WRITE_BACK = 13
    POWER = 14
    SIGNAL = 15
    TRAP = 16
    FLUSH = 17
    SKIP = 18


@unique
class Weight(IntEnum):
    """How much a step matters to the story of a run, from what matters most."""

    SPOKEN_OF = 0
    """A finding speaks of it."""
    DECISIVE = 1
    FRAMING = 2


VMM_NAME: Final = "VMM"
KVM: Final = "KVM"
CACHES: Final = "caches"
RAM: Final = "RAM"


@attrs.frozen
class Message:
    """One participant does something to another, or to itself."""

    source: str
    target: str
    text: str
    answers: bool = False
    """It gives back what the other asked for."""

    @property
    def names(self) -> tuple[str, ...]:
        """The participants."""
        return self.source, self.target


@attrs.frozen
class Remark:
    """A remark beside one participant, or across all of them."""

    names: tuple[str, ...]
    text: str


Item: TypeAlias = Message | Remark

_E_co = TypeVar("_E_co", bound=Effect, covariant=True)


@attrs.frozen
class Account(Generic[_E_co]):
    """What is told of one effect of a step; what is not told of it, another one's account tells."""

    step: Step
    effect: _E_co

    always: ClassVar[Weight | None] = None
    """How much it matters to the story of any lines."""

    @property
    def sign(self) -> Sign:
        """What a lane shows of it."""
        return Sign.NOTHING

    def label(self) -> str:
        """Return it in a few words, or nothing where the event or another effect says it."""
        return ""

    def clause(self, *, brief: bool) -> str | None:
        """Return what a sentence says of it, None for what another effect's clause tells."""
        return None

    def messages(self, label: str) -> Iterator[Item]:
        """Yield what it is between the participants of a diagram; `label` is the whole step's."""
        yield from ()

    def weight(self, lines: frozenset[int]) -> Weight | None:
        """Return how much it matters to a story of some lines, None where it does not."""
        return self.always

    @property
    def layout(self) -> Layout:
        """The layout of guest memory."""
        return self.step.after.setup.layout


def decisive(line: int, lines: frozenset[int]) -> Weight | None:
    """Return the weight of what happens to a line in the story of some lines."""
    return Weight.DECISIVE if line in lines else None


def participant(actor: Actor) -> str:
    """Return an actor as a diagram names it."""
    return VMM_NAME if actor == VMM else actor_name(actor)
