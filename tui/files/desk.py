"""The desk: what commands wish for beyond their session, done with files and other policies.

No shell has seen the names of files here, so a leading ~ is expanded as one would.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from itertools import count
from os.path import expanduser
from pathlib import Path
from typing import Final

import attrs

from engine.arm.syntax import quote
from engine.c.source import PolicyError
from scenarios.policy_library import load_policy
from scenarios.schedule import Played
from scenarios.sources.candidate import SourceError
from scenarios.written import written_run
from tui.files.session_file import session_bytes
from tui.files.writing import make_private, plain_name, write_whole
from tui.presenters.cases import Case, flat
from tui.presenters.exports.itf import run_as_itf
from tui.presenters.exports.mail import run_as_mail
from tui.presenters.exports.markdown import run_as_markdown
from tui.presenters.exports.run_json import run_as_json
from tui.presenters.exports.shared import SharedRun, replay_words
from tui.presenters.reports.plain import PROGRAM
from tui.sessions.command import Lines
from tui.sessions.comparison import Comparison
from tui.sessions.errors import CommandError
from tui.sessions.session import Session
from tui.sessions.swapping import swapped
from tui.sessions.wishes import Form

Picture = Callable[[Session], str]
"""Returns the screen of a session as SVG."""

_TEXTS: Final[Mapping[Form, Callable[[SharedRun, int], str]]] = {
    Form.MAIL: run_as_mail,
    Form.MARKDOWN: run_as_markdown,
    Form.JSON: lambda run, _: run_as_json(run),
    Form.ITF: lambda run, _: run_as_itf(run),
}


def save(session: Session, path: str | None) -> tuple[Session, Lines]:
    """Write a session to a file, by default the one that it came from.

    Raises:
        CommandError: there is no file to write to, or it cannot be written.
    """
    target = session.file if path is None else expanduser(path)
    if not target:
        raise CommandError("no file that this session came from", "save FILE")
    _write(target, session_bytes(session, target))
    again = shlex.join((PROGRAM, "--session", target))
    return attrs.evolve(session, file=target).kept(), (f"saved; {again} opens it again",)


def export(session: Session, form: Form, path: str, picture: Picture) -> Lines:
    """Write a session's run to a file, to be shared.

    Raises:
        CommandError: it cannot be written.
    """
    text = picture(session) if form is Form.SVG else as_text(session, form)
    target = expanduser(path)
    _write(target, text.encode("utf-8", "backslashreplace"))
    return (f"written to {target}",)


def as_text(session: Session, form: Form) -> str:
    """Return a session's run in one of the forms that are text."""
    return _TEXTS[form](shared(session), session.timeline.cursor)


def replay_command(session: Session) -> str:
    """Return the command that opens the debugger on a session's run, at the step at hand."""
    return shlex.join(flat(replay_words(shared(session), session.timeline.cursor)))


def compare_command(comparison: Comparison) -> str:
    """Return the command that opens the debugger on a comparison with another policy."""
    left, right = comparison.left, comparison.right
    words = replay_words(shared(left), left.timeline.cursor)
    if left.setup is right.setup:
        return shlex.join(flat(words))
    both = (*words[:2], ("--policy", right.case.policy_spec), *words[2:])
    return shlex.join(flat(both))


def shared(session: Session) -> SharedRun:
    """Return a session's run as it is shared."""
    own = session.branch.parent is None and not session.prepared
    events = None if own else written_run(session.timeline)
    return SharedRun(session.case, Played(session.timeline, (), ()), events)


def under(case: Case, spec: str) -> Case:
    """Return the same case under another policy, read as the first one was.

    Raises:
        CommandError: there is no such policy, or it cannot be read.
    """
    spec = expanduser(spec)
    try:
        policy = load_policy(spec, options=case.policy.options, base=case.base)
    except SourceError as error:
        raise CommandError(error.found, error.expected) from None
    except PolicyError as error:
        place = f"{error.source}:{error.line}:{error.column}"
        raise CommandError(f"{error.found} at {place}", error.expected) from None
    return case.under(policy, spec)


def swap(session: Session, spec: str) -> tuple[Session, Lines]:
    """Put another policy into a session's KVM, keeping the place.

    Raises:
        CommandError: there is no such policy, or it cannot be read.
    """
    return swapped(session, under(session.case, spec))


def comparison(session: Session, other: str) -> Comparison:
    """Return a session's run beside another of its branches, or as it is under another policy.

    Raises:
        CommandError: there is no such branch or policy, or the policy cannot be read.
    """
    if other in [branch.name for branch in session.branches]:
        return Comparison.of_branches(session, other)
    return Comparison.under(session, under(session.case, other))


def policy_file(case: Case, directory: Path | None) -> str:
    """Return the file to edit for a policy: the user's own, or a copy of what is no file of C.

    Raises:
        CommandError: the copy cannot be written.
    """
    source = case.policy.source
    path = Path(case.policy_spec)
    if path.suffix == ".c" and path.is_file() and path.read_bytes() == source.text.encode():
        return str(path)
    if directory is None:
        raise CommandError("no directory for a copy of the policy", "a home, or XDG_STATE_HOME")
    text, name = source.text.encode(), plain_name(case.policy.name.removesuffix(".c"))
    for number in count(1):
        copy = directory / "policies" / f"{name}{f'-{number}' if number > 1 else ''}.c"
        if not copy.exists():
            _write(str(copy), text, parents=True)
        if copy.is_file() and copy.read_bytes() == text:
            return str(copy)
    raise AssertionError("numbers have an end")


def _write(path: str, content: bytes, *, parents: bool = False) -> None:
    try:
        if parents:
            make_private(Path(path).parent)
        write_whole(path, content)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "a name that no file has"
        raise CommandError(f"{quote(path)}: {why}", "a file that can be written") from None
