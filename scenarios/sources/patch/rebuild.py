"""A patch put onto the built-in functions: hunk by hunk, and rebuilt where only hunks show them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Final

import attrs

from engine.refusal import InFile, RefusedError
from scenarios.sources.base import Builtin, is_c, may_decide
from scenarios.sources.c_text.blocks import Block, find_blocks
from scenarios.sources.c_text.extract import supporting
from scenarios.sources.c_text.spellings import modern
from scenarios.sources.c_text.tokens import (
    FunctionText,
    SourceToken,
    definitions,
    fragment_tokens,
    tokenize,
)
from scenarios.sources.candidate import policy_functions
from scenarios.sources.draft import DraftFile, UnreadHunk
from scenarios.sources.patch.apply import (
    MAX_FUZZ,
    Applied,
    Ground,
    Misfit,
    Side,
    apply_hunk,
    new_side,
    splice,
)
from scenarios.sources.patch.diff import Diff, Hunk
from scenarios.sources.patch.placement import MAX_WORK, NO_PLACE, State, text_of, unread
from scenarios.sources.source_text import SourceLine

_POLICY_FILES: Final = ("mmu.c", "sys_regs.c", "coproc.c", "coproc_a15.c", "arm.c", "")


def onto_builtin(source: str, diff: Diff, base: Builtin, state: State) -> State:
    """Apply every hunk that concerns a policy to the built-in functions; the others are unread.

    `state` is what an earlier patch of the series made. Raises RefusedError naming the hunk that
    does not apply, its line in the user's file, and why.
    """
    former = next((file for file in state.files if not file.whole), None)
    lines = (
        former.lines if former else tuple(SourceLine(text, 0) for text in base.text.splitlines())
    )
    if len(diff.hunks) * max(1, len(lines)) > MAX_WORK:
        found = f"{len(diff.hunks)} hunks for a base of {len(lines)} lines"
        raise RefusedError(
            found, "a smaller patch or base", InFile(source, line=diff.hunks[0].number, column=1)
        )
    work = _Work(source, base, lines)
    for hunk in diff.hunks:
        work.take(hunk)
    return work.finish(diff, state)


class _Work:
    """The text so far while hunks are applied one after another."""

    def __init__(self, source: str, base: Builtin, lines: tuple[SourceLine, ...]) -> None:
        self._source = source
        self._base = base
        self._lines = lines
        self._before = lines
        self._after = ("", 0)
        self._paths: list[str] = []
        self._left: list[Hunk] = []
        self._partly: list[Hunk] = []
        self._notes: list[str] = []

    def take(self, hunk: Hunk) -> None:
        """Apply one hunk, rebuild the function it shows, or leave it for what it defines."""
        if not may_decide(hunk.path):
            self._notes.append(f"{hunk.path}: {NO_PLACE}, left out")
            return
        if not self._concerns(hunk):
            self._left.append(hunk)
            return
        after = self._after[1] if self._after[0] == hunk.path else 0
        max_fuzz = MAX_FUZZ if hunk.changes or not hunk.section else 0
        outcome = apply_hunk(hunk, Ground(self._lines, after), max_fuzz=max_fuzz)
        if isinstance(outcome, Misfit):
            if hunk.changes and not hunk.changes_code:
                self._paths.append(hunk.path)
                self._notes.append(f"{hunk.place}: changes comments only")
                return
            rebuilt = _whole_functions(hunk, self._lines) or _between_anchors(hunk, self._lines)
            if rebuilt is None:
                self._refuse(hunk, outcome)
                return
            if rebuilt.end == 0:
                self._partly.append(hunk)
            outcome = rebuilt
        self._paths.append(hunk.path)
        self._lines = outcome.lines
        self._after = (hunk.path, outcome.end)
        self._notes.extend(f"{hunk.place}: {note}" for note in outcome.notes)

    def _concerns(self, hunk: Hunk) -> bool:
        if hunk.changes or hunk.mentions_policy:
            return True
        return PurePosixPath(hunk.path).name in _POLICY_FILES

    def _refuse(self, hunk: Hunk, misfit: Misfit) -> None:
        """Raise for a hunk that changes a function of the base; keep any other for later."""
        if not misfit.places and not set(hunk.changes) & set(policy_functions(self._lines)):
            self._left.append(hunk)
            return
        raise RefusedError(
            f"{hunk.place} that does not apply: {misfit.why}",
            f"the code of {self._base.name}, or --base with the file the patch was made against",
            InFile(self._source, line=misfit.line.number, column=1),
        )

    def finish(self, diff: Diff, state: State) -> State:
        """Add what the other hunks define for the policy, and say what is unread."""
        lines = (*self._definitions(), *self._lines)
        kept = frozenset(line.number for line in lines)
        others = [hunk for hunk in self._left if not _is_kept(hunk, kept)]
        rest = [
            *(_others(hunk, kept) for hunk in self._partly if hunk.functions != hunk.changes),
            *(_unread(hunk, kept) for hunk in others if not _is_new(hunk)),
        ]
        left = (*state.unread, *rest)
        new = tuple(_rest_of(hunk, kept) for hunk in others if _is_new(hunk))
        if not self._paths:
            return attrs.evolve(state, files=(*state.files, *new), unread=left, notes=diff.notes)
        notes = (f"applied to {self._base.name}", *diff.notes, *dict.fromkeys(self._notes))
        path = next((file.path for file in state.files if not file.whole), self._paths[0])
        whole = (file for file in state.files if file.whole)
        file = DraftFile(path, lines, text_of(self._before))
        return State((file, *whole, *new), left, state.renamed, notes)

    def _definitions(self) -> tuple[SourceLine, ...]:
        """Return what the hunks that were not applied define for the policy."""
        if not self._paths:
            return ()
        known, _ = find_blocks(self._lines)
        defined = {name for block in known for name in block.names}
        blocks: list[Block] = []
        length = 0
        for hunk in (*self._partly, *self._left):
            added = {line.number for line in hunk.lines if line.kind == "+"}
            blocks.extend(
                attrs.evolve(block, first=length + block.first)
                for block in find_blocks(hunk.new)[0]
                if not defined & set(block.names) and any(q.number in added for q in block.lines)
            )
            length += len(hunk.new)
        chosen = supporting(self._lines, blocks, length)
        if chosen:
            names = ", ".join(name for block in chosen for name in block.names[:1])
            self._notes.append(f"with definitions from the patch's other hunks: {names}")
        return tuple(line for block in chosen for line in block.lines)


def _is_kept(hunk: Hunk, kept: frozenset[int]) -> bool:
    """Say whether all that a hunk changes is in a text, given by its lines in the user's file."""
    if not hunk.changes_code and is_c(hunk.path):
        return True
    code = {token.line for token in fragment_tokens([line.text for line in hunk.new])}
    added = {line.number for n, line in enumerate(hunk.new) if n in code}
    changed = {line.number for line in hunk.lines if line.kind != " "}
    removed = any(line.kind == "-" and line.text.strip() for line in hunk.lines)
    return not removed and (added & changed) <= kept


def _is_new(hunk: Hunk) -> bool:
    """Say whether a hunk is all of a C file that the patch brings: no base is needed to know it."""
    return bool(hunk.path) and not hunk.old_path and is_c(hunk.path)


def _rest_of(hunk: Hunk, kept: frozenset[int]) -> DraftFile:
    """Return a new file without what was taken from it for the built-in functions' use."""
    lines = tuple(line for line in hunk.new if line.number not in kept)
    return DraftFile(hunk.path, lines, "", whole=True)


def _others(hunk: Hunk, kept: frozenset[int]) -> UnreadHunk:
    """Return what a hunk changes beside the functions that were taken from it whole."""
    rest = _unread(hunk, kept)
    return attrs.evolve(rest, functions=tuple(n for n in rest.functions if n not in hunk.changes))


def _unread(hunk: Hunk, kept: frozenset[int]) -> UnreadHunk:
    missing = f"the base of {hunk.path or 'the code'} was not given (--base)"
    why = missing if is_c(hunk.path) else f"{hunk.path} is no C file"
    return unread(hunk, why, kept)


def _whole_functions(hunk: Hunk, lines: Sequence[SourceLine]) -> Applied | None:
    """Take the functions from the hunk alone where its new side holds all it changes."""
    tokens = fragment_tokens([line.text for line in hunk.new])
    whole = {d.name: d for d in definitions(tokens)}
    if not hunk.changes or not set(hunk.changes) <= set(whole):
        return None
    result = tuple(lines)
    for name in hunk.changes:
        result = _replace(result, name, _lines_of(hunk.new, tokens, whole[name]))
    names = ", ".join(f"{name}()" for name in hunk.changes)
    return Applied(result, 0, 0, (f"{names} built from the hunk alone, which holds all of it",))


def _lines_of(
    lines: Sequence[SourceLine], tokens: Sequence[SourceToken], definition: FunctionText
) -> tuple[SourceLine, ...]:
    first, last = tokens[definition.first], tokens[definition.end - 1]
    return tuple(lines[first.line : last.line + 1])


def _replace(
    lines: tuple[SourceLine, ...], name: str, function: Sequence[SourceLine]
) -> tuple[SourceLine, ...]:
    tokens = tokenize([line.text for line in lines])
    for found in definitions(tokens):
        if found.name == name:
            first, last = tokens[found.first], tokens[found.end - 1]
            return splice(lines, (first.line, first.start), (last.line, last.end), function)
    return (*lines, *function)


def _between_anchors(hunk: Hunk, lines: Sequence[SourceLine]) -> Applied | None:
    """Trust the hunk for what lies between two of its lines that the base's function holds.

    A hunk is one piece of its own base: where kernel eras differ inside it, its lines are right.
    """
    if len(hunk.changes) != 1:
        return None
    tokens = modern(tokenize([line.text for line in lines]))
    found = next((d for d in definitions(tokens) if d.name == hunk.changes[0]), None)
    if found is None:
        return None
    side = Side.of(hunk)
    start = _anchor(hunk, side, side.rows, tokens, found, last=False)
    end = _anchor(hunk, side, side.rows[::-1], tokens, found, last=True)
    if start is None or end is None or start[0] >= end[0] or start[1] >= end[1]:
        return None
    first, last = tokens[start[1]], tokens[end[1]]
    middle = new_side(hunk, start[0], end[0])
    result = splice(lines, (first.line, first.start), (last.line, last.end), middle)
    note = "the base has other code between the hunk's lines: the hunk's own are taken as the base"
    below = len(result) - (len(lines) - last.line) + 1
    return Applied(result, below, last.line + 1, (note,))


def _anchor(
    hunk: Hunk,
    side: Side,
    rows: Sequence[int],
    tokens: Sequence[SourceToken],
    function: FunctionText,
    *,
    last: bool,
) -> tuple[int, int] | None:
    """Return the outermost old line that stands once in the function, and its outer token there.

    At most two context lines may lie beyond it. The function's last brace is one as well.
    """
    words = [token.text for token in tokens[function.first : function.end]]
    for skipped, row in enumerate(rows[: MAX_FUZZ + 1]):
        code = [t.text for t in modern([t for t in side.tokens if t.line == row])]
        if last and hunk.lines[row].text.rstrip() == "}":
            return row, function.end - 1
        places = [n for n in range(len(words) - len(code) + 1) if words[n : n + len(code)] == code]
        if len(places) == 1 and len(code) > 2:
            return row, function.first + places[0] + (len(code) - 1 if last else 0)
        if hunk.lines[row].kind != " " or skipped == MAX_FUZZ:
            return None
    return None
