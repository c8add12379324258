"""The way in: a file's bytes to its candidates, whatever kind of file it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import attrs

from engine.refusal import InFile, RefusedError
from scenarios.kernel.decisions import POLICY_FUNCTIONS, decision_of
from scenarios.sources.base import C_SUFFIXES, MAX_BYTES, Builtin, Tree, read_bytes, split_lines
from scenarios.sources.c_text.blocks import find_blocks
from scenarios.sources.c_text.extract import find_code
from scenarios.sources.c_text.loose import unquoted
from scenarios.sources.c_text.tokens import definitions, tokenize
from scenarios.sources.candidate import Candidate, name_candidates, policy_functions
from scenarios.sources.draft import Draft, Missing, UnreadHunk
from scenarios.sources.mail.encoding import decode_file, tidy
from scenarios.sources.mail.mail import Mail, MailPart, UnreadPart, is_mail, read_mails
from scenarios.sources.mail.quoting import View, views
from scenarios.sources.patch.diff import Diff
from scenarios.sources.patch.diffstat import Stat, diffstat, not_shown
from scenarios.sources.patch.find import find_diff
from scenarios.sources.patch.series import Series
from scenarios.sources.patch.subject import in_order
from scenarios.sources.source_text import SourceLine

MAX_LINES: Final = 200_000
_EMPTY_BASE: Final = Builtin("an empty base", "")


def read_candidates(
    path: str | Path, *, base: Tree | Builtin = _EMPTY_BASE
) -> tuple[Candidate, ...]:
    """Read a file and return its candidates; raises RefusedError for all that can go wrong."""
    data = read_bytes(path, "a C file, patch or mail")
    return find_candidates(Path(path).name, data, base=base)


def find_candidates(
    source: str, data: bytes, *, base: Tree | Builtin = _EMPTY_BASE
) -> tuple[Candidate, ...]:
    """Return the candidates in a file's bytes, in the order they stand there: at least one.

    `base` is what patches are applied to; without one only hunks that hold a whole function count.
    Raises RefusedError where nothing is found, a patch does not apply, or a limit is reached.
    """
    if len(data) > MAX_BYTES:
        raise RefusedError(f"more than {MAX_BYTES >> 20} MiB", "a smaller file", InFile(source))
    raw = split_lines(data.decode("latin-1"))
    if len(raw) > MAX_LINES:
        raise RefusedError(f"{len(raw)} lines", f"at most {MAX_LINES}", InFile(source))
    try:
        return _find(source, data, raw, base)
    except RecursionError as error:
        raise RefusedError("a file nested too deep", "a flatter one", InFile(source)) from error


def _find(
    source: str, data: bytes, raw: Sequence[str], base: Tree | Builtin
) -> tuple[Candidate, ...]:
    suffixed = source.lower().endswith(C_SUFFIXES)
    if not suffixed and is_mail(raw):
        mails = read_mails(source, raw)
    else:
        texts = [tidy(text) for text in split_lines(decode_file(data))]
        lines = tuple(SourceLine(text, number) for number, text in enumerate(texts, 1))
        if suffixed and _decides(lines):
            return name_candidates(source, [Draft.of_code("the whole C file", lines, whole=source)])
        mails = (Mail("", (MailPart(lines),)),)
    search = _Search(source, base)
    for index in in_order([mail.subject for mail in mails]):
        search.look_into(mails[index])
    return search.result(len(raw), len(mails))


def _decides(lines: Sequence[SourceLine]) -> bool:
    """Say whether a C file has a policy, or anything else by which KVM decides."""
    if policy_functions(lines):
        return True
    return any(decision_of(name) for block in find_blocks(lines)[0] for name in block.names)


class _Search:
    """The candidates found so far, and what could not be taken."""

    def __init__(self, source: str, base: Tree | Builtin) -> None:
        self._source = source
        self._series = Series(source, base)
        self._drafts: list[Draft] = []
        self._apart: list[Draft] = []
        """What is in no candidate: one of its own each, of which nothing is judged."""
        self._notes: list[str] = []
        self._errors: list[RefusedError] = []
        self._cut: list[UnreadHunk] = []
        self._rows: set[str] = set()
        """The changed lines of all that was not quoted."""

    def look_into(self, mail: Mail) -> None:
        """Collect the candidates of one message: the body first, attachments in order."""
        found: list[Draft] = []
        stats: list[Stat] = []
        diffs: list[Diff] = []
        for part in mail.parts:
            if part.is_c and _decides(part.lines):
                title = f"the attachment {part.name}"
                found.append(Draft.of_code(title, part.lines, whole=part.name))
                continue
            for view in views(part.lines):
                drafts, diff = self._look_at(view, mail)
                found.extend(drafts)
                if view.depth == 0:
                    stats.extend(diffstat(view.lines))
                    diffs.append(diff)
        missing = (*not_shown(stats, diffs), *map(_unread_part, mail.unread))
        if mail.unread and not found:
            self._apart.append(Draft(mail.subject or "a mail", (), missing=missing))
        found = [attrs.evolve(draft, missing=(*draft.missing, *missing)) for draft in found]
        found.sort(key=lambda draft: draft.first_line)
        self._drafts.extend(found)
        place = f" (the mail at line {mail.number})" if mail.number > 1 else ""
        self._notes.extend(f"{note}{place}" for note in mail.notes)

    def _look_at(self, view: View, mail: Mail) -> tuple[list[Draft], Diff]:
        try:
            diff, used = find_diff(self._source, view.lines)
            if view.depth:
                missing = not_shown(diffstat(view.lines), (diff,))
                diff = attrs.evolve(diff, missing=(*diff.missing, *missing))
            if view.depth and diff.hunks and diff.missing and self._is_known(_changed_rows(diff)):
                first = diff.missing[0].line
                self._notes.append(f"line {first}: quotes part of a patch that is here, left out")
                diff = Diff(())
            patched = self._series.take(diff, mail.subject, quoted=view.depth > 0)
        except RefusedError as error:
            if view.depth == 0:
                raise
            self._errors.append(error)
            self._keep_apart(error, view)
            return [], Diff(())
        if view.depth == 0:
            self._rows.update(_changed_rows(diff))
        found = [patched] if isinstance(patched, Draft) else []
        if isinstance(patched, str):
            self._notes.append(patched)
        rest = tuple(
            SourceLine("", line.number) if index in used else line
            for index, line in enumerate(view.lines)
        )
        code = find_code(attrs.evolve(view, lines=rest), beside_a_diff=bool(diff.hunks))
        for cut in code.unfinished:
            found_short = f"{cut.name}() cut short: {cut.why}"
            self._errors.append(
                RefusedError(
                    found_short, "all of it", InFile(self._source, line=cut.line, column=1)
                )
            )
            self._cut.append(UnreadHunk("", cut.line, (cut.name,), f"it is cut short: {cut.why}"))
        return self._with_loose([*found, *code.drafts], code.loose, view), diff

    def _with_loose(
        self, drafts: list[Draft], pieces: Iterable[tuple[SourceLine, ...]], view: View
    ) -> list[Draft]:
        """Return one writer's drafts, and what code they wrote beside them as not judged."""
        missing = tuple(
            _loose(piece)
            for piece in pieces
            if not ((view.depth or _is_foreign(piece)) and self._is_known(map(_unquoted, piece)))
        )
        if drafts or not missing:
            return [attrs.evolve(draft, missing=(*draft.missing, *missing)) for draft in drafts]
        lines = ", ".join(str(each.line) for each in missing[:3])
        title = f"code at line{'s' if len(missing) > 1 else ''} {lines} of the mail"
        self._apart.append(Draft(f"quoted {title}" if view.depth else title, (), missing=missing))
        return []

    def _keep_apart(self, error: RefusedError, view: View) -> None:
        """Keep a quoted diff that cannot be read, unless it is part of one that was."""
        rows = [line.text for line in view.lines if line.text[:1] in ("+", "-")]
        if not self._is_known(row for row in rows if not row.startswith(("+++ ", "--- ", "-- "))):
            why = f"cannot be read: found {error.found}"
            missing = Missing("a quoted diff", error.line, why, "give it as it was sent")
            self._apart.append(Draft("a quoted diff", (), missing=(missing,)))

    def _is_known(self, rows: Iterable[str]) -> bool:
        """Say whether lines are among those that the patches of the file change, marks and all."""
        return bool(self._rows) and all(_row(text) in self._rows for text in rows)

    def result(self, lines: int, mails: int) -> tuple[Candidate, ...]:
        """Name what was found; raises the first error, or says what was looked for."""
        if not self._drafts:
            raise self._errors[0] if self._errors else self._nothing(lines, mails)
        left_out = [f"line {e.line}: {e.found}, left out" for e in self._errors]
        first = self._drafts[0]
        notes = (*first.notes, *dict.fromkeys((*self._notes, *left_out)))
        drafts = (attrs.evolve(first, notes=notes), *self._drafts[1:], *self._apart)
        return name_candidates(self._source, [self._beside(draft) for draft in drafts])

    def _beside(self, draft: Draft) -> Draft:
        """Return a draft with the functions that are cut short, and that it has not as a whole.

        With the last patch of a series, also with those that should come after it.
        """
        texts = [line.text for file in draft.files for line in file.lines]
        has = {definition.name for definition in definitions(tokenize(texts))}
        cut = tuple(hunk for hunk in self._cut if not has.issuperset(hunk.functions))
        missing = (*draft.missing, *self._series.holes.at_the_end(draft.title))
        return attrs.evolve(draft, unread=(*draft.unread, *cut), missing=missing)

    def _nothing(self, lines: int, mails: int) -> RefusedError:
        kind = f"{mails} mails" if mails > 1 else "a text"
        why = "".join(f"; {note}" for note in dict.fromkeys(self._notes))
        functions = ", ".join(f"{name}()" for name in POLICY_FUNCTIONS)
        return RefusedError(
            f"{kind} of {lines} lines without a policy{why}",
            f"the definition of {functions}, or a unified diff that changes one of them",
            InFile(self._source),
        )


def _unread_part(part: UnreadPart) -> Missing:
    return Missing(part.what, part.line, part.why, part.way)


def _changed_rows(diff: Diff) -> frozenset[str]:
    """Return the lines that a diff changes, as they stand in it."""
    lines = (line for hunk in diff.hunks for line in hunk.lines)
    return frozenset(_row(line.kind + line.text) for line in lines if line.kind != " ")


def _row(text: str) -> str:
    """Return a marked line as it is compared: white space does not count."""
    return f"{text[:1]}{' '.join(text[1:].split())}"


def _unquoted(line: SourceLine) -> str:
    return unquoted(line.text)


def _is_foreign(piece: Sequence[SourceLine]) -> bool:
    """Say whether all of some code is quoted by other marks than `>`."""
    return all(_unquoted(line) != line.text for line in piece)


def _loose(piece: Sequence[SourceLine]) -> Missing:
    first, last = piece[0].number, piece[-1].number
    what = "the code" if first == last else f"the code down to line {last}"
    way = "give it as a diff or as a whole function"
    return Missing(what, first, "is in no function and in no hunk", way)
