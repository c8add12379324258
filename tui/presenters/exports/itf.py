"""A run as a trace in the Informal Trace Format (Apalache ADR-015), which other tools load."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from engine.diagnosis import is_stale_for
from engine.findings import Finding
from engine.judge import Ghost
from engine.machine.access import seen
from engine.machine.actors import VMM, Actor, actor_name, actors
from engine.machine.events import event_name
from engine.machine.state import Machine
from engine.memory.line import Version
from engine.timeline import Timeline
from tui.presenters.exports.brief import lane_of
from tui.presenters.exports.shared import SharedRun
from tui.presenters.panels.whereabouts import whereabouts
from tui.presenters.steps.sentence import sentence

_VERSION: Final = "{ value: Int, version: Int }"
_FINDING: Final = (
    "{ kind: Str, actor: Str, word: Str, step: Int, exact: Int, cause: Int, version: Int, "
    "entitled: Int }"
)

VARIABLES: Final = {
    "event": "Str",
    "actor": "Str",
    "ram": f"Str -> {_VERSION}",
    "cached": f"Str -> {_VERSION}",
    "dirty": "Set(Str)",
    "holders": "Str -> Set(Str)",
    "newest": "Str -> Int",
    "sees": f"Str -> (Str -> {_VERSION})",
    "entitled": "Str -> (Str -> Int)",
    "stale": "Set(<<Str, Str>>)",
    "where": "Str -> Str",
    "power": "Str -> Str",
    "pcpu": "Str -> Str",
    "sctlr": "Str -> Int",
    "hcr": "Str -> Int",
    "x": "Str -> Seq(Int)",
    "mapped": "Set(Str)",
    "mmu_lock": "Int",
    "kvm_state": "Str -> Int",
    "vcpu_state": "Str -> (Str -> Int)",
    "findings": f"Seq({_FINDING})",
}
"""The variables of every state, with their types in Apalache's notation.

`ram`, `cached`, `newest`, `sees` and `entitled` run over words; `dirty` and `holders` over lines,
by the name of their first word. `cached` lacks the words that no cache holds. `kvm_state` and
`vcpu_state` are what the policy keeps for the VM and for each vCPU. In `findings`, those of the
state's own step, 0, -1 or "" stands for what a finding does not have.
"""


def run_as_itf(run: SharedRun) -> str:
    """Return the whole run as an ITF trace, a state a line; state 0 is before the first step."""
    head = json.dumps({"#meta": _meta(run), "vars": list(VARIABLES)}, indent=2)
    states = (json.dumps(state) for state in _states(run.played.timeline))
    # The states follow as the object's last member.
    return head[: -len("\n}")] + ',\n  "states": [\n' + ",\n".join(states) + "\n  ]\n}\n"


def _meta(run: SharedRun) -> Itf:
    findings = run.played.timeline.findings
    return {
        "format": "ITF",
        "format-description": "https://apalache-mc.org/docs/adr/015adr-trace.html",
        "description": run.scenario.title,
        "source": f"{run.scenario.name} under {run.policy.name}",
        "status": "violation" if findings else "ok",
        "varTypes": dict(VARIABLES),
    }


def _states(timeline: Timeline) -> Iterator[dict[str, Itf]]:
    who = actors(timeline.initial.setup)
    for index, ghost in enumerate(timeline.ghosts):
        step = timeline.steps[index - 1] if index else None
        machine = timeline.initial if step is None else step.after
        found = [finding for finding in timeline.findings if finding.step == index]
        yield {
            "#meta": {"index": index, "sentence": "" if step is None else sentence(step)},
            "event": "start" if step is None else event_name(step.before, step.event),
            "actor": "" if step is None else lane_of(step),
            **_memory(machine),
            **_sight(machine, ghost, who),
            **_actors(machine, who),
            **_kvm(machine),
            "findings": [_finding(machine, finding) for finding in found],
        }


def _memory(machine: Machine) -> dict[str, Itf]:
    layout = machine.setup.layout
    lines = tuple((layout.line_name(index), line) for index, line in enumerate(machine.lines))
    places = tuple(
        (word.name, machine.lines[layout.line_of[index]], layout.slot_of[index])
        for index, word in enumerate(layout.words)
    )
    return {
        "ram": mapping((name, _version(line.ram[slot])) for name, line, slot in places),
        "cached": mapping(
            (name, _version(line.cached[slot]))
            for name, line, slot in places
            if line.cached is not None
        ),
        "dirty": members(name for name, line in lines if line.dirty),
        "holders": mapping(
            (name, members(f"pcpu{pcpu}" for pcpu in line.pcpus)) for name, line in lines
        ),
        "newest": mapping((name, integer(line.newest[slot])) for name, line, slot in places),
    }


def _sight(machine: Machine, ghost: Ghost, who: Iterable[Actor]) -> dict[str, Itf]:
    words = tuple(enumerate(word.name for word in machine.setup.layout.words))
    return {
        "sees": mapping(
            (
                actor_name(actor),
                mapping((name, _version(seen(machine, actor, word))) for word, name in words),
            )
            for actor in who
        ),
        "entitled": mapping(
            (
                actor_name(actor),
                mapping((name, integer(ghost.entitled[actor][word])) for word, name in words),
            )
            for actor in who
        ),
        "stale": members(
            tuple_of(actor_name(actor), name)
            for actor in who
            for word, name in words
            if is_stale_for(machine, ghost, actor, word) is not None
        ),
    }


def _actors(machine: Machine, who: Iterable[Actor]) -> dict[str, Itf]:
    vcpus = tuple((actor_name(index), vcpu) for index, vcpu in enumerate(machine.vcpus))
    cores = (*((name, vcpu.core) for name, vcpu in vcpus), (actor_name(VMM), machine.vmm.core))
    names = frozenset(actor_name(actor) for actor in who)
    return {
        "where": mapping((actor_name(actor), whereabouts(machine, actor)) for actor in who),
        "power": mapping((name, vcpu.power.value) for name, vcpu in vcpus),
        "pcpu": mapping((actor_name(actor), f"pcpu{machine.pcpu(actor)}") for actor in who),
        "sctlr": mapping((name, integer(vcpu.registers.sctlr_el1)) for name, vcpu in vcpus),
        "hcr": mapping((name, integer(vcpu.hcr_el2)) for name, vcpu in vcpus),
        "x": mapping(
            (name, [integer(value) for value in core.x]) for name, core in cores if name in names
        ),
    }


def _kvm(machine: Machine) -> dict[str, Itf]:
    policy, layout = machine.setup.policy, machine.setup.layout
    pages = enumerate(machine.vm.mapped)
    return {
        "mapped": members(layout.page_name(page) for page, mapped in pages if mapped),
        "mmu_lock": integer(machine.vm.mmu_lock),
        "kvm_state": mapping(
            (variable.name, integer(value))
            for variable, value in zip(policy.statics, machine.vm.statics, strict=True)
        ),
        "vcpu_state": mapping(
            (
                actor_name(index),
                mapping(
                    (variable.name, integer(value))
                    for variable, value in zip(policy.fields, vcpu.fields, strict=True)
                ),
            )
            for index, vcpu in enumerate(machine.vcpus)
        ),
    }


def _finding(machine: Machine, finding: Finding) -> Itf:
    words = machine.setup.layout.words
    return {
        "kind": finding.kind.value,
        "actor": "" if finding.actor is None else actor_name(finding.actor),
        "word": "" if finding.word is None else words[finding.word].name,
        "step": finding.step,
        "exact": finding.exact or 0,
        "cause": finding.cause or 0,
        "version": -1 if finding.version is None else integer(finding.version.number),
        "entitled": -1 if finding.entitled is None else integer(finding.entitled),
    }


def _version(version: Version) -> Itf:
    return {"value": integer(version.value), "version": integer(version.number)}


LARGEST: Final = (1 << 53) - 1
"""What every JSON parser can hold exactly, up and down; the format's own limit."""

Itf: TypeAlias = "str | bool | int | list[Itf] | dict[str, Itf] | list[list[Itf]]"
"""An expression; a record is an object whose keys do not begin with `#`."""


def integer(value: int) -> Itf:
    """Return an integer: as a string of digits where JSON's numbers do not reach."""
    return value if -LARGEST <= value <= LARGEST else {"#bigint": str(value)}


def mapping(pairs: Iterable[tuple[str, Itf]]) -> Itf:
    """Return a map, in the order of its pairs."""
    return {"#map": [[key, value] for key, value in pairs]}


def members(values: Iterable[Itf]) -> Itf:
    """Return a set, in the order given; the values must differ."""
    return {"#set": list(values)}


def tuple_of(*values: Itf) -> Itf:
    """Return a tuple."""
    return {"#tup": list(values)}
