"""Accounts of what KVM does: the policy's C, flushes that it skips, its walks over stage 2."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.machine.actors import Actor
from engine.machine.effects import (
    ConditionDecided,
    FlushBegun,
    FlushEnded,
    FlushSkipped,
    LineFlushed,
    PageMapped,
    RegisterWritten,
    Stage2Unmapped,
    StatementExecuted,
)
from engine.machine.state import WalkPurpose
from engine.policy.c_types import AtomicType, IntegerType
from engine.policy.frame import CFrame
from engine.policy.policy import Policy, Variable
from engine.transition import Step
from tui.presenters.steps.account import (
    CACHES,
    KVM,
    Account,
    Item,
    Message,
    Sign,
    Weight,
    decisive,
    participant,
)
from tui.presenters.steps.lines import departure_in
from tui.presenters.words import (
    code,
    counted,
    line_words,
    number,
    operands,
    truth,
    walk_name,
    who,
)

MOST_SOURCE: Final = 64
"""The characters of C that a brief clause quotes."""


class ConditionAccount(Account[ConditionDecided]):
    """A condition of the policy."""

    sign = Sign.CONDITION

    def label(self) -> str:
        """Return the condition and its outcome."""
        return f"{code(self.effect.text)}: {truth(self.effect.outcome)}"

    def clause(self, *, brief: bool) -> str:
        """Return a condition of the policy, its outcome and the values it depends on."""
        effect = self.effect
        values = f" ({operands(effect.operands)})" if effect.operands and not brief else ""
        outcome = f"{truth(effect.outcome)}{values}"
        return f"KVM, for {who(effect.actor)}, decides `{_source(effect.text, brief)}`: {outcome}"

    def messages(self, label: str) -> Iterator[Item]:
        """Yield the condition and its outcome."""
        yield Message(KVM, KVM, self.label())


class StatementAccount(Account[StatementExecuted]):
    """A statement of the policy."""

    sign = Sign.STATEMENT

    def label(self) -> str:
        """Return the statement."""
        return code(self.effect.text).rstrip(";")

    def clause(self, *, brief: bool) -> str | None:
        """Return a statement of the policy and what it assigned; a flush has its own clause.

        So has a register that it writes, which says enough where room is short.
        """
        told = (FlushBegun, RegisterWritten) if brief else FlushBegun
        if any(isinstance(other, told) for other in self.step.effects):
            return None
        actor = self.effect.actor
        assigned = _assigned(self.step, actor)
        text = f"KVM, for {who(actor)}, executes `{_source(self.label(), brief)}`"
        return f"{text}: {', '.join(assigned)}" if assigned else text


class FlushAccount(Account[FlushBegun]):
    """A walk over stage 2 that begins."""

    sign = Sign.FLUSH
    always = Weight.DECISIVE

    def label(self) -> str:
        """Return how many lines it has to do, and which walk where it is no flush."""
        effect = self.effect
        begun = "" if effect.flushes_vm else f"{walk_name(effect.purpose)} begins, "
        return f"{begun}{counted(effect.lines, 'line')}"

    def clause(self, *, brief: bool) -> str:
        """Return that a walk took the mmu_lock, for whom and for how many lines."""
        effect = self.effect
        lines = counted(effect.lines, "line")
        match effect.purpose:
            case WalkPurpose.FLUSH_VM if self.step.before.setup.hardware.fwb:
                return (
                    f"KVM, for {who(effect.actor)}, calls stage2_flush_vm(), which has nothing to "
                    "do: with FWB every access is Write-Back"
                )
            case WalkPurpose.FLUSH_VM:
                return (
                    f"KVM, for {who(effect.actor)}, calls stage2_flush_vm(), which takes the "
                    f"mmu_lock: {lines} to clean and invalidate"
                )
            case WalkPurpose.MAP_PAGE:
                return (
                    f"KVM handles the stage-2 fault of {who(effect.actor)}: it takes the mmu_lock, "
                    f"{lines} to clean and invalidate before the page is mapped"
                )
            case WalkPurpose.UNMAP_VM:
                return (
                    "KVM_ARM_VCPU_INIT of a VM that has run: stage2_unmap_vm() takes the mmu_lock, "
                    f"{lines} to clean and invalidate"
                )

    def messages(self, label: str) -> Iterator[Item]:
        """Yield the walk, for whom it is, and for how many lines."""
        effect = self.effect
        lines = counted(effect.lines, "line")
        yield Message(
            KVM, KVM, f"{walk_name(effect.purpose)} for {participant(effect.actor)}, {lines}"
        )


class LineFlushAccount(Account[LineFlushed]):
    """A line that a walk cleaned and invalidated."""

    sign = Sign.LINE_FLUSHED

    def label(self) -> str:
        """Return the line."""
        return f"flush the line of {self.layout.line_name(self.effect.line)}"

    def clause(self, *, brief: bool) -> str:
        """Return which line a walk cleaned and invalidated, and what became of its copy."""
        effect = self.effect
        where = "" if brief else " to the PoC"
        return (
            f"{walk_name(effect.purpose)} cleans and invalidates "
            f"{line_words(self.layout, effect.line)}{where}: "
            f"{departure_in(self.step, effect.line, brief=brief)}"
        )

    def messages(self, label: str) -> Iterator[Item]:
        """Yield the line, and what became of its copy."""
        line = self.effect.line
        departed = departure_in(self.step, line)
        yield Message(KVM, CACHES, f"clean+invalidate {self.layout.line_name(line)}: {departed}")

    def weight(self, lines: frozenset[int]) -> Weight | None:
        """Return that it decides what a line holds, where it changes it."""
        line = self.effect.line
        changes = self.step.before.lines[line] != self.step.after.lines[line]
        return decisive(line, lines) if changes else None


class FlushEndAccount(Account[FlushEnded]):
    """A walk over stage 2 that ends."""

    sign = Sign.STATEMENT
    always = Weight.FRAMING

    def label(self) -> str:
        """Return which walk."""
        return f"{walk_name(self.effect.purpose)} ends"

    def clause(self, *, brief: bool) -> str:
        """Return that a walk is over."""
        effect = self.effect
        done = f"{walk_name(effect.purpose)} is done with {counted(effect.lines, 'line')}"
        return done if brief else f"{done} and releases the mmu_lock"

    def messages(self, label: str) -> Iterator[Item]:
        """Yield that it ends."""
        yield Message(KVM, KVM, self.label())


class FlushSkipAccount(Account[FlushSkipped]):
    """A road of the policy on which nothing is flushed."""

    always = Weight.DECISIVE

    @property
    def sign(self) -> Sign:
        """A skip's, where caches are toggled."""
        return Sign.SKIP if self.effect.at_toggle else Sign.STATEMENT

    def label(self) -> str:
        """Return that the flush is skipped, or that none is due."""
        return "flush SKIPPED" if self.effect.at_toggle else "no flush due"

    def clause(self, *, brief: bool) -> str:
        """Return that no flush can come any more in this call of the policy."""
        effect = self.effect
        if effect.text is None:
            return "no road of this policy flushes"
        told = any(
            isinstance(other, ConditionDecided) and other.text == effect.text
            for other in self.step.effects
        )
        if told:
            return "on this road nothing is flushed"
        values = f" ({operands(effect.operands)})" if effect.operands and not brief else ""
        decided = f"`{_source(effect.text, brief)}` is {truth(effect.outcome)}{values}"
        return f"{decided}: on this road nothing is flushed"

    def messages(self, label: str) -> Iterator[Item]:
        """Yield for whom it is skipped."""
        yield Message(KVM, KVM, f"flush SKIPPED for {participant(self.effect.vcpu)}")


class PageAccount(Account[PageMapped]):
    """A page that stage 2 maps."""

    always = Weight.FRAMING

    def label(self) -> str:
        """Return the page."""
        return f"page {self.layout.page_name(self.effect.page)} mapped"

    def clause(self, *, brief: bool) -> str:
        """Return the page."""
        return f"page {self.layout.page_name(self.effect.page)} is mapped in stage 2"

    def messages(self, label: str) -> Iterator[Item]:
        """Yield the page."""
        yield Message(KVM, KVM, self.label())


class UnmappingAccount(Account[Stage2Unmapped]):
    """A stage 2 that maps nothing."""

    always = Weight.FRAMING

    def label(self) -> str:
        """Return that it is unmapped."""
        return "stage 2 unmapped"

    def clause(self, *, brief: bool) -> str:
        """Return that it is unmapped."""
        return "stage 2 maps no page any more"

    def messages(self, label: str) -> Iterator[Item]:
        """Yield that it is unmapped."""
        yield Message(KVM, KVM, self.label())


def _source(text: str, brief: bool) -> str:
    """Return C on one line, its end cut where a brief clause has no room for it."""
    line = code(text)
    return f"{line[:MOST_SOURCE]}…" if brief and len(line) > MOST_SOURCE else line


def _assigned(step: Step, actor: Actor) -> list[str]:
    """Return the variables a statement changed: locals, then the policy's own state."""
    policy = step.before.setup.policy
    changed = _locals(policy, step, actor)
    changed += _changed(policy.statics, step.before.vm.statics, step.after.vm.statics, "{name}")
    for vcpu, (before, after) in enumerate(zip(step.before.vcpus, step.after.vcpus, strict=True)):
        changed += _changed(policy.fields, before.fields, after.fields, f"vcpu{vcpu}: {{name}}")
    return changed


def _locals(policy: Policy, step: Step, actor: Actor) -> list[str]:
    before, after = step.before.stack(actor), step.after.stack(actor)
    changed: list[str] = []
    for old, new in zip(before, after, strict=False):
        if isinstance(old, CFrame) and isinstance(new, CFrame) and old.function == new.function:
            variables = policy.functions[old.function].variables
            changed += _changed(variables, old.slots, new.slots, "{name}")
    return changed


def _changed(
    variables: tuple[Variable, ...], before: tuple[int, ...], after: tuple[int, ...], form: str
) -> list[str]:
    return [
        f"{form.format(name=variable.name)} is {number(new)}"
        for variable, old, new in zip(variables, before, after, strict=False)
        if old != new
        and isinstance(variable.type, IntegerType | AtomicType)
        and not variable.name.startswith(".")
    ]
