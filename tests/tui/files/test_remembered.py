from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine.refusal import RefusedError, quote
from scenarios.case import Case
from tests.tui.commands.typed import after
from tests.tui.files.saved import parts
from tui.app import DebuggerApp
from tui.commands.prompt import LONGEST
from tui.files.configuration import FASTEST, SLOWEST
from tui.files.remembered import (
    MOST_LINES,
    Keeper,
    Remembered,
    recall,
    recall_history,
    remember,
    remember_history,
)
from tui.files.session_file import read_session_file, restored
from tui.files.unsaved import MOST
from tui.presenters.layout import Arrangement, Pane
from tui.session.session import Session

FULL = Remembered(
    theme="nord", speed=12.5, hidden=("why", "tree"), shown={"low/only": "memory", "tall/b": "why"}
)
OVERLONG = "x" * (LONGEST + 1)

same_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
printable = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=20)
shells = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=20)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "screen.json"


def test_the_screen_is_recalled_as_it_was_remembered(path: Path) -> None:
    remember(path, FULL)

    assert recall(path) == FULL
    assert json.loads(path.read_bytes()) == {
        "theme": "nord",
        "speed": 12.5,
        "hidden": ["why", "tree"],
        "shown": {"low/only": "memory", "tall/b": "why"},
    }


def test_the_history_is_recalled_as_it_was_remembered(path: Path) -> None:
    remember_history(path, ["step 3", "why x", "step 3"])

    assert recall_history(path) == ("step 3", "why x", "step 3")
    assert path.read_bytes() == b"step 3\nwhy x\nstep 3\n"


def test_what_was_never_written_is_nothing_special(path: Path) -> None:
    assert (recall(path), recall_history(path)) == (Remembered(), ())
    assert (recall(None), recall_history(None)) == (Remembered(), ())


def test_the_directory_is_made_for_the_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "local" / "state" / "screen.json"

    remember(path, FULL)

    folders = (path.parent, path.parent.parent)
    assert [stat.S_IMODE(each.stat().st_mode) for each in folders] == [0o700, 0o700]
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("place", ["/proc/none/screen.json", None])
def test_where_nothing_can_be_written_only_the_memory_is_lost(place: str | None) -> None:
    path = None if place is None else Path(place)

    remember(path, FULL)
    remember_history(path, ["step"])

    assert (recall(path), recall_history(path)) == (Remembered(), ())


def test_a_file_in_the_place_of_the_directory_stays(tmp_path: Path) -> None:
    (tmp_path / "state").write_bytes(b"mine")

    remember(tmp_path / "state" / "screen.json", FULL)
    remember_history(tmp_path / "state" / "history", ["step"])

    assert recall(tmp_path / "state" / "screen.json") == Remembered()
    assert (tmp_path / "state").read_bytes() == b"mine"


def test_a_directory_in_the_place_of_the_file_is_left_alone(path: Path) -> None:
    path.mkdir(parents=True)

    remember(path, FULL)
    remember_history(path, ["step"])

    assert (recall(path), recall_history(path)) == (Remembered(), ())
    assert list(path.parent.iterdir()) == [path]


def test_nobody_waits_for_a_pipe(path: Path) -> None:
    path.parent.mkdir()
    os.mkfifo(path)

    remember(path, FULL)
    remember_history(path, ["step"])

    assert (recall(path), recall_history(path)) == (Remembered(), ())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "3",
        "null",
        '{"theme": 3}',
        '{"theme": "\\u001b[2J"}',
        '{"theme": "\\ud800"}',
        '{"speed": "fast"}',
        '{"speed": true}',
        '{"speed": NaN}',
        '{"speed": Infinity}',
        '{"speed": 0.4}',
        '{"speed": 1001}',
        f'{{"speed": 1{"0" * 400}}}',
        f'{{"speed": 1{"0" * 5_000}}}',
        '{"hidden": "why"}',
        '{"hidden": [null]}',
        '{"shown": []}',
        '{"shown": {"low/only": 3}}',
        '{"shown": {"low/only": "\\u0007"}}',
        '{"theme": "nord", "colour": "red"}',
        "[" * 60_000,
        f'{{"theme": "{"x" * (1 << 16)}"}}',
    ],
)
def test_a_file_that_holds_something_else_is_nothing_special(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text, "utf-8")

    assert recall(path) == Remembered()


def test_what_is_left_out_is_nothing_special(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"speed": 2, "theme": null}', "utf-8")

    assert recall(path) == Remembered(speed=2)


def test_only_the_newest_lines_are_kept(path: Path) -> None:
    lines = [f"step {number}" for number in range(MOST_LINES + 5)]

    remember_history(path, lines)

    assert recall_history(path) == tuple(lines[5:])


def test_the_longest_history_is_recalled(path: Path) -> None:
    lines = tuple(f"{number:04}".ljust(LONGEST, "𝕩") for number in range(MOST_LINES))

    remember_history(path, lines)

    assert recall_history(path) == lines


def test_a_line_that_was_typed_again_is_there_once(path: Path) -> None:
    remember_history(path, ["step", "step", "back", "back", "step"])

    assert recall_history(path) == ("step", "back", "step")


@pytest.mark.parametrize("bad", ["", "  ", "a\nb", "a\tb", "\x1b[2J", "\x9b", "\u202e", OVERLONG])
def test_lines_that_nobody_types_are_not_kept(path: Path, bad: str) -> None:
    remember_history(path, ["step", bad, "step", "back"])

    assert recall_history(path) == ("step", "back")


def test_lines_that_nobody_typed_are_not_recalled(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"step\n\n\x1b[2J\nba\xffck\r\nwhy\x00\nstep\nback\nwithout an end")

    assert recall_history(path) == ("step", "back", "without an end")


def test_a_huge_history_is_none(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"step\n" * 1_000_000)

    assert recall_history(path) == ()


@same_folder
@given(
    st.builds(
        Remembered,
        theme=st.none() | printable,
        speed=st.none() | st.floats(SLOWEST, FASTEST),
        hidden=st.lists(printable, max_size=5).map(tuple),
        shown=st.dictionaries(printable, printable, max_size=5),
    )
)
def test_any_screen_is_recalled_as_it_was_remembered(
    tmp_path: Path, remembered: Remembered
) -> None:
    remember(tmp_path / "screen.json", remembered)

    assert recall(tmp_path / "screen.json") == remembered


@same_folder
@given(st.lists(shells.filter(str.strip), unique=True, max_size=20))
def test_any_history_is_recalled_as_it_was_remembered(tmp_path: Path, lines: list[str]) -> None:
    remember_history(tmp_path / "history", lines)

    assert recall_history(tmp_path / "history") == tuple(lines)


@same_folder
@given(st.binary(max_size=100) | st.text(max_size=100).map(str.encode))
@example(b'{"theme": 3}')
def test_any_bytes_are_recalled_as_something(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)

    assert isinstance(recall(tmp_path / "file"), Remembered)
    assert all(line.isprintable() for line in recall_history(tmp_path / "file"))


@same_folder
@given(st.lists(st.text()))
def test_any_lines_are_remembered_and_read_back_the_same(tmp_path: Path, lines: list[str]) -> None:
    path = tmp_path / "history"
    remember_history(path, lines)
    first = recall_history(path)
    remember_history(path, first)

    assert recall_history(path) == first


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
    with pytest.raises(RefusedError) as refused:
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
    with pytest.raises(RefusedError) as refused:
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
