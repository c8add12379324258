"""Saving, where it fails or is cut short, and what is left then."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.arm.syntax import quote
from tests.tui.files.saved import parts
from tests.tui.sessions.typed import after
from tui.files.desk import save
from tui.files.session_file import read_session_file, restored, session_bytes
from tui.presenters.cases import Case
from tui.sessions.errors import CommandError
from tui.sessions.session import Session

ROOT = Path(__file__).parents[3]

SAVE_FOR_EVER = """
import sys
from tests.tui.sessions.typed import after
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from tui.files.desk import save
from tui.presenters.cases import Case
from tui.sessions.session import Session
case = Case.of(load_scenario("secondary-stale-line"), load_policy("vcpu0-only"))
one = Session.play(case)
two = after(one, "goto 16", "take evict x", "start", *["mark " + "x" * 200, "step"] * 17)
while True:
    save(one, sys.argv[1])
    save(two, sys.argv[1])
    print(flush=True)
"""


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


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
    with pytest.raises(CommandError) as refused:
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
    with pytest.raises(CommandError) as refused:
        save(worked, path)
    assert refused.value.found.endswith(f": {why}")
    assert refused.value.expected == "a file that can be written"
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_old_file_as_it_was(worked: Session, tmp_path: Path) -> None:
    path = tmp_path / "a.session"
    path.write_bytes(b"old")
    with pytest.raises(CommandError) as refused, files_of_at_most(1000):
        save(worked, str(path))
    assert refused.value.found == f"{quote(str(path))}: {os.strerror(errno.EFBIG)}"
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"old", [path])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_directory_that_is_read_only_keeps_the_old_file(worked: Session, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    path = folder / "a.session"
    path.write_bytes(b"old")
    folder.chmod(0o500)
    with pytest.raises(CommandError, match="Permission denied"):
        save(worked, str(path))
    assert (path.read_bytes(), list(folder.iterdir())) == (b"old", [path])


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
