"""`scenario --batch`: a debugger's commands from a file or a pipe, answered as plain text."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Final, TypeVar

import attrs

from engine.explorer.limits import Limits
from engine.explorer.prospects.prospects import no_return, prospects
from engine.refusal import RefusedError, quote
from tui.command_line.output import complain, say
from tui.command_line.picture import picture
from tui.commands.command import Lines
from tui.commands.prompt import perform
from tui.exit_codes import BAD_INPUT, PASSED
from tui.files.outside_work import do
from tui.presenters.panels.choices import FORESEEN, TOO_MANY, foreseen_lines, no_return_lines
from tui.presenters.reports.plain import escaped
from tui.presenters.status.compared import comparison_lines
from tui.session.comparison import Comparison
from tui.session.session import Session

STDIN: Final = "-"
PROMPT: Final = "(kvm) "
_MOST_BYTES: Final = 1 << 20

_T = TypeVar("_T")


def run_batch(session: Session, path: str) -> int:
    """Do the commands of a file, `-` for stdin, on a session; return the exit code.

    Blank lines and those that begin with a `#` are passed over. The first command that makes no
    sense ends it.

    Raises:
        RefusedError: the file cannot be read.
    """
    name = "stdin" if path == STDIN else path
    for number, line in enumerate(_commands(_text(path)), 1):
        command = line.strip()
        if not command or command.startswith("#"):
            continue
        say(f"{PROMPT}{escaped(command)}\n")
        try:
            session, lines = _done(session, command)
        except RefusedError as error:
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
    script = _Script(attrs.evolve(done, request=None))
    do(done.request, script)
    return script.now, script.said


@attrs.define
class _Script:
    """The surroundings of a script's command: what comes of a request is told in lines."""

    now: Session
    said: Lines = ()

    def wrote(self, session: Session, lines: Lines) -> None:
        self.now, self.said = session, lines

    def hand_over(self, text: str, *, mail: bool) -> None:
        self.said = tuple(text.splitlines())

    def picture(self, session: Session) -> str:
        return picture(session)

    def drive(
        self, work: Callable[[Callable[[int], bool]], _T], done: Callable[[_T], None]
    ) -> None:
        done(work(lambda _: True))

    def show_run(self, session: Session, lines: Lines) -> None:
        self.now, self.said = session, lines

    def show_comparison(self, made: Comparison) -> None:
        where = made.differences
        lines = comparison_lines(made.lockstep, made.names, where.first, where.first_in_memory)
        self.said = tuple(lines)

    def show_foreseen(self) -> None:
        timeline = self.now.timeline
        known = prospects(timeline.initial, limits=Limits(FORESEEN))
        if known is None:
            self.said = (TOO_MANY,)
        else:
            found = no_return(timeline, known)
            self.said = (*foreseen_lines(timeline, known), *no_return_lines(found))

    def edit(self) -> None:
        raise RefusedError("edit without a screen", "policy FILE, once the file is edited")


def _commands(text: str) -> Iterable[str]:
    return text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").split("\n")


def _text(path: str) -> str:
    """Return the text of a file.

    Raises:
        RefusedError: it cannot be read, is too long or not UTF-8.
    """
    try:
        if path == STDIN:
            raw = b"" if sys.stdin is None else sys.stdin.buffer.read(_MOST_BYTES + 1)
        else:
            with open(path, "rb") as file:
                raw = file.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "a name that no file has"
        raise RefusedError(
            f"{quote(path)}: {why}", "a file with commands, or - for stdin"
        ) from None
    if len(raw) > _MOST_BYTES:
        raise RefusedError(f"{quote(path)}, more than a megabyte", "commands, a line each")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise RefusedError(f"{quote(path)}, line {line}, which is not UTF-8", "UTF-8") from None
