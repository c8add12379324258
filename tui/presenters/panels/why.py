"""Why a value is what it is, in words: one line a reason, each with its step."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from engine.arm.registers import Field, SystemRegister
from engine.machine.actors import actor_name
from engine.machine.effects import Copy, Evicted, FlushSkipped, LineFlushed, Maintained, Stored
from engine.memory.layout import Layout
from engine.memory.line import Version
from engine.provenance.reasons import (
    AtStart,
    BitsSet,
    Blamed,
    CachesReset,
    ControlRegister,
    CopyMover,
    Decided,
    Dropped,
    Entitled,
    Fetched,
    FlushNotDone,
    Found,
    Holds,
    HostMapping,
    LedThere,
    LockHeld,
    NeverCached,
    NotDecidedYet,
    NotDue,
    NotFlushedYet,
    NotTrapped,
    PageMapping,
    PointsThere,
    Reads,
    Reason,
    Sees,
    SetBy,
    TrappedAt,
    Visible,
    Waits,
    Written,
    WroteBack,
)
from engine.stuck import waiting
from engine.timeline import Timeline
from tui.presenters.panels.answers import WhyLine
from tui.presenters.panels.whereabouts import kvm_place
from tui.presenters.steps.sentence import sentence
from tui.presenters.verdict import describe
from tui.presenters.words import (
    code,
    in_values,
    line_words,
    listed,
    number,
    register,
    truth,
    walk_name,
    who,
)


def why_lines(timeline: Timeline, reasons: Iterable[Reason]) -> tuple[WhyLine, ...]:
    """Return the reasons of a timeline as lines."""
    return tuple(WhyLine(reason.step, _text(timeline, reason)) for reason in reasons)


_SET_BY: Final = {
    SetBy.START: "from the start on",
    SetBy.TRAP: "KVM wrote it for the guest, whose write had trapped",
    SetBy.GUEST: "the guest wrote it, without a trap",
    SetBy.VMM: "the VMM wrote it (KVM_SET_ONE_REG)",
    SetBy.POWER_ON: "PSCI CPU_ON reset it",
    SetBy.RESET: "KVM_ARM_VCPU_INIT reset it",
    SetBy.POLICY: "the policy wrote it",
}


def _text(timeline: Timeline, reason: Reason) -> str:
    layout = timeline.initial.setup.layout
    match reason:
        case Holds(_, word, copy, version):
            return _holds(layout, word, copy, version)
        case Sees(_, actor, word, version, copy, kind):
            what = _version(layout, word, version)
            return f"{who(actor)} sees {what} in {_in(copy)}: its accesses are {kind.value}"
        case Reads(_, bits, value):
            name = _bit(bits.register, bits.field)
            return f"{name} of {actor_name(bits.vcpu)} is {number(value)}"
        case Found(_, finding):
            return describe(timeline, finding)
        case AtStart(_, word, version, copy):
            return f"{_in(copy)} has {_version(layout, word, version)}"
        case NeverCached(_, word):
            return f"no cache has had {line_words(layout, layout.line_of[word])}, from the start on"
        case Written(_, stored):
            return _written(layout, stored)
        case Fetched(_, word, version, filled):
            how = "filled speculatively" if filled.speculative else "filled by an access"
            line = line_words(layout, filled.line)
            what = _version(layout, word, version)
            return f"{line} was {how} on pcpu{filled.pcpu}: the copy took {what} from RAM"
        case WroteBack(_, word, version, by):
            what = _version(layout, word, version)
            return f"{_moved(by)} wrote the dirty copy back: RAM took {what}"
        case Dropped(_, word, by):
            line = line_words(layout, layout.line_of[word])
            return f"{_moved(by)} took {line} out of the caches"
        case BitsSet():
            return _bits_set(timeline, reason)
        case HostMapping():
            return "the VMM's mapping of guest RAM is Normal Write-Back, always"
        case PageMapping(_, vcpu, word, alias, attribute):
            stage1 = timeline.initial.setup.stage1
            name = layout.words[word].name if alias is None else stage1.aliases[alias].name
            return f"{actor_name(vcpu)} maps the page of {name} {attribute.value}, in stage 1"
        case TrappedAt(_, trapped):
            what = register(trapped.what) if isinstance(trapped.what, SystemRegister) else "DC"
            return f"{actor_name(trapped.vcpu)} trapped to KVM at its write of {what}"
        case Decided(_, decided):
            values = in_values(decided.text, decided.operands)
            outcome = truth(decided.outcome)
            return f"KVM decided {code(decided.text)}: {outcome}{_values(decided.text, values)}"
        case FlushNotDone(step, skipped):
            return _skipped(timeline, step, skipped)
        case NotTrapped(_, written):
            whose = actor_name(written.vcpu)
            return f"{register(written.register)} of {whose} was written and KVM did not hear of it"
        case CachesReset(_, vcpu):
            whose = actor_name(vcpu)
            return f"CPU_ON reset SCTLR_EL1 of {whose}: its caches are off, and nothing was flushed"
        case NotFlushedYet(_, actor, word, purpose):
            line = line_words(layout, layout.line_of[word])
            return f"{walk_name(purpose)} for {who(actor)} has not come to {line} yet"
        case NotDecidedYet(_, vcpu):
            return f"KVM has not decided yet whether to flush for {actor_name(vcpu)}"
        case Blamed(step, _, _, False):
            return f"this is to blame, KVM had no say in it: {_clause(timeline, step)}"
        case Blamed(step, _, copy, _):
            return f"this is where {_in(copy)} fell behind: {_clause(timeline, step)}"
        case Entitled(step, actor, word, version_number):
            name = layout.words[word].name
            return (
                f"{who(actor)} may rely on {name} v{version_number} from here on: "
                f"{_clause(timeline, step)}"
            )
        case NotDue(_, actor, word, version_number):
            name = layout.words[word].name
            return f"{who(actor)} is entitled to {name} v{version_number}, and to nothing newer"
        case Visible(_, actor, word, version):
            what = _version(layout, word, version)
            return f"from here on {who(actor)} sees {what}, too old for it"
        case Waits(step, vcpu):
            machine = waiting(timeline.steps[step - 1].after, vcpu)
            place = kvm_place(timeline.initial, machine.vcpus[vcpu].stack[-1])
            return f"from here on {actor_name(vcpu)} gets no further than {place}"
        case LockHeld(_, name):
            return f"{name} was taken, and has been held since"
        case PointsThere(step, actor, base, value):
            since = "from the start on" if step is None else f"by this: {_clause(timeline, step)}"
            return f"x{base} of {actor_name(actor)} is {value:#x}, {since}"
        case LedThere(step):
            return f"this led there: {_clause(timeline, step)}"


def _version(layout: Layout, word: int, version: Version) -> str:
    return f"{layout.words[word].name} = {number(version.value)} (v{version.number})"


def _in(copy: Copy) -> str:
    return "RAM" if copy is Copy.RAM else "the cached copy"


def _holds(layout: Layout, word: int, copy: Copy, version: Version | None) -> str:
    if version is None:
        return f"no cache has {line_words(layout, layout.line_of[word])}"
    return f"{_in(copy)} has {_version(layout, word, version)}"


def _written(layout: Layout, stored: Stored) -> str:
    what = _version(layout, stored.word, stored.version)
    where = "RAM, past the caches" if stored.target is Copy.RAM else "the cache"
    return f"{who(stored.actor)} wrote {what} to {where}: its store was {stored.memory_type.value}"


def _moved(by: CopyMover) -> str:
    match by:
        case Evicted(_, None):
            return "an eviction from every cache"
        case Evicted(_, pcpu):
            return f"an eviction from pcpu{pcpu}"
        case Maintained(actor, _, operation, _):
            return f"the DC {operation.value.upper()} of {who(actor)}"
        case LineFlushed(actor, purpose, _):
            return f"{walk_name(purpose)} for {who(actor)}"


def _bit(name: ControlRegister, field: Field | None) -> str:
    return name.value if field is None else f"{name.value}.{field.name}"


def _bits_set(timeline: Timeline, reason: BitsSet) -> str:
    fields: dict[ControlRegister, list[str]] = {}
    for bits, value in reason.bits:
        named = fields.setdefault(bits.register, [])
        if bits.field is not None:
            named.append(f"{bits.field.name} = {value}")
    whose = f" of {actor_name(reason.bits[0][0].vcpu)}"
    parts: list[str] = []
    for name, named in fields.items():
        what = name.value if parts else f"{name.value}{whose}"
        parts.append(f"{what} has {listed(named)}" if named else what)
    text = f"{listed(parts)}, {_SET_BY[reason.by]}"
    if reason.by is SetBy.POLICY and reason.step is not None:
        text = f"{text}: {_clause(timeline, reason.step)}"
    return text if reason.makes is None else f"{text}: its accesses are {reason.makes.value}"


def _skipped(timeline: Timeline, step: int, skipped: FlushSkipped) -> str:
    what = f"{'flush skipped' if skipped.at_toggle else 'no flush'} for {actor_name(skipped.vcpu)}"
    if skipped.text is None:
        return f"{what}: no road of this policy flushes"
    values = _values(skipped.text, in_values(skipped.text, skipped.operands))
    return f"{what}: {code(skipped.text)} is {truth(skipped.outcome)}{values}"


def _values(text: str, values: str) -> str:
    return "" if values == code(text) else f", {values}"


def _clause(timeline: Timeline, step: int) -> str:
    text = sentence(timeline.steps[step - 1]).removesuffix(".")
    return f"the {text[4:]}" if text.startswith("The ") else text
