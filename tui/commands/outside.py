"""Commands for what is beyond the session: files, the clipboard, other policies, comparisons."""

from __future__ import annotations

import attrs

from engine.refusal import RefusedError, quote
from scenarios.names import policy_names
from tui.commands.arguments import nothing
from tui.commands.command import Lines, command
from tui.session.requests import Compare, CopyToClipboard, Edit, Export, Form, Request, Save, Swap
from tui.session.session import Session

FORMS = {form.value: form for form in Form}
*_MOST, _LAST = FORMS


def _others(session: Session) -> tuple[str, ...]:
    branches = (each.name for each in session.branches if each is not session.branch)
    return (*branches, *policy_names())


@command(
    "compare",
    shape="P|BRANCH",
    help="this run beside another policy's, or another branch",
    example="compare upstream",
    offers=_others,
)
def compare(session: Session, argument: str) -> tuple[Session, Lines]:
    """Show the run beside what it is under another policy, or beside another branch."""
    if not argument:
        raise RefusedError("nothing", "a policy or a branch to compare with")
    if argument == session.branch.name:
        raise RefusedError(f"{quote(argument)}, the branch at hand", "another one, or a policy")
    return _requesting(session, Compare(argument))


@command(
    "policy",
    shape="[P]",
    help="put another policy into this run's KVM; alone, tell which it has",
    example="policy upstream",
    offers=lambda _: policy_names(),
)
def swap(session: Session, argument: str) -> tuple[Session, Lines]:
    """Put another policy into the run's KVM; guests, host and hardware move as before."""
    if not argument:
        case = session.case
        return session, (f"{case.policy.name}, {case.policy.source.name}",)
    return _requesting(session, Swap(argument))


@command("edit", help="edit the policy in $EDITOR, and take it up")
def edit(session: Session, argument: str) -> tuple[Session, Lines]:
    """Edit the policy, and put what comes of it into the run's KVM."""
    nothing(argument)
    return _requesting(session, Edit())


@command(
    "copy",
    shape="[mail]",
    help="the command that replays this, or the run as a mail",
    example="copy mail",
)
def copy(session: Session, argument: str) -> tuple[Session, Lines]:
    """Copy the command that replays the run to the step at hand, or the run as a mail."""
    if argument not in ("", "command", "mail"):
        raise RefusedError(quote(argument), "command or mail")
    return _requesting(session, CopyToClipboard(mail=argument == "mail"))


@command(
    "export",
    shape="FORM FILE",
    help=f"write the run to a file: {', '.join(_MOST)} or {_LAST}",
    example="export mail run.txt",
    offers=lambda _: FORMS,
)
def export(session: Session, argument: str) -> tuple[Session, Lines]:
    """Write the run to a file, in one of the forms in which it can be shared."""
    name, _, path = argument.partition(" ")
    if name not in FORMS:
        found = quote(name) if name else "nothing"
        raise RefusedError.unknown(found, name, FORMS, "a form")
    if not path.strip():
        raise RefusedError("no file", f"export {name} FILE")
    return _requesting(session, Export(FORMS[name], path.strip()))


@command(
    "save",
    shape="[FILE]",
    help="write the session to a file, by default its own",
    example="save review.session",
)
def save(session: Session, argument: str) -> tuple[Session, Lines]:
    """Write the session to a file, by default the one it came from."""
    return _requesting(session, Save(argument or None))


def _requesting(session: Session, request: Request) -> tuple[Session, Lines]:
    return attrs.evolve(session, request=request), ()
