from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path

import attrs
import pytest

from engine.refusal import RefusedError, quote
from scenarios.case import Case
from scenarios.scenario import Scenario
from tests.tui.command_line.opened import opened
from tests.tui.commands.typed import after
from tests.tui.files.saved import files_of_at_most, parts
from tui.files.outside_work import save
from tui.files.session_file import read_session_file, restored
from tui.files.unsaved import MOST, keep_unsaved
from tui.session.session import Session


def named(session: Session, name: str) -> Session:
    """Return a session whose scenario has another name."""
    scenario: Scenario = attrs.evolve(session.case.scenario, name=name)
    return attrs.evolve(session, case=attrs.evolve(session.case, scenario=scenario))


def test_each_is_kept_under_the_scenarios_name_and_the_first_number_that_is_free(
    worked: Session, tmp_path: Path
) -> None:
    directory = tmp_path / "state" / "unsaved"
    kept = [keep_unsaved(directory, worked) for _ in range(3)]
    (directory / "secondary-stale-line-2.session").unlink()
    kept.append(keep_unsaved(directory, named(worked, "../a name/.")))
    kept.append(keep_unsaved(directory, worked))
    assert [Path(each).name for each in kept] == [
        "secondary-stale-line-1.session",
        "secondary-stale-line-2.session",
        "secondary-stale-line-3.session",
        "-a-name-.-1.session",
        "secondary-stale-line-2.session",
    ]
    assert all(path.parent == directory for path in directory.rglob("*"))


def test_the_oldest_goes_by_its_time_and_nothing_else_does(
    session: Callable[..., Session], tmp_path: Path
) -> None:
    directory = tmp_path / "unsaved"
    directory.mkdir()
    for index in range(MOST):
        path = directory / f"{index}.session"
        path.touch()
        os.utime(path, ns=(10**9 * index, 10**9 * index))
    (directory / "notes.txt").touch()
    os.utime(directory / "notes.txt", ns=(0, 0))
    kept = keep_unsaved(directory, after(session(), "mark"))
    left = {path.name for path in directory.iterdir()}
    assert left == {
        "notes.txt", "secondary-stale-line-1.session",
        *(f"{index}.session" for index in range(1, MOST)),
    }  # fmt: skip
    assert kept == str(directory / "secondary-stale-line-1.session")


def test_a_clock_that_went_back_does_not_cost_what_was_just_kept(
    worked: Session, tmp_path: Path
) -> None:
    later = 10**9 * 2**33
    for index in range(MOST):
        path = tmp_path / f"{index}.session"
        path.touch()
        os.utime(path, ns=(later + index, later + index))
    kept = keep_unsaved(tmp_path, worked)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {Path(kept).name, *(f"{index}.session" for index in range(1, MOST))}


def test_what_was_kept_is_kept_although_the_oldest_cannot_be_forgotten(
    worked: Session, tmp_path: Path
) -> None:
    for index in range(MOST):
        (tmp_path / f"{index}.session").mkdir()
        os.utime(tmp_path / f"{index}.session", ns=(index, index))
    kept = keep_unsaved(tmp_path, worked)
    assert Path(kept).is_file()
    assert len(list(tmp_path.iterdir())) == MOST + 1


def test_all_who_leave_at_once_get_a_file_of_their_own(worked: Session, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda _: keep_unsaved(tmp_path, worked), range(8)))
    assert sorted(kept) == sorted(map(str, tmp_path.iterdir()))
    assert len({Path(each).read_bytes() for each in kept}) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_why_it_cannot_be_kept_is_said(worked: Session, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(RefusedError, match="Permission denied; expected a directory"):
        keep_unsaved(tmp_path, worked)


def test_a_disk_that_is_full_is_said_and_leaves_nothing(worked: Session, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="File too large; expected"), files_of_at_most(1000):
        keep_unsaved(tmp_path, worked)
    assert list(tmp_path.iterdir()) == []


def test_a_session_that_was_saved_is_never_forgotten(
    worked: Session, case: Callable[..., Case], tmp_path: Path
) -> None:
    directory = tmp_path / "xdg_state_home" / "kvmcache-tui" / "unsaved"
    kept = keep_unsaved(directory, worked)
    again = restored(read_session_file(kept), case(), kept)
    for path, refusal in (
        (None, "found no file that this session came from; expected save FILE"),
        (kept, f"found {quote(kept)}, among the sessions that are forgotten some time; expected a "
         "file in another directory"),
    ):  # fmt: skip
        with pytest.raises(RefusedError) as refused:
            save(again, path)
        assert str(refused.value) == refusal
    saved, _ = save(again, str(tmp_path / "mine.session"))
    for _ in range(MOST + 1):
        keep_unsaved(directory, worked)
    assert parts(restored(read_session_file(saved.file), case(), saved.file)) == parts(worked)


def test_a_scenario_of_the_users_is_found_again_from_where_the_session_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "the desk"
    there.mkdir()
    monkeypatch.chdir(there)
    shipped = files("scenarios").joinpath("secondary-stale-line.toml")
    Path("my own.toml").write_bytes(shipped.read_bytes())
    made = after(opened("my own.toml", "--policy", "never")[0], "goto 9", "mark", "take 2")
    kept = keep_unsaved(tmp_path / "state" / "unsaved", made)
    assert kept == str(tmp_path / "state" / "unsaved" / "my-own-1.session")
    assert parts(opened("--session", kept)[0]) == parts(made)
