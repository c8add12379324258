"""Outside work: what commands ask for beyond their session, with files and other policies.

No shell has seen the names of files here, so a leading ~ is expanded as one would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from os.path import expanduser
from pathlib import Path
from typing import Final, Protocol, TypeVar

import attrs

from engine.refusal import RefusedError, quote
from scenarios.case import Case, flat
from scenarios.event_list import written_run
from scenarios.names import PROGRAM, policy_names
from scenarios.policy_library import load_policy
from scenarios.schedule import Played
from scenarios.sources.base import read_text
from tui.commands.command import Lines
from tui.commands.policy_swap import swapped
from tui.files.overwriting import check_export, check_save
from tui.files.session_file import session_bytes
from tui.files.writing import make_private, plain_name, write_new, write_whole
from tui.files.xdg import POLICIES
from tui.presenters.exports.forms import AT_A_STEP, WHOLE
from tui.presenters.exports.shared import SharedRun, replay_words
from tui.presenters.panels.side_by_side import told_alike
from tui.presenters.reports.plain import visible
from tui.presenters.shell import from_home, joined
from tui.session.comparison import Comparison
from tui.session.requests import (
    Compare,
    CopyToClipboard,
    Edit,
    Export,
    Foresee,
    Form,
    Request,
    Save,
    Swap,
)
from tui.session.session import Session

STDOUT: Final = "-"
COPIED_COMMAND: Final = "copied-command.txt"
COPIED_MAIL: Final = "copied-mail.txt"

Picture = Callable[[Session], str]
"""Returns the screen of a session as SVG."""


_T = TypeVar("_T")


class Surroundings(Protocol):
    """Where a request is made: how what comes of it is shown, and what it takes a screen for."""

    @property
    def now(self) -> Session:
        """The session that asks."""

    def wrote(self, session: Session, lines: Lines) -> None:
        """Go on with a session of which something was written, and say so."""

    def hand_over(self, text: str, *, mail: bool) -> None:
        """Put a mail, or a command, where it can be pasted."""

    def picture(self, session: Session) -> str:
        """Return the screen of a session as SVG."""

    def drive(
        self, work: Callable[[Callable[[int], bool]], _T], done: Callable[[_T], None]
    ) -> None:
        """Do work that drives another run, and take up what comes of it.

        The work is given what it tells how many steps are driven.
        """

    def show_run(self, session: Session, lines: Lines) -> None:
        """Go on with another run, and say what became of it."""

    def show_comparison(self, made: Comparison) -> None:
        """Show a comparison."""

    def show_foreseen(self) -> None:
        """Tell what can follow, and where there is no return."""

    def edit(self) -> None:
        """Have the policy edited, and put what comes of it into the run's KVM.

        Raises:
            RefusedError: there is nothing to edit it with, or no place for a copy.
        """


def do(request: Request, surroundings: Surroundings) -> None:
    """Do what a command asks for.

    Raises:
        RefusedError: it cannot be done.
    """
    now = surroundings.now
    match request:
        case Save(path):
            surroundings.wrote(*save(now, path))
        case Export(form, path):
            surroundings.wrote(now, export(now, form, path, surroundings.picture))
        case CopyToClipboard(mail):
            text = as_text(now, Form.MAIL) if mail else replay_command(now)
            surroundings.hand_over(text, mail=mail)
        case Swap(policy):
            put_in(under(now.case, policy), surroundings)
        case Edit():
            surroundings.edit()
        case Compare(other) if other in now.branches.names:
            surroundings.show_comparison(Comparison.of_branches(now, other, told_alike))
        case Compare(policy):
            case = under(now.case, policy)
            surroundings.drive(
                lambda told: Comparison.under(now, case, told_alike, told),
                surroundings.show_comparison,
            )
        case Foresee():
            surroundings.show_foreseen()


def put_in(case: Case, surroundings: Surroundings) -> None:
    """Put the policy of another case into the run's KVM, keeping the place."""
    now = surroundings.now
    surroundings.drive(
        lambda told: swapped(now, case, told), lambda made: surroundings.show_run(*made)
    )


def save(session: Session, path: str | None) -> tuple[Session, Lines]:
    """Write a session to a file, by default the one that it came from; for `-` return it.

    Raises:
        RefusedError: there is no file to write to, it is something else's, it cannot be written,
            or the session could not be read from it again.
    """
    target = session.file if path is None else expanduser(path)
    if not target:
        raise RefusedError("no file that this session came from", "save FILE")
    if target != STDOUT:
        check_save(session, target)
    content = session_bytes(session, target)
    if target == STDOUT:
        return session, tuple(content.decode().splitlines())
    _write(target, content)
    again = joined((PROGRAM, "--session", target))
    return attrs.evolve(session, file=target).kept(), (f"saved; {again} opens it again",)


def export(session: Session, form: Form, path: str, picture: Picture) -> Lines:
    """Write a session's run to a file, to be shared; for `-` return it.

    Raises:
        RefusedError: it cannot be written, or the session depends on what is there.
    """
    target = expanduser(path)
    if target != STDOUT:
        check_export(session, target)
    text = picture(session) if form is Form.SVG else as_text(session, form)
    if target == STDOUT:
        return tuple(text.splitlines())
    _write(target, visible(text).encode("utf-8", "backslashreplace"))
    return (f"written to {target}",)


def as_text(session: Session, form: Form) -> str:
    """Return a session's run in one of the forms that are text.

    Raises:
        RefusedError: it is too long for a command that replays it, and the form has one.
    """
    if form.value in WHOLE:
        return WHOLE[form.value](SharedRun(session.case, _played(session)))
    return AT_A_STEP[form.value](shared(session), session.timeline.cursor)


def replay_command(session: Session) -> str:
    """Return the command that opens the debugger on a session's run, at the step at hand.

    Raises:
        RefusedError: the run is too long for a command.
    """
    return joined(flat(replay_words(shared(session), session.timeline.cursor)))


def copied(text: str, directory: Path | None, name: str) -> str:
    """Return where a text is that was sent to the clipboard: not every terminal takes it.

    It is written to a file of that name as well, which has the last such text.
    """
    sent = "Sent to the terminal's clipboard"
    if directory is None:
        return f"{sent}; without a home, or XDG_STATE_HOME, to no file"
    path = directory / name
    try:
        make_private(directory)
        write_whole(str(path), f"{text.rstrip(chr(10))}\n".encode("utf-8", "backslashreplace"))
    except OSError as error:
        return f"{sent}; not to {from_home(str(path))} ({error.strerror})"
    return f"{sent}; also in {from_home(str(path))}"


def compare_command(comparison: Comparison) -> str:
    """Return the command that opens the debugger on a comparison with another policy.

    Raises:
        RefusedError: the run is too long for a command.
    """
    left, right = comparison.left, comparison.right
    if left.case.session and left.setup is not right.setup:
        found = f"a scenario and a policy that only {quote(left.case.session)} has as they are"
        raise RefusedError(found, "their own files, as they were, for a command")
    words = replay_words(shared(left), left.timeline.cursor)
    if left.setup is right.setup:
        return joined(flat(words))
    both = (*words[:2], ("--policy", right.case.policy_spec), *words[2:])
    return joined(flat(both))


def shared(session: Session) -> SharedRun:
    """Return a session's run as it is shared, with the events that make it.

    Raises:
        RefusedError: they are too many to be written down.
    """
    by_schedule = _is_own(session) and not session.case.session
    events = None if by_schedule else written_run(session.timeline)
    return SharedRun(session.case, _played(session), events)


def under(case: Case, spec: str) -> Case:
    """Return the same case under another policy, read as the first one was.

    Raises:
        RefusedError: there is no such policy, or it cannot be read.
    """
    spec = expanduser(spec)
    bases = [option for option in case.options if option[:1] == ("--base",)]
    if bases and case.base is None and spec not in policy_names():
        found = f"{bases[0][-1]!r}, the base of patches here, which cannot be read"
        raise RefusedError(found, "it where the session names it, or a built-in policy")
    try:
        policy = load_policy(spec, options=case.policy.options, base=case.base)
    except RefusedError as error:
        at = f" at {error.file}:{error.line}:{error.column}" if error.line else ""
        raise RefusedError(f"{error.what_was_found}{at}", error.expected, way=error.way) from None
    return case.under(policy, spec)


def policy_file(case: Case, directory: Path | None) -> str:
    """Return the file to edit for a policy: the user's own, or a copy of what is no file of C.

    Raises:
        RefusedError: the copy cannot be written.
    """
    if _is_file_of(case.policy_spec, case.policy.source.text):
        return case.policy_spec
    if directory is None:
        raise RefusedError("no directory for a copy of the policy", "a home, or XDG_STATE_HOME")
    text, name = case.policy.source.text, plain_name(case.policy.name.removesuffix(".c"))
    copies = directory / POLICIES
    with _writing(str(copies)):
        make_private(copies)
    for number in count(1):
        copy = str(copies / f"{name}{f'-{number}' if number > 1 else ''}.c")
        with _writing(copy), suppress(FileExistsError):
            write_new(copy, text.encode())
            return copy
        if _is_file_of(copy, text):
            return copy
    raise AssertionError("numbers have an end")


def _is_own(session: Session) -> bool:
    """Say whether the scenario's own schedule makes the run that is looked at."""
    return session.branch.parent is None and not session.prepared


def _played(session: Session) -> Played:
    return Played(session.timeline, session.skipped if _is_own(session) else (), ())


def _is_file_of(path: str, text: str) -> bool:
    """Say whether there is such a file of C, and a policy read from it would be this text."""
    with suppress(RefusedError):
        return path.endswith(".c") and Path(path).is_file() and read_text(path) == text
    return False


def _write(path: str, content: bytes) -> None:
    with _writing(path):
        write_whole(path, content)


@contextmanager
def _writing(path: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "a name that no file has"
        raise RefusedError(f"{quote(path)}: {why}", "a file that can be written") from None
