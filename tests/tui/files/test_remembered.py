from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tui.commands.prompt import LONGEST
from tui.files.configuration import FASTEST, SLOWEST
from tui.files.remembered import (
    MOST_LINES,
    Remembered,
    recall,
    recall_history,
    remember,
    remember_history,
)

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
