"""A unified diff as values: its hunks, and their lines with their place in the mail."""

from __future__ import annotations

import re
from typing import Final, Literal

import attrs

from scenarios.sources.candidate import POLICY_FUNCTIONS, Line
from scenarios.sources.tokens import fragment_tokens

Kind = Literal[" ", "+", "-"]

_DEFINES: Final = re.compile(r"[A-Za-z_][^;=]{0,200}?\b(\w+)[ \t]*\(")
_NAMES: Final = re.compile(r"\b(" + "|".join(POLICY_FUNCTIONS) + r")[ \t]*\(")


@attrs.frozen
class HunkLine:
    """One line of a hunk without its mark: context, added or removed."""

    kind: Kind
    text: str
    number: int


@attrs.frozen
class Hunk:
    """One hunk: `header` as written, at line `number` of the user's file."""

    path: str
    header: str
    number: int
    source_start: int
    section: str
    lines: tuple[HunkLine, ...]

    @property
    def old(self) -> tuple[Line, ...]:
        """The text the hunk is made against."""
        return tuple(Line(line.text, line.number) for line in self.lines if line.kind != "+")

    @property
    def new(self) -> tuple[Line, ...]:
        """The text the hunk makes of it."""
        return tuple(Line(line.text, line.number) for line in self.lines if line.kind != "-")

    @property
    def place(self) -> str:
        """How notes and errors name it."""
        at = " ".join(self.header.split("@@", 2)[:2]).strip()
        of = f" of {self.path}" if self.path else ""
        return f"hunk @@ {at} @@{of} (line {self.number})"

    @property
    def changes(self) -> tuple[str, ...]:
        """The policy functions its added and removed lines belong to.

        A function begins at a name before a parenthesis in the first column (or in git's section
        heading) and ends at a closing brace in the first column, as the kernel writes it.
        """
        heading = _NAMES.search(self.section)
        current = heading.group(1) if heading else None
        touched: list[str] = []
        for line in self.lines:
            if line.text[:1].isalpha() and line.text.rstrip()[-1:] != ";":
                found = _NAMES.search(line.text) or _DEFINES.match(line.text)
                current = found.group(1) if found else current
            if line.kind != " " and line.text.strip() and current in POLICY_FUNCTIONS:
                touched.append(current or "")
            if line.text[:1] == "}":
                current = None
        return tuple(dict.fromkeys(touched))

    @property
    def changes_code(self) -> bool:
        """Say whether more than comments and white space change."""
        old, new = (
            [token.text for token in fragment_tokens([line.text for line in side])]
            for side in (self.old, self.new)
        )
        return old != new

    @property
    def mentions_policy(self) -> bool:
        """Say whether a policy function's name stands in it, or in its heading."""
        return any(_NAMES.search(text) for text in (self.section, *(q.text for q in self.lines)))


@attrs.frozen
class Diff:
    """Everything a text changes: its hunks in order, the files, and what had to be repaired."""

    hunks: tuple[Hunk, ...]
    paths: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
