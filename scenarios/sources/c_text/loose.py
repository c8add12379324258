"""Loose code: statements and marked rows in prose that are in no function and in no hunk."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from scenarios.sources.elision import is_elision
from scenarios.sources.source_text import SourceLine

_REMARK: Final = re.compile(r"/\*.*?(?:\*/|$)|//.*")
_MARK: Final = re.compile(r"[-+](?![-+>])")
_FOREIGN: Final = re.compile(
    r"[ \t]*(?:[|\u2502\u2503\u203a\u00bb%]|&gt;|[A-Za-z]{1,4}[>|](?=[ \t+-]))[ \t]?"
)
"""What stands before a line that somebody quotes by other marks than `>`."""
_SET_OFF: Final = re.compile(r"(?:[ \t]+|[ \t]*[*#:!}][ \t]?)(?=[-+](?![-+> ]|[ ]\S))")
"""What stands before a marked row that is indented, or one of a list."""
_PLACE: Final = r"\(?\**\(?[A-Za-z_]\w*(?:(?:->|\.)\w+|\[[^\]]{0,80}\]|\([^()]{0,80}\))*\)?"
_STATEMENT: Final = re.compile(
    rf"{_PLACE}\s*(?:[-+|&^*/%]|<<|>>)?=(?!=).+;"
    rf"|(?:\+\+|--){_PLACE};|{_PLACE}(?:\+\+|--);"
    r"|[A-Za-z_]\w*\(.*\);"
    r"|return\b[^?!]*;|goto \w+;|break;|continue;"
)
_CONDITION: Final = re.compile(
    r"(?:\}\s*)?(?:else\s+)?(?:if|while|for|switch)\s*\(.*(?:[)]|&&|\|\||,)\s*\{?"
)
_OTHER: Final = re.compile(r"\}?\s*else\s*\{?|do\s*\{|case \w+:|default:|[A-Za-z_]\w*\(.*,")
"""What is code where it is marked or indented, and may be prose elsewhere."""
_OPERATOR: Final = re.compile(r"->|[=!<>&|]=|&&|\|\||_|!\w|\w\(")
_LONGEST: Final = 400
_NEAR: Final = 3
"""How many lines without a statement may stand between those of one piece."""


def loose_code(
    lines: Sequence[SourceLine], taken: Collection[int], *, marked_only: bool
) -> tuple[tuple[SourceLine, ...], ...]:
    """Return the pieces of code among lines that are not taken, given by their indices.

    `marked_only`: rows with a `+` or `-` alone, as where a message explains its diff with code.
    """
    found: list[list[SourceLine]] = []
    last = -_NEAR - 1
    for index, line in enumerate(lines):
        if index in taken or not _is_code(line.text, marked_only=marked_only):
            continue
        if index - last > _NEAR or any(between in taken for between in range(last + 1, index)):
            found.append([])
        found[-1].append(line)
        last = index
    return tuple(map(tuple, found))


def body_of(lines: Sequence[SourceLine], first: int) -> range:
    """Return the indices of what stands below a line as its function's body would."""
    end = first + 1
    while end < len(lines) and _is_inside(lines[end].text):
        end += 1
    return range(first, end)


def _is_inside(text: str) -> bool:
    return not text.strip() or text[0] in " \t{}+-" or is_elision(text)


def unquoted(text: str) -> str:
    """Return a line without what stands before it where it is quoted by other marks than `>`."""
    while (found := _FOREIGN.match(text) or _SET_OFF.match(text)) is not None:
        text = text[found.end() :]
    return text


def _is_code(text: str, *, marked_only: bool) -> bool:
    """Say whether a line is C rather than prose, a list, or a table."""
    text = unquoted(text[:_LONGEST])
    mark = _MARK.match(text)
    if mark is None and marked_only:
        return False
    rest = text[1:] if mark else text
    code = _REMARK.sub("", rest).strip()
    if _STATEMENT.fullmatch(code):
        return True
    set_off = rest[:1] == "\t" or rest.startswith("    ")
    if _CONDITION.fullmatch(code):
        return set_off or _OPERATOR.search(code) is not None
    return set_off and _OTHER.fullmatch(code) is not None
