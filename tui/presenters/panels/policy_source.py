"""The policy's C: the function KVM is in, who is at which line, and what was decided there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import attrs

from engine.machine.actors import VMM, Actor
from engine.machine.effects import (
    ConditionDecided,
    FlushSkipped,
    StatementExecuted,
    Trapped,
)
from engine.machine.events import KvmExecutes, event_actor
from engine.machine.state import Machine
from engine.policy.c_types import AtomicType, IntegerType, LockType
from engine.policy.coverage import Coverage
from engine.policy.frame import CFrame
from engine.policy.policy import Policy, Variable
from engine.policy.source import Place, SourceFile
from engine.query.triggers import code_lines
from engine.timeline import Timeline
from engine.transition import Step
from tui.presenters.cells import Tone
from tui.presenters.coverage import coverage_lines
from tui.presenters.panels.listing import Listing, Mark, comment_lines
from tui.presenters.steps.account import Sign
from tui.presenters.steps.signs import kvm_sign
from tui.presenters.words import in_values, number, truth

LONGEST_EXIT: Final = 5_000
"""How many steps back are searched for what was decided in the exit at hand."""

_SPEAKS_OF: Final = "what a verdict on this policy speaks of:"

NARROW_TAB: Final = 2
TAB: Final = 4
ROOMY: Final = 76
"""From this width on, lines are indented as far as readers of the kernel expect."""


def policy_listing(timeline: Timeline, width: int) -> Listing:
    """Return the source that KVM last ran in, at the line that comes next or was last run."""
    policy = timeline.initial.setup.policy
    exit_steps = list(_last_exit(timeline))
    actor = _actor(exit_steps)
    place = _place(timeline.machine, policy, actor, exit_steps)
    source = _source(policy, place)
    tab = TAB if width >= ROOMY else NARROW_TAB
    function = _function_at(policy, place)
    lines, comments = _lines(source, tab, policy.coverage)
    numbers = _numbers(source, len(lines))
    frame = None if actor is None else _innermost(timeline.machine, actor)
    state = policy_state(timeline.machine, actor, frame)
    return Listing(
        title=_title(function or "C source", _read_in_part(policy, source), state, width - 2),
        lines=lines,
        marks=_marks(timeline, source, actor, exit_steps),
        focus=(0, 0) if place is None else (place.line - 1, place.end_line - 1),
        comments=comments,
        numbers=numbers,
        stops=_stops(policy, source),
    )


def _read_in_part(policy: Policy, source: SourceFile) -> str:
    """Return a source's name, and that not all of it was judged where that is so."""
    missing = len(policy.coverage.not_judged)
    return f"{source.name}, {missing} not judged" if missing else source.name


def _title(function: str, source: str, state: str, width: int) -> str:
    """Return what is shown; where it is narrow, values rather than names that are in sight."""
    if not state:
        return f"{function} in {source}"
    titles = (f"{function} in {source}: {state}", f"{function}: {state}", state)
    return next((title for title in titles if len(title) <= width), state)


@lru_cache(maxsize=16)
def _lines(
    source: SourceFile, tab: int, coverage: Coverage
) -> tuple[tuple[str, ...], frozenset[int]]:
    """Return the lines of a source, then what of it a verdict speaks of, and which are comments."""
    text = source.text.removesuffix("\n").split("\n")
    lines = tuple(line.expandtabs(8).replace(" " * 8, " " * tab) for line in text)
    told = tuple(coverage_lines(coverage))
    if not told:
        return lines, comment_lines(lines)
    remarks = ("", _SPEAKS_OF, *(f"  {line}" for line in told))
    after = range(len(lines), len(lines) + len(remarks))
    return (*lines, *remarks), comment_lines(lines) | {*after}


@lru_cache(maxsize=16)
def _numbers(source: SourceFile, rows: int) -> tuple[str, ...]:
    """Return the lines' numbers in the user's own file, blank for those that are not from it."""
    count = _count(source)
    own = [source.user_line(line) for line in range(1, count + 1)]
    width = max(len(str(number)) for number in own)
    return tuple(f"{number or '':>{width}}" for number in (*own, *(0 for _ in range(count, rows))))


def _count(source: SourceFile) -> int:
    return source.text.removesuffix("\n").count("\n") + 1


@lru_cache(maxsize=16)
def _stops(policy: Policy, source: SourceFile) -> tuple[str, ...]:
    """Return, per line, the place to stop at: a line of the user's own with a statement on it."""
    known = frozenset(code_lines(policy, source))
    numbers = (source.user_line(line) for line in range(1, _count(source) + 1))
    return tuple(f"{source.name}:{line}" if line in known else "" for line in numbers)


def _last_exit(timeline: Timeline) -> Iterator[tuple[int, Step]]:
    """Yield, last first, the steps of the exit that KVM last ran the policy for."""
    actor: Actor | None = None
    first = max(0, timeline.cursor - LONGEST_EXIT)
    for at in range(timeline.cursor, first, -1):
        step = timeline.steps[at - 1]
        trapped = _trapped(step)
        if trapped is not None and actor in (None, trapped):
            if actor is None:
                yield at, step
            return
        if not isinstance(step.event, KvmExecutes) or step.event.actor == VMM:
            continue
        if actor in (None, step.event.actor):
            actor = step.event.actor
            yield at, step


def _trapped(step: Step) -> int | None:
    return next((effect.vcpu for effect in step.effects if isinstance(effect, Trapped)), None)


def _actor(steps: list[tuple[int, Step]]) -> Actor | None:
    return event_actor(steps[0][1].event) if steps else None


def _place(
    machine: Machine, policy: Policy, actor: Actor | None, steps: list[tuple[int, Step]]
) -> Place | None:
    """Return the place of the next statement; once back in the guest, of what mattered last."""
    if actor is not None:
        frame = _innermost(machine, actor)
        if frame is not None:
            return policy.operation(frame).place
        run = [effect for _, step in steps for effect in reversed(step.effects)]
        for wanted in (FlushSkipped, StatementExecuted | ConditionDecided):
            for effect in run:
                if isinstance(effect, wanted):
                    return effect.place
    toggle = policy.toggle
    return None if toggle is None else policy.functions[toggle].place


def _innermost(machine: Machine, actor: Actor) -> CFrame | None:
    frames = [frame for frame in machine.stack(actor) if isinstance(frame, CFrame)]
    return frames[-1] if frames else None


def _source(policy: Policy, place: Place | None) -> SourceFile:
    if place is not None:
        for source in policy.sources:
            if source.name == place.source:
                return source
    return policy.source


def _function_at(policy: Policy, place: Place | None) -> str | None:
    if place is None:
        return None
    for function in policy.functions:
        whole = function.place
        if whole.source == place.source and whole.line <= place.line <= whole.end_line:
            return f"{function.name}()"
    return None


def _marks(
    timeline: Timeline,
    source: SourceFile,
    actor: Actor | None,
    steps: list[tuple[int, Step]],
) -> dict[int, Mark]:
    marks: dict[int, Mark] = {}
    for at, step in reversed(steps):
        if at != timeline.cursor and actor is None:
            continue
        for effect in step.effects:
            if not isinstance(effect, StatementExecuted | ConditionDecided):
                continue
            if effect.place.source != source.name:
                continue
            executed = at == timeline.cursor
            line = effect.place.line - 1
            match effect:
                case StatementExecuted():
                    marks[line] = Mark(executed=executed)
                case ConditionDecided():
                    marks[line] = _decided(step, effect, executed)
    for vcpu in range(len(timeline.machine.vcpus)):
        frame = _innermost(timeline.machine, vcpu)
        if frame is None:
            continue
        place = timeline.initial.setup.policy.operation(frame).place
        if place.source == source.name:
            line = place.line - 1
            here = marks.get(line, Mark())
            marks[line] = attrs.evolve(here, who=f"{here.who}{vcpu}"[-2:])
    return marks


def _decided(step: Step, effect: ConditionDecided, executed: bool) -> Mark:
    note = f"{truth(effect.outcome)}: {in_values(effect.text, effect.operands)}"
    if kvm_sign(step) is not Sign.SKIP:
        return Mark(executed=executed, notes=(note,), note_tone=Tone.KVM)
    notes = (f"{note}, flush SKIPPED", f"{note} SKIP", note)
    return Mark(executed=executed, notes=notes, note_tone=Tone.SKIPPED)


def policy_state(machine: Machine, actor: Actor | None, frame: CFrame | None) -> str:
    """Return the values of a call's locals, of the VM's state and of the actor's vCPU's."""
    policy = machine.setup.policy
    parts: list[str] = []
    if frame is not None:
        variables = policy.functions[frame.function].variables
        parts.extend(_values(variables, frame.slots))
    parts.extend(_values(policy.statics, machine.vm.statics))
    if actor is not None and actor >= 0:
        parts.extend(_values(policy.fields, machine.vcpus[actor].fields))
    return ", ".join(parts)


def _values(variables: tuple[Variable, ...], slots: tuple[int, ...]) -> Iterator[str]:
    for variable, value in zip(variables, slots, strict=True):
        # Pointers say nothing that is not in sight, temporaries are none of the source's.
        shown = isinstance(variable.type, IntegerType | AtomicType | LockType)
        if shown and not variable.name.startswith("."):
            yield f"{variable.name} {number(value)}"
