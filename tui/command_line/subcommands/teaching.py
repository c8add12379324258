"""`scenario --tour` and `--quiz`: how a scenario is taught, and answers graded without a screen."""

from __future__ import annotations

import argparse
from typing import Final

from engine.refusal import InFile, RefusedError, quote
from tui.command_line.output import complain, say
from tui.command_line.parser import Once
from tui.exit_codes import BAD_INPUT, FAILED, PASSED
from tui.presenters.quiz.answers import NO_ANSWER, read_answers
from tui.session.session import Session

MOST_BYTES: Final = 100_000
"""What a file of answers may hold."""
_TOUR: Final = "tour"
_QUIZ: Final = "quiz"
_DEBUGGER: Final = "debugger"


def add_teaching(parser: argparse.ArgumentParser) -> None:
    """Add `--tour`, `--quiz` and `--answers FILE`."""
    group = parser.add_argument_group("teaching")
    either = group.add_mutually_exclusive_group()
    either.add_argument(
        "--tour", action="store_true", help="go through the notes, in large type, for an audience"
    )
    either.add_argument(
        "--quiz", action="store_true", help="stop before the steps that matter, and ask"
    )
    group.add_argument(
        "--answers",
        metavar="FILE",
        action=Once,
        help="grade answers to the quiz without a screen: a letter a line, "
        f'{NO_ANSWER} for none, # for remarks; or TOML: answers = ["a", …]. '
        "Exit with 0 if all are right, 1 if not",
    )


def mode(arguments: argparse.Namespace) -> str:
    """Return how the scenario is to be opened.

    Raises:
        RefusedError: the options do not go together.
    """
    named = _TOUR if arguments.tour else _QUIZ if arguments.quiz else _DEBUGGER
    if arguments.answers is not None and not arguments.quiz:
        raise RefusedError("--answers without --quiz", "both")
    if named != _DEBUGGER and arguments.name is None and arguments.session is None:
        raise RefusedError(f"--{named} without a scenario", "NAME or FILE before it")
    if arguments.quiz and arguments.at is not None:
        raise RefusedError("--at with --quiz", "one of them: a quiz begins at its first question")
    return named


def grade(session: Session, answers: str) -> int:
    """Print the marks for a file of answers, and return 0 if all are right."""
    from tui.presenters.quiz.graded import graded
    from tui.presenters.quiz.paper import Paper
    from tui.presenters.quiz.questions import questions

    asked = questions(session.timeline)
    try:
        given = read_answers(_text(answers), answers, asked)
    except RefusedError as error:
        complain(str(error))
        return BAD_INPUT
    paper = Paper(asked, given, len(asked))
    say(graded(paper, session.subject))
    return PASSED if paper.right == len(asked) else FAILED


def _text(path: str) -> str:
    """Return the text of a file of answers.

    Raises:
        RefusedError: it cannot be read, or is no text.
    """
    try:
        with open(path, "rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        found = error.strerror if isinstance(error, OSError) else quote(path)
        raise RefusedError(str(found), "a readable file", InFile(path)) from error
    if len(content) > MOST_BYTES:
        raise RefusedError(f"more than {MOST_BYTES} bytes", "a letter a question", InFile(path))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise RefusedError("bytes that are no UTF-8", "text", InFile(path, line=line)) from error
