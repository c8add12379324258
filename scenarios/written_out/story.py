"""What is told of a guest that was written out: its title, its schedule, its notes and comments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from engine.arm.memory_type import MemoryType
from engine.findings import Finding, Kind
from engine.machine.actors import Actor, actor_name
from engine.machine.effects import Copy, Effect, FlushSkipped, Loaded, Stored, Trapped
from engine.machine.events import event_actor
from engine.machine.setup import Setup
from engine.machine.state import Machine
from engine.timeline import Timeline
from engine.transition import Step
from scenarios.policy_library import UPSTREAM
from scenarios.schedule import Played, play
from scenarios.written_out.actions import executed
from scenarios.written_out.document import NO_BREAK, Remark, Telling
from scenarios.written_out.entries import WrittenEntry, parsed, schedule_of

_SHORT: Final = {
    MemoryType.DEVICE: "Device memory",
    MemoryType.NON_CACHEABLE: "Non-cacheable",
    MemoryType.WRITE_BACK: "Write-Back",
}


def story_of(
    run: Timeline, scenario: str, policy: str, word: str, kinds: Sequence[Kind]
) -> Telling:
    """Return what is told of a guest by a run of it.

    It comes from `scenario`; under `policy`, which `[expect]` calls `word`, there are findings of
    `kinds`.
    """
    scenario, policy = scenario.replace(" ", NO_BREAK), policy.replace(" ", NO_BREAK)
    entries = schedule_of(run)
    played = play(run.initial, parsed(run.initial, entries))
    finding = played.timeline.findings[-1] if played.timeline.findings else None
    return Telling(
        _title(scenario, policy, finding),
        _teaches(run, scenario, policy, finding),
        tuple((each.text, _entry_comment(run.initial, each)) for each in entries),
        () if finding is None else tuple(_notes(played, policy, finding)),
        _expected(word, kinds),
        _comments(played.timeline),
    )


def _expected(word: str, kinds: Sequence[Kind]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    upstream = (UPSTREAM, ())
    if word == UPSTREAM:
        return (upstream,)
    return (upstream, (word, tuple(kind.value for kind in kinds)))


def _title(scenario: str, policy: str, finding: Finding | None) -> str:
    if finding is None:
        return f"A run of {scenario} under {policy}, written out"
    return f"A guest of {scenario} that is {finding.kind.value} under {policy}, written out"


def _teaches(run: Timeline, scenario: str, policy: str, finding: Finding | None) -> str:
    """Return where a guest comes from, what each actor does, and whose the finding is."""
    did = "; ".join(_did(run))
    if finding is None:
        return f"What the actors did in a run of {scenario} under {policy}: {did}."
    return (
        f"What a {finding.kind.value} run of {scenario} under {policy} needs, and no instruction "
        f"more: {did}. Upstream is safe on it, whatever the interleaving, so that the finding is "
        "the policy's."
    )


def _did(run: Timeline) -> Iterator[str]:
    """Yield what each actor does, by the labels of its program."""
    setup = run.initial.setup
    programs = [(actor_name(vcpu), each) for vcpu, each in enumerate(setup.programs)]
    if setup.vmm is not None:
        programs.append((setup.vmm.name, setup.vmm))
    for name, program in programs:
        labels = ", ".join(label for label, at in program.labels if at < len(program.instructions))
        if labels:
            yield f"{name} does {labels}"
        else:
            yield f"{name} is only there"


def _entry_comment(machine: Machine, entry: WrittenEntry) -> str:
    """Return the instruction that an entry is about, with its label."""
    if entry.actor is None or entry.line is None:
        return ""
    text = _source(machine.setup, entry.actor).splitlines()[entry.line - 1]
    return " ".join(text.split())


def _source(setup: Setup, actor: Actor) -> str:
    program = setup.programs[actor] if actor >= 0 else setup.vmm
    return "" if program is None else program.text


def _notes(played: Played, policy: str, finding: Finding) -> Iterator[Remark]:
    """Yield the notes at the cause, at the exact step and at the finding."""
    steps = played.timeline.steps
    if finding.cause:
        yield _entry_at(played, finding.cause), _cause(steps[finding.cause - 1], policy)
    if finding.exact and finding.actor is not None and finding.word is not None:
        word = played.timeline.initial.setup.layout.words[finding.word].name
        yield (
            _entry_at(played, finding.exact),
            f"The exact step: from here on {actor_name(finding.actor)} sees an older {word} than "
            "it is entitled to.",
        )


def _cause(step: Step, policy: str) -> str:
    for effect in step.effects:
        if isinstance(effect, FlushSkipped) and effect.text is not None:
            outcome = "true" if effect.outcome else "false"
            return f"The cause: {effect.text!r} is {outcome}, and {policy} does not flush."
    actor = event_actor(step.event)
    who = "the hardware" if actor is None else actor_name(actor)
    found = executed(step)
    what = f"{who} in KVM" if found is None else f"{' '.join(found[1].text.split())!r} of {who}"
    return f"The cause: {what}."


def _entry_at(played: Played, step: int) -> int:
    """Return the entry, from 1, in which a step is."""
    begun = (entry for entry, first in enumerate(played.first_steps, 1) if first and first <= step)
    return max(begun, default=1)


def _comments(run: Timeline) -> dict[tuple[Actor, int], str]:
    """Return by actor and line what its instruction came to in a run."""
    found: dict[tuple[Actor, int], list[str]] = {}
    for step in run.steps:
        if (at := executed(step)) is not None:
            actor, located = at
            said = found.setdefault((actor, located.line), [])
            said.extend(each for each in map(_comment, step.effects) if each and each not in said)
    return {key: ", ".join(said) for key, said in found.items() if said}


def _comment(effect: Effect) -> str:
    match effect:
        case Trapped():
            return "traps"
        case Stored(memory_type=memory, target=target):
            return f"{_SHORT[memory]}: to {_where(target)}"
        case Loaded(memory_type=memory, source=source):
            return f"{_SHORT[memory]}: from {_where(source)}"
        case _:
            return ""


def _where(copy: Copy) -> str:
    return "RAM" if copy is Copy.RAM else "the cache"
