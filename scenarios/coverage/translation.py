"""A kernel file after C's first phases: conditionals decided, macros of the same text expanded.

Other than the compiler's preprocessor it invents no macro of a header, keeps both branches of a
condition that the text does not decide, each under a mark, and keeps every directive.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from engine.compiler.preprocess.conditions import decide
from engine.compiler.preprocess.macros import Expander, Macro, solid
from engine.compiler.preprocess.tokens import Token, TokenKind, tokens_of
from engine.policy.source import SourceFile
from engine.refusal import RefusedError

MARK: Final = "#"
"""What a token begins with that stands for a directive whose condition is not decided."""


@attrs.frozen
class Directive:
    """A directive that counts and is no conditional: its words, place, and conditions around it."""

    words: tuple[str, ...]
    start: int
    end: int
    around: tuple[str, ...]


@attrs.frozen
class Translation:
    """The tokens that are left, with offsets in the source, and what went wrong on the way."""

    source: SourceFile
    tokens: tuple[Token, ...]
    directives: tuple[Directive, ...]
    failures: tuple[RefusedError, ...]


@attrs.define
class _Group:
    """An open #if: whether its text counts, whether any branch has; or that nobody can say."""

    outer: bool
    active: bool
    taken: bool
    mark: str | None = None
    """What the text below is under, where its condition is not decided."""
    guard: bool = False


@attrs.define
class _Translator:
    source: SourceFile
    configs: Mapping[str, int]
    macros: dict[str, Macro] = attrs.Factory(dict)
    groups: list[_Group] = attrs.Factory(list)
    output: list[Token] = attrs.Factory(list)
    directives: list[Directive] = attrs.Factory(list)
    failures: list[RefusedError] = attrs.Factory(list)
    expander: Expander = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.expander = Expander(self.source, self.macros)

    @property
    def active(self) -> bool:
        return not self.groups or self.groups[-1].active

    @property
    def around(self) -> tuple[str, ...]:
        return tuple(group.mark for group in self.groups if group.mark is not None)

    def run(self) -> Translation:
        pending = list[Token]()
        lines = _lines(tokens_of(self.source))
        for index, line in enumerate(lines):
            words = solid(line)
            if words and words[0].text == "#":
                self.output.extend(solid(self.expander.expand_text(pending)))
                pending.clear()
                following = solid(lines[index + 1]) if index + 1 < len(lines) else []
                self._directive(words, following)
            elif self.active:
                pending.extend(line)
        self.output.extend(solid(self.expander.expand_text(pending)))
        for _ in self.groups:
            self._fail(len(self.source.text), "#if without #endif", "an #endif for every #if")
        return Translation(
            self.source,
            tuple(self.output),
            tuple(self.directives),
            (*self.failures, *self.expander.failed),
        )

    def _fail(self, offset: int, found: str, expected: str) -> None:
        self.failures.append(self.source.place(offset, offset).refusal(found, expected))

    def _directive(self, words: list[Token], following: list[Token]) -> None:
        name = words[1].text if len(words) > 1 else ""
        if name in ("if", "ifdef", "ifndef"):
            guard = [token.text for token in following] == ["#", "define", *_rest(words)]
            self._open(name, words, guard=name == "ifndef" and guard)
        elif name in ("elif", "else", "endif"):
            self._turn(name, words)
        elif self.active and name:
            self._keep(name, words)

    def _keep(self, name: str, words: list[Token]) -> None:
        texts = tuple(token.text for token in words[1:])
        if self.groups and self.groups[-1].guard and texts == ("define", self.groups[-1].mark):
            self.groups[-1].mark = None
            return
        self.directives.append(Directive(texts, words[0].start, words[-1].end, self.around))
        if name not in ("define", "undef") or len(words) < 3:
            return
        defined = None if name == "undef" or self.around else _macro(words[2:])
        if defined is None:
            for named in words[2:3]:
                self.macros.pop(named.text, None)
        else:
            self.macros[defined.name] = defined

    def _open(self, name: str, words: list[Token], *, guard: bool) -> None:
        if not self.active:
            self.groups.append(_Group(outer=False, active=False, taken=True))
            return
        if guard and len(words) > 2 and words[2].text not in self.macros:
            group = _Group(outer=True, active=True, taken=True, mark=words[2].text, guard=True)
            self.groups.append(group)
            return
        met = self._holds(name, words[2:])
        self.groups.append(_Group(outer=True, active=met is not False, taken=met is True))
        if met is None:
            self._mark(words)

    def _turn(self, name: str, words: list[Token]) -> None:
        if not self.groups:
            self._fail(words[0].start, f"#{name} without #if", "an #if before it")
            return
        group = self.groups[-1]
        if name == "endif":
            if group.mark is not None:
                self._mark(words)
            self.groups.pop()
        elif group.mark is not None:
            self._mark(words)
        elif name == "else":
            group.active, group.taken = group.outer and not group.taken, True
        elif group.taken or not group.outer:
            group.active = False
        else:
            met = self._holds("if", words[2:])
            group.active, group.taken = met is not False, met is True
            if met is None:
                self._mark(words)

    def _holds(self, name: str, condition: list[Token]) -> bool | None:
        answer = decide(name, condition, self.macros, self.configs, self.expander)
        return answer.holds if answer.unknown is None else None

    def _mark(self, words: list[Token]) -> None:
        """Put a directive among the tokens, and the text below it under its condition."""
        text = MARK + " ".join(token.text for token in words[1:])
        self.groups[-1].mark = text
        place = words[0].start, words[-1].end
        self.output.append(Token(TokenKind.PUNCTUATION, text, *place))


def translate(source: SourceFile, configs: Mapping[str, int]) -> Translation:
    """Return a source after conditionals and macros.

    Raises:
        RefusedError: the text is too long, or its brackets are nested too deeply.
    """
    return _Translator(source, configs).run()


def _lines(tokens: tuple[Token, ...]) -> list[list[Token]]:
    """Split tokens into logical lines, each with the end of line that closes it."""
    lines: list[list[Token]] = [[]]
    for token in tokens:
        lines[-1].append(token)
        if token.kind is TokenKind.NEWLINE:
            lines.append([])
    return [line for line in lines if line]


def _rest(words: list[Token]) -> list[str]:
    return [token.text for token in words[2:]]


def _macro(words: list[Token]) -> Macro | None:
    """Return the macro that the words behind #define define, None where they define none."""
    name, body = words[0], words[1:]
    if name.kind is not TokenKind.NAME:
        return None
    if not body or body[0].text != "(" or body[0].start != name.end:
        return Macro(name.text, None, False, tuple(body))
    close = next((n for n, token in enumerate(body) if token.text == ")"), None)
    if close is None:
        return None
    named = tuple(token.text for token in body[1:close] if token.text != ",")
    variadic = bool(named) and named[-1] == "..."
    return Macro(name.text, named[:-1] if variadic else named, variadic, tuple(body[close + 1 :]))
