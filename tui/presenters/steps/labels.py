"""The list of events: a short label for each step, and what a finding has to do with it."""

from __future__ import annotations

from collections.abc import Mapping

from engine.machine.actors import VMM, Actor, actor_name
from engine.machine.effects import (
    AccessFailed,
    ConditionDecided,
    Copy,
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
    event_name,
)
from engine.machine.state import WalkPurpose
from engine.timeline import Timeline
from engine.transition import Step
from tui.presenters.cells import Cell, Row, Tone, fitted
from tui.presenters.steps.skips import at_toggle, skips_flush
from tui.presenters.words import (
    code,
    counted,
    instruction_text,
    number,
    program_of,
    register,
    truth,
    walk_name,
)


def label(step: Step) -> str:
    """Return what a step did in a few words; KVM's steps are indented under the guest's."""
    facts = ", ".join(fact for effect in step.effects if (fact := _fact(step, effect)))
    match step.event:
        case GuestExecutes(actor):
            return _executed(step, actor, facts)
        case VmmExecutes():
            return _executed(step, VMM, facts)
        case KvmExecutes():
            return f"  {facts or 'KVM'}"
        case LineFilled() | LineEvicted():
            return event_name(step.before, step.event) + (f": {facts}" if facts else "")


def mover(step: Step) -> str:
    """Return who moved: an actor's name, or `hw` for the hardware."""
    match step.event:
        case GuestExecutes(actor) | KvmExecutes(actor):
            return actor_name(actor)
        case VmmExecutes():
            return actor_name(VMM)
        case LineFilled() | LineEvicted():
            return "hw"


def tone_of(step: Step) -> Tone:
    """Return whose the step is: the guest's or the VMM's, KVM's, or the hardware's."""
    if skips_flush(step):
        return Tone.SKIPPED
    match step.event:
        case GuestExecutes() | VmmExecutes():
            return Tone.GUEST
        case KvmExecutes():
            return Tone.KVM
        case LineFilled() | LineEvicted():
            return Tone.HARDWARE


def signs(timeline: Timeline) -> dict[int, str]:
    """Return the steps that findings speak of, each with what it is to them."""
    found: dict[int, str] = {}
    for finding in timeline.findings:
        if finding.cause is not None:
            found.setdefault(finding.cause, "CAUSE")
        if finding.exact is not None:
            found[finding.exact] = "EXACT"
        found[finding.step] = finding.kind.value.upper()
    return found


def event_row(timeline: Timeline, number_: int, width: int, marks: Mapping[int, str]) -> Row:
    """Return the row of one step; row 0 is the start."""
    size = len(str(len(timeline.steps)))
    current = number_ == timeline.cursor
    lead = f"{'>' if current else ' '}{number_:>{size}} "
    if number_ == 0:
        return Row((Cell(lead), Cell(fitted("start", width - len(lead)))), 0, current)
    step = timeline.steps[number_ - 1]
    sign = marks.get(number_, "")
    tone = tone_of(step)
    who = fitted(mover(step), 6)
    room = width - len(lead) - len(who)
    tag = f"{sign} " if sign else ""
    return Row(
        (
            Cell(lead),
            Cell(who, tone),
            Cell(tag, Tone.SKIPPED if sign == "CAUSE" else Tone.STALE),
            Cell(fitted(label(step), room - len(tag)), tone),
        ),
        step=number_,
        current=current,
    )


def _executed(step: Step, actor: Actor, facts: str) -> str:
    program = program_of(step.before, actor)
    pc = step.before.vmm.core.pc if actor == VMM else step.before.vcpus[actor].core.pc
    assert program is not None
    text = instruction_text(program, pc)
    return f"{text}: {facts}" if facts else text


def _fact(step: Step, effect: Effect) -> str:
    """Return an effect in a few words, or nothing where the event or another effect says it."""
    layout = step.before.setup.layout
    match effect:
        case Loaded(_, word, version, _, source):
            return f"{layout.words[word].name} = {number(version.value)} from {source.value}"
        case Stored(_, word, version, _, target):
            where = "RAM" if target is Copy.RAM else "cache"
            return f"{layout.words[word].name} = {number(version.value)} to {where}"
        case Filled(speculative=False):
            return "fill"
        case WrittenBack(line):
            return f"{layout.line_name(line)} written back"
        case Trapped():
            return "trap"
        case RegisterWritten(_, name, _, after, trapped):
            how = "" if trapped else ", no trap"
            return f"{register(name)} = {number(after)}{how}"
        case TvmCleared():
            return "TVM cleared"
        case TvmArmed():
            return "TVM armed"
        case ConditionDecided():
            return f"{code(effect.text)}: {truth(effect.outcome)}"
        case StatementExecuted():
            return code(effect.text).rstrip(";")
        case FlushBegun(_, purpose, lines):
            begun = "" if purpose is WalkPurpose.FLUSH_VM else f"{walk_name(purpose)} begins, "
            return f"{begun}{counted(lines, 'line')}"
        case LineFlushed(_, _, line):
            return f"flush the line of {layout.line_name(line)}"
        case FlushEnded(_, purpose):
            return f"{walk_name(purpose)} ends"
        case FlushSkipped():
            return "flush SKIPPED" if at_toggle(step, effect) else "no flush due"
        case ReturnedToGuest():
            return "return to guest"
        case FaultTaken(_, page):
            return f"stage-2 fault at page {layout.page_name(page)}"
        case PageMapped(page):
            return f"page {layout.page_name(page)} mapped"
        case Stage2Unmapped():
            return "stage 2 unmapped"
        case PoweredOn(vcpu):
            return f"vcpu{vcpu} on"
        case PoweredOff(vcpu):
            return f"vcpu{vcpu} off"
        case VcpuInitialised(vcpu):
            return f"vcpu{vcpu} reset"
        case AccessFailed(_, address):
            return f"no word at {address:#x}"
        case FetchFailed():
            return "no instruction there"
        case (
            Filled()
            | Evicted()
            | Invalidated()
            | Maintained()
            | HcrWritten()
            | Kicked()
            | KickNoticed()
            | InterruptInjected()
            | InterruptTaken()
        ):
            return ""
