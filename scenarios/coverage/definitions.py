"""What a kernel file defines at file scope: every token of its code belongs to one definition.

So a change anywhere in the code is a change of some definition's tokens. What cannot be read is a
definition too, with a reason, and equals no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal

import attrs

from engine.compiler.preprocess.tokens import Token, TokenKind
from engine.policy.source import SourceFile
from engine.refusal import RefusedError
from scenarios.coverage.chunks import Chunk, chunks_of, head_of
from scenarios.coverage.handler_tables import table_of
from scenarios.coverage.translation import Directive, Translation, translate
from scenarios.sources.c_text import tokens as words
from scenarios.sources.c_text.spellings import modern

Kind = Literal["function", "macro", "variable", "type", "row"]

UNREAD: Final = "#unread"
"""The first token of a definition that could not be read: no other begins with it."""

_SPELLED: Final = frozenset({"hcr_el2", "vcpu_hcr", "vcpu_get_hcr", "vcpu_set_hcr"})
"""The eras' spellings of an access to HCR_EL2."""

_SPLIT: Final = frozenset({"->", "&=", "|=", "^="})
"""Operators of which `modern` reads each character: apart they occur in no C that compiles."""


@attrs.frozen
class Definition:
    """A function, macro, variable, type, or row of a register table, as a text defines it.

    Lines count from 1 in the text. A type is also what only declares. A row is named after its
    table and register, `sys_reg_descs[SCTLR_EL1]`, and has the handler that stands there.
    """

    name: str
    kind: Kind
    first_line: int
    last_line: int
    tokens: tuple[str, ...]
    """Without comments and spacing, macros of the text expanded, accesses of HCR_EL2 as `HCR()`."""
    mentions: frozenset[str]
    """The identifiers in it, and the macros that it was expanded from."""
    static: bool = False
    handler: str | None = None
    unread: str | None = None
    """Why it could not be read."""

    @property
    def display(self) -> str:
        """Its name as one writes it."""
        if not self.name:
            return "code outside of functions"
        return f"{self.name}()" if self.kind == "function" else self.name


def definitions_of(text: str, configs: Mapping[str, int]) -> tuple[Definition, ...]:
    """Return what a text defines at file scope, in the order of the text.

    `configs` are the values of CONFIG_ names that conditionals are decided by; others are off.
    """
    source = SourceFile("text", text)
    try:
        translation = translate(source, configs)
    except RefusedError as error:
        return (_unreadable(text, error.what_was_found),)
    found = [
        *(_directive(source, directive) for directive in translation.directives),
        *_definitions(translation),
    ]
    return tuple(sorted(found, key=lambda one: (one.first_line, one.last_line)))


def _unreadable(text: str, why: str) -> Definition:
    lines = text.split("\n")
    names = {token.text for token in words.tokenize(lines) if words.is_name(token.text)}
    return Definition(
        name="",
        kind="variable",
        first_line=1,
        last_line=len(lines),
        tokens=(UNREAD, text),
        mentions=frozenset(names),
        unread=why,
    )


def _directive(source: SourceFile, directive: Directive) -> Definition:
    """Return a #define as a macro, and any other directive as one of the name it stands under."""
    what = directive.words
    macro = what[0] == "define" and len(what) > 1
    place = source.place(directive.start, directive.end)
    return Definition(
        name=what[1] if macro else " ".join(("#" + what[0], *what[1:])),
        kind="macro",
        first_line=place.line,
        last_line=place.end_line,
        tokens=(*directive.around, *what),
        mentions=frozenset(word for word in what[2:] if macro and words.is_name(word)),
    )


def _definitions(translation: Translation) -> Iterator[Definition]:
    failures = {(error.line, error.column): error.what_was_found for error in translation.failures}
    placed = set[tuple[int, int]]()
    for chunk in chunks_of(translation):
        whole = _definition(translation, chunk)
        failed = [place for place in failures if whole.first_line <= place[0] <= whole.last_line]
        placed.update(failed)
        if failed and whole.unread is None:
            whole = attrs.evolve(whole, unread=failures[failed[0]])
        if whole.unread is not None:
            yield attrs.evolve(whole, tokens=(UNREAD, *whole.tokens))
        else:
            yield from _cut(translation, chunk, whole)
    for line, column in sorted(set(failures) - placed):
        yield Definition(
            name="",
            kind="variable",
            first_line=line,
            last_line=line,
            tokens=(UNREAD, failures[line, column]),
            mentions=frozenset(),
            unread=failures[line, column],
        )


def _definition(translation: Translation, chunk: Chunk) -> Definition:
    head = head_of(chunk.tokens)
    return Definition(
        name=head.name,
        kind=head.kind,
        first_line=translation.source.place(chunk.start, chunk.start).line,
        last_line=translation.source.place(chunk.end, chunk.end).line,
        tokens=(*chunk.around, *_normal(chunk.tokens)),
        mentions=_mentions(chunk.tokens),
        static=head.static,
        unread=chunk.unread or head.unclear,
    )


def _cut(translation: Translation, chunk: Chunk, whole: Definition) -> Iterator[Definition]:
    """Yield a definition, in rows and the rest where it is a table of registers.

    What the rest mentions are handlers of other registers, and those decide nothing.
    """
    table = table_of(whole.name, chunk.tokens) if whole.kind == "variable" else None
    if table is None:
        yield whole
        return
    rest = (*chunk.around, *_normal(table.rest))
    yield attrs.evolve(whole, tokens=rest, mentions=frozenset())
    for row in table.rows:
        first, last = row.tokens[0], row.tokens[-1]
        yield Definition(
            name=f"{whole.name}[{row.register}]",
            kind="row",
            first_line=translation.source.place(first.start, first.start).line,
            last_line=translation.source.place(last.end, last.end).line,
            tokens=(*chunk.around, *_normal(row.tokens)),
            mentions=_mentions(row.tokens),
            static=whole.static,
            handler=row.handler,
        )


def _mentions(tokens: Iterable[Token]) -> frozenset[str]:
    names = set[str]()
    for token in tokens:
        names.update(token.hidden)
        if token.kind is TokenKind.NAME:
            names.add(token.text)
    return frozenset(names)


def _normal(tokens: Sequence[Token]) -> tuple[str, ...]:
    """Return the tokens' texts, with the eras' accesses of HCR_EL2 as one.

    A name that the text itself calls HCR is none of them, so it is spelled another way.
    """
    texts = ["(HCR)" if token.text == "HCR" else token.text for token in tokens]
    if _SPELLED.isdisjoint(texts):
        return tuple(texts)
    parts = [part for text in texts for part in (text if text in _SPLIT else (text,))]
    pieces = [words.SourceToken(part, 0, 0, 0) for part in parts]
    return tuple(token.text for token in modern(pieces))
