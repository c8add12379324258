"""Answers in a file: one a line, or a list in TOML."""

from __future__ import annotations

import re
import tomllib
from typing import Final

from engine.refusal import InFile, RefusedError, quote
from tui.presenters.quiz.question import LETTERS, Question
from tui.presenters.words import counted

NO_ANSWER: Final = "-"
_KEY: Final = "answers"
_PLACE: Final = re.compile(r"at line (\d+)")


def read_answers(text: str, file: str, questions: tuple[Question, ...]) -> tuple[int | None, ...]:
    """Return the answers to questions as indices of their choices, None for no answer.

    One answer a line, a letter or a dash for none; blank lines and what follows a `#` are left
    out. A file named `*.toml` has them in a list instead: `answers = ["a", "-"]`.

    Raises:
        RefusedError: one is no letter of its question's choices, or there are too few or many.
    """
    lines = _from_toml(text, file) if file.endswith(".toml") else _from_lines(text)
    answers = []
    for number, (line, word) in enumerate(lines, 1):
        if number > len(questions):
            found = f"{quote(word)}, answer {number}"
            raise RefusedError(
                found, f"no more than {len(questions)} answers", InFile(file, line=line)
            )
        answers.append(_answer(word, file, line, number, questions[number - 1]))
    if len(answers) < len(questions):
        found = counted(len(answers), "answer")
        expected = f"{len(questions)}, one a question; {NO_ANSWER} is no answer"
        raise RefusedError(found, expected, InFile(file))
    return tuple(answers)


def _answer(word: str, file: str, line: int | None, number: int, question: Question) -> int | None:
    if word == NO_ANSWER:
        return None
    letters = LETTERS[: len(question.choices)]
    if len(word) == 1 and word.lower() in letters:
        return letters.index(word.lower())
    expected = f"one of {', '.join(letters)} or {NO_ANSWER} for question {number}"
    raise RefusedError(quote(word), expected, InFile(file, line=line))


def _from_lines(text: str) -> list[tuple[int | None, str]]:
    stripped = [line.partition("#")[0].strip() for line in text.splitlines()]
    return [(number, word) for number, word in enumerate(stripped, 1) if word]


def _from_toml(text: str, file: str) -> list[tuple[int | None, str]]:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line = None if place is None else int(place[1])
        raise RefusedError(
            f"no TOML: {error}", f'{_KEY} = ["a", …]', InFile(file, line=line)
        ) from error
    extra = next((key for key in table if key != _KEY), None)
    if extra is not None:
        raise RefusedError(f"the key {quote(extra)}", f"{_KEY} alone", InFile(file))
    listed = table.get(_KEY)
    if not isinstance(listed, list):
        found = f"no list {_KEY}" if listed is None else f"{_KEY} that is no list"
        raise RefusedError(found, f'{_KEY} = ["a", …]', InFile(file))
    return [(None, word if isinstance(word, str) else str(word)) for word in listed]
