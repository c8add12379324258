"""Accounts of the border between guest and KVM: traps, register writes, faults, returns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.arm.a64.maintenance import SetWayOperation
from engine.arm.registers import Hcr, SystemRegister, caches_enabled
from engine.machine.access import access_type, seen
from engine.machine.effects import (
    FaultTaken,
    HcrWritten,
    RegisterWritten,
    ReturnedToGuest,
    Trapped,
    TvmArmed,
    TvmCleared,
)
from engine.machine.events import VmmExecutes, event_actor
from engine.machine.state import Fault, Initialisation, Machine, RegisterWrite, SetWay, Walk
from engine.policy.frame import CFrame
from tui.presenters.steps.account import (
    KVM,
    Account,
    Item,
    Message,
    Sign,
    Weight,
    participant,
)
from tui.presenters.steps.lines import newest
from tui.presenters.steps.programs import executed
from tui.presenters.words import CACHE_BITS, counted, listed, number, register

MOST_UNSEEN: Final = 2
"""The words that a brief clause names."""


class TrapAccount(Account[Trapped]):
    """An instruction that exited to KVM."""

    sign = Sign.TRAP

    def label(self) -> str:
        """Return that it trapped."""
        return "trap"

    def clause(self, *, brief: bool) -> str:
        """Return which instruction, and by which bit of HCR_EL2."""
        step, vcpu, what = self.step, self.effect.vcpu, self.effect.what
        text = executed(step.before, vcpu)
        match what:
            case SystemRegister():
                on = caches_enabled(step.before.vcpus[vcpu].registers.sctlr_el1)
                return (
                    f"{text}: HCR_EL2.TVM is set, so the write of {register(what)} traps to "
                    f"KVM; its caches are {'on' if on else 'off'} so far"
                )
            case SetWayOperation():
                return f"{text}: HCR_EL2.TSW is set, so it traps to KVM and never executes itself"

    def messages(self, label: str) -> Iterator[Item]:
        """Yield the instruction."""
        yield Message(participant(self.effect.vcpu), KVM, label)

    def weight(self, lines: frozenset[int]) -> Weight | None:
        """Return that it frames a flush, where it is of what KVM may flush for."""
        what = self.effect.what
        toggles = isinstance(what, SetWayOperation) or what is SystemRegister.SCTLR_EL1
        return Weight.FRAMING if toggles else None


class RegisterWriteAccount(Account[RegisterWritten]):
    """A write of an EL1 register, by its guest, by KVM for it, or by the VMM."""

    def label(self) -> str:
        """Return the register, its value, and that KVM did not hear of it where it did not."""
        how = "" if self.effect.trapped else ", no trap"
        return f"{self._written}{how}"

    def clause(self, *, brief: bool) -> str:
        """Return who wrote which register with what, and what that means for data accesses."""
        effect = self.effect
        what = f"{number(effect.after)} to {register(effect.register)}"
        bits = self._bits(brief=brief)
        if effect.trapped:
            text = f"KVM writes {what} of vcpu{effect.vcpu}{bits}"
        elif isinstance(self.step.event, VmmExecutes):
            how = "(no trap)" if brief else "(KVM_SET_ONE_REG, no trap)"
            text = f"the VMM writes {what} of vcpu{effect.vcpu}{bits} {how}"
        else:
            text = (
                f"vcpu{effect.vcpu} writes {what}{bits} without a trap, since HCR_EL2.TVM is clear"
            )
        return text + self._meaning(brief=brief)

    def messages(self, label: str) -> Iterator[Item]:
        """Yield who wrote it, and that KVM did not hear of it where it did not."""
        if self.effect.trapped:
            writer = KVM
        else:
            actor = event_actor(self.step.event)
            assert actor is not None
            writer = participant(actor)
        yield Message(writer, participant(self.effect.vcpu), self.label())

    def weight(self, lines: frozenset[int]) -> Weight | None:
        """Return that it decides where it turns caches on or off, and frames where untrapped."""
        if self.effect.toggles_caches:
            return Weight.DECISIVE
        return None if self.effect.trapped else Weight.FRAMING

    @property
    def _written(self) -> str:
        return f"{register(self.effect.register)} = {number(self.effect.after)}"

    def _bits(self, *, brief: bool) -> str:
        effect = self.effect
        if effect.register is not SystemRegister.SCTLR_EL1:
            return ""
        fields = [
            field for field in CACHE_BITS if field.get(effect.before) != field.get(effect.after)
        ]
        if brief:
            ways = {
                way: " ".join(field.name for field in fields if field.get(effect.after) is on)
                for way, on in (("0 -> 1", True), ("1 -> 0", False))
            }
            changed = [f"{names} {way}" for way, names in ways.items() if names]
        else:
            changed = [
                f"{field.name} {int(field.get(effect.before))} -> {int(field.get(effect.after))}"
                for field in fields
            ]
        return f" ({', '.join(changed)})" if changed else ""

    def _meaning(self, *, brief: bool) -> str:
        step, effect = self.step, self.effect
        was, now = access_type(step.before, effect.vcpu), access_type(step.after, effect.vcpu)
        if was is now:
            return ""
        own = brief and not effect.trapped and not isinstance(step.event, VmmExecutes)
        whose = "its data accesses" if own else f"the data accesses of vcpu{effect.vcpu}"
        return f": {whose} are {now.value} from now on"


class HcrAccount(Account[HcrWritten]):
    """A write of HCR_EL2."""

    def clause(self, *, brief: bool) -> str | None:
        """Return the bits of HCR_EL2 that changed; TVM has a clause of its own."""
        effect = self.effect
        changed = [
            f"{field.name} {int(field.get(effect.before))} -> {int(field.get(effect.after))}"
            for field in Hcr.ALL
            if field is not Hcr.TVM and field.get(effect.before) != field.get(effect.after)
        ]
        return f"HCR_EL2 of vcpu{effect.vcpu} changes ({', '.join(changed)})" if changed else None


class TvmClearedAccount(Account[TvmCleared]):
    """The end of trapping a vCPU's writes."""

    def label(self) -> str:
        """Return which bit is clear."""
        return "TVM cleared"

    def clause(self, *, brief: bool) -> str:
        """Return what that means."""
        vcpu = self.effect.vcpu
        return f"HCR_EL2.TVM is clear, the register writes of vcpu{vcpu} trap no more"


class TvmArmedAccount(Account[TvmArmed]):
    """The begin of trapping a vCPU's writes."""

    def label(self) -> str:
        """Return which bit is set."""
        return "TVM armed"

    def clause(self, *, brief: bool) -> str:
        """Return what that means."""
        vcpu = self.effect.vcpu
        return f"HCR_EL2.TVM is set, the register writes of vcpu{vcpu} trap from now on"


class FaultAccount(Account[FaultTaken]):
    """A stage-2 fault."""

    sign = Sign.TRAP
    always = Weight.FRAMING

    def label(self) -> str:
        """Return the page."""
        return f"stage-2 fault at page {self.layout.page_name(self.effect.page)}"

    def clause(self, *, brief: bool) -> str:
        """Return the access and the page."""
        name = self.layout.page_name(self.effect.page)
        done = executed(self.step.before, self.effect.vcpu)
        return f"{done}: stage 2 does not map page {name}, so it faults to KVM"

    def messages(self, label: str) -> Iterator[Item]:
        """Yield the access."""
        yield Message(participant(self.effect.vcpu), KVM, label)


class ReturnAccount(Account[ReturnedToGuest]):
    """KVM's return to a guest."""

    sign = Sign.RETURN
    always = Weight.FRAMING

    def label(self) -> str:
        """Return that it returned."""
        return "return to guest"

    def clause(self, *, brief: bool) -> str:
        """Return that a vCPU's guest goes on, with which accesses, and what it does not see."""
        step, vcpu = self.step, self.effect.vcpu
        text = f"KVM returns to the guest of vcpu{vcpu}"
        match step.before.vcpus[vcpu].stack[0]:
            case Fault():
                text += ", which makes its access again"
            case RegisterWrite():
                text += f", whose accesses are {access_type(step.after, vcpu).value}"
            case SetWay():
                text += " after the set/way operation"
            case Walk() | Initialisation() | CFrame():
                pass
        unseen = _unseen(step.after, vcpu, brief)
        if brief and len(unseen) > MOST_UNSEEN:
            more = counted(len(unseen) - MOST_UNSEEN + 1, "more word")
            unseen = [*unseen[: MOST_UNSEEN - 1], f"{more} in an old version"]
        return f"{text}: it sees {listed(unseen)}" if unseen else text

    def messages(self, label: str) -> Iterator[Item]:
        """Yield the return."""
        yield Message(KVM, participant(self.effect.vcpu), self.label(), answers=True)


def _unseen(machine: Machine, vcpu: int, brief: bool) -> list[str]:
    layout = machine.setup.layout
    unseen = []
    for word, declared in enumerate(layout.words):
        line, slot = machine.lines[layout.line_of[word]], layout.slot_of[word]
        version = seen(machine, vcpu, word)
        if version.number < line.newest[slot]:
            sees, due = f"{declared.name} = {number(version.value)}", newest(line, slot)
            unseen.append(
                f"{sees} (newest: {due})" if brief else f"{sees} while the newest is {due}"
            )
    return unseen
