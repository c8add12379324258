"""Diffstats: what a mail says its diff changes, compared with what is there of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Final

import attrs

from scenarios.sources.base import may_decide
from scenarios.sources.draft import Missing
from scenarios.sources.patch.diff import Diff
from scenarios.sources.source_text import SourceLine

_ROW: Final = re.compile(
    r"[ \t]*(\S(?:[^|\n]{0,300}\S)?)[ \t]+\|[ \t]+(?:(\d{1,7})(?:[ \t]+[-+]+)?|Bin\b.*)[ \t]*"
)
_BRACED: Final = re.compile(r"\{[^{}]*? => ([^{}]*)\}")
_WAY: Final = "give the whole patch"


@attrs.frozen
class Stat:
    """A row of a diffstat: a file after the patch, its line, and how many lines change in it."""

    path: str
    """Its last parts where it is cut: `.../kvm/mmu.c` is `/kvm/mmu.c`."""
    line: int
    changed: int

    def is_of(self, path: str) -> bool:
        """Say whether it may be the row of a path."""
        return path == self.path or (self.path.startswith("/") and path.endswith(self.path))


def diffstat(lines: Iterable[SourceLine]) -> tuple[Stat, ...]:
    """Return the rows of a text's diffstats: ` arch/arm64/kvm/mmu.c | 4 +-`."""
    found = ((line, _ROW.fullmatch(line.text)) for line in lines)
    return tuple(
        Stat(_path(row[1]), line.number, int(row[2] or 0))
        for line, row in found
        if row is not None and ("/" in row[1] or "." in row[1])
    )


def _path(text: str) -> str:
    name = _BRACED.sub(r"\1", text.strip('"')).replace("//", "/")
    return name.rpartition(" => ")[2].removeprefix("...")


def not_shown(stats: Sequence[Stat], diffs: Collection[Diff]) -> tuple[Missing, ...]:
    """Return the files of a diffstat that the diffs do not show, or not with all their changes."""
    hunks = [hunk for diff in diffs for hunk in diff.hunks]
    paths = {path for diff in diffs for path in diff.paths}
    missing: list[Missing] = []
    for stat in stats if hunks else ():
        name = stat.path.removeprefix("/")
        if not may_decide(name):
            continue
        own = [hunk for hunk in hunks if stat.is_of(hunk.path)]
        shown = sum(line.kind != " " for hunk in own for line in hunk.lines)
        if not own and not any(stat.is_of(path) for path in paths):
            why = "is in the diffstat, and its diff is not there"
            missing.append(Missing(name, stat.line, why, _WAY))
        elif shown < stat.changed:
            why = f"has {stat.changed} changed lines by the diffstat, and {shown} are there"
            missing.append(Missing(name, stat.line, why, _WAY))
    return tuple(missing)
