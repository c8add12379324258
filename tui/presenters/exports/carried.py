"""The C that goes with a mail, because only its sender has it: whole, or as a diff to its base."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from difflib import unified_diff
from os.path import splitext
from typing import Final

import attrs

from engine.refusal import RefusedError
from scenarios.case import Case
from scenarios.names import policy_names
from scenarios.public_names import public_policy
from scenarios.sources.base import C_SUFFIXES, Tree
from tui.presenters.ascii_text import ascii_text

MOST_LINES: Final = 150
LONGEST: Final = 500
_MOST_FILES: Final = 60


@attrs.frozen
class Carried:
    """What the reader needs beside the mail's words, and the case as it is asked for with it."""

    before: str
    lines: tuple[str, ...]
    case: Case


def carried(case: Case) -> Carried | None:
    """Return what goes with a mail about a case; None where its policy is one that others have.

    That is a C file of the sender's own, such as the copy that an edit of a mail's candidate
    makes. A file too long to be sent goes as a diff to the base that it was made from.
    """
    spec = public_policy(case.policy_spec)
    if case.policy_spec in policy_names() or splitext(spec)[1] not in C_SUFFIXES:
        return None
    lines = tuple(case.policy.source.text.expandtabs(8).splitlines())
    if len(lines) <= MOST_LINES and _can_be_sent(lines):
        return Carried(f"The policy, as {spec}:", tuple(map(_sent, lines)), case.public)
    diff = None if case.base is None else _diff(case.policy.source.text, case.base)
    if diff is None:
        return None
    name = f"{splitext(spec)[0]}.patch"
    there = attrs.evolve(case.public, policy_spec=name)
    return Carried(f"The policy, as a diff, {name}:", tuple(map(_sent, diff)), there)


def _diff(text: str, base: Tree) -> tuple[str, ...] | None:
    """Return the diff to the file of a base that a text has most of its lines from."""
    mine = text.splitlines()
    nearest, path = _nearest(set(mine), base)
    if nearest is None:
        return None
    names = (f"a/{path}", f"b/{path}")
    lines = tuple(
        f"{line[:1]}{line[1:].expandtabs(8)}"
        for line in unified_diff(nearest.splitlines(), mine, *names, lineterm="")
    )
    return lines if 0 < len(lines) <= MOST_LINES and _can_be_sent(lines) else None


def _nearest(lines: set[str], base: Tree) -> tuple[str | None, str]:
    """Return the text and the path of the file that has most of some lines, None for none."""
    most, nearest, path = 0, None, ""
    for file in base.kvm_files()[:_MOST_FILES]:
        with suppress(RefusedError):
            shared = len(lines & set(file.text.splitlines()))
            if shared > most:
                most, nearest, path = shared, file.text, file.path
    return nearest, path


def _can_be_sent(lines: Sequence[str]) -> bool:
    return all(len(line) <= LONGEST and line.isprintable() for line in lines)


def _sent(line: str) -> str:
    """Return a line as ASCII, its indentation kept, and not broken: it is to be compiled."""
    bare = line.lstrip(" ")
    return f"{' ' * (len(line) - len(bare))}{ascii_text(bare)}".rstrip()
