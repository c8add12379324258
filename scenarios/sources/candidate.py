"""What is found in a user's file: candidates with their C text, and the error that says why not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import attrs

from scenarios.sources.tokens import definitions, tokenize

POLICY_FUNCTIONS: Final = ("kvm_toggle_cache", "kvm_set_way_flush", "access_vm_reg", "access_sctlr")
"""The kernel functions that make a policy, in the order they are reported."""


class SourceError(Exception):
    """What is wrong with a user's file, with its place (1-based; line 0: the file as a whole)."""

    def __init__(self, source: str, line: int, column: int, found: str, expected: str) -> None:
        """Keep the place and both halves of the sentence."""
        super().__init__(source, line, column, found, expected)
        self.source = source
        self.line = line
        self.column = column
        self.found = found
        self.expected = expected

    def __str__(self) -> str:
        """Return `source:line:column: found …; expected …`."""
        place = f"{self.source}:{self.line}:{self.column}" if self.line else self.source
        return f"{place}: found {self.found}; expected {self.expected}"


@attrs.frozen
class Line:
    """One line of text and where it stands in the user's file (1-based; 0: in the base)."""

    text: str
    number: int


@attrs.frozen
class Base:
    """The text a patch is applied to.

    `numbered` says that its lines are a kernel file's, so that an offset means something.
    """

    name: str
    text: str
    numbered: bool = False


@attrs.frozen
class Draft:
    """A candidate before it has a name: others in the same file decide that."""

    title: str
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()

    @property
    def first_line(self) -> int:
        """The first line of the user's file that is part of it."""
        return next((line.number for line in self.lines if line.number), 0)


@attrs.frozen
class Candidate:
    """One policy found in a file: the complete C text for the compiler, and its way back."""

    name: str
    title: str
    source: str
    text: str
    line_map: tuple[int, ...]
    functions: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def first_line(self) -> int:
        """The first line of the user's file that is part of it."""
        return next((number for number in self.line_map if number), 0)

    def user_line(self, line: int) -> int:
        """Return the line of the user's file for a 1-based line of `text`, 0 for the base's."""
        return self.line_map[line - 1] if 0 < line <= len(self.line_map) else 0


def policy_functions(lines: Iterable[Line]) -> tuple[str, ...]:
    """Return the policy functions these lines define, in the order of `POLICY_FUNCTIONS`."""
    defined = {found.name for found in definitions(tokenize([line.text for line in lines]))}
    return tuple(name for name in POLICY_FUNCTIONS if name in defined)


def name_candidates(source: str, drafts: Iterable[Draft]) -> tuple[Candidate, ...]:
    """Name drafts `FILE#1`, `FILE#2`… (`FILE` where there is one), and note repeated code."""
    kept = tuple(drafts)
    names = [source] if len(kept) == 1 else [f"{source}#{n}" for n in range(1, len(kept) + 1)]
    seen: dict[tuple[str, ...], str] = {}
    result = []
    for name, draft in zip(names, kept, strict=True):
        code = tuple(token.text for token in tokenize([line.text for line in draft.lines]))
        earlier = seen.setdefault(code, name)
        repeat = () if earlier == name else (f"a duplicate: the same code as {earlier}",)
        result.append(
            Candidate(
                name=name,
                title=draft.title,
                source=source,
                text="".join(line.text + "\n" for line in draft.lines),
                line_map=tuple(line.number for line in draft.lines),
                functions=policy_functions(draft.lines),
                notes=(*draft.notes, *repeat),
            )
        )
    return tuple(result)


def split_fragment(argument: str) -> tuple[str, int | None]:
    """Split `FILE#2` into the path and the candidate's number, None where none is asked for."""
    path, mark, number = argument.rpartition("#")
    if mark and path and number.isascii() and number.isdecimal() and len(number) < 7:
        return path, int(number)
    return argument, None


def pick_candidate(candidates: tuple[Candidate, ...], number: int) -> Candidate:
    """Return the candidate `FILE#number` asks for; raises SourceError where it does not exist."""
    if 0 < number <= len(candidates):
        return candidates[number - 1]
    raise SourceError(
        candidates[0].source if candidates else "",
        0,
        0,
        f"{len(candidates)} candidates, none of them #{number}",
        f"a number from #1 to #{len(candidates)}",
    )
