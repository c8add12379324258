"""`scenario --batch`: a debugger's commands from a file or a pipe, answered as plain text."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from typing import Final

from engine.arm.syntax import quote
from engine.c.policy import Policy
from engine.query.errors import QueryError
from engine.timeline import Timeline
from scenarios.scenario import Scenario
from scenarios.schedule import ScheduleError, play
from tui.command_line.arguments import BAD_INPUT, HOLDS, Once, UsageError
from tui.command_line.output import complain, say
from tui.presenters.reports.plain import printable
from tui.sessions.errors import CommandError
from tui.sessions.execute import perform
from tui.sessions.session import Session

STDIN: Final = "-"
PROMPT: Final = "(kvm) "
_MOST_BYTES: Final = 1 << 20


def add_batch(parser: argparse.ArgumentParser) -> None:
    """Add `--batch FILE`."""
    parser.add_argument(
        "--batch",
        metavar="FILE",
        action=Once,
        help="do the debugger's commands in a file, - for stdin, and print what they say, "
        "without a screen (echo help | kvmcache-tui NAME --batch - lists them)",
    )


def debug(
    arguments: argparse.Namespace, scenario: Scenario, policy: Policy, timeline: Timeline | None
) -> int:
    """Do the commands that the arguments name on a run, by default the scenario's own.

    Raises:
        UsageError: the options do not go together, or the file cannot be read.
    """
    if arguments.tour or arguments.quiz:
        raise UsageError("--batch with --tour or --quiz", "one of them")
    if timeline is None:
        try:
            timeline = play(scenario.machine(policy), scenario.schedule).timeline
        except ScheduleError as error:
            complain(f"{arguments.name}: {error}")
            return BAD_INPUT
    return run_batch(timeline.seek(arguments.at or 0), arguments.batch)


def run_batch(timeline: Timeline, path: str) -> int:
    """Do the commands of a file, `-` for stdin, on a run; return the exit code.

    Blank lines and those that begin with a `#` are passed over. The first command that makes no
    sense ends it.

    Raises:
        UsageError: the file cannot be read.
    """
    name = "stdin" if path == STDIN else path
    session = Session.start(timeline)
    for number, line in enumerate(_commands(_text(path)), 1):
        command = line.strip()
        if not command or command.startswith("#"):
            continue
        say(f"{PROMPT}{printable(command)}\n")
        try:
            session, lines = perform(session, command)
        except (CommandError, QueryError) as error:
            complain(f"{name}:{number}: {error}")
            return BAD_INPUT
        say("".join(f"{printable(each)}\n" for each in lines))
        if session.over:
            break
    return HOLDS


def _commands(text: str) -> Iterable[str]:
    return text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").split("\n")


def _text(path: str) -> str:
    """Return the text of a file.

    Raises:
        UsageError: it cannot be read, is too long or not UTF-8.
    """
    try:
        if path == STDIN:
            raw = b"" if sys.stdin is None else sys.stdin.buffer.read(_MOST_BYTES + 1)
        else:
            with open(path, "rb") as file:
                raw = file.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "a name that no file has"
        raise UsageError(f"{quote(path)}: {why}", "a file with commands, or - for stdin") from None
    if len(raw) > _MOST_BYTES:
        raise UsageError(f"{quote(path)}, more than a megabyte", "commands, a line each")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{quote(path)}, line {line}, which is not UTF-8", "UTF-8") from None
