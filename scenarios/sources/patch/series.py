"""Patches of a series: each on top of the former, as its subject says (`[PATCH v2 1/3]`)."""

from __future__ import annotations

import attrs

from engine.refusal import RefusedError
from scenarios.sources.base import Builtin, Tree, may_decide
from scenarios.sources.draft import Draft, Missing, UnreadHunk
from scenarios.sources.patch.diff import Diff
from scenarios.sources.patch.holes import Holes
from scenarios.sources.patch.placement import NO_PLACE, State, onto_tree
from scenarios.sources.patch.rebuild import onto_builtin
from scenarios.sources.patch.subject import PatchSubject, is_reply


@attrs.frozen
class _Made:
    subject: PatchSubject
    state: State
    quoted: bool


class Series:
    """What each patch so far made of the base."""

    def __init__(self, source: str, base: Tree | Builtin) -> None:
        """Start from the base's own text."""
        self._source = source
        self._base = base
        self._made: list[_Made] = []
        self.holes = Holes()

    def take(self, diff: Diff, text: str, *, quoted: bool) -> Draft | str | None:
        """Apply a diff under the message's subject; a note where it changes no C code.

        None where there is no diff. Raises RefusedError where it does not apply.
        """
        subject = PatchSubject.of(text)
        holes = self._holes(diff, subject, aside=quoted or is_reply(text))
        named = f"{subject.name}: {subject.title}" if subject.title else ""
        if not diff.hunks:
            return _without_hunks(diff, named)
        title = named or f"diff of {', '.join(path for path in diff.paths[:3] if path) or 'code'}"
        title = f"{title} (quoted)" if quoted else title
        if not diff.missing and not any(may_decide(hunk.path) for hunk in diff.hunks):
            files = ", ".join(dict.fromkeys(hunk.path for hunk in diff.hunks))
            return f"{title}: changes {NO_PLACE} ({files}), left out"
        state, notes = self._apply(diff, self._before(subject, quoted=quoted), subject)
        missing = (*state.missing, *diff.missing, *holes)
        state = attrs.evolve(state, unread=(*state.unread, *_bare(diff)), missing=missing)
        if not state.files and not state.unread and not state.missing:
            return f"{title}: changes comments only, left out"
        self._made.append(_Made(subject, state, quoted))
        self.holes.make(subject, title)
        return Draft(title, state.files, (*notes, *state.notes), state.unread, state.missing)

    def _holes(self, diff: Diff, subject: PatchSubject, *, aside: bool) -> tuple[Missing, ...]:
        is_patch = diff.hunks or diff.paths or diff.missing
        return self.holes.see(subject, aside=aside) if is_patch else ()

    def _before(self, subject: PatchSubject, *, quoted: bool) -> _Made | None:
        """Return the patch that comes before in the same series, a quoted one for a quoted one."""
        return next(
            (
                made
                for made in reversed(self._made)
                if (quoted or not made.quoted)
                and (made.subject.total, made.subject.version) == (subject.total, subject.version)
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
        return attrs.evolve(made, missing=state.missing)


def _without_hunks(diff: Diff, named: str) -> Draft | str | None:
    """Return what is known of a diff that shows no hunk: what it may change, or that it is none."""
    moved = {new for _, new in diff.renames}
    bare = tuple(hunk for hunk in _bare(diff) if hunk.path not in moved)
    if diff.missing or bare:
        return Draft(named or "a diff", (), unread=bare, missing=diff.missing)
    return f"{named or 'a diff'}: no hunks in it, left out" if diff.paths else None


def _bare(diff: Diff) -> tuple[UnreadHunk, ...]:
    return tuple(
        UnreadHunk(path, line, (), "it stands there without a hunk")
        for path, line in diff.bare
        if may_decide(path)
    )


def _on_top(made: _Made) -> tuple[str, ...]:
    return (f"on top of {made.subject.name}: {made.subject.title}",)
