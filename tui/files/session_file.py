"""A session in a file: written whole, and read again only if nothing has changed underneath."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import takewhile
from json import JSONDecodeError
from pathlib import Path
from typing import Any, Final

import attrs

from engine.arm.syntax import quote
from engine.c.source import SourceFile
from engine.machine.state import actor_name
from engine.query.errors import QueryError
from engine.timeline import Timeline
from scenarios.errors import RefusedError, ScenarioError
from scenarios.library import read_file
from scenarios.schedule import ScheduleError
from scenarios.structure import structure
from scenarios.written import read_run, written_run
from tui.files.session_entry import (
    BookmarkEntry,
    BranchEntry,
    BreakpointEntry,
    PolicyEntry,
    ScenarioEntry,
    SessionEntry,
    SourceEntry,
    found_from,
    relative_to,
    with_files,
)
from tui.presenters.cases import Case
from tui.presenters.runs import NO_NOTES, played_run
from tui.presenters.words import printable
from tui.sessions.errors import CommandError
from tui.sessions.execute import perform
from tui.sessions.noting import BRANCH_NAMES, is_branch_name
from tui.sessions.session import Bookmark, Branch, Session

VERSION: Final = 1
MOST_BYTES: Final = 1 << 24


def session_bytes(session: Session, path: str) -> bytes:
    """Return a session as a file at a path holds it; equal sessions give equal bytes.

    Other files that it names are named from where it lies, so that they can be moved together.
    """
    document = attrs.asdict(with_files(_entry(session), relative_to(path)))
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def read_session_file(path: str) -> SessionEntry:
    """Return what a session's file holds, with the files that it names as they are found from here.

    Raises:
        ScenarioError: it cannot be read, or is no such file.
    """
    document = _parse(read_file(path, MOST_BYTES), path)
    if not isinstance(document, Mapping) or "version" not in document:
        raise ScenarioError(path, "", "no session", "a session that was saved with :save")
    if document["version"] != VERSION:
        found = f"version {quote(str(document['version']))}"
        raise ScenarioError(path, "version", found, f"version {VERSION}")
    return with_files(structure(document, SessionEntry, path), found_from(path))


def restored(entry: SessionEntry, case: Case, path: str) -> Session:
    """Return the session that a file holds, of the case that it names.

    Raises:
        ScenarioError: the scenario or the policy is another than it was, or something in the file
            does not fit them.
    """
    _check_unchanged(entry, case, path)
    branches = _branches(entry, case, path)
    session = _with_notes(Session(case, branches, file=path))
    names = [branch.name for branch in session.branches]
    if entry.current not in names:
        raise ScenarioError(path, "current", quote(entry.current), f"a branch: {', '.join(names)}")
    session = session.switch(entry.current)
    for index, each in enumerate(entry.breakpoints):
        session = _with_breakpoint(session, each, f"breakpoints[{index}]", path)
    session = attrs.evolve(
        session,
        numbered=max(entry.numbered, *(each.number for each in session.breakpoints), 0),
        bookmarks=tuple(_bookmarks(entry, session, path)),
    )
    for key, line in (("actor", f"vcpu {entry.actor or 'all'}"), ("kind", f"kind {entry.kind}")):
        session = _done(session, line, key, path)
    if entry.last and _done(session, entry.last, "last", path).last != entry.last:
        raise ScenarioError(path, "last", quote(entry.last), "a command that an empty line repeats")
    return attrs.evolve(session, sought=entry.sought, last=entry.last).kept()


def _entry(session: Session) -> SessionEntry:
    case = session.case
    options = (*case.options,)
    return SessionEntry(
        version=VERSION,
        scenario=ScenarioEntry(case.scenario_spec, case.scenario.digest),
        policy=PolicyEntry(case.policy_spec, options, tuple(map(_source, case.policy.sources))),
        branches=tuple(map(_branch, session.branches)),
        current=session.branch.name,
        breakpoints=tuple(
            BreakpointEntry(each.number, each.command(session.setup), each.enabled)
            for each in session.breakpoints
        ),
        numbered=session.numbered,
        bookmarks=tuple(
            BookmarkEntry(each.branch, each.step, each.text) for each in session.bookmarks
        ),
        actor="" if session.actor is None else actor_name(session.actor),
        kind=session.kind,
        sought=session.sought,
        last=session.last,
    )


def _branch(branch: Branch) -> BranchEntry:
    timeline = branch.timeline
    return BranchEntry(
        name=branch.name,
        parent=branch.parent or "",
        at=branch.at,
        title=branch.title,
        cursor=timeline.cursor,
        events=written_run(timeline),
    )


def _source(source: SourceFile) -> SourceEntry:
    text = "".join(map(_written, source.text))
    return SourceEntry(Path(source.name).name, text)


def _written(character: str) -> str:
    """Return a character of a source; what could steer a terminal is kept as an escape."""
    shown = character.isprintable() or character in "\n\t"
    return character if shown else ascii(character)[1:-1]


def _parse(data: bytes, path: str) -> Any:
    if len(data) > MOST_BYTES:
        raise ScenarioError(path, "", f"more than {MOST_BYTES} bytes", "a smaller file")
    try:
        return json.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ScenarioError(path, "", "bytes that are no UTF-8", "JSON", line) from None
    except JSONDecodeError as error:
        found = f"what is no JSON ({error.msg})"
        raise ScenarioError(path, "", found, "a session", error.lineno, error.colno) from None
    except (RecursionError, ValueError):
        raise ScenarioError(path, "", "what is no JSON", "a session") from None


def _check_unchanged(entry: SessionEntry, case: Case, path: str) -> None:
    """Make sure that scenario and policy are what they were when the session was saved."""
    if entry.scenario.sha256 != case.scenario.digest:
        found = f"{quote(entry.scenario.spec)}, which has changed since the session was saved"
        was = f"the file with the SHA-256 {quote(entry.scenario.sha256[:12])}…"
        raise ScenarioError(path, "scenario", found, was)
    now = tuple(map(_source, case.policy.sources))
    if entry.policy.sources == now:
        return
    found = f"{quote(entry.policy.spec)}, which has changed since the session was saved"
    raise ScenarioError(path, "policy", found, _first_change(entry.policy.sources, now))


def _first_change(then: tuple[SourceEntry, ...], now: tuple[SourceEntry, ...]) -> str:
    for was, here in zip(then, now, strict=False):
        if was.name != here.name:
            return f"the source {quote(was.name)} instead of {quote(here.name)}"
        lines = zip([*was.text.split("\n"), ""], [*here.text.split("\n"), ""], strict=False)
        for number, (old, new) in enumerate(lines, 1):
            if old != new:
                return f"line {number} of {was.name} to be {quote(old.strip())}"
    return "as many sources as there were"


def _branches(entry: SessionEntry, case: Case, path: str) -> tuple[Branch, ...]:
    branches: list[Branch] = []
    machine = case.machine
    for index, each in enumerate(entry.branches):
        key = f"branches[{index}]"
        known = {branch.name: branch for branch in branches}
        try:
            timeline = read_run(machine, each.events)
        except RefusedError as refused:
            raise ScenarioError(path, f"{key}.events", refused.found, refused.expected) from None
        parent = known.get(each.parent)
        rooted = parent is not None if branches else not each.parent
        if not rooted or each.name in known:
            raise ScenarioError(path, key, quote(each.name), "a branch of one that comes before it")
        if not is_branch_name(each.name):
            raise ScenarioError(path, f"{key}.name", quote(each.name), BRANCH_NAMES)
        shared = _shared(timeline, parent.timeline) if parent else 0
        for what, value, most in (
            ("cursor", each.cursor, len(timeline.steps)),
            ("at", each.at, shared),
        ):
            if not 0 <= value <= most:
                raise ScenarioError(path, f"{key}.{what}", f"step {value}", f"0 to {most}")
        branches.append(
            Branch(
                each.name,
                timeline.seek(each.cursor),
                each.parent or None,
                each.at,
                printable(each.title),
            )
        )
    if not branches:
        raise ScenarioError(path, "branches", "no branch", "one at least")
    return tuple(branches)


def _shared(left: Timeline, right: Timeline) -> int:
    """Return how many steps two runs have in common before they part."""
    both = zip(left.events, right.events, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], both))


def _with_notes(session: Session) -> Session:
    """Return a session with the scenario's remarks, as far as the first branch is its schedule."""
    timeline = session.branches[0].timeline
    try:
        run = played_run(session.case)
    except ScheduleError:
        return attrs.evolve(session, prepared=True)
    shared = _shared(timeline, run.timeline)
    ends = len(timeline.steps), len(run.timeline.steps)
    notes = run.notes if shared in ends else NO_NOTES
    return attrs.evolve(session, notes=notes, prepared=ends != (shared, shared))


def _bookmarks(entry: SessionEntry, session: Session, path: str) -> list[Bookmark]:
    reach = {branch.name: len(branch.timeline.steps) for branch in session.branches}
    for index, each in enumerate(entry.bookmarks):
        if not 0 <= each.step <= reach.get(each.branch, -1):
            found = f"step {each.step} of {quote(each.branch)}"
            raise ScenarioError(path, f"bookmarks[{index}]", found, "a step of a branch")
    return [Bookmark(each.branch, each.step, printable(each.text)) for each in entry.bookmarks]


def _with_breakpoint(session: Session, entry: BreakpointEntry, key: str, path: str) -> Session:
    """Return a session with a breakpoint made again, under the number that it had."""
    numbers = [each.number for each in session.breakpoints]
    if entry.number <= max(numbers, default=0):
        raise ScenarioError(path, f"{key}.number", str(entry.number), "numbers that rise")
    made = _done(session, entry.command, f"{key}.command", path)
    if len(made.breakpoints) != len(numbers) + 1:
        found = quote(entry.command)
        raise ScenarioError(path, f"{key}.command", found, "a command that makes a breakpoint")
    last = attrs.evolve(made.breakpoints[-1], number=entry.number, enabled=entry.enabled)
    return attrs.evolve(session, breakpoints=(*session.breakpoints, last))


def _done(session: Session, line: str, key: str, path: str) -> Session:
    try:
        return perform(session, line)[0]
    except (CommandError, QueryError) as error:
        raise ScenarioError(path, key, error.found, error.expected) from None
