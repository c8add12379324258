"""What is found in a user's file: candidates with their C text, and the error that says why not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

import attrs

from engine.refusal import InFile, RefusedError
from scenarios.kernel.decisions import POLICY_FUNCTIONS
from scenarios.sources.c_text.tokens import definitions, tokenize
from scenarios.sources.draft import Draft, DraftFile, Missing, UnreadHunk, first_of
from scenarios.sources.source_text import SourceLine

MAX_CANDIDATES: Final = 200
"""Candidates that one file may hold: a long thread has dozens."""


@attrs.frozen
class CandidateFile:
    """One C file of a candidate, as the candidate has it and as it was before."""

    path: str
    """As the patch names it, or the name of the user's own file."""
    text: str
    line_map: tuple[int, ...]
    """Per line of the text, its number in the user's file; 0: the base's."""
    before: str | None
    """The text before the patch; None: there was none (a whole file, code in a mail)."""
    whole: bool
    """The text is that of a whole file, not of pieces of one."""
    place: Path | None = attrs.field(default=None, eq=False)
    """Where the file of `--base` lies that it was made of; it is no part of what the file is."""


@attrs.frozen
class Candidate:
    """One policy found in a file: the complete C text for the compiler, and its way back."""

    name: str
    title: str
    source: str
    files: tuple[CandidateFile, ...]
    """At least one; those that define policy functions come first."""
    notes: tuple[str, ...] = ()
    unread: tuple[UnreadHunk, ...] = ()
    """What of the patch is in no file."""
    missing: tuple[Missing, ...] = ()
    """What of it is not there at all, or in a form nobody reads."""

    @property
    def text(self) -> str:
        """The text of the first file."""
        return self.files[0].text

    @property
    def line_map(self) -> tuple[int, ...]:
        """Per line of `text`, its number in the user's file; 0: the base's."""
        return self.files[0].line_map

    @cached_property
    def functions(self) -> tuple[str, ...]:
        """The policy functions that the first file defines."""
        return _policies_in(self.text.split("\n"))

    @property
    def first_line(self) -> int:
        """The first line of the user's file that is part of it."""
        numbers = (number for file in self.files for number in file.line_map if number)
        return min(numbers, default=first_of(self.unread, self.missing))

    @property
    def user_lines(self) -> tuple[int, int]:
        """The first and the last line of the user's file that are part of it; 0 for none."""
        numbers = [
            *(number for file in self.files for number in file.line_map if number),
            *(hunk.line for hunk in self.unread),
            *(each.line for each in self.missing if each.line),
        ]
        return min(numbers, default=0), max(numbers, default=0)

    def user_line(self, line: int) -> int:
        """Return the line of the user's file for a 1-based line of `text`, 0 for the base's."""
        return self.line_map[line - 1] if 0 < line <= len(self.line_map) else 0


def policy_functions(lines: Iterable[SourceLine]) -> tuple[str, ...]:
    """Return the policy functions these lines define, in the order of `POLICY_FUNCTIONS`."""
    return _policies_in([line.text for line in lines])


def _policies_in(texts: Sequence[str]) -> tuple[str, ...]:
    defined = {found.name for found in definitions(tokenize(texts))}
    return tuple(name for name in POLICY_FUNCTIONS if name in defined)


def name_candidates(source: str, drafts: Iterable[Draft]) -> tuple[Candidate, ...]:
    """Name drafts `FILE#1`, `FILE#2`… (`FILE` where there is one), and note repeated code.

    Raises:
        RefusedError: there are too many of them.
    """
    kept = tuple(drafts)
    if len(kept) > MAX_CANDIDATES:
        line = kept[MAX_CANDIDATES].first_line
        raise RefusedError(
            f"{len(kept)} candidates",
            f"at most {MAX_CANDIDATES} in a file",
            InFile(source, line=line, column=1),
        )
    names = [source] if len(kept) == 1 else [f"{source}#{n}" for n in range(1, len(kept) + 1)]
    seen: dict[tuple[object, ...], str] = {}
    result = []
    for name, draft in zip(names, kept, strict=True):
        earlier = seen.setdefault(_identity(draft), name)
        repeat = () if earlier == name else (f"a duplicate: the same code as {earlier}",)
        result.append(
            Candidate(
                name=name,
                title=draft.title,
                source=source,
                files=_files(source, draft),
                notes=(*draft.notes, *repeat),
                unread=draft.unread,
                missing=draft.missing,
            )
        )
    return tuple(result)


def _identity(draft: Draft) -> tuple[object, ...]:
    """Return what drafts of the same code have in common: their tokens, and what is unread."""
    code = tuple(
        tuple(token.text for token in tokenize([line.text for line in file.lines]))
        for file in draft.files
    )
    unread = tuple((hunk.path, hunk.functions) for hunk in draft.unread)
    return code, unread, tuple((each.what, each.why) for each in draft.missing)


def _files(source: str, draft: Draft) -> tuple[CandidateFile, ...]:
    """Return a draft's files, the policy functions' first; an empty one where all is unread."""
    known = {file.path: policy_functions(file.lines) for file in draft.files}
    ranked = sorted(draft.files, key=lambda file: _rank(file.path, known[file.path]))
    nothing = DraftFile(draft.unread[0].path if draft.unread else "", ())
    return tuple(
        CandidateFile(
            path=file.path or source,
            text="".join(line.text + "\n" for line in file.lines),
            line_map=tuple(line.number for line in file.lines),
            before=file.before,
            whole=file.whole,
            place=file.place,
        )
        for file in ranked or (nothing,)
    )


def _rank(path: str, functions: tuple[str, ...]) -> tuple[int, bool]:
    first = POLICY_FUNCTIONS.index(functions[0]) if functions else len(POLICY_FUNCTIONS)
    return first, "coproc" in path


def split_fragment(argument: str) -> tuple[str, int | None]:
    """Split `FILE#2` into the path and the candidate's number, None where none is asked for."""
    path, mark, number = argument.rpartition("#")
    if mark and path and number.isascii() and number.isdecimal() and len(number) < 7:
        return path, int(number)
    return argument, None


def pick_candidate(candidates: tuple[Candidate, ...], number: int) -> Candidate:
    """Return the candidate `FILE#number` asks for; raises RefusedError where it does not exist."""
    if 0 < number <= len(candidates):
        return candidates[number - 1]
    raise RefusedError(
        f"{len(candidates)} candidates, none of them #{number}",
        f"a number from #1 to #{len(candidates)}",
        InFile(candidates[0].source if candidates else ""),
    )
