"""Clauses for what KVM does: the policy's C, walks over stage 2, resets, returns to the guest."""

from __future__ import annotations

from typing import Final

from engine.arm.registers import Hcr
from engine.machine.access import access_type, seen
from engine.machine.actors import Actor
from engine.machine.effects import (
    ConditionDecided,
    FlushBegun,
    FlushEnded,
    FlushSkipped,
    HcrWritten,
    LineFlushed,
    RegisterWritten,
    StatementExecuted,
)
from engine.machine.state import (
    Fault,
    Initialisation,
    Machine,
    Power,
    RegisterWrite,
    SetWay,
    Walk,
    WalkPurpose,
)
from engine.policy.c_types import AtomicType, IntegerType
from engine.policy.frame import CFrame
from engine.policy.policy import Policy, Variable
from engine.transition import Step
from tui.presenters.steps.accesses import departure, newest
from tui.presenters.words import (
    code,
    counted,
    line_words,
    listed,
    number,
    operands,
    register,
    truth,
    walk_name,
    who,
)

MOST_UNSEEN: Final = 2
"""The words that a brief clause names."""
MOST_SOURCE: Final = 64
"""The characters of C that a brief clause quotes."""


def decided(effect: ConditionDecided, brief: bool) -> str:
    """Return a condition of the policy, its outcome and the values it depends on."""
    values = f" ({operands(effect.operands)})" if effect.operands and not brief else ""
    outcome = f"{truth(effect.outcome)}{values}"
    return f"KVM, for {who(effect.actor)}, decides `{_source(effect.text, brief)}`: {outcome}"


def executed(step: Step, effect: StatementExecuted, brief: bool) -> str | None:
    """Return a statement of the policy and what it assigned; a flush has a clause of its own.

    So has a register that it writes, which says enough where room is short.
    """
    told = (FlushBegun, RegisterWritten) if brief else FlushBegun
    if any(isinstance(other, told) for other in step.effects):
        return None
    assigned = _assigned(step, effect.actor)
    text = (
        f"KVM, for {who(effect.actor)}, executes `{_source(code(effect.text).rstrip(';'), brief)}`"
    )
    return f"{text}: {', '.join(assigned)}" if assigned else text


def moved(step: Step, actor: Actor) -> str:
    """Return a step of KVM that established no fact."""
    frame = step.before.stack(actor)[-1]
    if isinstance(frame, RegisterWrite):
        return f"KVM handles the write of {register(frame.register)} for {who(actor)}"
    return f"KVM goes on for {who(actor)}"


def hcr_written(effect: HcrWritten) -> str | None:
    """Return the bits of HCR_EL2 that changed; TVM has a clause of its own."""
    changed = [
        f"{field.name} {int(field.get(effect.before))} -> {int(field.get(effect.after))}"
        for field in Hcr.ALL
        if field is not Hcr.TVM and field.get(effect.before) != field.get(effect.after)
    ]
    return f"HCR_EL2 of vcpu{effect.vcpu} changes ({', '.join(changed)})" if changed else None


def flush_begun(step: Step, effect: FlushBegun) -> str:
    """Return that a walk took the mmu_lock, for whom and for how many lines."""
    lines = counted(effect.lines, "line")
    match effect.purpose:
        case WalkPurpose.FLUSH_VM if step.before.setup.hardware.fwb:
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


def line_flushed(step: Step, effect: LineFlushed, brief: bool) -> str:
    """Return which line a walk cleaned and invalidated, and what became of its copy."""
    layout = step.after.setup.layout
    before, after = step.before.lines[effect.line], step.after.lines[effect.line]
    where = "" if brief else " to the PoC"
    return (
        f"{walk_name(effect.purpose)} cleans and invalidates {line_words(layout, effect.line)}"
        f"{where}: {departure(layout, effect.line, before, after, brief=brief)}"
    )


def flush_ended(effect: FlushEnded, brief: bool) -> str:
    """Return that a walk is over."""
    done = f"{walk_name(effect.purpose)} is done with {counted(effect.lines, 'line')}"
    return done if brief else f"{done} and releases the mmu_lock"


def flush_skipped(step: Step, effect: FlushSkipped, brief: bool) -> str:
    """Return that no flush can come any more in this call of the policy."""
    if effect.text is None:
        return "no road of this policy flushes"
    told = any(
        isinstance(other, ConditionDecided) and other.text == effect.text for other in step.effects
    )
    if told:
        return "on this road nothing is flushed"
    values = f" ({operands(effect.operands)})" if effect.operands and not brief else ""
    decided = f"`{_source(effect.text, brief)}` is {truth(effect.outcome)}{values}"
    return f"{decided}: on this road nothing is flushed"


def returned(step: Step, vcpu: int, brief: bool) -> str:
    """Return that a vCPU's guest goes on, with which accesses, and what it does not see."""
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


def initialised(step: Step, vcpu: int, brief: bool) -> str:
    """Return what KVM_ARM_VCPU_INIT left a vCPU with."""
    after = step.after.vcpus[vcpu]
    state = "on" if after.power is Power.ON else "off"
    if brief:
        return f"KVM_ARM_VCPU_INIT resets vcpu{vcpu}: it is {state}, with MMU and caches off"
    return (
        f"KVM_ARM_VCPU_INIT resets vcpu{vcpu}: it is {state}, SCTLR_EL1 is "
        f"{number(after.registers.sctlr_el1)} (MMU and caches off)"
    )


def _source(text: str, brief: bool) -> str:
    """Return C on one line, its end cut where a brief clause has no room for it."""
    line = code(text)
    return f"{line[:MOST_SOURCE]}…" if brief and len(line) > MOST_SOURCE else line


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
