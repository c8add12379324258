"""Patches of a series: each on top of the former, as its subject says (`[PATCH v2 1/3]`)."""

from __future__ import annotations

import re
from typing import Final

import attrs

from engine.refusal import RefusedError
from scenarios.sources.base import Builtin, Tree, may_decide
from scenarios.sources.draft import Draft, UnreadHunk
from scenarios.sources.patch.diff import Diff
from scenarios.sources.patch.placement import NO_PLACE, State, onto_tree
from scenarios.sources.patch.rebuild import onto_builtin

_SUBJECT: Final = re.compile(
    r"(?:(?:re|fwd?|aw|sv)[ \t]*:[ \t]*)*\[([^\]\n]{1,100})\][ \t]*(.*)", re.IGNORECASE
)
_COUNT: Final = re.compile(r"\b(\d{1,3})/(\d{1,3})\b")
_VERSION: Final = re.compile(r"\bv(\d{1,3})\b", re.I)


@attrs.frozen
class PatchSubject:
    """What a patch's subject says: `number` of `total` is 0 of 0 for a single patch."""

    title: str
    version: int
    number: int
    total: int

    @classmethod
    def of(cls, text: str) -> PatchSubject:
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
    subject: PatchSubject
    state: State


class Series:
    """What each patch so far made of the base."""

    def __init__(self, source: str, base: Tree | Builtin) -> None:
        """Start from the base's own text."""
        self._source = source
        self._base = base
        self._made: list[_Made] = []

    def take(self, diff: Diff, text: str, *, quoted: bool) -> Draft | str | None:
        """Apply a diff under the message's subject; a note where it changes no C code.

        None where there is no diff. Raises RefusedError where it does not apply.
        """
        subject = PatchSubject.of(text)
        named = f"{subject.name}: {subject.title}" if subject.title else ""
        if not diff.hunks:
            if diff.missing:
                return Draft(named or "a diff", (), missing=diff.missing)
            return f"{named or 'a diff'}: no hunks in it, left out" if diff.paths else None
        title = named or f"diff of {', '.join(path for path in diff.paths[:3] if path) or 'code'}"
        title = f"{title} (quoted)" if quoted else title
        if not diff.missing and not any(may_decide(hunk.path) for hunk in diff.hunks):
            files = ", ".join(dict.fromkeys(hunk.path for hunk in diff.hunks))
            return f"{title}: changes {NO_PLACE} ({files}), left out"
        state, notes = self._apply(diff, self._before(subject), subject)
        bare = tuple(
            UnreadHunk(path, line, (), "it stands there without a hunk")
            for path, line in diff.bare
            if may_decide(path)
        )
        state = attrs.evolve(state, unread=(*state.unread, *bare))
        if not state.files and not state.unread and not state.missing:
            return f"{title}: changes comments only, left out"
        self._made.append(_Made(subject, state))
        return Draft(title, state.files, (*notes, *state.notes), state.unread, state.missing)

    def _before(self, subject: PatchSubject) -> _Made | None:
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
        self, diff: Diff, before: _Made | None, subject: PatchSubject
    ) -> tuple[State, tuple[str, ...]]:
        if before is not None:
            return self._onto(diff, before.state.under()), _on_top(before)
        try:
            return self._onto(diff, State()), ()
        except RefusedError:
            if not self._made or subject.total:
                raise
            former = self._made[-1]
            try:
                state = self._onto(diff, former.state.under())
            except RefusedError:
                state = None
            if state is None:
                raise
            return state, _on_top(former)

    def _onto(self, diff: Diff, state: State) -> State:
        match self._base:
            case Tree():
                made = onto_tree(self._source, diff, self._base, state)
            case Builtin():
                made = onto_builtin(self._source, diff, self._base, state)
        return attrs.evolve(made, missing=(*state.missing, *diff.missing))


def _on_top(made: _Made) -> tuple[str, ...]:
    return (f"on top of {made.subject.name}: {made.subject.title}",)
