"""Patches of a series: each on top of the former, as its subject says (`[PATCH v2 1/3]`)."""

from __future__ import annotations

import re
from typing import Final

import attrs

from scenarios.sources.candidate import Base, Draft, Line, SourceError
from scenarios.sources.hunk import Diff
from scenarios.sources.rebuild import Rebuilt, apply_diff

_SUBJECT: Final = re.compile(
    r"(?:(?:re|fwd?|aw|sv)[ \t]*:[ \t]*)*\[([^\]\n]{1,100})\][ \t]*(.*)", re.IGNORECASE
)
_COUNT: Final = re.compile(r"\b(\d{1,3})/(\d{1,3})\b")
_VERSION: Final = re.compile(r"\bv(\d{1,3})\b", re.I)


@attrs.frozen
class Subject:
    """What a patch's subject says: `number` of `total` is 0 of 0 for a single patch."""

    title: str
    version: int
    number: int
    total: int

    @classmethod
    def of(cls, text: str) -> Subject:
        """Read a subject line, also a reply's; anything without `[…]` is a plain title."""
        found = _SUBJECT.match(text)
        if found is None or "patch" not in found.group(1).lower():
            return cls(text, 1, 0, 0)
        tag, title = found.groups()
        count, version = _COUNT.search(tag), _VERSION.search(tag)
        number, total = (int(count.group(1)), int(count.group(2))) if count else (0, 0)
        return cls(title.strip(), int(version.group(1)) if version else 1, number, total)

    @property
    def name(self) -> str:
        """How a candidate is titled: `patch v2 1/3`."""
        version = f" v{self.version}" if self.version > 1 else ""
        return f"patch{version} {self.number}/{self.total}" if self.total else f"patch{version}"


@attrs.frozen
class _Made:
    subject: Subject
    lines: tuple[Line, ...]


class Series:
    """What each patch so far made of the base."""

    def __init__(self, source: str, base: Base) -> None:
        """Start from the base's own text."""
        self._source = source
        self._base = base
        self._start = tuple(Line(text, 0) for text in base.text.splitlines())
        self._made: list[_Made] = []

    def take(self, diff: Diff, text: str, *, quoted: bool) -> Draft | str | None:
        """Apply a diff under the message's subject; a note where it touches no policy function.

        None where there is no diff. Raises SourceError where it does not apply.
        """
        subject = Subject.of(text)
        named = f"{subject.name}: {subject.title}" if subject.title else ""
        if not diff.hunks:
            return f"{named or 'a diff'}: no hunks in it, left out" if diff.paths else None
        title = named or f"diff of {', '.join(path for path in diff.paths[:3] if path) or 'code'}"
        title = f"{title} (quoted)" if quoted else title
        before = self._before(subject)
        rebuilt, notes = self._apply(diff, before, subject)
        if rebuilt is None:
            files = ", ".join(dict.fromkeys(hunk.path or "code" for hunk in diff.hunks))
            return f"{title}: changes no policy function ({files}), left out"
        self._made.append(_Made(subject, rebuilt.lines))
        return Draft(title, rebuilt.lines, (*notes, *rebuilt.notes))

    def _before(self, subject: Subject) -> _Made | None:
        """Return the patch that comes before in the same series."""
        return next(
            (
                made
                for made in reversed(self._made)
                if (made.subject.total, made.subject.version) == (subject.total, subject.version)
                and made.subject.number < subject.number
            ),
            None,
        )

    def _apply(
        self, diff: Diff, before: _Made | None, subject: Subject
    ) -> tuple[Rebuilt | None, tuple[str, ...]]:
        if before is not None:
            rebuilt = apply_diff(self._source, diff, self._base, before.lines)
            return rebuilt, (f"on top of {before.subject.name}: {before.subject.title}",)
        try:
            return apply_diff(self._source, diff, self._base, self._start), ()
        except SourceError:
            if not self._made or subject.total:
                raise
            former = self._made[-1]
            try:
                rebuilt = apply_diff(self._source, diff, self._base, former.lines)
            except SourceError:
                rebuilt = None
            if rebuilt is None:
                raise
            return rebuilt, (f"on top of {former.subject.name}: {former.subject.title}",)
