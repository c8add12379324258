"""Unified diffs found in a text, also indented ones and those a mail program damaged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import attrs
from unidiff.errors import UnidiffParseError
from unidiff.patch import PatchSet

from engine.refusal import InFile, RefusedError
from scenarios.sources.base import may_decide
from scenarios.sources.draft import Missing
from scenarios.sources.elision import is_elision
from scenarios.sources.patch.diff import Diff, Hunk, HunkLine, Kind
from scenarios.sources.patch.repair import Body, read_body
from scenarios.sources.source_text import SourceLine

MAX_HUNKS: Final = 400
WHOLE_PATCH: Final = "give the whole patch"
_NEXT: Final = 8
"""How far below a hunk a line is looked for that stands for others."""
_HEADER: Final = re.compile(r"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@ ?(.*)")
_VAGUE: Final = re.compile(r"@@(?: [^@]{0,80} ?@@)?(?: (.*))?$")
_GIT: Final = re.compile(r"diff --git \"?a/(\S+?)\"? \"?b/(\S+?)\"?$")
_CONTEXT_DIFF: Final = re.compile(r"\*\*\*|---|[-+! ] |\\")
_NORMAL: Final = re.compile(r"\d{1,7}(?:,\d{1,7})?[acd]\d{1,7}(?:,\d{1,7})?")
_ONLY: Final = re.compile(r"Only in (\S+): (\S+\.[chS])")
_WORDS: Final = re.compile(r"\[-.+-\]|\{\+.+\+\}")
"""What other forms of diffs than unified ones look like."""
_PREFIXES: Final = ("a", "b", "i", "w", "c", "o", "orig", "new")
_MOVED: Final = ("rename from ", "rename to ", "similarity index ", "index ", "new file mode ")


@attrs.frozen
class _Header:
    source: int
    old: int | None
    target: int
    new: int | None
    section: str


def find_diff(source: str, lines: Sequence[SourceLine]) -> tuple[Diff, frozenset[int]]:
    """Return what the text's hunks change, and the indices of the lines that are diff.

    Raises RefusedError for a hunk that is damaged beyond one clear reading.
    """
    finder = _Finder(source, lines)
    finder.run()
    paths = tuple(dict.fromkeys(finder.paths))
    changed = {hunk.path for hunk in finder.hunks}
    bare = tuple((path, line) for path, line in finder.begun.items() if path not in changed)
    diff = Diff(
        *(tuple(finder.hunks), paths, tuple(finder.notes), tuple(finder.renames), bare),
        missing=tuple(finder.missing),
    )
    return diff, frozenset(finder.used)


class _Finder:
    """One pass over a text: remembers which file the next hunk belongs to."""

    def __init__(self, source: str, lines: Sequence[SourceLine]) -> None:
        self._source = source
        self._lines = lines
        self._path = ""
        self._old = ""
        self._removes = False
        self.hunks: list[Hunk] = []
        self.paths: list[str] = []
        self.notes: list[str] = []
        self.renames: list[tuple[str, str]] = []
        self.missing: list[Missing] = []
        self.used: set[int] = set()
        self.begun: dict[str, int] = {}
        """The files that git's own lines begin, and where."""
        self._headers = 0

    def run(self) -> None:
        index = 0
        while index < len(self._lines):
            index += self._take(index)

    def _take(self, index: int) -> int:
        """Read what begins at a line; return how many lines that was."""
        line = self._lines[index]
        text = line.text.lstrip(" \t")
        if text.startswith(("@@@", "diff --cc ", "diff --combined ")):
            raise RefusedError(
                "a merge's combined diff",
                "a diff against one parent",
                InFile(self._source, line=line.number, column=1),
            )
        if text.startswith("diff --git "):
            self._begin_git(text)
            self.begun.setdefault(self._path, line.number)
            self.used.add(index)
        elif text.startswith("--- ") and self._text(index + 1).startswith("+++ "):
            self._begin_file(text[4:], self._text(index + 1)[4:])
            self.begun.setdefault(self._path, line.number)
            self.used.update((index, index + 1))
            return 2
        elif text.startswith("@@"):
            return self._take_hunk(index)
        elif text.startswith("*** ") and self._text(index + 1).startswith("--- "):
            return self._take_context_diff(index)
        elif _NORMAL.fullmatch(text):
            self._miss_form("", line.number, "diff without context")
        elif (only := _ONLY.fullmatch(text)) is not None:
            self._miss_only(f"{_path(f'{only[1]}/')}{only[2]}", line.number)
        elif self._path and text.startswith(_MOVED):
            self.used.add(index)
            if text.startswith("rename to ") and self._old != self._path:
                self.renames.append((self._old, self._path))
        return 1

    def _take_context_diff(self, index: int) -> int:
        """Keep a diff as `diff -c` writes it as one that nobody read; return its length."""
        self._miss_form(_path(self._text(index + 1)[4:]), self._lines[index].number, "context diff")
        end = index + 2
        while _CONTEXT_DIFF.match(self._text(end)):
            end += 1
        self.used.update(range(index, end))
        return end - index

    def _miss_form(self, path: str, line: int, form: str) -> None:
        if may_decide(path):
            what = f"the {form} of {path}" if path else f"a {form}"
            way = "give it as a unified diff (diff -u)"
            self.missing.append(Missing(what, line, "is in a form that is not read", way))

    def _miss_only(self, path: str, line: int) -> None:
        """Keep a file that `diff -r` names without its text."""
        if may_decide(path):
            way = "give its text as well (diff -N)"
            self.missing.append(Missing(path, line, "is only named", way))

    def _text(self, index: int) -> str:
        return self._lines[index].text.lstrip(" \t") if index < len(self._lines) else ""

    def _begin_git(self, text: str) -> None:
        found = _GIT.match(text)
        if found is not None:
            self._old, self._path = found.groups()
            self._removes = False
            self.paths.append(self._path)

    def _begin_file(self, old: str, new: str) -> None:
        self._old, target = _path(old), _path(new)
        self._path = target or self._old
        self._removes = not target
        self.paths.append(self._path)
        if self._removes:
            self.notes.append(f"{self._path} is removed by the patch")

    def _take_hunk(self, index: int) -> int:
        line = self._lines[index]
        text = line.text.lstrip(" \t")
        header = _header(text)
        if header is None:
            return 1
        self._headers += 1
        if self._headers > MAX_HUNKS:
            raise RefusedError(
                f"more than {MAX_HUNKS} hunks",
                "fewer in one patch",
                InFile(self._source, line=line.number, column=1),
            )
        indent = line.text[: len(line.text) - len(text)]
        body = read_body(self._source, self._lines, index, indent, header.old, header.new)
        if body is None or all(part.kind == " " for part in body.lines):
            if body is not None and any(_WORDS.search(part.text) for part in body.lines):
                self._miss_form(self._path, line.number, "diff by words")
            elif body is not None:
                self.begun.pop(self._path, None)  # its hunk changes nothing
            return 1
        hunk = self._parse(text, line.number, header, body)
        self.hunks.append(hunk)
        self.notes.extend(f"{hunk.place}: {note}" for note in body.notes)
        self.used.update(range(index, index + body.length))
        self._miss_of(hunk, body, self._elided_at(index + body.length))
        return body.length

    def _miss_of(self, hunk: Hunk, body: Body, elided_after: int) -> None:
        """Keep what of a hunk is not there."""
        if not may_decide(hunk.path):
            return
        if body.short:
            self.missing.append(Missing(hunk.name, hunk.number, body.short, WHOLE_PATCH))
        if body.elided:
            why = "is not whole, since this line stands for others"
            self.missing.append(Missing(hunk.name, body.elided, why, WHOLE_PATCH))
        elif elided_after:
            why = "is followed by a line that stands for others"
            self.missing.append(Missing(hunk.name, elided_after, why, WHOLE_PATCH))

    def _elided_at(self, index: int) -> int:
        """Return the number of the next line with text if it stands for others, else 0."""
        rest = self._lines[index : index + _NEXT]
        line = next((line for line in rest if line.text.strip()), None)
        return line.number if line is not None and is_elision(line.text) else 0

    def _parse(self, text: str, number: int, header: _Header, body: Body) -> Hunk:
        """Let unidiff read the repaired hunk: what it refuses, no patch program would take."""
        section = f"{header.section} {body.section_rest}".strip()
        old = sum(line.kind != "+" for line in body.lines)
        new = sum(line.kind != "-" for line in body.lines)
        name = self._path or "code"
        head = f"@@ -{header.source},{old} +{header.target},{new} @@"
        marked = "".join(f"{line.kind}{line.text}\n" for line in body.lines)
        try:
            files = PatchSet.from_string(f"--- a/{name}\n+++ b/{name}\n{head}\n{marked}")
            read = [
                HunkLine(_kind(part.line_type), part.value.rstrip("\n"), origin.number)
                for part, origin in zip(files[0][0], body.lines, strict=True)
            ]
        except (UnidiffParseError, ValueError, IndexError) as error:
            found = f"a hunk that does not read as one ({error})"
            raise RefusedError(
                found, "a unified diff", InFile(self._source, line=number, column=1)
            ) from error
        return Hunk(
            *(self._path, text, number, header.source, section, tuple(read)),
            old_path=self._old,
            removes=self._removes,
        )


def _path(side: str) -> str:
    """Return the path after `---` or `+++` without its prefix, none for /dev/null."""
    name = side.partition("\t")[0].strip().strip('"')
    if name == "/dev/null":
        return ""
    prefix, slash, rest = name.partition("/")
    return rest if slash and prefix in _PREFIXES else name


def _kind(line_type: str) -> Kind:
    match line_type:
        case "+":
            return "+"
        case "-":
            return "-"
        case _:
            return " "


def _header(text: str) -> _Header | None:
    found = _HEADER.match(text)
    if found is not None:
        source, old, target, new, section = found.groups()
        return _Header(int(source), int(old or 1), int(target), int(new or 1), section.strip())
    vague = _VAGUE.match(text)
    return _Header(0, None, 0, None, (vague.group(1) or "").strip()) if vague else None
