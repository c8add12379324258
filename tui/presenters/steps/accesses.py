"""Accounts of what programs do to memory: loads, stores, maintenance by VA, and what fails."""

from __future__ import annotations

from collections.abc import Iterator

from engine.arm.memory_type import MemoryType, translates
from engine.arm.registers import Hcr, Sctlr
from engine.machine.actors import VMM
from engine.machine.effects import (
    AccessFailed,
    AccessFailure,
    Copy,
    FetchFailed,
    Loaded,
    Maintained,
    PoweredOn,
    Stored,
)
from engine.machine.events import event_actor
from engine.memory.line import Line
from engine.transition import Step
from tui.presenters.steps.account import (
    CACHES,
    RAM,
    Account,
    Item,
    Message,
    Sign,
    Weight,
    decisive,
    participant,
)
from tui.presenters.steps.lines import departure_in, newer
from tui.presenters.steps.programs import executed
from tui.presenters.words import line_words, number, pcpus, who


class LoadAccount(Account[Loaded]):
    """A load."""

    sign = Sign.LOAD

    def label(self) -> str:
        """Return the word, its value and where it was found."""
        effect = self.effect
        name = self.layout.words[effect.word].name
        return f"{name} = {number(effect.version.value)} from {effect.source.value}"

    def clause(self, *, brief: bool) -> str:
        """Return what a load returned and from where, and what it missed."""
        step, effect = self.step, self.effect
        name, before, slot = _word(step, effect.word)
        kind = _kind(step, effect)
        got = f"{who(effect.actor)} loads {name} = {number(effect.version.value)}"
        match effect.source:
            case Copy.CACHE:
                how = f"from the cached copy ({kind})"
            case Copy.RAM if effect.memory_type.cacheable:
                pcpu = step.before.pcpu(effect.actor)
                how = f"from RAM ({kind}), which fills the line in the cache of pcpu{pcpu}"
            case Copy.RAM:
                how = f"from RAM ({kind})"
        missed = newer(before, slot, effect.version.number)
        return f"{got} {how}" + (f": the newest is {missed}" if missed else "")

    def messages(self, label: str) -> Iterator[Item]:
        """Yield the value coming from its copy."""
        effect = self.effect
        name = self.layout.words[effect.word].name
        text = f"load: {name} = {number(effect.version.value)}"
        yield Message(_holder(effect.source), participant(effect.actor), text, answers=True)

    def weight(self, lines: frozenset[int]) -> Weight | None:
        """Return that it decides what is seen of a line."""
        return decisive(self.layout.line_of[self.effect.word], lines)


class StoreAccount(Account[Stored]):
    """A store."""

    sign = Sign.STORE

    def label(self) -> str:
        """Return the word, its value and where it went."""
        effect = self.effect
        name = self.layout.words[effect.word].name
        where = "RAM" if effect.target is Copy.RAM else "cache"
        return f"{name} = {number(effect.version.value)} to {where}"

    def clause(self, *, brief: bool) -> str:
        """Return what a store wrote and where, and what the other copy holds now."""
        step, effect = self.step, self.effect
        name, before, slot = _word(step, effect.word)
        after = step.after.lines[self.layout.line_of[effect.word]]
        kind = _kind(step, effect)
        value = number(effect.version.value)
        stores = f"{who(effect.actor)} stores {value} to {name}"
        match effect.target:
            case Copy.CACHE:
                ram = number(after.ram[slot].value)
                filled = ", after a fill from RAM" if before.cached is None else ""
                return (
                    f"{stores} in the cache of {pcpus(after.pcpus)} ({kind}){filled}: "
                    f"the copy is {value} and dirty, RAM is still {ram}"
                )
            case Copy.RAM if after.cached is None:
                return f"{stores} in RAM ({kind}); no cache holds the line"
            case Copy.RAM if after.cached[slot] == effect.version:
                return f"{stores} in RAM ({kind}), and the cached copy snoops it: both are {value}"
            case Copy.RAM:
                return (
                    f"{stores} around the caches ({kind}): RAM is {value}, "
                    f"the cached copy is still {number(after.cached[slot].value)}"
                )

    def messages(self, label: str) -> Iterator[Item]:
        """Yield the value going to its copy."""
        effect = self.effect
        name = self.layout.words[effect.word].name
        text = f"store: {name} = {number(effect.version.value)}"
        yield Message(participant(effect.actor), _holder(effect.target), text)

    def weight(self, lines: frozenset[int]) -> Weight | None:
        """Return that it decides what a line holds."""
        return decisive(self.layout.line_of[self.effect.word], lines)


class MaintenanceAccount(Account[Maintained]):
    """A DC by VA, which its event names."""

    sign = Sign.MAINTENANCE

    def clause(self, *, brief: bool) -> str:
        """Return what a DC by VA did to a line."""
        effect = self.effect
        acted = (
            ""
            if effect.operation is effect.performed
            else f" (acts as {effect.performed.value.upper()}, since HCR_EL2.VM is set)"
        )
        return (
            f"{who(effect.actor)} executes DC {effect.operation.value.upper()}{acted} on "
            f"{line_words(self.layout, effect.line)}: "
            f"{departure_in(self.step, effect.line, brief=brief)}"
        )

    def messages(self, label: str) -> Iterator[Item]:
        """Yield the operation, and what became of the copy."""
        effect = self.effect
        name = self.layout.line_name(effect.line)
        text = f"dc {effect.operation.value} {name}: {departure_in(self.step, effect.line)}"
        yield Message(participant(effect.actor), CACHES, text)

    def weight(self, lines: frozenset[int]) -> Weight | None:
        """Return that it decides what a line holds."""
        return decisive(self.effect.line, lines)


def _kind(step: Step, effect: Loaded | Stored) -> str:
    """Return an access's memory type, and what made it so where the page's mapping has a say."""
    kind = effect.memory_type.value
    if effect.actor == VMM:
        return kind
    setup, vcpu = step.before.setup, step.before.vcpus[effect.actor]
    page = setup.layout.page_of[setup.layout.line_of[effect.word]]
    attribute = setup.stage1.attribute(effect.actor, page, effect.alias)
    at = "" if effect.alias is None else f", by {setup.stage1.aliases[effect.alias].name}"
    if attribute is MemoryType.WRITE_BACK:
        return f"{kind}{at}"
    if Hcr.FWB.get(vcpu.hcr_el2):
        return f"{kind}{at}: stage 2 says so (FWB), whatever stage 1 makes of the page"
    if not translates(vcpu.registers.sctlr_el1, vcpu.hcr_el2):
        return f"{kind}: the MMU is off"
    if attribute is effect.memory_type and (
        attribute is MemoryType.DEVICE or Sctlr.C.get(vcpu.registers.sctlr_el1)
    ):
        return f"{kind}{at}: stage 1 maps the page so"
    return f"{kind}{at}: SCTLR_EL1.C is clear, and stage 1 maps the page so"


class FailedAccessAccount(Account[AccessFailed]):
    """An access that hit no guest RAM."""

    always = Weight.DECISIVE

    def label(self) -> str:
        """Return the address."""
        if self.effect.failure is AccessFailure.NO_RAM:
            return f"no word at {self.effect.address:#x}"
        return f"{self.effect.address:#x} is {self.effect.failure.value}"

    def clause(self, *, brief: bool) -> str:
        """Return who accessed what."""
        done = executed(self.step.before, self.effect.actor)
        failure = self.effect.failure
        what = "no word of guest RAM" if failure is AccessFailure.NO_RAM else failure.value
        return f"{done}: {self.effect.address:#x} is {what}, and it stops here"

    def messages(self, label: str) -> Iterator[Item]:
        """Yield the address."""
        name = participant(self.effect.actor)
        yield Message(name, name, self.label())


class FailedFetchAccount(Account[FetchFailed]):
    """A program led to where it has no instruction."""

    always = Weight.DECISIVE

    def label(self) -> str:
        """Return that there is none."""
        return "no instruction there"

    def clause(self, *, brief: bool) -> str:
        """Return that an actor was led to where its program has no instruction, and by whom."""
        step, actor = self.step, self.effect.actor
        if any(isinstance(effect, PoweredOn) for effect in step.effects):
            return f"{who(actor)} has no instruction there, and stops"
        mover = event_actor(step.event)
        assert mover is not None
        text = executed(step.before, mover)
        if mover == actor:
            return f"{text}: its program has no instruction there, and it stops"
        return f"{text}: {who(actor)} has no instruction there, and stops"

    def messages(self, label: str) -> Iterator[Item]:
        """Yield that there is none."""
        name = participant(self.effect.actor)
        yield Message(name, name, self.label())


def _holder(copy: Copy) -> str:
    match copy:
        case Copy.RAM:
            return RAM
        case Copy.CACHE:
            return CACHES


def _word(step: Step, word: int) -> tuple[str, Line, int]:
    layout = step.before.setup.layout
    return (
        layout.words[word].name,
        step.before.lines[layout.line_of[word]],
        layout.slot_of[word],
    )
