"""What a schedule's entries say: who moves next, and how far."""

from __future__ import annotations

import re
from typing import Final, TypeAlias

import attrs

from engine.arm.a64.choice import Choose
from engine.arm.program import Program
from engine.machine.actors import VMM, Actor, actor_name
from engine.machine.events import ActorChooses, GuestExecutes
from engine.machine.hardware import HardwareEvent, LineEvicted, LineFilled
from engine.memory.layout import Layout
from engine.refusal import RefusedError, quote
from scenarios.errors import unknown

MOST_STEPS: Final = 10_000
"""How many steps one entry may take, and how often it may be repeated."""

_FORMS: Final = (
    "'ACTOR', 'ACTOR step N', 'ACTOR to LABEL', 'ACTOR finish', 'ACTOR chooses LABEL', "
    "'fill WORD on PCPU', 'evict WORD' or 'evict WORD from PCPU'"
)
_COUNT: Final = re.compile(r"[1-9][0-9]{0,5}")


@attrs.frozen
class NextInstruction:
    """An actor's next instruction with all that KVM does for it."""

    actor: Actor


@attrs.frozen
class Steps:
    """Single steps of an actor, in its program or in KVM on its behalf."""

    actor: Actor
    count: int


@attrs.frozen
class Reach:
    """An actor's instructions until the one at a label comes next."""

    actor: Actor
    label: str
    pc: int


@attrs.frozen
class Finish:
    """All that an actor can do."""

    actor: Actor


Single: TypeAlias = NextInstruction | GuestExecutes | ActorChooses | HardwareEvent
ScheduleMove: TypeAlias = Single | Steps | Reach | Finish


@attrs.frozen
class ScheduleEntry:
    """One entry of a schedule as it is written, what it means, and how often it is done."""

    text: str
    move: ScheduleMove
    times: int = 1


@attrs.frozen
class Vocabulary:
    """The names that an entry may use."""

    layout: Layout
    pcpus: int
    programs: tuple[Program, ...]
    vmm: Program | None

    @property
    def actors(self) -> dict[str, Actor]:
        """Every actor that has a program, by name."""
        actors = {actor_name(index): index for index in range(len(self.programs))}
        return actors if self.vmm is None else {**actors, actor_name(VMM): VMM}

    def program(self, actor: Actor) -> Program:
        """Return the program of an actor that has one."""
        program = self.vmm if actor == VMM else self.programs[actor]
        assert program is not None
        return program


def read_move(text: str, names: Vocabulary) -> ScheduleMove:
    """Return what an entry's text says.

    Raises:
        RefusedError: the text says nothing, or names what does not exist.
    """
    single = read_single(text, names)
    if single is not None:
        return single
    match text.split():
        case [actor, "step"]:
            return Steps(_actor(actor, names), 1)
        case [actor, "step", count]:
            return Steps(_actor(actor, names), _count(count))
        case [actor, "to", label]:
            return _reach(_actor(actor, names), label, names)
        case [actor, "finish"]:
            return Finish(_actor(actor, names))
        case _:
            raise RefusedError(quote(text), _FORMS)


def read_single(text: str, names: Vocabulary) -> Single | None:
    """Return the event, or the one instruction, that a text names; None if it says another thing.

    Raises:
        RefusedError: it names what does not exist.
    """
    match text.split():
        case ["fill", word, "on", pcpu]:
            return LineFilled(_line(word, names), read_pcpu(pcpu, names.pcpus))
        case ["evict", word]:
            return LineEvicted(_line(word, names))
        case ["evict", word, "from", pcpu]:
            return LineEvicted(_line(word, names), read_pcpu(pcpu, names.pcpus))
        case [actor, "chooses", label]:
            return _choice(_actor(actor, names), label, names)
        case [actor, "hits" | "misses" as how]:
            return GuestExecutes(_actor(actor, names), hits=how == "hits")
        case [actor]:
            return NextInstruction(_actor(actor, names))
        case _:
            return None


def read_pcpu(text: str, pcpus: int) -> int:
    """Return the pCPU that a name such as `pcpu0` stands for.

    Raises:
        RefusedError: there is no such pCPU.
    """
    known = {f"pcpu{index}": index for index in range(pcpus)}
    if text not in known:
        last = f" to pcpu{pcpus - 1}" if pcpus > 1 else ""
        raise RefusedError(quote(text), f"a pCPU: pcpu0{last}")
    return known[text]


def _actor(text: str, names: Vocabulary) -> Actor:
    actors = names.actors
    if text in actors:
        return actors[text]
    raise unknown(quote(text), text, actors, "an actor with a program, 'fill' or 'evict'")


def _line(text: str, names: Vocabulary) -> int:
    line = names.layout.line_named(text)
    if line is None:
        words = tuple(word.name for word in names.layout.words)
        raise unknown(quote(text), text, words, "a word of guest RAM")
    return line


def _count(text: str) -> int:
    if not _COUNT.fullmatch(text) or int(text) > MOST_STEPS:
        raise RefusedError(quote(text), f"a number of steps from 1 to {MOST_STEPS}")
    return int(text)


def _reach(actor: Actor, label: str, names: Vocabulary) -> Reach:
    labels = dict(names.program(actor).labels)
    if label not in labels:
        raise unknown(quote(label), label, labels, f"a label of {actor_name(actor)}'s program")
    return Reach(actor, label, labels[label])


def _choice(actor: Actor, label: str, names: Vocabulary) -> ActorChooses:
    instructions = (located.instruction for located in names.program(actor).instructions)
    choices = (each for each in instructions if isinstance(each, Choose))
    labels = tuple(dict.fromkeys(name for choice in choices for name, _ in choice.options))
    if label not in labels:
        kind = f"a label that {actor_name(actor)} can choose"
        raise RefusedError.unknown(quote(label), label, labels, kind)
    return ActorChooses(actor, label)
