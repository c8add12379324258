"""Tours and quizzes from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.timeline import Timeline
from tui.command_line.main import main
from tui.presenters.quiz.question import LETTERS
from tui.presenters.quiz.questions import questions

QUIZ = ("scenario", "secondary-stale-line", "--policy", "vcpu0-only", "--quiz", "--answers")


@pytest.fixture
def right(run: Callable[..., Timeline]) -> list[str]:
    return [LETTERS[one.right] for one in questions(run("secondary-stale-line"))]


def graded(path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    path.write_text(text, encoding="utf-8")
    code = main([*QUIZ, str(path)])
    return code, *capsys.readouterr()


def test_all_right_is_0(
    right: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = graded(tmp_path / "a.txt", "\n".join(right), capsys)
    assert (code, err) == (0, "")
    assert out.endswith("score     8 of 8 answers right.\n")
    assert out.count("Right, it is") == 8
    assert max(map(len, out.splitlines())) <= 80


def test_some_wrong_is_1_and_the_same_in_toml(
    right: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["-", *right[1:-1], "a" if right[-1] != "a" else "b"]
    code, out, err = graded(tmp_path / "a.txt", "\n".join(given), capsys)
    assert (code, err) == (1, "")
    assert "No answer; it is b." in out
    assert out.endswith(
        "score     6 of 8 answers right. Worth another look: 1 (step 1), 8 (step 26).\n"
    )
    assert graded(tmp_path / "a.toml", f"answers = {given}", capsys) == (1, out, "")


def test_bad_answers_are_2_with_the_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.txt"
    assert graded(path, "b\nno\n", capsys) == (
        2,
        "",
        f"kvmcache-tui: {path}:2: found 'no'; expected one of a, b, c, d or - for question 2\n",
    )


def test_a_file_that_cannot_be_read_is_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing, binary = tmp_path / "missing", tmp_path / "binary"
    binary.write_bytes(b"b\n\xff\xfe\n")
    for path, wrong in (
        (f"{missing}", "found No such file or directory; expected a readable file"),
        (f"{binary}", "found bytes that are no UTF-8; expected text"),
        ("a\0b", "expected a readable file"),
    ):
        assert main([*QUIZ, path]) == 2
        assert wrong in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--tour",), "found --tour without a scenario; expected NAME or FILE before it"),
        (("--quiz",), "found --quiz without a scenario; expected NAME or FILE before it"),
        (("fwb", "--answers", "x"), "found --answers without --quiz; expected both"),
        (
            ("fwb", "--quiz", "--at", "3"),
            "found --at with --quiz; expected one of them: a quiz begins at its first question",
        ),
        (
            ("fwb", "--quiz", "--tour"),
            "argument --tour: not allowed with argument --quiz\ntry: kvmcache-tui scenario --help",
        ),
    ],
)
def test_what_does_not_go_together_is_said(
    arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scenario", *arguments]) == 2
    assert capsys.readouterr().err == f"kvmcache-tui: {message}\n"


def test_grading_is_the_same_every_time(
    right: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.txt"
    assert graded(path, "\n".join(right), capsys) == graded(path, "\n".join(right), capsys)
