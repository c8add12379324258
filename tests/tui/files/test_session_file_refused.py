"""A session's file that is damaged, or does not fit, is refused with the place in it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.policy.policy import Options
from engine.refusal import RefusedError
from scenarios.case import Case
from scenarios.hardware import HardwareChoice
from tests.tui.commands.typed import after, check
from tui.command_line.main import main
from tui.commands.annotate import LONGEST_JOINED, MOST
from tui.files.embedded import embedded_case
from tui.files.session_file import MOST_BYTES, read_session_file, restored, session_bytes
from tui.session.session import Session

Opened = Callable[..., Case]
Document = dict[str, Any]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.session"


@pytest.fixture
def document(worked: Session, path: Path) -> Document:
    made: Document = json.loads(session_bytes(worked, str(path)))
    return made


def refusal(path: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what opening a file with such a content says, without its name."""
    path.write_bytes(content)
    assert main(["scenario", "--session", str(path), "--batch", os.devnull]) == 2
    out, err = capsys.readouterr()
    start = f"kvmcache-tui: {path}"
    assert (out, err[: len(start)], err[-1]) == ("", start, "\n")
    return err.removeprefix(start).lstrip(":").strip()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "1:1: found what is no JSON (Expecting value); expected a session"),
        (b"{\n 3}", "2:2: found what is no JSON (Expecting property name enclosed in double "
         "quotes); expected a session"),
        (b"{\n\"\xff\"}", "2: found bytes that are no UTF-8; expected JSON"),
        (b"\x7fELF\x02\x01\x01\x00", "1:1: found what is no JSON (Expecting value); expected a "
         "session"),
        (b"[" * 100_000, "found what is no JSON; expected a session"),
        (b"1" * 10_000, "found what is no JSON; expected a session"),
        (b"[]", "found no session; expected a session that was saved with :save"),
        (b"{}", "found no session; expected a session that was saved with :save"),
        (b"\"version\"", "found no session; expected a session that was saved with :save"),
        (b'{"version": 2}', "version: found version '2'; expected version 3"),
        (b'{"version": 4}', "version: found version '4'; expected version 3"),
        (b'{"version": "3"}', "version: found version '3'; expected version 3"),
        (b'{"version": 3.0}', "version: found the float 3.0; expected an integer"),
        (b'{"version": NaN}', "version: found version 'nan'; expected version 3"),
        (b" " * (MOST_BYTES + 1), "found more than 16777216 bytes; expected a smaller file"),
    ],
)  # fmt: skip
def test_what_is_no_session_is_refused(
    content: bytes, message: str, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refusal(path, content, capsys).split("\n")[0] == message


def test_a_file_that_cannot_be_read_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, why in (("none", "No such file or directory"), (".", "Is a directory")):
        path = str(tmp_path / name)
        assert main(["--session", path, "--batch", os.devnull]) == 2
        expected = f"kvmcache-tui: {path}: found {why}; expected a readable file\n"
        assert capsys.readouterr().err == expected


DROP: Any = object()
"""Stands for: without this key."""
DAMAGE: list[tuple[str, Any, str]] = [
    ("branches", DROP, "branches: found nothing; expected the key 'branches'"),
    ("scenario", DROP, "scenario: found nothing; expected the key 'scenario'"),
    ("policy.sources", DROP, "policy.sources: found nothing; expected the key 'sources'"),
    ("branches.1.events", DROP, "branches[1].events: found nothing; expected the key 'events'"),
    ("colour", "red", "colour: found the unknown key 'colour'; expected a key of this table: "
     "version, tool, scenario, policy, branches, current, prepared, skipped, notes, breakpoints, "
     "numbered, bookmarks, actor, kind, sought, last"),
    ("branches", {}, "branches: found a table; expected an array"),
    ("branches.0", "main", "branches[0]: found 'main'; expected a table"),
    ("branches.0.cursor", "3", "branches[0].cursor: found '3'; expected an integer"),
    ("branches.0.cursor", True, "branches[0].cursor: found true; expected an integer"),
    ("branches.0.name", 3, "branches[0].name: found 3; expected a string"),
    ("branches.0.events", "vcpu0", "branches[0].events: found 'vcpu0'; expected an array"),
    ("breakpoints.0.enabled", 1, "breakpoints[0].enabled: found 1; expected true or false"),
    ("policy.options", [3], "policy.options[0]: found 3; expected an array"),
    ("bookmarks.0.text", "a\x1b[2J", "bookmarks[0].text: found the character U+001B on line 1 of "
     "the string; expected printable text"),
    ("branches", [], "branches: found no branch; expected one at least"),
    ("current", "other", "current: found 'other'; expected a branch: main, rescued, branch1"),
    ("branches.0.cursor", 27, "branches[0].cursor: found step 27; expected 0 to 26"),
    ("branches.1.cursor", -1, "branches[1].cursor: found step -1; expected 0 to 19"),
    ("branches.1.at", 27, "branches[1].at: found step 27; expected 0 to 26"),
    ("branches.2.at", 20, "branches[2].at: found step 20; expected 0 to 19"),
    ("branches.0.at", 1, "branches[0].at: found step 1; expected 0 to 0"),
    ("branches.0.parent", "main", "branches[0]: found 'main'; expected a branch of one that comes "
     "before it"),
    ("branches.1.parent", "", "branches[1]: found 'rescued'; expected a branch of one that comes "
     "before it"),
    ("branches.1.parent", "branch1", "branches[1]: found 'rescued'; expected a branch of one that "
     "comes before it"),
    ("branches.2.name", "main", "branches[2]: found 'main'; expected a branch of one that comes "
     "before it"),
    ("branches.2.name", "a b", "branches[2].name: found 'a b'; expected a name: a letter, then "
     "letters, digits, - _ and ."),
    ("branches.1.events.1", "fly", "branches[1].events[1]: found 'fly'; expected an actor with a "
     "program, 'fill' or 'evict': vcpu0, vcpu1"),
    ("branches.1.events.1", "vmm", "branches[1].events[1]: found 'vmm' at step 18: "),
    ("branches.1.events.1", "vcpu0 finish", "branches[1].events[1]: found 'vcpu0 finish'; "
     "expected an event: vcpu0, vmm, 'vcpu0 chooses LABEL', 'fill WORD on PCPU', 'evict WORD' or "
     "'evict WORD from PCPU'"),
    ("branches.0.events.1", "evict x", "branches[0].events[1]: found 'evict x' at step 14: no "
     "cache has the line of x; expected an event that can happen"),
    ("branches.0.events.1", "fill y on pcpu0", "branches[0].events[1]: found 'y'; expected a word "
     "of guest RAM: x"),
    ("branches.0.events.0", "999999 vcpu0", "branches[0].events[0]: found 'vcpu0' at step 14: "),
    ("breakpoints.0.command", "break 99", "breakpoints[0].command: found line 99; expected a line "
     "of vcpu0-only.c with a statement: 9, 11, 12, 13, 16, 17, 19"),
    ("breakpoints.0.command", "brake 12", "breakpoints[0].command: found 'brake'; expected a "
     "command (help lists them); did you mean break or tbreak or take?"),
    ("breakpoints.1.command", "delete", "breakpoints[1].command: found 'delete'; expected a "
     "command that makes a breakpoint"),
    ("breakpoints.1.command", "save /tmp/x", "breakpoints[1].command: found 'save /tmp/x'; "
     "expected a command that makes a breakpoint"),
    ("breakpoints.1.number", 2, "breakpoints[1].number: found 2; expected numbers that rise"),
    ("breakpoints.0.number", 0, "breakpoints[0].number: found 0; expected numbers that rise"),
    ("bookmarks.0.step", 27, "bookmarks[0]: found step 27 of 'main'; expected a step of a branch"),
    ("bookmarks.1.branch", "other", "bookmarks[1]: found step 18 of 'other'; expected a step of a "
     "branch"),
    ("bookmarks", [{"branch": "main", "step": 0, "text": "x"}] * (MOST + 1), "bookmarks: found 501 "
     "bookmarks; expected at most 500"),
    ("bookmarks.0.text", "x" * (LONGEST_JOINED + 1), "bookmarks[0].text: found 151001 characters; "
     "expected at most 151000"),
    ("notes.0.step", 27, "notes[0].step: found step 27; expected steps that rise, up to 26"),
    ("notes.1.step", 1, "notes[1].step: found step 1; expected steps that rise, up to 26"),
    ("notes.0.step", -1, "notes[0].step: found step -1; expected steps that rise, up to 26"),
    ("notes.0.texts", "x", "notes[0].texts: found 'x'; expected an array"),
    ("prepared", DROP, "prepared: found nothing; expected the key 'prepared'"),
    ("prepared", 0, "prepared: found 0; expected true or false"),
    ("skipped", [{"entry": 1}], "skipped[0].text: found nothing; expected the key 'text'"),
    ("actor", "vcpu2", "actor: found 'vcpu2'; expected a vCPU or vmm; did you mean vcpu1 or "
     "vcpu0?"),
    ("kind", "flash", "kind: found 'flash'; expected an event's kind; did you mean flush or "
     "flushed?"),
    ("last", "save /tmp/x", "last: found 'save /tmp/x'; expected a command that an empty line "
     "repeats"),
    ("last", "nonsense", "last: found 'nonsense'; expected a command (help lists them)"),
    ("policy.options", [["--nonsense"]], "policy.options: found '--nonsense'; expected options "
     "that say how it is read"),
    ("policy.options", [["--fwb", "a b"]], "policy.options: found '--fwb 'a b''; expected "
     "options that say how it is read"),
    ("policy.options", [["--fwb", "on", "x"]], "policy.options: found '--fwb on x'; expected "
     "options that say how it is read"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value", "message"), DAMAGE)
def test_what_is_wrong_in_a_file_is_refused_with_its_key(
    key: str, value: Any, message: str, document: Document, path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    *parents, last = [int(part) if part.isdecimal() else part for part in key.split(".")]
    table: Any = document
    for part in parents:
        table = table[part]
    if value is DROP:
        del table[last]
    else:
        table[last] = value
    said = refusal(path, json.dumps(document).encode(), capsys)
    assert said.startswith(message)


def test_no_options_at_all_are_no_mistake(
    document: Document, path: Path, worked: Session, case: Opened
) -> None:
    document["policy"]["options"] = [[]]
    path.write_text(json.dumps(document))
    again = restored(read_session_file(str(path)), case(), str(path))
    assert again.work == worked.work


def test_a_number_that_was_given_is_not_given_again(
    document: Document, path: Path, case: Opened
) -> None:
    document["numbered"] = 0
    path.write_text(json.dumps(document))
    again = restored(read_session_file(str(path)), case(), str(path))
    assert after(again, "break 12").stops.last.number == 5


hostile = settings(
    deadline=None,
    max_examples=80,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def opened_or_refused(path: Path, content: bytes, case: Case) -> None:
    """Open what may be a session: it is one that holds together, or it is refused."""
    path.write_bytes(content)
    try:
        entry = read_session_file(str(path))
        embedded_case(entry, Options(), HardwareChoice(), str(path))
        session = restored(entry, case, str(path))
    except RefusedError:
        return
    check(session)
    assert session_bytes(session, str(path))


@given(st.data())
@hostile
def test_no_damaged_byte_is_more_than_refused(
    worked: Session, case: Opened, path: Path, data: st.DataObject
) -> None:
    whole = session_bytes(worked, str(path))
    at = data.draw(st.integers(whole.index(b'"branches"'), len(whole)))
    gone = data.draw(st.integers(0, 40))
    opened_or_refused(
        path, whole[:at] + data.draw(st.binary(max_size=3)) + whole[at + gone :], case()
    )


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 30), st.floats(), st.text(max_size=5),
    st.sampled_from(["main", "rescued", "break 12", "2 vcpu1", "vcpu0", "step", "", "fill"]),
    st.just([]), st.just({}), st.lists(st.sampled_from(["vcpu0", "13 vcpu0", "vcpu1"]), max_size=4),
)  # fmt: skip


@given(st.data())
@hostile
def test_no_other_value_is_more_than_refused(
    worked: Session, case: Opened, path: Path, data: st.DataObject
) -> None:
    document: Any = json.loads(session_bytes(worked, str(path)))
    for _ in range(data.draw(st.integers(1, 3))):
        table, key = document, data.draw(st.sampled_from(sorted(document)))
        while isinstance(table[key], dict | list) and table[key] and data.draw(st.booleans()):
            table = table[key]
            keys = range(len(table)) if isinstance(table, list) else sorted(table)
            key = data.draw(st.sampled_from(keys))
        table[key] = data.draw(VALUES)
    opened_or_refused(path, json.dumps(document).encode(), case())
