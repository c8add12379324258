"""One hunk put into a text, matched by its code: comments and white space do not count."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import attrs

from scenarios.sources.c_text.spellings import modern
from scenarios.sources.c_text.tokens import (
    SourceToken,
    definitions,
    fragment_tokens,
    is_name,
    tokenize,
)
from scenarios.sources.patch.diff import Hunk, HunkLine
from scenarios.sources.patch.function_heading import headings_above, is_heading, is_same
from scenarios.sources.source_text import SourceLine

MAX_FUZZ: Final = 2
_NAME: Final = re.compile(r"[A-Za-z_]")
_MAX_PLACES: Final = 64


@attrs.frozen
class Ground:
    """The text that a hunk is put into, below line index `after`.

    `shift` is how many lines earlier hunks added. `above` heads the line at `after`, and is None
    where the text is no kernel file, so that line numbers and headings mean nothing.
    """

    lines: tuple[SourceLine, ...]
    after: int = 0
    shift: int = 0
    above: str | None = None

    @property
    def numbered(self) -> bool:
        """Say whether a hunk's line numbers are the text's."""
        return self.above is not None

    def headings(self, at: int) -> tuple[str, ...]:
        """Return what may head a hunk whose first line is at a line index."""
        return headings_above(self.lines, at, self.after, self.above or "")


@attrs.frozen
class Applied:
    """The text after a hunk, and how it was made to fit.

    `end` is how far down the change reaches there, `old_end` in the text before.
    """

    lines: tuple[SourceLine, ...]
    end: int
    old_end: int
    notes: tuple[str, ...] = ()


@attrs.frozen
class Misfit:
    """Why a hunk fits nowhere, and which of its lines says so."""

    line: HunkLine
    why: str
    places: int = 0
    """In how many places it fits."""


@attrs.frozen
class _Fit:
    first: int
    last: int
    fuzz: tuple[int, int]
    spelling: bool


@attrs.frozen
class Side:
    """The old side of a hunk as tokens, and for each of its lines with code the range of them."""

    tokens: tuple[SourceToken, ...]
    rows: tuple[int, ...]

    @classmethod
    def of(cls, hunk: Hunk) -> Side:
        """Return the old side; `rows` are the indices among the hunk's lines that hold code."""
        at = [n for n, line in enumerate(hunk.lines) if line.kind != "+"]
        found = fragment_tokens([hunk.lines[n].text for n in at])
        moved = tuple(attrs.evolve(token, line=at[token.line]) for token in found)
        return cls(moved, tuple(dict.fromkeys(token.line for token in moved)))


def apply_hunk(hunk: Hunk, ground: Ground, *, max_fuzz: int) -> Applied | Misfit:
    """Apply a hunk: line by line, else by its code alone, then with fuzz.

    In a kernel file the hunk's line number says which of several places is meant, and each has to
    be below what its heading names.
    """
    if ground.numbered:
        exact = _line_by_line(hunk, ground)
        if exact is not None:
            return exact
    side = Side.of(hunk)
    tokens = tokenize([line.text for line in ground.lines])
    elsewhere: int | None = None
    for spelling in (False, True):
        text = modern(tokens) if spelling else tuple(tokens)
        for fuzz in _fuzzes(hunk, side, max_fuzz, keep=int(ground.numbered)):
            needle = _kept(side, fuzz)
            if not any(is_name(token.text) for token in needle):
                continue
            needle = modern(needle) if spelling else needle
            places = [p for p in _places(text, needle) if text[p].line >= ground.after]
            found = [_Fit(p, p + len(needle) - 1, fuzz, spelling) for p in places]
            meant = [fit for fit in found if _is_meant(fit, text, hunk, needle, ground)]
            fits = [
                fit for fit in meant if not _breaks_directive(fit, text, hunk, needle, ground.lines)
            ]
            chosen = _choose(fits, text, hunk, needle, ground)
            if isinstance(chosen, _Fit):
                return _emit(hunk, side, text, chosen, ground)
            if chosen is not None:
                return chosen
            if meant:
                why = "it breaks the lines of a macro otherwise than the base"
                return Misfit(hunk.lines[needle[0].line], why)
            if found and elsewhere is None:
                elsewhere = text[found[0].first].line
    return _misfit(hunk, side, tokens, ground, elsewhere)


def _line_by_line(hunk: Hunk, ground: Ground) -> Applied | None:
    """Apply a hunk where all its old lines are, white space at their ends aside; else None."""
    old = [line.text.rstrip() for line in hunk.old]
    if not any(_NAME.search(text) for text in old):
        return None
    texts = [line.text.rstrip() for line in ground.lines]
    wanted = hunk.source_start - 1 + ground.shift
    places = [
        at
        for at in range(ground.after, len(texts) - len(old) + 1)
        if texts[at] == old[0] and texts[at : at + len(old)] == old and _is_headed(hunk, ground, at)
    ]
    if not places or (len(places) > 1 and not hunk.source_start):
        return None
    at = min(places, key=lambda place: abs(place - wanted))
    result = (*ground.lines[:at], *hunk.new, *ground.lines[at + len(old) :])
    return Applied(result, at + len(hunk.new), at + len(old), _offset(hunk, at - wanted, ground))


def _offset(hunk: Hunk, offset: int, ground: Ground) -> tuple[str, ...]:
    told = ground.numbered and hunk.source_start and offset
    return (f"applied {offset:+d} lines from where it says",) if told else ()


def _fuzzes(hunk: Hunk, side: Side, limit: int, *, keep: int) -> list[tuple[int, int]]:
    """Return how many outer context lines to leave out before and after, least first.

    On either side `keep` lines of context stay, if there are so many.
    """
    kinds = [hunk.lines[row].kind for row in side.rows]
    changed = [n for n, line in enumerate(hunk.lines) if line.kind != " "]
    first, last = (changed[0], changed[-1]) if changed else (0, 0)
    head = sum(kind == " " and row < first for kind, row in zip(kinds, side.rows, strict=True))
    tail = sum(kind == " " and row > last for kind, row in zip(kinds, side.rows, strict=True))
    before, after = (range(min(max(0, rows - keep), limit) + 1) for rows in (head, tail))
    pairs = [(a, b) for a in before for b in after]
    return sorted(pairs, key=lambda pair: (max(pair), sum(pair), pair))


def _kept(side: Side, fuzz: tuple[int, int]) -> tuple[SourceToken, ...]:
    rows = side.rows[fuzz[0] : len(side.rows) - fuzz[1]]
    if not rows:
        return ()
    return tuple(token for token in side.tokens if rows[0] <= token.line <= rows[-1])


def _places(text: Sequence[SourceToken], needle: Sequence[SourceToken]) -> list[int]:
    """Return where a run of tokens occurs (the first of them where it occurs too often)."""
    joined = "\0" + "".join(token.text + "\0" for token in text)
    wanted = "\0" + "".join(token.text + "\0" for token in needle)
    starts, at = [], 0
    for token in text:
        starts.append(at)
        at += len(token.text) + 1
    places: list[int] = []
    at = joined.find(wanted)
    while at >= 0 and len(places) < _MAX_PLACES:
        places.append(bisect_left(starts, at))
        at = joined.find(wanted, at + 1)
    return places


def _choose(
    fits: Sequence[_Fit],
    text: Sequence[SourceToken],
    hunk: Hunk,
    needle: Sequence[SourceToken],
    ground: Ground,
) -> _Fit | Misfit | None:
    """Return the one place that is meant: without fuzz the nearest, if there are line numbers."""
    if len(fits) < 2:
        return fits[0] if fits else None
    if ground.numbered and hunk.source_start and not max(fits[0].fuzz):
        wanted = hunk.source_start - 1 + ground.shift + _old_index(hunk, needle[0].line)
        ranked = sorted(fits, key=lambda fit: abs(text[fit.first].line - wanted))
        return ranked[0]
    line = hunk.lines[needle[0].line]
    why = f"its context fits {len(fits)} places: {line.text.strip()[:80]!r}"
    return Misfit(line, why, len(fits))


def _is_meant(
    fit: _Fit,
    text: Sequence[SourceToken],
    hunk: Hunk,
    needle: Sequence[SourceToken],
    ground: Ground,
) -> bool:
    """Say whether a place is in a function the hunk says it changes, where it says so."""
    if not ground.numbered:
        inside = (d.name for d in definitions(text) if d.first <= fit.last and fit.first < d.end)
        return not hunk.changes or any(name in hunk.changes for name in inside)
    at = text[fit.first].line
    begins = at - _old_index(hunk, needle[0].line)
    return _is_headed(hunk, ground, begins) or _is_headed(hunk, ground, at)


def _breaks_directive(
    fit: _Fit,
    text: Sequence[SourceToken],
    hunk: Hunk,
    needle: Sequence[SourceToken],
    lines: Sequence[SourceLine],
) -> bool:
    """Say whether a preprocessor line at a place is broken otherwise than in the hunk.

    Elsewhere line breaks do not count; there they end the line.
    """
    first, last = text[fit.first], text[fit.last]
    texts = [line.text for line in lines[first.line : last.line + 1]]
    above = [line.text for line in lines[first.line - 1 : first.line]]
    continued = any(one.endswith("\\") for one in (*above, *texts))
    if not continued and not any(one.lstrip().startswith("#") for one in texts):
        return False
    if texts[0][: first.start].strip() or texts[-1][last.end :].strip("\\ \t"):
        return True
    here, there = ([one.line for one in part] for part in (text[fit.first : fit.last + 1], needle))
    if _breaks(here) != _breaks(there):
        return True
    base, own = ([*dict.fromkeys(numbers)] for numbers in (here, there))
    return [_goes_on(lines[n].text) for n in base] != [_goes_on(hunk.lines[n].text) for n in own]


def _goes_on(text: str) -> bool:
    """Say whether a preprocessor line goes on in the next one."""
    return text.rstrip().endswith("\\")


def _breaks(numbers: Sequence[int]) -> list[bool]:
    return [one != other for one, other in pairwise(numbers)]


def _is_headed(hunk: Hunk, ground: Ground, at: int) -> bool:
    """Say whether a hunk whose first line is at a line index is below what its heading names.

    Who writes the heading by hand may name the function that begins in the hunk's own first lines.
    """
    first = next(n for n, line in enumerate(hunk.lines) if line.kind != " ")
    own = tuple(line.text for line in hunk.lines[:first] if is_heading(line.text))
    return any(is_same(hunk.section, heading) for heading in (*ground.headings(at), *own))


def _emit(
    hunk: Hunk, side: Side, text: Sequence[SourceToken], fit: _Fit, ground: Ground
) -> Applied:
    """Put the hunk's new side where its old side was found."""
    lines = ground.lines
    rows = side.rows[fit.fuzz[0] : len(side.rows) - fit.fuzz[1]]
    first, last = text[fit.first], text[fit.last]
    middle = new_side(hunk, rows[0], rows[-1])
    result = splice(lines, (first.line, first.start), (last.line, last.end), middle)
    notes = []
    if fit.spelling:
        notes.append("fits with the accessors of another kernel era (vcpu_hcr, vcpu_set_hcr)")
    if max(fit.fuzz):
        notes.append(f"applied with fuzz {max(fit.fuzz)}")
    expected = hunk.source_start + ground.shift + _old_index(hunk, rows[0])
    notes.extend(_offset(hunk, first.line + 1 - expected, ground))
    old = [line.text for line in hunk.lines[rows[0] : rows[-1] + 1] if line.kind != "+"]
    if old != [line.text for line in lines[first.line : last.line + 1]]:
        notes.append("white space or comments differ from the base")
    end = len(result) - (len(lines) - last.line) + 1
    return Applied(result, end, last.line + 1, tuple(notes))


def _old_index(hunk: Hunk, row: int) -> int:
    return sum(line.kind != "+" for line in hunk.lines[:row])


def new_side(hunk: Hunk, first: int, last: int) -> tuple[SourceLine, ...]:
    """Return what stands after the change between two of its old lines, both included.

    Beyond them only added code is kept: a comment there may begin or end outside the hunk.
    """
    fresh = [n for n, line in enumerate(hunk.lines) if line.kind != "-"]
    tokens = fragment_tokens([hunk.lines[n].text for n in fresh])
    spans: dict[int, tuple[int, int]] = {}
    for token in tokens:
        start, _ = spans.get(fresh[token.line], (token.start, 0))
        spans[fresh[token.line]] = (start, token.end)
    result = []
    for n in fresh:
        line = hunk.lines[n]
        if first <= n <= last:
            result.append(SourceLine(line.text, line.number))
        elif line.kind == "+" and n in spans:
            start, end = spans[n]
            before = line.text[:start]
            margin = before if not before.strip() else " " * len(before)
            result.append(SourceLine(margin + line.text[start:end], line.number))
    return tuple(result)


def splice(
    lines: Sequence[SourceLine],
    start: tuple[int, int],
    end: tuple[int, int],
    middle: Sequence[SourceLine],
) -> tuple[SourceLine, ...]:
    """Replace a range of a text, both places given as (line index, column)."""
    before, after = lines[start[0]], lines[end[0]]
    head = before.text[: start[1]]
    tail = after.text[end[1] :]
    return (
        *lines[: start[0]],
        *([SourceLine(head.rstrip(), before.number)] if head.strip() else []),
        *middle,
        *([SourceLine(tail, after.number)] if tail.strip() else []),
        *lines[end[0] + 1 :],
    )


def _misfit(
    hunk: Hunk, side: Side, tokens: Sequence[SourceToken], ground: Ground, elsewhere: int | None
) -> Misfit:
    """Find the first old line whose code the text does not hold after the ones before it."""
    if elsewhere is not None and ground.numbered:
        there = ground.headings(elsewhere)[-1].strip()
        below = f"below {there[:60]!r}" if there else "above all functions"
        why = f"it fits at line {elsewhere + 1}, {below}, and its heading is {hunk.section[:60]!r}"
        return Misfit(hunk.lines[0], why)
    text = modern(tokens)
    at = 0
    for row in side.rows[:_MAX_PLACES]:
        wanted = modern([token for token in side.tokens if token.line == row])
        place = next((p for p in _places(text, wanted) if p >= at), None)
        if place is None:
            shown = hunk.lines[row].text.strip()[:80]
            return Misfit(hunk.lines[row], f"the base has no such line there: {shown!r}")
        at = place + len(wanted)
    if not side.rows:
        return Misfit(hunk.lines[0], "it shows no code that says where it belongs")
    shown = hunk.lines[side.rows[0]].text.strip()[:80]
    why = f"the base has other code between its lines, the first of them {shown!r}"
    return Misfit(hunk.lines[side.rows[0]], why)
