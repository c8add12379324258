"""The heading after a hunk's `@@`: git's name for what the hunk's first line stands below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from scenarios.sources.source_text import SourceLine

_BEGINS: Final = re.compile(r"[A-Za-z_$]")
_LABEL: Final = re.compile(r"[A-Za-z_]\w*[ \t]*:[ \t]*(?:$|/[/*])")
_CALLED: Final = re.compile(r"([A-Za-z_]\w*)[ \t]*\(")
_WORD: Final = re.compile(r"[A-Za-z_]\w*")


def is_heading(text: str) -> bool:
    """Say whether git would take a line for a heading: a letter in the first column, no label."""
    return _BEGINS.match(text) is not None and _LABEL.match(text) is None


def headings_above(lines: Sequence[SourceLine], at: int, first: int, above: str) -> tuple[str, ...]:
    """Return what may head a hunk whose first line is line index `at`, the nearest lines first.

    Lines above index `first` are not looked at: `above` is what heads that one. Other programs
    than git take labels as well.
    """
    found: list[str] = []
    for index in range(min(at, len(lines)) - 1, first - 1, -1):
        text = lines[index].text
        if is_heading(text):
            return (*found, text)
        if not found and _BEGINS.match(text):
            found.append(text)
    return (*found, above)


def is_same(section: str, heading: str) -> bool:
    """Say whether a hunk's heading, which may be cut short, is a line of the base.

    What is defined there has to have the same name; the rest of the line may have changed.
    """
    wanted, line = (" ".join(text.split()) for text in (section, heading))
    if not _WORD.search(wanted):
        return True
    return bool(line) and (line.startswith(wanted) or defined(wanted) == defined(line))


def defined(heading: str) -> str:
    """Return the name of what a heading defines: a function, a table, or its last word."""
    called = _CALLED.search(heading)
    if called is not None:
        return called.group(1)
    words = _WORD.findall(heading.partition("=")[0].partition("[")[0])
    return words[-1] if words else ""
