"""`scenario --batch`: a debugger's commands from a file or a pipe, answered as plain text."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Final

import attrs

from engine.explorer.limits import Limits
from engine.explorer.prospects.prospects import no_return, prospects
from engine.query.errors import QueryError
from engine.refusal import quote
from tui.command_line.arguments import UsageError
from tui.command_line.output import complain, say
from tui.command_line.picture import picture
from tui.commands.command import Lines
from tui.commands.prompt import perform
from tui.exit_codes import BAD_INPUT, PASSED
from tui.files.outside_work import as_text, comparison, export, replay_command, save, swap
from tui.presenters.panels.choices import FORESEEN, TOO_MANY, foreseen_lines, no_return_lines
from tui.presenters.reports.plain import escaped
from tui.presenters.status.compared import comparison_lines
from tui.session.errors import CommandError
from tui.session.requests import Compare, Copy, Edit, Export, Foresee, Form, Request, Save, Swap
from tui.session.session import Session

STDIN: Final = "-"
PROMPT: Final = "(kvm) "
_MOST_BYTES: Final = 1 << 20


def run_batch(session: Session, path: str) -> int:
    """Do the commands of a file, `-` for stdin, on a session; return the exit code.

    Blank lines and those that begin with a `#` are passed over. The first command that makes no
    sense ends it.

    Raises:
        UsageError: the file cannot be read.
    """
    name = "stdin" if path == STDIN else path
    for number, line in enumerate(_commands(_text(path)), 1):
        command = line.strip()
        if not command or command.startswith("#"):
            continue
        say(f"{PROMPT}{escaped(command)}\n")
        try:
            session, lines = _done(session, command)
        except (CommandError, QueryError) as error:
            complain(f"{name}:{number}: {error}")
            return BAD_INPUT
        say("".join(f"{escaped(each)}\n" for each in lines))
        if session.over:
            break
    return PASSED


def _done(session: Session, command: str) -> tuple[Session, Lines]:
    done, lines = perform(session, command)
    if done.request is None:
        return done, lines
    return _fulfilled(attrs.evolve(done, request=None), done.request)


def _fulfilled(session: Session, request: Request) -> tuple[Session, Lines]:
    """Do what a command wishes for, and say what came of it."""
    match request:
        case Save(path):
            return save(session, path)
        case Export(form, path):
            return session, export(session, form, path, picture)
        case Copy(mail):
            text = as_text(session, Form.MAIL) if mail else replay_command(session)
            return session, tuple(text.splitlines())
        case Swap(policy):
            return swap(session, policy)
        case Edit():
            raise CommandError("edit without a screen", "policy FILE, once the file is edited")
        case Compare(other):
            made = comparison(session, other)
            where = made.differences
            lines = comparison_lines(made.lockstep, made.names, where.first, where.first_in_memory)
            return session, tuple(lines)
        case Foresee():
            return session, _foreseen(session)


def _foreseen(session: Session) -> Lines:
    timeline = session.timeline
    known = prospects(timeline.initial, limits=Limits(FORESEEN))
    if known is None:
        return (TOO_MANY,)
    found = no_return(timeline, known)
    return (*foreseen_lines(timeline, known), *no_return_lines(found))


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
