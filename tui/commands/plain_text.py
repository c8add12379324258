"""What the prompt says of a step, a value, a state: lines that read well aloud."""

from __future__ import annotations

from collections.abc import Iterator

from engine.arm.registers import Hcr
from engine.diagnosis import is_stale_for
from engine.findings import roles
from engine.machine.access import access_type, seen
from engine.machine.actors import VMM, Actor, actor_name, actors
from engine.machine.state import Machine, Power
from engine.memory.line import Version
from engine.query.evaluate import QueriedState, evaluate, version_at
from engine.query.expressions import Old, PcRead, Type, Value, VersionRead
from engine.query.parser import Query
from engine.timeline import Timeline
from tui.presenters.panels.whereabouts import whereabouts
from tui.presenters.steps.sentence import sentence
from tui.presenters.words import cache_bits, flag, number, pcpus, place_in, printable, program_of
from tui.session.session import Session


def here(session: Session) -> str:
    """Return the step at hand in a line."""
    return step_line(session.timeline, session.timeline.cursor)


def step_line(timeline: Timeline, at: int) -> str:
    """Return a step in a line: its number, what findings make of it, and what it did."""
    count = len(timeline.steps)
    if not at:
        return f"start of {count} steps" if count != 1 else "start of 1 step"
    parts = dict.fromkeys(roles(timeline.findings).get(at, ()))
    told = "".join(f", {role.value}" for role in parts)
    return f"step {at} of {count}{told}: {printable(sentence(timeline.steps[at - 1]))}"


def value_text(query: Query, timeline: Timeline, at: int) -> str:
    """Return what a query is at a step: words show their version, places their label."""
    moment = QueriedState(timeline, at)
    expression, when = query.expression, moment
    while isinstance(expression, Old):
        expression, when = expression.operand, when.before
    match expression:
        case VersionRead(source, word, actor, number=False):
            return version_text(version_at(when, source, word, actor))
        case PcRead(actor, place=True):
            program = program_of(when.machine, actor)
            value = evaluate(expression, when)
            assert isinstance(value, int)
            return "end" if program is None else place_in(program, value)
        case _:
            return _plain(evaluate(query.expression, moment), query.type)


def version_text(version: Version | None) -> str:
    """Return a word's value and the number of its version."""
    return "none" if version is None else f"{number(version.value)} (v{version.number})"


def memory_lines(timeline: Timeline) -> Iterator[str]:
    """Yield, per word, its copies, then what each actor sees."""
    machine, ghost = timeline.machine, timeline.ghost
    layout = machine.setup.layout
    for line in layout.lines:
        for word in line:
            state = machine.lines[layout.line_of[word]]
            slot = layout.slot_of[word]
            newest = state.newest[slot]
            yield f"{layout.words[word].name}: RAM {_copy(state.ram[slot], newest)}, " + (
                "no cached copy"
                if state.cached is None
                else f"cached copy {_copy(state.cached[slot], newest)}, "
                f"{'dirty' if state.dirty else 'clean'} on {pcpus(state.pcpus)}"
            )
            for actor in actors(machine.setup):
                text = f"  {actor_name(actor)} sees {version_text(seen(machine, actor, word))}"
                due = f"due v{ghost.entitled[actor][word]}"
                stale = is_stale_for(machine, ghost, actor, word) is not None
                yield f"{text}, {due}{': STALE' if stale else ''}"


def actor_lines(timeline: Timeline) -> Iterator[str]:
    """Yield, per actor, where it is and what its next access will be."""
    machine = timeline.machine
    for actor in actors(machine.setup):
        where = f"{actor_name(actor)} on pcpu{machine.pcpu(actor)}: {whereabouts(machine, actor)}"
        kind = access_type(machine, actor).value
        yield f"{where}, {_registers(machine, actor)}, next access {kind}"


def stale_lines(timeline: Timeline) -> Iterator[str]:
    """Yield what is stale now, and for whom."""
    machine, ghost = timeline.machine, timeline.ghost
    for actor in actors(machine.setup):
        for word, declared in enumerate(machine.setup.layout.words):
            version = is_stale_for(machine, ghost, actor, word)
            if version is not None:
                due = ghost.entitled[actor][word]
                text = f"{declared.name} = {version_text(version)}"
                yield f"stale: {actor_name(actor)} sees {text}, due v{due}"


def _plain(value: Value, kind: Type) -> str:
    match value:
        case None:
            return "none"
        case Power():
            return value.value
        case bool():
            return "true" if value else "false"
        case int():
            return number(value) if kind is not Type.TRUTH else str(bool(value)).lower()


def _copy(version: Version, newest: int) -> str:
    return version_text(version) + (", latent" if version.number < newest else "")


def _registers(machine: Machine, actor: Actor) -> str:
    if actor == VMM:
        return "user space"
    vcpu = machine.vcpus[actor]
    sctlr = vcpu.registers.sctlr_el1
    bits = f"SCTLR_EL1 {sctlr:#x} ({cache_bits(sctlr)})"
    return f"{bits}, HCR_EL2 {vcpu.hcr_el2:#x} ({flag(Hcr.TVM, vcpu.hcr_el2)})"
