from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.refusal import quote
from scenarios.case import Case
from tests.tui.commands.typed import after
from tests.tui.files.saved import parts
from tui.app import DebuggerApp
from tui.files.keeper import Keeper
from tui.files.remembered import Remembered
from tui.files.session_file import read_session_file, restored
from tui.files.unsaved import MOST
from tui.presenters.layout import Arrangement, Pane
from tui.session.errors import CommandError
from tui.session.session import Session


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Return where this user's state lies."""
    return tmp_path / "xdg_state_home" / "kvmcache-tui"


def test_what_is_kept_is_there_the_next_time(state: Path) -> None:
    first = Keeper.of_user()
    assert (first.directory, first.history, first.arrangement) == (state, (), Arrangement())
    arranged = Arrangement(frozenset({Pane.WHY}), {"low/only": Pane.MEMORY})
    first.arrange(arranged)
    first.choose_theme("nord")
    first.choose_speed(8.0)
    first.add_line("goto 3")
    first.add_line("why x")
    again = Keeper.of_user()
    assert (again.arrangement, again.remembered) == (arranged, first.remembered)
    assert (again.remembered.theme, again.remembered.speed) == ("nord", 8.0)
    assert again.history == ("goto 3", "why x")


def test_what_is_as_before_is_not_written_again(state: Path) -> None:
    keeper = Keeper.of_user()
    keeper.choose_theme("nord")
    (state / "screen.json").unlink()
    keeper.choose_theme("nord")
    assert not (state / "screen.json").exists()


def test_two_who_run_at_once_keep_what_both_did(state: Path) -> None:
    one, other = Keeper.of_user(), Keeper.of_user()
    one.add_line("break 8")
    one.choose_theme("nord")
    other.add_line("why x")
    other.choose_speed(8.0)
    one.arrange(Arrangement(frozenset({Pane.WHY}), {}))
    other.arrange(Arrangement(frozenset({Pane.WHY}), {}))
    one.add_line("goto 3")
    again = Keeper.of_user()
    assert again.history == ("break 8", "why x", "goto 3")
    assert again.remembered == Remembered("nord", 8.0, ("why",))
    assert (one.history, other.history) == (("break 8", "goto 3"), ("why x",))
    assert (one.remembered.speed, other.remembered.theme) == (None, None)


def test_a_pane_that_is_no_more_is_passed_over(state: Path) -> None:
    state.mkdir(parents=True)
    (state / "screen.json").write_text('{"hidden": ["old", "why"], "shown": {"a": "old"}}')
    assert Keeper.of_user().arrangement == Arrangement(frozenset({Pane.WHY}), {})


def test_a_keeper_without_files_remembers_until_the_end(tmp_path: Path, worked: Session) -> None:
    keeper = Keeper()
    keeper.choose_theme("nord")
    keeper.add_line("step")
    assert (keeper.remembered.theme, keeper.history) == ("nord", ("step",))
    with pytest.raises(CommandError) as refused:
        keeper.keep_unsaved(worked)
    assert str(refused.value) == (
        "found no directory for what was not saved; expected a home, or XDG_STATE_HOME"
    )
    assert list(tmp_path.iterdir()) == []


def test_unsaved_work_is_kept_in_a_file_that_opens_it(
    worked: Session, case: Callable[..., Case], state: Path
) -> None:
    path = Keeper.of_user().keep_unsaved(worked)
    assert path == str(state / "unsaved" / "secondary-stale-line-1.session")
    again = restored(read_session_file(path), case(), path)
    assert parts(again) == parts(worked)
    assert [each.stat().st_mode & 0o777 for each in (state, state / "unsaved")] == [0o700] * 2


def test_only_the_newest_are_kept(session: Callable[..., Session], state: Path) -> None:
    keeper = Keeper.of_user()
    kept = []
    for index in range(MOST + 3):
        path = keeper.keep_unsaved(after(session(), f"mark {index}"))
        os.utime(path, ns=(index, index))
        entry = read_session_file(path)
        kept.append(entry.bookmarks[0].text)
    texts = {read_session_file(str(each)).bookmarks[0].text for each in state.glob("unsaved/*")}
    assert texts == set(kept[-MOST:])
    assert len(kept) == len(set(kept)) == MOST + 3


def test_why_nothing_can_be_kept_is_said(worked: Session, tmp_path: Path, state: Path) -> None:
    state.parent.mkdir()
    state.touch()
    with pytest.raises(CommandError) as refused:
        Keeper.of_user().keep_unsaved(worked)
    assert str(refused.value).endswith(
        "': File exists; expected a directory that can be written to"
    )
    assert state.read_bytes() == b""


@pytest.mark.parametrize(
    ("lines", "files"),
    [
        ((), 0),
        (("goto 20", "search isb", "vcpu vcpu1"), 0),
        (("mark", "unmark"), 0),
        (("rename other",), 0),
        (("end", "take evict x"), 1),
        (("mark here",), 1),
        (("break 12",), 1),
        (("goto 16", "take evict x"), 1),
    ],
)
async def test_who_leaves_finds_only_what_was_worth_keeping(
    lines: tuple[str, ...], files: int, session: Callable[..., Session], state: Path
) -> None:
    app = DebuggerApp(after(session(), *lines), keeper=Keeper(directory=state))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+c")
    assert sorted(map(str, state.glob("unsaved/*"))) == app.kept
    assert len(app.kept) == files


async def test_why_work_could_not_be_kept_is_told_to_who_leaves(
    worked: Session, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    app = DebuggerApp(worked, keeper=Keeper(directory=tmp_path / "file"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+c")
    why = f"found {quote(str(tmp_path / 'file'))}: File exists; expected a directory that can be "
    assert (app.kept, set(app.lost)) == ([], {f"{why}written to"})


async def test_what_was_saved_is_not_kept_again(
    worked: Session, state: Path, tmp_path: Path
) -> None:
    saved = after(worked).kept()
    app = DebuggerApp(saved, keeper=Keeper(directory=state))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+c")
    assert (app.kept, state.exists()) == ([], False)


def test_what_killed_writes_left_is_cleared_at_the_next_start(state: Path) -> None:
    left = [
        state / folder / f".kvmcache-tui-{number:016x}"
        for number, folder in enumerate(("", "unsaved", "policies"))
    ]
    for path in left:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    Keeper.of_user()
    assert [path for path in left if path.exists()] == []
