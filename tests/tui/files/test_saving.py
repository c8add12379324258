"""Saving, where it fails or is cut short, and what is left then."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.refusal import RefusedError, quote
from scenarios.case import Case
from scenarios.policy_library import load_policy
from tests.tui.commands.typed import after
from tests.tui.files.asked import comparison
from tests.tui.files.saved import files_of_at_most, parts, refusal
from tui.files.outside_work import as_text, compare_command, replay_command, save
from tui.files.session_file import read_session_file, restored, session_bytes
from tui.session.requests import Form
from tui.session.session import Session

ROOT = Path(__file__).parents[3]

SAVE_FOR_EVER = """
import sys
from tests.tui.commands.typed import after
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from tui.files.outside_work import save
from scenarios.case import Case
from tui.session.session import Session
case = Case.of(load_scenario("secondary-stale-line"), load_policy("vcpu0-only"))
one = Session.play(case)
two = after(one, "goto 16", "take evict x", "start", *["mark " + "x" * 200, "step"] * 17)
while True:
    save(one, sys.argv[1])
    save(two, sys.argv[1])
    print(flush=True)
"""


def test_what_is_saved_is_no_longer_unsaved_and_has_its_file(
    worked: Session, tmp_path: Path
) -> None:
    path = str(tmp_path / "my own.session")
    assert worked.unsaved
    saved, said = save(worked, path)
    assert said == (f"saved; kvmcache-tui --session '{path}' opens it again",)
    assert (saved.unsaved, saved.file, parts(saved)) == (False, path, parts(worked))
    assert Path(path).read_bytes() == session_bytes(worked, path)
    further = after(saved, "mark one more")
    again, _ = save(further, None)
    assert (further.unsaved, again.unsaved) == (True, False)
    assert Path(path).read_bytes() == session_bytes(further, path)


def test_a_session_that_came_from_nowhere_needs_a_name(worked: Session) -> None:
    with pytest.raises(RefusedError) as refused:
        save(worked, None)
    assert str(refused.value) == "found no file that this session came from; expected save FILE"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("none/a.session", "No such file or directory"),
        (".", "Is a directory"),
        ("x" * 300, "File name too long"),
        ("/proc/a.session", "No such file or directory"),
        ("/dev/full", "No space left on device"),
        ("a\0b", "a name that no file has"),
    ],
)
def test_a_file_that_cannot_be_written_is_named_with_the_reason(
    path: str, why: str, worked: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RefusedError) as refused:
        save(worked, path)
    assert refused.value.found.endswith(f": {why}")
    assert refused.value.expected == "a file that can be written"
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_old_file_as_it_was(worked: Session, tmp_path: Path) -> None:
    path = tmp_path / "a.session"
    old, _ = save(worked, str(path))
    content = path.read_bytes()
    with pytest.raises(RefusedError) as refused, files_of_at_most(1000):
        save(after(old, "mark more"), None)
    assert refused.value.found == f"{quote(str(path))}: {os.strerror(errno.EFBIG)}"
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (content, [path])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_directory_that_is_read_only_keeps_the_old_file(worked: Session, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    path = folder / "a.session"
    old, _ = save(worked, str(path))
    content = path.read_bytes()
    folder.chmod(0o500)
    with pytest.raises(RefusedError, match="Permission denied"):
        save(after(old, "mark more"), None)
    assert (path.read_bytes(), list(folder.iterdir())) == (content, [path])


@pytest.mark.parametrize(
    ("name", "found"),
    [("my\u00a0own.c", "U+00A0"), ("caf\udce9.c", "U+DCE9"), ("a\x1b[2J.c", "U+001B")],
)
def test_a_policy_whose_path_no_file_can_hold_is_refused_before_the_old_file_is_replaced(
    name: str, found: str, case: Callable[..., Case], tmp_path: Path
) -> None:
    path = tmp_path / "a.session"
    save(Session.play(case()), str(path))
    (tmp_path / name).write_text(case().policy.source.text)
    spec = str(tmp_path / name)
    there = Session.play(case().under(load_policy(spec), spec))
    assert refusal(there, path) == (
        f"found what no session's file can hold, policy.spec: the character {found} on line 1 of "
        "the string; expected printable text"
    )


def test_a_run_that_is_too_long_to_be_read_again_is_refused(
    case: Callable[..., Case], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scenarios.event_list.MOST_STEPS_IN_ALL", 26)
    path = tmp_path / "a.session"
    whole, _ = save(Session.play(case()), str(path))
    longer = after(whole, "end", "take evict x")
    refused = "found 27 steps to write down; expected at most 26"
    assert refusal(longer, path) == refused
    for asked in (
        replay_command,
        lambda made: as_text(made, Form.MAIL),
        lambda made: compare_command(comparison(made, "main")),
    ):
        with pytest.raises(RefusedError) as error:
            asked(longer)
        assert str(error.value) == refused
    assert json.loads(as_text(longer, Form.JSON))["steps"][-1]["event"] == "evict x"


def test_a_session_that_is_too_large_to_be_read_again_is_refused(
    worked: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.session"
    size = len(session_bytes(worked, str(path)))
    larger = len(session_bytes(after(worked, "mark more"), str(path)))
    monkeypatch.setattr("tui.files.session_file.MOST_BYTES", size)
    save(worked, str(path))
    read_session_file(str(path))
    assert refusal(after(worked, "mark more"), path) == (
        f"found a session of {larger} bytes; expected at most {size}"
    )


@pytest.mark.parametrize("moment", range(6))
def test_a_file_can_be_read_whenever_saving_was_killed(
    moment: int, case: Callable[..., Case], tmp_path: Path
) -> None:
    path = tmp_path / "a.session"
    with subprocess.Popen(
        [sys.executable, "-c", SAVE_FOR_EVER, str(path)], cwd=ROOT, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        end = time.monotonic() + 0.0037 * moment
        while time.monotonic() < end:
            read_session_file(str(path))
        child.kill()
    assert child.returncode == -9
    session = restored(read_session_file(str(path)), case(), str(path))
    assert (len(session.branches), len(session.bookmarks)) in ((1, 0), (2, 17))
