"""Candidates in prose: policy functions, and the macros, statics and helpers they use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import attrs

from engine.compiler.kernel.known import is_models_own
from scenarios.kernel.decisions import decides
from scenarios.sources.c_text.blocks import Block, Unfinished, find_blocks, references
from scenarios.sources.c_text.loose import body_of, loose_code
from scenarios.sources.draft import Draft
from scenarios.sources.mail.quoting import View
from scenarios.sources.source_text import SourceLine

_MARKED: Final = re.compile(r"[-+](?:[ \t]|$)")


@attrs.frozen
class Code:
    """What of a view is code: candidates, policy functions that are cut short, and the rest."""

    drafts: tuple[Draft, ...]
    unfinished: tuple[Unfinished, ...]
    loose: tuple[tuple[SourceLine, ...], ...]
    """Pieces that are in no function."""


def find_code(view: View, *, beside_a_diff: bool = False) -> Code:
    """Return what code is among a view's lines.

    A second definition of the same policy function begins the next candidate. Beside a diff, code
    in the message explains it, and rows marked as changed alone are loose.
    """
    found, cut_short = find_blocks(view.lines)
    blocks = [block for block in found if _unclear(view, block) is None]
    unclear = [cut for cut in (_unclear(view, block) for block in found) if cut is not None]
    groups: list[list[Block]] = []
    for block in blocks:
        if not block.decisions:
            continue
        if not groups or any(set(block.decisions) & set(old.decisions) for old in groups[-1]):
            groups.append([])
        groups[-1].append(block)
    return Code(
        tuple(_draft(view, group, blocks) for group in groups),
        (*cut_short, *unclear),
        loose_code(view.lines, _taken(view, found, cut_short), marked_only=beside_a_diff),
    )


def _taken(view: View, blocks: Iterable[Block], unfinished: Iterable[Unfinished]) -> frozenset[int]:
    """Return the indices of the lines that are in a definition, be it cut short."""
    at = {line.number: index for index, line in enumerate(view.lines)}
    named = (range(block.first, block.end) for block in blocks if block.names)
    begun = (body_of(view.lines, at[cut.line]) for cut in unfinished if cut.line in at)
    return frozenset(index for lines in (*named, *begun) for index in lines)


def supporting(used: Iterable[SourceLine], blocks: Sequence[Block], near: int) -> tuple[Block, ...]:
    """Return the blocks that define what some code uses, and what those use, in text order.

    Of several definitions of a name the last one before `near` counts, else the first after.
    """
    wanted = sorted(references(tuple(used)))
    chosen: dict[int, Block] = {}
    seen: set[str] = set()
    while wanted:
        name = wanted.pop(0)
        if name in seen:
            continue
        seen.add(name)
        defining = [b for b in blocks if name in b.names and not b.decisions]
        before = [block for block in defining if block.first < near]
        for block in before[-1:] or defining[:1]:
            if block.first not in chosen:
                chosen[block.first] = block
                wanted.extend(sorted(references(block.lines)))
    return tuple(chosen[first] for first in sorted(chosen))


def _draft(view: View, group: Sequence[Block], blocks: Sequence[Block]) -> Draft:
    used = [line for block in group for line in block.lines]
    extra = {*supporting(used, blocks, group[0].first), *_deciding(blocks)} - {*group}
    together = sorted((*group, *extra), key=lambda block: block.first)
    lines: list[SourceLine] = []
    notes: list[str] = []
    for block in together:
        unmarked = _without_marks(block.lines)
        if unmarked is not None:
            notes.append(_span(block, "marks + and - without a hunk header, taken as a change:"))
        lines.extend(block.lines if unmarked is None else unmarked)
        notes.extend(_repairs(view, block))
    if extra:
        in_order = sorted(extra, key=lambda block: block.first)
        names = ", ".join(dict.fromkeys(name for block in in_order for name in block.names[:1]))
        notes.append(f"with what it uses from the same text: {names}")
    if len(group) > 1:
        notes.append("functions from separate places of the text, taken together")
    places = " and ".join(_range(block) for block in group)
    several = "lines" if len(group) > 1 or len(group[0].lines) > 1 else "line"
    quoted = "quoted code" if view.depth else "code"
    title = f"{quoted} at {several} {places} of the mail"
    return Draft.of_code(title, lines, tuple(notes))


def _deciding(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield what decides without being a function that does: macros, tables, primitives."""
    for block in blocks:
        if not block.decisions and any(decides(n) or is_models_own(n) for n in block.names):
            yield block


def _unclear(view: View, block: Block) -> Unfinished | None:
    """Say that words stand inside quoted code which may be a reply, or the end of a code line."""
    for line in block.lines[:-1]:
        if line.number in view.unclear and block.names:
            why = f"the words after line {line.number} may be a reply or the end of that line"
            return Unfinished(block.names[0], block.lines[0].number, why)
    return None


def _range(block: Block) -> str:
    first, last = block.lines[0].number, block.lines[-1].number
    return f"{first}-{last}" if last != first else f"{first}"


def _span(block: Block, what: str) -> str:
    return f"{what} lines {_range(block)}"


def _repairs(view: View, block: Block) -> list[str]:
    inner = {line.number for line in block.lines[:-1]}
    notes = []
    if any(line.number in view.joined for line in block.lines):
        notes.append(_span(block, "long lines were broken by a mail program: joined,"))
    if inner & set(view.cuts):
        notes.append(_span(block, "a reply between the quoted lines was left out,"))
    return notes


def _without_marks(lines: Sequence[SourceLine]) -> tuple[SourceLine, ...] | None:
    """Return the new side of code whose changed lines are marked; None where none are.

    Left as they are, the marks would be read as unary operators.
    """
    if not any(_MARKED.match(line.text) for line in lines):
        return None
    marked = [line for line in lines[1:] if line.text.strip() and not _MARKED.match(line.text)]
    spaced = all(line.text.startswith(" ") for line in marked)
    result = []
    for line in lines:
        text = line.text
        if text.startswith("-"):
            continue
        if text.startswith("+") or (spaced and text.startswith(" ")):
            text = text[1:]
        result.append(SourceLine(text, line.number))
    return tuple(result)
