"""How things stand at a step: what is stale, for whom, since when, and because of what."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from engine.diagnosis import is_stale_for, stale_finding
from engine.findings import Finding, Kind
from engine.judge import Staleness
from engine.machine.access import access_type
from engine.machine.effects import Copy, FlushSkipped, Loaded
from engine.machine.state import Actor, actor_name
from engine.memory.line import Version
from engine.timeline import Timeline
from tui.presenters.actors import actors
from tui.presenters.policy_source import in_values
from tui.presenters.rows import Cell, Row, Tone, fitted
from tui.presenters.verdict import cause_words
from tui.presenters.words import code, counted, number, truth, who

NOTHING_STALE = "Nothing is stale."


@attrs.frozen
class Stale:
    """A word that an actor, in the guest, sees in a version too old for it."""

    actor: Actor
    word: int
    version: Version
    due: int
    """The oldest version that it is entitled to."""
    since: int
    cause: int | None


class Standings:
    """How things stand at the steps of one run; what was found out is kept."""

    def __init__(self, timeline: Timeline) -> None:
        """Prepare for a run at whatever step."""
        self._steps = timeline.steps
        self._stretches: dict[tuple[Actor, int, Version, int], tuple[int, int, int | None]] = {}
        """Per staleness: its first step, the last that is known to be part of it, its cause."""

    def fits(self, timeline: Timeline) -> bool:
        """Say whether a timeline is of the same run."""
        return timeline.steps is self._steps

    def stale(self, timeline: Timeline) -> tuple[Stale, ...]:
        """Return what is stale at the cursor."""
        return tuple(self._stale(timeline))

    def asks(self, timeline: Timeline) -> str:
        """Return what is stale at the cursor as `why` is asked for it, empty where nothing is."""
        found = next(iter(self.stale(timeline)), None)
        if found is None:
            return ""
        name = timeline.initial.setup.layout.words[found.word].name
        return f"sees[{actor_name(found.actor)}][{name}]"

    def _stale(self, timeline: Timeline) -> Iterator[Stale]:
        machine, ghost = timeline.machine, timeline.ghost
        for actor in actors(machine.setup):
            for word in range(len(machine.setup.layout.words)):
                version = is_stale_for(machine, ghost, actor, word)
                if version is not None:
                    due = ghost.entitled[actor][word]
                    since, cause = self._stretch(timeline, actor, word, version, due)
                    yield Stale(actor, word, version, due, since, cause)

    def _stretch(
        self, timeline: Timeline, actor: Actor, word: int, version: Version, due: int
    ) -> tuple[int, int | None]:
        at, key = timeline.cursor, (actor, word, version, due)
        first, last, cause = self._stretches.get(key, (0, -1, None))
        if first <= at <= last:
            return first, cause
        if at < first:
            # An earlier stretch of the same: where the known one ends is beyond it.
            last = -1
        since = at
        while since > last + 1 and self._same(timeline, since - 1, key):
            since -= 1
        if last >= 0 and since == last + 1 and self._same(timeline, last, key):
            self._stretches[key] = (first, at, cause)
            return first, cause
        cause = _cause(timeline, key) if at else None
        self._stretches[key] = (since, at, cause)
        return since, cause

    @staticmethod
    def _same(timeline: Timeline, at: int, key: tuple[Actor, int, Version, int]) -> bool:
        actor, word, version, due = key
        there = timeline.seek(at)
        return (
            there.ghost.entitled[actor][word] == due
            and is_stale_for(there.machine, there.ghost, actor, word) == version
        )


def standing_row(timeline: Timeline, standings: Standings, width: int) -> Row:
    """Return the most important thing about the step at hand in one row."""
    texts, tone = _standing(timeline, standings)
    text = next((each for each in texts if len(each) + 1 <= width), texts[-1])
    return Row((Cell(fitted(f" {text}", width), tone),))


def _standing(timeline: Timeline, standings: Standings) -> tuple[tuple[str, ...], Tone]:
    """Return what is to be said, from the longest form to the shortest, and its tone."""
    found = standings.stale(timeline)
    if found:
        more = f"; and {len(found) - 1} more" if len(found) > 1 else ""
        return tuple(f"{text}{more}" for text in _stale_texts(timeline, found[0])), Tone.STALE
    for finding in timeline.findings:
        if finding.step <= timeline.cursor and _still(timeline, finding):
            return _finding_texts(timeline, finding), Tone.STALE
    latent = tuple(_latent(timeline))
    if latent:
        more = f"; and {counted(len(latent) - 1, 'more copy')}" if len(latent) > 1 else ""
        return (
            f"latent, harmless until it is loaded: {latent[0]}{more}",
            f"latent: {latent[0]}{more}",
        ), Tone.LATENT
    return (NOTHING_STALE,), Tone.FAINT


def _stale_texts(timeline: Timeline, stale: Stale) -> tuple[str, ...]:
    name = timeline.initial.setup.layout.words[stale.word].name
    whom = f"STALE for {who(stale.actor)} since step {stale.since}"
    sees = f"sees {name} = {number(stale.version.value)} (v{stale.version.number})"
    due = f"may rely on v{stale.due}"
    short = f"{name} = {number(stale.version.value)} v{stale.version.number}, due v{stale.due}"
    if stale.cause is None:
        return f"{whom}: {sees}, {due}", f"{whom}: {short}"
    long, brief, least = _because(timeline, stale.cause)
    return (
        f"{whom}: {sees}, {due}, because of step {stale.cause}: {long}",
        f"{whom}: {short}; step {stale.cause}: {long}",
        f"{whom}: {short}; step {stale.cause}: {brief}",
        f"{whom}: {short}; step {stale.cause}: {least}",
        f"{whom}: {short}; cause {stale.cause}",
    )


def _because(timeline: Timeline, cause: int) -> tuple[str, str, str]:
    """Return what the step to blame did, from the longest form to the shortest."""
    step = timeline.steps[cause - 1]
    words = cause_words(step)
    for effect in step.effects:
        if isinstance(effect, FlushSkipped) and effect.text is not None:
            values = in_values(effect.text, effect.operands)
            decided = f"{code(effect.text)} is {truth(effect.outcome)}"
            return f"{words}, {decided}, {values}", f"{words}, {values}", words
    return words, words, words


def _cause(timeline: Timeline, key: tuple[Actor, int, Version, int]) -> int | None:
    """Return what a load now would be blamed on; that of a finding where there is one."""
    actor, word, version, due = key
    at = timeline.cursor
    for finding in timeline.findings:
        if (
            finding.kind is Kind.STALE
            and (finding.actor, finding.word, finding.version) == (actor, word, version)
            and finding.exact is not None
            and finding.exact <= at <= finding.step
        ):
            return finding.cause
    machine = timeline.machine
    load = Loaded(
        actor, word, version, access_type(machine, actor), _source(timeline, word, version)
    )
    steps, ghosts = timeline.steps[:at], timeline.ghosts[: at + 1]
    return stale_finding(steps, ghosts, Staleness(load, due)).cause


def _source(timeline: Timeline, word: int, version: Version) -> Copy:
    layout = timeline.initial.setup.layout
    line, slot = timeline.machine.lines[layout.line_of[word]], layout.slot_of[word]
    return Copy.RAM if line.ram[slot] == version else Copy.CACHE


def _still(timeline: Timeline, finding: Finding) -> bool:
    """Say whether a finding of a step before is still so: what is lost, who is stuck."""
    match finding.kind:
        case Kind.LOST:
            assert finding.word is not None
            layout = timeline.initial.setup.layout
            line = timeline.machine.lines[layout.line_of[finding.word]]
            return line.lost(layout.slot_of[finding.word])
        case Kind.STUCK:
            return True
        case Kind.STALE:
            return False


def _finding_texts(timeline: Timeline, finding: Finding) -> tuple[str, ...]:
    if finding.kind is Kind.STUCK:
        assert finding.actor is not None
        return (f"STUCK since step {finding.step}: {who(finding.actor)} is in KVM for ever",)
    assert finding.word is not None
    assert finding.version is not None
    name = timeline.initial.setup.layout.words[finding.word].name
    lost = f"LOST since step {finding.step}: {name} = {number(finding.version.value)}"
    text = f"{lost} is neither in RAM nor in a cache"
    if finding.cause is None:
        return text, lost
    long, _, brief = _because(timeline, finding.cause)
    return (
        f"{text}, because of step {finding.cause}: {long}",
        f"{lost}; step {finding.cause}: {brief}",
        f"{lost}; cause {finding.cause}",
    )


def _latent(timeline: Timeline) -> Iterator[str]:
    """Yield the copies that are older than the newest version."""
    layout = timeline.initial.setup.layout
    for line, words in zip(timeline.machine.lines, layout.lines, strict=True):
        for slot, word in enumerate(words):
            name, newest = layout.words[word].name, line.newest[slot]
            for where, copy in (("RAM", line.ram), ("a cache", line.cached)):
                if copy is not None and copy[slot].number < newest:
                    held = f"{number(copy[slot].value)} (v{copy[slot].number})"
                    yield f"{name} is {held} in {where}, the newest is v{newest}"
