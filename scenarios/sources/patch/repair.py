"""The body of one hunk: which lines belong to it, and what a mail program did to them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, unique
from typing import Final

import attrs

from engine.refusal import InFile, RefusedError
from scenarios.sources.elision import is_elision
from scenarios.sources.patch.diff import HunkLine, Kind
from scenarios.sources.source_text import SourceLine

_STRUCTURE: Final = ("diff --git ", "@@ ", "--- a/", "--- /dev/null", "-- ", "From ", "Index: ")
_MAX_LINES: Final = 20_000


@unique
class _Reading(Enum):
    """How lines without a mark are read; the value is the note."""

    STRICT = ""
    WRAPPED = "long lines were broken by a mail program: joined"
    STRIPPED = "context lines lost their leading space: put back"
    MIXED = "long lines were joined, and the leading space of context lines put back"


@attrs.frozen
class Body:
    """The lines of a hunk, how many lines of the text it took, and what was repaired."""

    lines: tuple[HunkLine, ...]
    length: int
    section_rest: str = ""
    notes: tuple[str, ...] = ()
    short: str = ""
    """What of it is not there, by its header's counts; none: all is there."""
    elided: int = 0
    """The line of the user's file that stands for lines of it that were left out; 0 for none."""


def read_body(
    source: str, lines: Sequence[SourceLine], at: int, indent: str, old: int | None, new: int | None
) -> Body | None:
    """Read the hunk whose header stands at index `at`, by the counts the header gives.

    Every way to read the damage is tried; the counts say which one is right. None where no hunk
    follows a vague header; RefusedError where no reading fits.
    """
    bodies: list[Body] = []
    texts = _dedent(lines, at + 1, indent)
    if old is not None and new is not None:
        for reading in _Reading:
            body = _read(texts, reading, old, new)
            if body is not None:
                if reading is _Reading.STRICT:
                    return body
                bodies.append(body)
    recounted = _recount(texts, old, new)
    if recounted is not None:
        return recounted
    distinct = {body.lines: body for body in bodies}
    if len(distinct) == 1:
        return bodies[0]
    if old is None:
        return None
    raise _refusal(source, lines[at], texts, old, new, len(distinct))


def _dedent(lines: Sequence[SourceLine], first: int, indent: str) -> list[SourceLine]:
    """Return the lines from `first` on without the indentation of the hunk's header."""
    window = lines[first : first + _MAX_LINES]
    if not indent:
        return list(window)
    return [SourceLine(line.text.removeprefix(indent), line.number) for line in window]


def _read(texts: Sequence[SourceLine], reading: _Reading, old: int, new: int) -> Body | None:
    result: list[HunkLine] = []
    rest: list[str] = []
    index = 0
    while (old > 0 or new > 0) and index < len(texts):
        line = texts[index]
        kind = _kind(line.text)
        if line.text.startswith("\\") or _stands_for_lines(line.text):
            index += 1
            continue
        if kind is None:
            kind = _unmarked(line.text, reading)
            if kind is None and _ends_hunk(line.text):
                return None
            if kind is None and reading is _Reading.STRICT:
                return None
            if kind is None:
                _join(result, rest, line.text)
                index += 1
                continue
            line = SourceLine(" " + line.text, line.number)
        old, new = old - (kind != "+"), new - (kind != "-")
        if old < 0 or new < 0:
            return None
        result.append(HunkLine(kind, line.text[1:], line.number))
        index += 1
    if old or new:
        return None
    if reading in (_Reading.WRAPPED, _Reading.MIXED):
        while index < len(texts) and _is_rest(texts[index].text):
            _join(result, rest, texts[index].text)
            index += 1
    if index < len(texts) and texts[index].text.startswith("\\"):
        index += 1
    if not _may_follow(texts, index, repaired=reading is not _Reading.STRICT):
        return None
    notes = (reading.value,) if reading.value else ()
    elided = _elided(texts[:index], recounted=False)
    return Body(tuple(result), index + 1, " ".join(rest), notes, elided=elided)


def _stands_for_lines(text: str) -> bool:
    """Say whether a line is no line of the hunk, but says that lines of it are left out."""
    return (_kind(text) is None or text.startswith("--")) and is_elision(text)


def _elided(texts: Sequence[SourceLine], *, recounted: bool) -> int:
    """Return the number of the first line that stands for others, 0 for none.

    A comment such as `/* ... */` may be the kernel's own where the header's counts fit, unless the
    patch brings it.
    """
    for line in texts:
        text = line.text if _stands_for_lines(line.text) else line.text[1:]
        is_comment = text.strip().startswith("/") and line.text[:1] != "+"
        if is_elision(text) and (recounted or not is_comment):
            return line.number
    return 0


def _kind(text: str) -> Kind | None:
    """Return what a line's mark says; an empty line is empty context."""
    match text[:1]:
        case "" | " ":
            return " "
        case "+":
            return "+"
        case "-":
            return "-"
        case _:
            return None


def _unmarked(text: str, reading: _Reading) -> Kind | None:
    """Return what a line without a mark is; None: the rest of the line before it."""
    match reading:
        case _Reading.STRICT | _Reading.WRAPPED:
            return None
        case _Reading.STRIPPED:
            return None if _ends_hunk(text) else " "
        case _Reading.MIXED:
            return " " if text[:1] in ("\t", "{", "}") else None


def _join(result: list[HunkLine], rest: list[str], text: str) -> None:
    if result:
        before = result[-1]
        joined = f"{before.text.rstrip()} {text.strip()}"
        result[-1] = HunkLine(before.kind, joined, before.number)
    else:
        rest.append(text.strip())


def _ends_hunk(text: str) -> bool:
    return text.startswith(_STRUCTURE) or text.rstrip() == "--"


def _is_rest(text: str) -> bool:
    code = bool(text.strip()) and _kind(text) is None and not _ends_hunk(text)
    return code and text[0] != "\\" and not _stands_for_lines(text)


def _may_follow(texts: Sequence[SourceLine], index: int, *, repaired: bool) -> bool:
    """Say whether a hunk may end before a line: another mark would belong to the hunk.

    After a repair, what follows must not look like code either.
    """
    if repaired:
        while index < len(texts) and not texts[index].text.strip():
            index += 1
    if index == len(texts):
        return True
    text = texts[index].text
    if _ends_hunk(text) or text.startswith("--- "):
        return True
    return text[:1] not in ("+", "-", *((" ", "\t", "{", "}") if repaired else ()))


def _recount(texts: Sequence[SourceLine], old: int | None, new: int | None) -> Body | None:
    """Read by the marks alone, for a header whose counts are wrong or missing."""
    result: list[HunkLine] = []
    ends: list[int] = []
    length = 0
    for line in texts:
        kind = _kind(line.text)
        stands_for_lines = _stands_for_lines(line.text)
        ends_it = _ends_hunk(line.text) or line.text.startswith("---")
        if not stands_for_lines and (kind is None or ends_it):
            break
        length += 1
        if kind is not None and not stands_for_lines:
            result.append(HunkLine(kind, line.text[1:], line.number))
            ends.append(length)
    counted = _counts(result)
    while result and result[-1].kind == " " and not result[-1].text.strip():
        result.pop()
    if all(line.kind == " " for line in result):
        return None
    end = ends[len(result) - 1]
    whole = length == len(texts) or _ends_hunk(texts[length].text) or end < length
    if not whole or not _may_follow(texts, length, repaired=True) or _goes_on(texts[length:]):
        return None
    was, now = _counts(result)
    note = f"the header's counts do not fit, taken as -{was} +{now} lines"
    cut = not any(line.text.strip() for line in texts[length:])
    short = "" if old is None or new is None else _short(result, counted, (old, new), cut=cut)
    elided = _elided(texts[:end], recounted=True)
    return Body(tuple(result), end + 1, "", (note,), short, elided)


def _counts(lines: Sequence[HunkLine]) -> tuple[int, int]:
    """Return how many lines a hunk has before the change, and after it."""
    return sum(line.kind != "+" for line in lines), sum(line.kind != "-" for line in lines)


def _short(
    lines: Sequence[HunkLine], there: tuple[int, int], told: tuple[int, int], *, cut: bool
) -> str:
    """Say which lines a header counts that are not there, where changed ones may be among them.

    Who edits a patch or quotes part of it leaves the counts as they were: lines of context may be
    gone. Where the text ends there (`cut`), or one side alone is short, changed lines may be.
    """
    old, new = (before - now for before, now in zip(told, there, strict=True))
    if min(old, new) < 0 or not max(old, new) or (old == new and not cut):
        return ""
    if old == new and _ends_a_function(lines, old):
        return ""
    end = "is cut short where the text ends" if cut else "is not all there"
    return f"{end}: -{there[0]} +{there[1]} of the -{told[0]} +{told[1]} lines that it counts"


def _ends_a_function(lines: Sequence[HunkLine], short: int) -> bool:
    """Say whether what is short can only be the context below a function.

    A patch has as much context below its last change as above its first, but at a file's end.
    """
    if lines[-1].kind != " " or lines[-1].text.rstrip() != "}":
        return False
    changed = [n for n, line in enumerate(lines) if line.kind != " "]
    return len(lines) - 1 - changed[-1] + short <= changed[0]


def _goes_on(texts: Sequence[SourceLine]) -> bool:
    """Say whether marked code still follows before anything else begins."""
    for line in texts:
        if _ends_hunk(line.text) or line.text.startswith("--- "):
            return False
        if line.text[:2] in ("+\t", "-\t"):
            return True
    return False


def _refusal(
    source: str,
    header: SourceLine,
    texts: Sequence[SourceLine],
    old: int,
    new: int | None,
    readings: int,
) -> RefusedError:
    """Say what is wrong with a hunk nobody can read, at the first line that does not fit."""
    if readings > 1:
        found = f"a damaged hunk that can be read in {readings} ways ({header.text.strip()[:80]})"
        return RefusedError(
            found, "the patch as git wrote it", InFile(source, line=header.number, column=1)
        )
    for line in texts[: old + (new or 0) + 1]:
        if _kind(line.text) is None or _ends_hunk(line.text):
            found = f"a line without +, - or space inside a hunk: {line.text.strip()[:60]!r}"
            break
    else:
        line, found = header, "a hunk with more or fewer lines than its header says"
    wanted = f"-{old} +{new} lines, as its header at line {header.number} says"
    return RefusedError(found, wanted, InFile(source, line=line.number, column=1))
