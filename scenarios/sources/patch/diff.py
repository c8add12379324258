"""A unified diff as values: its hunks, and their lines with their place in the mail."""

from __future__ import annotations

import re
from typing import Final, Literal

import attrs

from scenarios.kernel.decisions import POLICY_FUNCTIONS
from scenarios.sources.c_text.tokens import fragment_tokens
from scenarios.sources.draft import Missing
from scenarios.sources.source_text import SourceLine

Kind = Literal[" ", "+", "-"]

_DEFINES: Final = re.compile(r"[A-Za-z_][^;=(]{0,200}?\b(\w+)[ \t]*\(")
_BARE: Final = re.compile(r"(\w+)[ \t]*\(")
_INNER: Final = re.compile(r"[#{]|[A-Za-z_]\w*:[ \t]*(?:/[*/].*)?$")
"""What stands in the first column and may be inside a function: directives, braces, labels."""
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
    old_path: str = ""
    """What the file was called before; none: it is new."""
    removes: bool = False
    """The file is no more after the patch."""

    @property
    def old(self) -> tuple[SourceLine, ...]:
        """The text the hunk is made against."""
        return tuple(SourceLine(line.text, line.number) for line in self.lines if line.kind != "+")

    @property
    def new(self) -> tuple[SourceLine, ...]:
        """The text the hunk makes of it."""
        return tuple(SourceLine(line.text, line.number) for line in self.lines if line.kind != "-")

    @property
    def name(self) -> str:
        """What it is called where its line is known."""
        at = " ".join(self.header.split("@@", 2)[:2]).strip()
        of = f" of {self.path}" if self.path else ""
        return f"hunk @@ {at} @@{of}"

    @property
    def place(self) -> str:
        """How notes and errors name it."""
        return f"{self.name} (line {self.number})"

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions its added and removed lines belong to, as far as it shows.

        A function begins at a name before a parenthesis in the first column (or in git's section
        heading) and ends at a closing brace in the first column, as the kernel writes it. The
        heading names a function that begins above: anything else in the first column ends it.
        """
        return self.functions_but(frozenset())

    def functions_but(self, kept: frozenset[int]) -> tuple[str, ...]:
        """Return the functions of its changed lines but for some lines of the user's file."""
        current = _function_in(self.section)
        touched: list[str] = []
        for line in self.lines:
            if line.text[:1].strip() and not _INNER.match(line.text):
                current = _function_at(line.text, current)
            changed = line.kind != " " and line.text.strip() and line.number not in kept
            if changed and current:
                touched.append(current)
            if line.text[:1] == "}":
                current = ""
        return tuple(dict.fromkeys(touched))

    @property
    def changes(self) -> tuple[str, ...]:
        """The policy functions its added and removed lines belong to."""
        return tuple(name for name in self.functions if name in POLICY_FUNCTIONS)

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
    renames: tuple[tuple[str, str], ...] = ()
    """Files with another name after the patch: the old one and the new."""
    bare: tuple[tuple[str, int], ...] = ()
    """Files that the patch names without a hunk, and the line: removed, binary, of another mode."""
    missing: tuple[Missing, ...] = ()
    """What of it is not there, or in a form nobody reads."""


def _function_at(text: str, current: str) -> str:
    """Return the function that a line in the first column is of, none for other definitions."""
    if text[0] == "}":
        return current
    return "" if text[0] == "/" or text.rstrip()[-1:] == ";" else _function_in(text)


def _function_in(text: str) -> str:
    """Return the name of the function whose head a line is."""
    found = _NAMES.search(text) or _BARE.match(text) or _DEFINES.match(text)
    return found.group(1) if found else ""
