"""The preprocessor: conditionals on CONFIG_ names, macros of the source, and nothing included."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence

import attrs

from engine.compiler.preprocess.built_in import BUILT_IN
from engine.compiler.preprocess.casts import spell_casts
from engine.compiler.preprocess.conditions import Inclusion, decide
from engine.compiler.preprocess.doubts import Doubt
from engine.compiler.preprocess.macros import Expander, Macro, solid
from engine.compiler.preprocess.tokens import Token, TokenKind, tokens_of
from engine.policy.source import Place, SourceFile
from engine.refusal import RefusedError


@attrs.frozen
class Segment:
    """A stretch of preprocessed text and where it is from; `moved` if a macro put it there."""

    offset: int
    start: int
    end: int
    moved: bool


@attrs.frozen
class Undecided:
    """Lines that are there or not, or are others, and nobody can say which: and why."""

    first_line: int
    last_line: int
    error: RefusedError


@attrs.frozen
class Preprocessed:
    """Text without directives, comments and macro calls, and the way back to the source."""

    source: SourceFile
    text: str
    segments: tuple[Segment, ...]
    offsets: tuple[int, ...]
    failures: tuple[RefusedError, ...]
    """What went wrong; matters only where a function that is used lies there."""
    undecided: tuple[Undecided, ...] = ()
    """Matters only where what is used lies there, or part of it."""

    def failure_in(self, start: int, end: int) -> RefusedError | None:
        """Return what is wrong with a stretch of the preprocessed text, None where nothing is."""
        offset, _ = self.span(start, end)
        first, last = self.source.place(offset, offset).line, self.place(start, end).end_line
        for failure in self.failures:
            if first <= failure.line <= last:
                return failure
        for each in self.undecided:
            if each.first_line <= last and first <= each.last_line:
                return each.error
        return None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the source of a stretch of the preprocessed text."""
        first = self._segment(start)
        last = self._segment(max(start, end - 1))
        left = first.start if first.moved else first.start + start - first.offset
        right = last.end if last.moved else last.start + end - last.offset
        return min(left, right), max(left, right)

    def place(self, start: int, end: int) -> Place:
        """Return the place in the source of a stretch of the preprocessed text."""
        return self.source.place(*self.span(start, end))

    def moved(self, start: int, end: int) -> bool:
        """Say whether either end of a stretch was put there by a macro."""
        return self._segment(start).moved or self._segment(max(start, end - 1)).moved

    def _segment(self, offset: int) -> Segment:
        return self.segments[max(0, bisect_right(self.offsets, offset) - 1)]


@attrs.define
class _Group:
    """An open #if: whether its text counts, and whether any branch has been taken."""

    active: bool
    taken: bool
    outer: bool
    start: int
    unknown: str | None
    guard: str | None
    """The name after #ifndef: that of a guard if a #define of it follows at once."""
    guards: bool = False
    """It may be the guard of a header: it is if nothing stands outside of it."""
    names: list[str] = attrs.Factory(list)
    """What its branches define and undefine, since nobody can say which of them counts."""


@attrs.define
class _Preprocessor:
    source: SourceFile
    configs: Mapping[str, int]
    macros: dict[str, Macro] = attrs.Factory(lambda: dict(BUILT_IN))
    groups: list[_Group] = attrs.Factory(list)
    output: list[Token] = attrs.Factory(list)
    failures: list[RefusedError] = attrs.Factory(list)
    undecided: list[Undecided] = attrs.Factory(list)
    expander: Expander = attrs.field(init=False)
    code: tuple[int, int] = (0, 0)
    """The offsets of the first and of the last token that is in no directive."""

    def __attrs_post_init__(self) -> None:
        self.expander = Expander(self.source, self.macros)

    @property
    def active(self) -> bool:
        return not self.groups or self.groups[-1].active

    def run(self) -> None:
        tokens = tokens_of(self.source)
        self.code = _code(tokens)
        index, pending, fresh = 0, list[Token](), True
        while index < len(tokens):
            token = tokens[index]
            if fresh and token.text == "#":
                self._flush(pending)
                line = index
                while index < len(tokens) and tokens[index].kind is not TokenKind.NEWLINE:
                    index += 1
                self._directive(solid(tokens[line + 1 : index]), token)
                continue
            if token.kind is TokenKind.NEWLINE:
                fresh = True
            elif token.kind is not TokenKind.SPACE:
                fresh = False
            if self.active or token.kind is TokenKind.NEWLINE:
                pending.append(token)
            index += 1
        self._flush(pending)
        if self.groups:
            start = self.groups[-1].start
            raise self._error(start, "#if without #endif", "an #endif for every #if")

    def _flush(self, pending: list[Token]) -> None:
        self.output.extend(self.expander.expand_text(pending))
        pending.clear()

    def _error(self, offset: int, found: str, expected: str) -> RefusedError:
        return self.source.place(offset, offset).refusal(found, expected)

    def _directive(self, line: list[Token], hash_sign: Token) -> None:
        name = line[0].text if line else ""
        rest, start = line[1:], hash_sign.start
        if self.groups:
            self._look_for_guard(self.groups[-1], name, rest)
        if name in ("if", "ifdef", "ifndef"):
            self._open(name, rest, start)
        elif name in ("elif", "else", "endif"):
            self._turn(name, rest, start)
        elif name in ("define", "undef"):
            if rest:
                self._note(rest[0].text)
            if self.active and name == "define":
                self._define(rest, start)
            elif self.active and rest:
                self.macros.pop(rest[0].text, None)
        elif self.active and name == "error":
            text = " ".join(token.text for token in rest)
            error = self._error(start, f"#error {text}", "a policy without #error")
            self.failures.append(error)
            if not self._open_unknown():
                self._leave_undecided(0, len(self.source.text), error)
        elif self.active and name not in ("", "include", "pragma", "line", "warning", "ident"):
            self.failures.append(
                self._error(
                    start,
                    f"#{name}",
                    "#define, #undef, #if, #ifdef, #ifndef, #elif, #else, #endif or #include",
                )
            )

    def _open(self, name: str, rest: list[Token], start: int) -> None:
        outer = self.active
        answer = self._condition(name, rest) if outer else Inclusion(False)
        guard = rest[0].text if name == "ifndef" and rest else None
        group = _Group(outer and answer.holds, answer.holds, outer, start, answer.unknown, guard)
        self.groups.append(group)

    def _look_for_guard(self, group: _Group, name: str, rest: list[Token]) -> None:
        """Note the guard of a header: nothing defines its name where the header is first read."""
        names = [token.text for token in rest]
        group.guards |= group.guard is not None and (name, names) == ("define", [group.guard])
        group.guard = None

    def _note(self, name: str) -> None:
        """Note that a name is defined, or no longer: from here on that is so, or may be so."""
        unknown = self._open_unknown()
        for group in unknown:
            group.names.append(name)
        if not unknown and self.active:
            self.expander.doubts.settle(name)

    def _open_unknown(self) -> list[_Group]:
        """Return the open groups of which nobody can say which branch counts."""
        return [group for group in self.groups if group.unknown is not None and group.outer]

    def _turn(self, name: str, rest: list[Token], start: int) -> None:
        if not self.groups:
            raise self._error(start, f"#{name} without #if", "an #if before it")
        group = self.groups[-1]
        if name == "endif":
            self.groups.pop()
            if group.unknown is not None and not self._is_header(group, start):
                self._leave(group, start)
        elif name == "else":
            group.active, group.taken = group.outer and not group.taken, True
        elif group.taken or not group.outer:
            group.active = False
        else:
            answer = self._condition("if", rest)
            group.active = group.taken = answer.holds
            group.unknown = group.unknown or answer.unknown

    def _is_header(self, group: _Group, end: int) -> bool:
        """Say whether a group is the guard of a header, which holds all of it."""
        first, last = self.code
        return group.guards and group.start < first and last < end

    def _leave(self, group: _Group, end: int) -> None:
        """Close a group that nobody can decide: what it may define is in doubt."""
        unknown = str(group.unknown)
        error = self._error(
            group.start, f"#if on {unknown}", "CONFIG_ names, and macros that the source defines"
        )
        self.failures.append(error)
        self._leave_undecided(group.start, end, error)
        way = f"a #define or #undef of {unknown} above that #if, or a CONFIG_ name in it"
        why = f"that the #if on {unknown} at line {error.line} may define or undefine"
        for name in group.names:
            self.expander.doubts.cast(name, Doubt(why, way))

    def _leave_undecided(self, start: int, end: int, error: RefusedError) -> None:
        place = self.source.place(start, end)
        self.undecided.append(Undecided(place.line, place.end_line, error))

    def _condition(self, name: str, rest: list[Token]) -> Inclusion:
        return decide(name, rest, self.macros, self.configs, self.expander)

    def _define(self, rest: list[Token], start: int) -> None:
        if not rest or rest[0].kind is not TokenKind.NAME:
            self.failures.append(self._error(start, "#define without a name", "a name"))
            return
        name, body = rest[0], rest[1:]
        parameters: tuple[str, ...] | None = None
        if body and body[0].text == "(" and body[0].start == name.end:
            close = next((n for n, token in enumerate(body) if token.text == ")"), None)
            if close is None:
                self.failures.append(self._error(start, f"#define {name.text}(", "a `)`"))
                return
            parameters = tuple(token.text for token in body[1:close] if token.text != ",")
            body = body[close + 1 :]
        variadic = bool(parameters) and parameters is not None and parameters[-1] == "..."
        if variadic and parameters is not None:
            parameters = parameters[:-1]
        self.macros[name.text] = Macro(name.text, parameters, variadic, tuple(body))


def preprocess(source: SourceFile, configs: Mapping[str, int]) -> Preprocessed:
    """Return the source as the compiler proper sees it.

    Raises:
        RefusedError: conditionals do not balance, or the text is out of bounds.
    """
    work = _Preprocessor(source, configs)
    work.run()
    spell_casts(work.output)
    pieces: list[str] = []
    segments: list[Segment] = []
    offset, end = 0, 0
    for token in work.output:
        if token.start != end:
            pieces.append(" ")
            offset += 1
        end = token.end
        text = token.text
        if token.kind is TokenKind.SPACE:
            text = "".join(c if c in "\n\t" else " " for c in text) or " "
        elif token.expanded:
            text = f" {text} "
        segments.append(Segment(offset, token.start, token.end, token.expanded))
        pieces.append(text)
        offset += len(text)
    if not segments:
        segments.append(Segment(0, 0, 0, False))
    ascii_text = "".join(pieces).encode("ascii", "replace").decode("ascii")
    return Preprocessed(
        source,
        ascii_text,
        tuple(segments),
        tuple(segment.offset for segment in segments),
        (*work.failures, *work.expander.failed),
        tuple(work.undecided),
    )


def _code(tokens: Sequence[Token]) -> tuple[int, int]:
    """Return the offsets of the first and of the last token that is in no directive."""
    found = list[int]()
    line = list[Token]()
    for token in (*tokens, Token(TokenKind.NEWLINE, "\n", 0, 0)):
        if token.kind is TokenKind.NEWLINE:
            if line and line[0].text != "#":
                found += [line[0].start, line[-1].start]
            line.clear()
        elif token.kind is not TokenKind.SPACE:
            line.append(token)
    return (found[0], found[-1]) if found else (0, 0)
