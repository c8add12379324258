"""A patch put onto what `--base` gave: each of its files onto its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Final

import attrs

from engine.refusal import InFile, RefusedError
from scenarios.sources.base import BaseFile, Tree, is_c, may_decide
from scenarios.sources.draft import DraftFile, Missing, UnreadHunk
from scenarios.sources.patch.diff import Diff, Hunk
from scenarios.sources.patch.file_patch import Patched, Refused, patch_file
from scenarios.sources.source_text import SourceLine

MAX_WORK: Final = 4_000_000
NO_PLACE: Final = "no file that KVM/arm64 is made of"


@attrs.frozen
class State:
    """What the patches so far made: their files, what of them is unread, and how it went."""

    files: tuple[DraftFile, ...] = ()
    unread: tuple[UnreadHunk, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()

    def under(self) -> State:
        """Return it as what a later patch is put onto."""
        files = (attrs.evolve(file, before=text_of(file.lines)) for file in self.files)
        return attrs.evolve(self, files=tuple(files), notes=())


@attrs.frozen
class _Fit:
    base: BaseFile
    file: DraftFile
    notes: tuple[str, ...]


@attrs.frozen
class _Misfit:
    base: BaseFile
    refused: Refused


def text_of(lines: Sequence[SourceLine]) -> str:
    """Return the text that lines make."""
    return "".join(f"{line.text}\n" for line in lines)


def unread(hunk: Hunk, why: str, kept: frozenset[int] = frozenset()) -> UnreadHunk:
    """Return a hunk, but for lines that are kept, as one of those that nobody could read."""
    numbers = (line.number for line in hunk.lines if line.kind != " " and line.text.strip())
    first = next((number for number in numbers if number not in kept), hunk.number)
    return UnreadHunk(hunk.path, first, hunk.functions_but(kept), why)


def onto_tree(source: str, diff: Diff, tree: Tree, state: State) -> State:
    """Apply a patch to what former patches of its series made, and to the tree.

    Raises:
        RefusedError: a hunk does not fit the file it is made for.
    """
    work = _Work(source, tree, state)
    for path in dict.fromkeys(hunk.path for hunk in diff.hunks):
        work.take(path, [hunk for hunk in diff.hunks if hunk.path == path])
    return work.finish(diff)


class _Work:
    """The files so far, and those for which the tree may have another file than theirs."""

    def __init__(self, source: str, tree: Tree, state: State) -> None:
        self._source = source
        self._tree = tree
        self._renamed = dict(state.renamed)
        self._files = {file.path: file for file in state.files}
        self._unread = list(state.unread)
        self._notes: list[str] = []
        self._applied: dict[str, Path | None] = {}
        self._fits: dict[str, _Fit] = {}
        self._misfits: dict[str, tuple[Sequence[Hunk], _Misfit]] = {}

    def take(self, path: str, hunks: Sequence[Hunk]) -> None:
        """Apply the hunks of a file, or keep them as unread.

        Raises:
            RefusedError: a hunk cannot be applied to the file that it is of.
        """
        if not may_decide(path):
            self._notes.append(f"{path}: {NO_PLACE}, left out")
            return
        if not is_c(path):
            self._leave(hunks, f"{path} is no C file")
            return
        old = hunks[0].old_path
        if path and not old:
            lines = tuple(line for hunk in hunks for line in hunk.new)
            self._files[path] = DraftFile(path, lines, "", whole=True)
            return
        former = self._files.pop(old, None)
        if former is not None:
            outcome = self._patched(hunks, former.lines)
            if isinstance(outcome, Refused):
                raise self._error(outcome, f"the code of {old} as the patches before it left it")
            self._notes.extend(outcome.notes)
            self._files[path] = _changed(path, hunks, outcome, text_of(former.lines), former.place)
            self._applied[path] = former.place
            return
        self._look_for(path, self._renamed.get(old, old), hunks)

    def _look_for(self, path: str, old: str, hunks: Sequence[Hunk]) -> None:
        """Apply the hunks to the first file of the tree that they all fit."""
        likely = self._tree.likely(old)
        for base in likely:
            lines = tuple(SourceLine(text, 0) for text in base.text.splitlines())
            outcome = self._patched(hunks, lines)
            if isinstance(outcome, Patched):
                notes = (*_renamed(path, old, base), *outcome.notes)
                file = _changed(path, hunks, outcome, base.text, base.place)
                self._fits[path] = _Fit(base, file, notes)
                return
            self._misfits.setdefault(path, (hunks, _Misfit(base, outcome)))
        if not likely:
            self._leave(hunks, f"{old} is not in the base ({self._tree.name})")

    def _patched(self, hunks: Sequence[Hunk], lines: Sequence[SourceLine]) -> Patched | Refused:
        if len(hunks) * max(1, len(lines)) > MAX_WORK:
            found = f"{len(hunks)} hunks for a base of {len(lines)} lines"
            raise RefusedError(
                found,
                "a smaller patch or base",
                InFile(self._source, line=hunks[0].number, column=1),
            )
        return patch_file(hunks, lines)

    def _leave(self, hunks: Sequence[Hunk], why: str) -> None:
        self._unread.extend(unread(hunk, why) for hunk in hunks)

    def _error(self, refused: Refused, of: str) -> RefusedError:
        hunk, line = refused.hunk, refused.misfit.line
        found = f"{hunk.place} that does not apply: {refused.misfit.why}"
        return RefusedError(found, of, InFile(self._source, line=line.number, column=1))

    def finish(self, diff: Diff) -> State:
        """Let each file of the tree be the base of one file, that which shares most of its path.

        A file of the tree that has no other use, and is the one the patch names, has to fit.
        """
        taken: dict[BaseFile, str] = {}
        for path, fit in sorted(self._fits.items(), key=lambda item: -item[1].base.tail(item[0])):
            other = taken.setdefault(fit.base, path)
            if other == path:
                self._files[path] = fit.file
            else:
                own = [hunk for hunk in diff.hunks if hunk.path == path]
                self._leave(own, f"{fit.base.path} of the base is taken for {other}")
        for path, fit in self._fits.items():
            if taken[fit.base] == path:
                self._applied[path] = fit.base.place
                self._notes.extend(fit.notes)
        for path, (hunks, misfit) in self._misfits.items():
            if path not in self._fits:
                self._refuse(path, hunks, misfit, taken)
        notes = (*self._applied_to(), *diff.notes, *self._notes)
        renamed = {**self._renamed, **{new: old for old, new in diff.renames}}
        return State(
            tuple(self._files.values()), tuple(self._unread), tuple(renamed.items()), notes
        )

    def _applied_to(self) -> tuple[str, ...]:
        """Say which of what `--base` gave was patched, file by file where there are several."""
        by_root: dict[str, list[str]] = {}
        roots = {file.place: file.root for file in self._tree.files}
        for path, place in self._applied.items():
            if place is not None:
                by_root.setdefault(roots[place], []).append(path or "the code")
        if len(by_root) == 1:
            return (f"applied to {next(iter(by_root))}",)
        return tuple(f"{', '.join(paths)}: applied to {root}" for root, paths in by_root.items())

    def _refuse(
        self, path: str, hunks: Sequence[Hunk], misfit: _Misfit, taken: dict[BaseFile, str]
    ) -> None:
        base, refused = misfit.base, misfit.refused
        if base in taken:
            self._leave(hunks, f"{path} is not in the base ({self._tree.name})")
        elif base.given or base.is_exactly(path):
            raise self._error(refused, f"the {base.path} that the patch was made for")
        else:
            place = f"{refused.hunk.place} does not fit {base.path}: {refused.misfit.why}"
            self._leave(hunks, f"{path} is not in the base ({self._tree.name}), and {place}")


def _changed(
    path: str, hunks: Sequence[Hunk], patched: Patched, before: str, place: Path | None
) -> DraftFile:
    lines = () if hunks[-1].removes else patched.lines
    return DraftFile(path, lines, before, whole=True, place=place)


def _renamed(path: str, old: str, base: BaseFile) -> tuple[str, ...]:
    """Say which file of the base was taken for one of another name."""
    named = PurePosixPath(old).name if base.given else old
    return () if base.path == named else (f"{path or 'the code'} is {base.path} of the base",)
