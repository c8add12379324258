"""What may be written over: never what a session is a session of, nor, by saving, other work."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress

from engine.refusal import RefusedError, quote
from scenarios.case import Case
from scenarios.names import policy_names, shipped_names
from scenarios.sources.candidate import split_fragment
from tui.files.session_file import read_session_file
from tui.files.xdg import is_unsaved
from tui.session.session import Session


def check_save(session: Session, target: str) -> None:
    """Make sure that a session can be saved there: in its own file, a new one or a session's.

    Raises:
        RefusedError: that would cost what is there, or the session in the end.
    """
    _check_sources(session.case, target)
    if is_unsaved(target):
        found = f"{quote(target)}, among the sessions that are forgotten some time"
        raise RefusedError(found, "a file in another directory")
    if not os.path.isfile(target) or _is_same(target, session.file):
        return
    try:
        read_session_file(target)
    except RefusedError:
        found = f"{quote(target)}, which is there and no session that can be read"
        raise RefusedError(found, "a new file, or a session's") from None


def check_export(session: Session, target: str) -> None:
    """Make sure that a run can be written there; as a compiler's, it may replace other files.

    Raises:
        RefusedError: that would cost the session, or what it is a session of.
    """
    _check_sources(session.case, target)
    if _is_same(target, session.file):
        raise RefusedError(f"{quote(target)}, the file of this session", "another file")


def _check_sources(case: Case, target: str) -> None:
    for what, path in _sources(case):
        if _is_same(target, path):
            raise RefusedError(f"{quote(target)}, the file of the {what}", "another file")


def _sources(case: Case) -> Iterator[tuple[str, str]]:
    """Yield the files of the user's that a case is read from, and what each of them is."""
    if case.scenario_spec not in shipped_names():
        yield "scenario", case.scenario_spec
    if case.policy_spec not in policy_names():
        whole = os.path.isfile(case.policy_spec)
        yield "policy", case.policy_spec if whole else split_fragment(case.policy_spec)[0]
    if case.base is not None:
        yield from (("base", str(file.place)) for file in case.base.files)


def _is_same(one: str, other: str) -> bool:
    """Say whether two paths lead to the same file."""
    with suppress(OSError, ValueError):
        return bool(other) and os.path.samefile(one, other)
    return False
