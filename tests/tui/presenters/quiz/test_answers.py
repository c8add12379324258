from __future__ import annotations

import pytest

from engine.refusal import RefusedError
from tui.presenters.quiz.answers import read_answers
from tui.presenters.quiz.question import Question

QUESTIONS = (
    Question(0, 1, "One?", ("yes", "no"), 1, "Because."),
    Question(3, 5, "Two?", ("x", "y", "z"), 0, "Since."),
)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("a.txt", "b\n-\n"),
        ("a.txt", "# Anna\n\n  B   # sure\r\n-"),
        ("a.toml", 'answers = ["b", "-"]'),
    ],
)
def test_answers_are_letters_a_line_or_a_list(file: str, text: str) -> None:
    assert read_answers(text, file, QUESTIONS) == (1, None)


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("a", "b\n\nd\n", "a:3: found 'd'; expected one of a, b, c or - for question 2"),
        ("a", "c\nb\n", "a:1: found 'c'; expected one of a, b or - for question 1"),
        ("a", "ab\nb\n", "a:1: found 'ab'; expected one of a, b or - for question 1"),
        ("a", "a\nb\nc\n", "a:3: found 'c', answer 3; expected no more than 2 answers"),
        ("a", "", "a: found 0 answers; expected 2, one a question; - is no answer"),
        ("a", "a", "a: found 1 answer; expected 2, one a question; - is no answer"),
        ("a.toml", "x = 1", "a.toml: found the key 'x'; expected answers alone"),
        ("a.toml", "", 'a.toml: found no list answers; expected answers = ["a", …]'),
        (
            "a.toml",
            'answers = "ab"',
            'a.toml: found answers that is no list; expected answers = ["a", …]',
        ),
        (
            "a.toml",
            'answers = ["a", 2]',
            "a.toml: found '2'; expected one of a, b, c or - for question 2",
        ),
    ],
)
def test_what_is_wrong_is_said_with_the_line(file: str, text: str, message: str) -> None:
    with pytest.raises(RefusedError) as refused:
        read_answers(text, file, QUESTIONS)
    assert str(refused.value) == message


def test_broken_toml_is_said_with_its_place() -> None:
    with pytest.raises(RefusedError, match=r"a\.toml:2: found no TOML: "):
        read_answers('answers = [\n"a" "b"]', "a.toml", QUESTIONS)
