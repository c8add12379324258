"""A session in a file, with the scenario and the policy that it is a session of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from json import JSONDecodeError
from typing import Any, Final

import attrs

from engine.machine.actors import actor_name
from engine.refusal import InFile, RefusedError, quote
from engine.timeline import Timeline
from scenarios.case import Case
from scenarios.event_list import read_on, written_run
from scenarios.file.structuring import structure
from scenarios.library import read_file
from scenarios.run import Notes
from tui.commands.annotate import BRANCH_NAMES, LONGEST_JOINED, MOST, is_branch_name
from tui.commands.prompt import perform
from tui.files.embedded import policy_entry, scenario_entry
from tui.files.session_entry import (
    BookmarkEntry,
    BranchEntry,
    BreakpointEntry,
    NoteEntry,
    SessionEntry,
    found_from,
    relative_to,
    with_files,
)
from tui.files.xdg import is_unsaved
from tui.presenters.tool import tool
from tui.presenters.words import printable
from tui.session.branches import Branch, Branches
from tui.session.session import Bookmark, Session

VERSION: Final = 3
MOST_BYTES: Final = 1 << 24


def session_bytes(session: Session, path: str) -> bytes:
    """Return a session as a file at a path holds it; equal sessions give equal bytes.

    It carries what it depends on. The files that this came from are named from where it lies, so
    that they can be moved together.

    Raises:
        RefusedError: it is more, or something else, than would be read again.
    """
    document = attrs.asdict(with_files(_entry(session), relative_to(path)))
    text = _harmless(json.dumps(document, indent=1, ensure_ascii=False)) + "\n"
    try:
        _structured(json.loads(text), path)
    except RefusedError as error:
        found = f"what no session's file can hold, {error.key_path}: {error.found}"
        raise RefusedError(found, error.expected, way=error.way) from None
    content = text.encode()
    if len(content) > MOST_BYTES:
        raise RefusedError(f"a session of {len(content)} bytes", f"at most {MOST_BYTES}")
    return content


def read_session_file(path: str) -> SessionEntry:
    """Return what a session's file holds, with the files that it names as they are found from here.

    Raises:
        RefusedError: it cannot be read, or is no such file.
    """
    document = _parse(read_file(path, MOST_BYTES), path)
    if not isinstance(document, Mapping) or "version" not in document:
        raise RefusedError("no session", "a session that was saved with :save", InFile(path))
    if document["version"] != VERSION:
        found = f"version {quote(str(document['version']))}"
        raise RefusedError(found, f"version {VERSION}", InFile(path, "version"))
    return with_files(_structured(document, path), found_from(path))


def restored(entry: SessionEntry, case: Case, path: str) -> Session:
    """Return the session that a file holds, of the case that it carries.

    One that was only kept, and will be forgotten some time, has no file of its own.

    Raises:
        RefusedError: something in the file does not fit the scenario or the policy.
    """
    branches = Branches(_branches(entry, case, path))
    session = Session(
        case,
        branches,
        _notes(entry, branches.first, path),
        entry.prepared,
        entry.skipped,
        file="" if is_unsaved(path) else path,
    )
    names = branches.names
    if entry.current not in names:
        raise RefusedError(
            quote(entry.current), f"a branch: {', '.join(names)}", InFile(path, "current")
        )
    session = session.switch(entry.current)
    for index, each in enumerate(entry.breakpoints):
        session = _with_breakpoint(session, each, f"breakpoints[{index}]", path)
    session = attrs.evolve(
        session,
        stops=attrs.evolve(session.stops, numbered=max(entry.numbered, session.stops.numbered)),
        bookmarks=tuple(_bookmarks(entry, session, path)),
    )
    for key, line in (("actor", f"vcpu {entry.actor or 'all'}"), ("kind", f"kind {entry.kind}")):
        session = _done(session, line, key, path)
    session = attrs.evolve(session, prompt=attrs.evolve(session.prompt, sought=entry.sought))
    if entry.last and _done(session, entry.last, "last", path).prompt.last != entry.last:
        raise RefusedError(
            quote(entry.last), "a command that an empty line repeats", InFile(path, "last")
        )
    prompt = attrs.evolve(session.prompt, last=entry.last)
    return attrs.evolve(session, prompt=prompt).kept()


def _entry(session: Session) -> SessionEntry:
    case = session.case
    return SessionEntry(
        version=VERSION,
        tool=tool(),
        scenario=scenario_entry(case),
        policy=policy_entry(case),
        branches=tuple(map(_branch, session.branches)),
        current=session.branch.name,
        prepared=session.prepared,
        skipped=session.skipped,
        notes=tuple(NoteEntry(step, texts) for step, texts in sorted(session.notes.items())),
        breakpoints=tuple(
            BreakpointEntry(each.number, each.command(session.setup), each.enabled)
            for each in session.stops
        ),
        numbered=session.stops.numbered,
        bookmarks=tuple(
            BookmarkEntry(each.branch, each.step, each.text) for each in session.bookmarks
        ),
        actor="" if session.prompt.actor is None else actor_name(session.prompt.actor),
        kind=session.prompt.kind,
        sought=session.prompt.sought,
        last=session.prompt.last,
    )


def _branch(branch: Branch) -> BranchEntry:
    timeline = branch.timeline
    return BranchEntry(
        name=branch.name,
        parent=branch.parent or "",
        at=branch.at,
        title=branch.title,
        cursor=timeline.cursor,
        events=written_run(timeline, branch.at),
    )


def _harmless(text: str) -> str:
    """Return JSON with what could steer a terminal as escapes, which mean the same."""
    return "".join(
        each if each.isprintable() or each == "\n" else json.dumps(each)[1:-1] for each in text
    )


def _structured(document: Mapping[str, object], path: str) -> SessionEntry:
    """Return a document as what a session's file holds, no more of it than there may be."""
    entry = structure(document, SessionEntry, path)
    if len(entry.bookmarks) > MOST:
        found = f"{len(entry.bookmarks)} bookmarks"
        raise RefusedError(found, f"at most {MOST}", InFile(path, "bookmarks"))
    for index, each in enumerate(entry.bookmarks):
        if len(each.text) > LONGEST_JOINED:
            found = f"{len(each.text)} characters"
            raise RefusedError(
                found, f"at most {LONGEST_JOINED}", InFile(path, f"bookmarks[{index}].text")
            )
    return entry


def _parse(data: bytes, path: str) -> Any:
    if len(data) > MOST_BYTES:
        raise RefusedError(f"more than {MOST_BYTES} bytes", "a smaller file", InFile(path))
    try:
        return json.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RefusedError("bytes that are no UTF-8", "JSON", InFile(path, "", line)) from None
    except JSONDecodeError as error:
        found = f"what is no JSON ({error.msg})"
        raise RefusedError(
            found, "a session", InFile(path, "", error.lineno, error.colno)
        ) from None
    except (RecursionError, ValueError):
        raise RefusedError("what is no JSON", "a session", InFile(path)) from None


def _branches(entry: SessionEntry, case: Case, path: str) -> tuple[Branch, ...]:
    branches: list[Branch] = []
    start = Timeline.start(case.machine)
    for index, each in enumerate(entry.branches):
        key = f"branches[{index}]"
        known = {branch.name: branch for branch in branches}
        parent = known.get(each.parent)
        rooted = parent is not None if branches else not each.parent
        if not rooted or each.name in known:
            raise RefusedError(
                quote(each.name), "a branch of one that comes before it", InFile(path, key)
            )
        if not is_branch_name(each.name):
            raise RefusedError(quote(each.name), BRANCH_NAMES, InFile(path, f"{key}.name"))
        begun = start if parent is None else parent.timeline
        _check_step(each.at, len(begun.steps), f"{key}.at", path)
        try:
            timeline = read_on(begun.seek(each.at), each.events)
        except RefusedError as refused:
            raise refused.at(InFile(path, f"{key}.events{refused.key_path}")) from None
        _check_step(each.cursor, len(timeline.steps), f"{key}.cursor", path)
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
        raise RefusedError("no branch", "one at least", InFile(path, "branches"))
    return tuple(branches)


def _check_step(step: int, last: int, key: str, path: str) -> None:
    if not 0 <= step <= last:
        raise RefusedError(f"step {step}", f"0 to {last}", InFile(path, key))


def _notes(entry: SessionEntry, first: Branch, path: str) -> Notes:
    """Return the scenario's remarks on the first branch."""
    last, before = len(first.timeline.steps), -1
    for index, each in enumerate(entry.notes):
        if not before < each.step <= last:
            found, expected = f"step {each.step}", f"steps that rise, up to {last}"
            raise RefusedError(found, expected, InFile(path, f"notes[{index}].step"))
        before = each.step
    return {each.step: each.texts for each in entry.notes}


def _bookmarks(entry: SessionEntry, session: Session, path: str) -> list[Bookmark]:
    reach = {branch.name: len(branch.timeline.steps) for branch in session.branches}
    for index, each in enumerate(entry.bookmarks):
        if not 0 <= each.step <= reach.get(each.branch, -1):
            found = f"step {each.step} of {quote(each.branch)}"
            raise RefusedError(found, "a step of a branch", InFile(path, f"bookmarks[{index}]"))
    return [Bookmark(each.branch, each.step, printable(each.text)) for each in entry.bookmarks]


def _with_breakpoint(session: Session, entry: BreakpointEntry, key: str, path: str) -> Session:
    """Return a session with a breakpoint made again, under the number that it had."""
    numbers = session.stops.numbers
    if entry.number <= max(numbers, default=0):
        raise RefusedError(str(entry.number), "numbers that rise", InFile(path, f"{key}.number"))
    made = _done(session, entry.command, f"{key}.command", path)
    if len(made.stops) != len(numbers) + 1:
        found = quote(entry.command)
        raise RefusedError(
            found, "a command that makes a breakpoint", InFile(path, f"{key}.command")
        )
    stops = session.stops.keeping(made.stops.last, entry.number, enabled=entry.enabled)
    return attrs.evolve(session, stops=stops)


def _done(session: Session, line: str, key: str, path: str) -> Session:
    try:
        return perform(session, line)[0]
    except RefusedError as error:
        raise error.at(InFile(path, key)) from None
