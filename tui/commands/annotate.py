"""Commands about bookmarks, and about names of branches: what the user notes on a run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import attrs

from engine.refusal import RefusedError, quote
from tui.commands.arguments import is_number
from tui.commands.command import Lines, command
from tui.presenters.words import printable
from tui.session.session import Bookmark, Session

MOST: Final = 500
"""How many bookmarks a session may have."""
LONGEST: Final = 300
"""How many characters a bookmark's text may have as it is typed."""
LONGEST_JOINED: Final = MOST * (LONGEST + 2)
"""How many it may have where several bookmarks have come to the same step."""

BRANCH_NAMES: Final = "a name: a letter, then letters, digits, - _ and ."

_NAME: Final = re.compile(r"[A-Za-z_][\w.-]{0,39}", re.ASCII)


@command(
    "rename", shape="NAME", help="give the branch at hand another name", example="rename rescued"
)
def rename(session: Session, argument: str) -> tuple[Session, Lines]:
    """Give the branch at hand another name."""
    if not is_branch_name(argument):
        raise RefusedError(quote(argument) if argument else "nothing", BRANCH_NAMES)
    if argument in session.branches.names:
        raise RefusedError(f"{quote(argument)}, which there is", "a name that no branch has")
    old = session.branch.name
    bookmarks = tuple(
        attrs.evolve(each, branch=argument) if each.branch == old else each
        for each in session.bookmarks
    )
    done = attrs.evolve(session, branches=session.branches.renamed(argument), bookmarks=bookmarks)
    return done, (f"{old} is {argument} now",)


@command(
    "mark",
    "m",
    shape="[TEXT]",
    help="put a bookmark at the step at hand",
    example="mark here it is skipped",
)
def mark(session: Session, argument: str) -> tuple[Session, Lines]:
    """Put a bookmark at the step at hand, in the place of one that is there.

    It belongs to the oldest branch that has the step, so that all that share the step have it.
    """
    text = printable(argument.strip()) or "bookmark"
    if len(text) > LONGEST:
        raise RefusedError(f"{len(text)} characters", f"at most {LONGEST}")
    step = session.timeline.cursor
    others = tuple(each for each in session.bookmarks if not _is_at(session, each, step))
    if len(others) >= MOST:
        raise RefusedError(
            f"{len(others)} bookmarks", f"fewer than {MOST} (unmark STEP removes one)"
        )
    made = Bookmark(_oldest_with(session, step), step, text)
    done = attrs.evolve(session, bookmarks=_sorted(session, (*others, made)))
    return done, (f"bookmark at step {step}: {text}",)


@command(
    "unmark",
    shape="[STEP]",
    help="take a bookmark away",
    example="unmark 13",
    offers=lambda session: map(str, sorted(session.marked)),
)
def unmark(session: Session, argument: str) -> tuple[Session, Lines]:
    """Take a bookmark away, that of the step at hand if none is named."""
    known = sorted(session.marked)
    steps = ", ".join(map(str, known)) or "there is none"
    expected = f"a step with a bookmark: {steps}"
    if argument and not is_number(argument):
        raise RefusedError(quote(argument), expected)
    step = int(argument) if argument else session.timeline.cursor
    if step not in known:
        raise RefusedError(f"no bookmark at step {step}", expected)
    others = tuple(each for each in session.bookmarks if not _is_at(session, each, step))
    return attrs.evolve(session, bookmarks=others), (f"bookmark at step {step} deleted",)


def bookmark_lines(session: Session) -> Iterator[str]:
    """Yield the bookmarks of the branch at hand."""
    if not session.marked:
        yield "no bookmarks"
    for step, text in sorted(session.marked.items()):
        yield f"step {step}: {text}"


def is_branch_name(text: str) -> bool:
    """Say whether a branch can be called so."""
    return bool(_NAME.fullmatch(text))


def _oldest_with(session: Session, step: int) -> str:
    """Return the first of the branch at hand and its ancestors that shares a step with it."""
    ancestors = session.branches.ancestors(session.branch)
    return next((name for name, at in reversed(ancestors) if step <= at), session.branch.name)


def _is_at(session: Session, bookmark: Bookmark, step: int) -> bool:
    """Say whether a bookmark is seen at a step of the branch at hand."""
    reach = {session.branch.name: step, **dict(session.branches.ancestors(session.branch))}
    return bookmark.step == step <= reach.get(bookmark.branch, -1)


def _sorted(session: Session, bookmarks: tuple[Bookmark, ...]) -> tuple[Bookmark, ...]:
    names = session.branches.names
    return tuple(sorted(bookmarks, key=lambda each: (names.index(each.branch), each.step)))
