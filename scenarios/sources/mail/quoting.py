"""A mail's text taken apart by quote depth: each depth is a text of its own, as it was written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import attrs

from scenarios.sources.elision import is_elision
from scenarios.sources.source_text import SourceLine

MAX_DEPTH: Final = 32
_WRAPPED_FROM: Final = 60
_MAX_WRAPPED: Final = 2


@attrs.frozen
class View:
    """What one writer wrote: the lines at one quote depth, without the marks.

    `cuts` are the lines of the file after which somebody else's words were left out, `joined` those
    a mail program had broken in two, `unclear` those after which it may be either.
    """

    depth: int
    lines: tuple[SourceLine, ...]
    cuts: tuple[int, ...] = ()
    joined: tuple[int, ...] = ()
    unclear: tuple[int, ...] = ()


@attrs.frozen
class _Quoted:
    depth: int
    rest: str
    number: int


def quote_depth(text: str) -> tuple[int, str]:
    """Return how deep a line is quoted (`> > `, `>> `), and what stands behind the marks."""
    depth = at = 0
    while at < len(text) and text[at] == ">" and depth < MAX_DEPTH:
        depth, at = depth + 1, at + 1
        if text[at : at + 2] == " >":
            at += 1
    return depth, text[at:]


def unflow(lines: Sequence[SourceLine], *, delsp: bool) -> tuple[SourceLine, ...]:
    """Undo format=flowed (RFC 3676, section 4): join what ends in a space, drop the stuffing.

    Quote marks are kept; a joined line keeps the number of its first.
    """
    result: list[SourceLine] = []
    open_depth: int | None = None
    for line in lines:
        depth, rest = quote_depth(line.text)
        rest = rest.removeprefix(" ")
        flows = rest.endswith(" ") and rest != "-- "
        kept = rest[:-1] if flows and delsp else rest
        if open_depth == depth and rest != "-- ":
            result[-1] = SourceLine(result[-1].text + kept, result[-1].number)
        else:
            marks = ">" * depth + " " if depth else ""
            result.append(SourceLine(marks + kept, line.number))
        open_depth = depth if flows else None
    return tuple(result)


def views(lines: Sequence[SourceLine]) -> tuple[View, ...]:
    """Return the texts at each quote depth that occurs, the unquoted one first."""
    quoted = [_Quoted(*quote_depth(line.text), line.number) for line in lines]
    depths = sorted({line.depth for line in quoted})
    return tuple(_view(quoted, depth) for depth in depths)


def _view(quoted: Sequence[_Quoted], depth: int) -> View:
    lines: list[SourceLine] = []
    cuts: list[int] = []
    joined: list[int] = []
    unclear: list[int] = []
    index = 0
    while index < len(quoted):
        end = index
        same = quoted[index].depth == depth
        while end < len(quoted) and (quoted[end].depth == depth) is same:
            end += 1
        run = quoted[index:end]
        if same:
            lines.extend(_unstuffed(run) if depth else (SourceLine(q.rest, q.number) for q in run))
        elif lines and _is_wrapped_rest(run, lines[-1], depth, last=end == len(quoted)):
            words = " ".join(q.rest.strip() for q in run)
            lines[-1] = SourceLine(f"{lines[-1].text.rstrip()} {words}", lines[-1].number)
            joined.append(lines[-1].number)
        elif lines and end < len(quoted):
            adjoins = lines[-1].text.strip() and run[0].rest.strip() and run[-1].rest.strip()
            (unclear if adjoins and run[0].depth < depth else cuts).append(lines[-1].number)
        if not same and lines:
            lines.extend(_elisions(run, depth))
        index = end
    return View(depth, tuple(lines), tuple(cuts), tuple(joined), tuple(unclear))


def _elisions(run: Sequence[_Quoted], depth: int) -> list[SourceLine]:
    """Return the line by which who quotes says that lines of the quote are left out: `[...]`."""
    shallower = (q for q in run if q.depth < depth and is_elision(q.rest))
    return [SourceLine(q.rest.strip(), q.number) for q in shallower][:1]


def _unstuffed(run: Sequence[_Quoted]) -> list[SourceLine]:
    """Drop the space behind the marks where every line of the run has it."""
    stuffed = all(q.rest.startswith(" ") for q in run if q.rest)
    return [SourceLine(q.rest[1:] if stuffed else q.rest, q.number) for q in run]


def _is_wrapped_rest(run: Sequence[_Quoted], before: SourceLine, depth: int, *, last: bool) -> bool:
    """Say whether unquoted words between quoted lines are the end of a long quoted line.

    A reply stands between empty lines; what a mail program broke off follows at once, and its first
    word would have made the line too long.
    """
    if last or len(run) > _MAX_WRAPPED or any(q.depth >= depth or not q.rest.strip() for q in run):
        return False
    would_be = f"{'> ' * depth}{before.text.expandtabs()} {run[0].rest.split()[0]}"
    return len(would_be) >= _WRAPPED_FROM
