"""A guest written out: what a run's finding needs of its scenario, as a scenario of its own."""

from __future__ import annotations

from typing import Final

import attrs

from engine.arm.a64.named_operations import VcpuInit
from engine.explorer.explore import Exploration, explore
from engine.explorer.limits import Limits
from engine.findings import Kind, Verdict
from engine.machine.events import ActorChooses
from engine.policy.policy import Policy
from engine.refusal import RefusedError
from engine.timeline import Timeline
from engine.transition import NotEnabledError
from scenarios.file.reader import read_scenario
from scenarios.policy_library import UPSTREAM, load_policy
from scenarios.scenario import Scenario
from scenarios.written_out.actions import actions_of, moves_on
from scenarios.written_out.document import Document, Telling
from scenarios.written_out.story import story_of

_NAME: Final = "written-out"
_LIMITS: Final = Limits()
_BARE: Final = Telling("Written out", "")
"""Enough to be read and explored."""
_WAY: Final = "export the run as it is, in another form"


@attrs.frozen
class RunToWrite:
    """A run of a scenario under a policy; `word` is what `[expect]` is to call the policy."""

    scenario: Scenario
    policy: Policy
    word: str
    run: Timeline


def written_out(asked: RunToWrite) -> str:
    """Return the text of a scenario in which each actor does what it did in a run.

    Where the run has a finding, what its kind does not need is left out: without any one of the
    instructions that are left there is none of that kind under the policy, whatever the
    interleaving, or upstream is no longer safe.

    Raises:
        RefusedError: upstream is not known to be safe on it, it depends on branches, or it cannot
            be written.
    """
    whole = Document(asked.scenario, len(asked.scenario.vcpus), actions_of(asked.run))
    read(whole, _BARE)
    if not asked.run.findings:
        document, run = whole, _straightened(asked, whole)
    else:
        kind = asked.run.findings[-1].kind
        document = _least(asked, whole, kind)
        run = _shortest(asked, document, kind)
    _require_upstream_safe(document)
    known = explore(read(document, _BARE).machine(asked.policy), limits=_LIMITS)
    kinds = tuple(each.finding.kind for each in known.counterexamples)
    return document.text(story_of(run, asked.scenario.name, asked.policy.name, asked.word, kinds))


def read(document: Document, told: Telling) -> Scenario:
    """Return the scenario that a document is.

    Raises:
        RefusedError: it is none.
    """
    try:
        return read_scenario(document.text(told).encode(), name=_NAME, file=f"{_NAME}.toml")
    except RefusedError as refused:
        found = f"a run that cannot be written out ({refused})"
        raise RefusedError(found, "straight-line programs", way=_WAY) from None


def _straightened(asked: RunToWrite, document: Document) -> Timeline:
    """Return a run without its branches and choices.

    Raises:
        RefusedError: without them it is another.
    """
    events = (
        step.event
        for step in asked.run.steps
        if not (moves_on(step) or isinstance(step.event, ActorChooses))
    )
    machine = read(document, _BARE).machine(asked.policy)
    try:
        return Timeline.replay(machine, events)
    except NotEnabledError as error:
        found = f"a run that needs its branches ({error})"
        raise RefusedError(found, "one that does the same without", way=_WAY) from None


def _shortest(asked: RunToWrite, document: Document, kind: Kind) -> Timeline:
    machine = read(document, _BARE).machine(asked.policy)
    known = explore(machine, limits=_LIMITS)
    events = next(each.events for each in known.counterexamples if each.finding.kind is kind)
    return Timeline.replay(machine, events)


def _least(asked: RunToWrite, whole: Document, kind: Kind) -> Document:
    """Return a document of which no action can be left out, and no last vCPU.

    Raises:
        RefusedError: even with all of them there is no finding of that kind.
    """
    if not _finds(asked, whole, kind):
        found = f"no {kind.value} run once each choice and branch is the one that was taken"
        raise RefusedError(found, "one whose programs need not come back", way=_WAY)
    _require_upstream_safe(whole)
    document, before = _with_fewer_parts(asked, whole, kind), None
    while document != before:
        before = document
        document = _with_fewer_vcpus(asked, document, kind)
        for action in reversed(document.actions):
            kept = tuple(each for each in document.actions if each is not action)
            less = attrs.evolve(document, actions=kept)
            if _is_it(asked, less, kind):
                document = less
    return document


def _with_fewer_parts(asked: RunToWrite, document: Document, kind: Kind) -> Document:
    """Return a document whose vCPUs do the same when the VMM starts them anew, where that will do.

    What a vCPU did then is left out, and the VMM sets no pc.
    """
    for action in document.actions:
        if isinstance(action.instruction, VcpuInit) and action.starts:
            kept = tuple(
                attrs.evolve(each, starts=None) if each is action else each
                for each in document.actions
                if (each.actor, each.part) != (action.target, action.starts)
            )
            less = attrs.evolve(document, actions=kept)
            if _is_it(asked, less, kind):
                return _with_fewer_parts(asked, less, kind)
    return document


def _with_fewer_vcpus(asked: RunToWrite, document: Document, kind: Kind) -> Document:
    """Return a document without the last vCPUs, as far as nothing needs them."""
    last = document.vcpus - 1
    less = attrs.evolve(document, vcpus=last)
    if last and not document.names_vcpu(last) and _is_it(asked, less, kind):
        return _with_fewer_vcpus(asked, less, kind)
    return document


def _is_it(asked: RunToWrite, document: Document, kind: Kind) -> bool:
    try:
        return _finds(asked, document, kind) and _upstream(document).verdict is Verdict.SAFE
    except RefusedError:
        return False


def _finds(asked: RunToWrite, document: Document, kind: Kind) -> bool:
    known = explore(read(document, _BARE).machine(asked.policy), limits=_LIMITS)
    return any(each.finding.kind is kind for each in known.counterexamples)


def _upstream(document: Document) -> Exploration:
    return explore(read(document, _BARE).machine(load_policy(UPSTREAM)), limits=_LIMITS)


def _require_upstream_safe(document: Document) -> None:
    """Refuse what upstream is not safe on: it would say nothing of the policy.

    Raises:
        RefusedError: it is not.
    """
    known = _upstream(document)
    if known.verdict is Verdict.SAFE:
        return
    kinds = ", ".join(each.finding.kind.value for each in known.counterexamples)
    reason = f": {known.reason.value}" if known.reason is not None else ""
    found = f"a guest on which upstream is {kinds or known.verdict.value}{'' if kinds else reason}"
    raise RefusedError(found, "one on which upstream is safe, so that a finding is the policy's")
