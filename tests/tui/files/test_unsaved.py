from __future__ import annotations

import os
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import attrs
import pytest

from scenarios.scenario import Scenario
from tests.tui.command_line.opened import opened
from tests.tui.files.saved import parts
from tests.tui.sessions.typed import after
from tui.files.unsaved import MOST, keep_unsaved
from tui.sessions.session import Session


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
    assert [Path(each or "").name for each in kept] == [
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
