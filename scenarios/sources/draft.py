"""Drafts: candidates before the rest of their file is read, which is what names them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import attrs

from scenarios.sources.source_text import SourceLine


@attrs.frozen
class DraftFile:
    """A file of a draft: its lines as they are, and its text before the patch, None for none.

    `whole` says that the lines are those of a whole file, not of pieces of one; `place` is
    where the base lies that they were made of, which is no part of what they are.
    """

    path: str
    lines: tuple[SourceLine, ...]
    before: str | None = None
    whole: bool = False
    place: Path | None = attrs.field(default=None, eq=False)


@attrs.frozen
class UnreadHunk:
    """What a patch changes in a file that nobody has: its place in the user's file, and why."""

    path: str
    line: int
    functions: tuple[str, ...]
    why: str


@attrs.frozen
class Missing:
    """What the user's file leaves out, or has in a form nobody reads: no verdict speaks of it."""

    what: str
    """What it is, such as `hunk @@ -1,7 +1,7 @@ of mmu.c`."""
    line: int
    """Its place in the user's file, 0 for the file as a whole."""
    why: str
    """What of it is not there, as the rest of a sentence."""
    way: str
    """What the user can give instead."""


@attrs.frozen
class Draft:
    """A candidate before it has a name: others in the same file decide that."""

    title: str
    files: tuple[DraftFile, ...]
    notes: tuple[str, ...] = ()
    unread: tuple[UnreadHunk, ...] = ()
    missing: tuple[Missing, ...] = ()

    @classmethod
    def of_code(
        cls,
        title: str,
        lines: Iterable[SourceLine],
        notes: tuple[str, ...] = (),
        *,
        whole: str = "",
    ) -> Draft:
        """Return the draft of code that stands in the user's file; `whole` names a whole file."""
        return cls(title, (DraftFile(whole, tuple(lines), whole=bool(whole)),), notes)

    @property
    def first_line(self) -> int:
        """The first line of the user's file that is part of it."""
        numbers = (line.number for file in self.files for line in file.lines if line.number)
        return min(numbers, default=first_of(self.unread, self.missing))


def first_of(unread: tuple[UnreadHunk, ...], missing: tuple[Missing, ...]) -> int:
    """Return the first line of what nobody read, 0 where no place is known."""
    lines = (*(hunk.line for hunk in unread), *(each.line for each in missing))
    return min((line for line in lines if line), default=0)
