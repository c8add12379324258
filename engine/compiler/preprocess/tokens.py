"""Preprocessing tokens of a C text, each with its place in the file (C11 6.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, unique
from typing import Final

import attrs

from engine.policy.source import SourceFile

MAX_CHARACTERS: Final = 4 << 20
MAX_TOKENS: Final = 500_000
MAX_NESTING: Final = 128


@unique
class TokenKind(Enum):
    """What a token is to the preprocessor."""

    NAME = "name"
    NUMBER = "number"
    STRING = "string"
    PUNCTUATION = "punctuation"
    SPACE = "space"
    NEWLINE = "newline"


@attrs.frozen
class Token:
    """A token; `start` and `end` are offsets in the file, of the macro call if `expanded`."""

    kind: TokenKind
    text: str
    start: int
    end: int
    expanded: bool = False
    hidden: frozenset[str] = frozenset()
    """Macros that this token came from and must not be expanded by again."""


_SPLICE: Final = r"\\[ \t\f\v]*\r?\n"
"""What joins two lines, as gcc has it: blanks may stand behind the backslash."""

_PATTERN: Final = re.compile(
    rf"""
      (?P<space>(?:[ \t\f\v\r\ufeff]|{_SPLICE}|//(?:{_SPLICE}|[^\n])*|/\*(?:[^*]|\*(?!/))*\*/)+)
    | (?P<newline>\n)
    | (?P<name>[A-Za-z_$][A-Za-z0-9_$]*)
    | (?P<number>\.?[0-9](?:[eEpP][+-]|[A-Za-z0-9_.])*)
    | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.){{1,8}}')
    | (?P<punctuation>\.\.\.|<<=|>>=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|\#\#|.)
    """,
    re.VERBOSE | re.DOTALL,
)

_SPLICES: Final = re.compile(rf"(?:{_SPLICE})+")
_SPLIT_END: Final = re.compile(rf"\*(?:{_SPLICE})+/")

_KINDS: Final = {kind.value: kind for kind in TokenKind}
_OPENING: Final = frozenset("([{")
_CLOSING: Final = frozenset(")]}")


def tokens_of(source: SourceFile) -> tuple[Token, ...]:
    """Split a source into tokens that together are its whole text.

    Raises:
        RefusedError: the text is too long, its brackets are nested too deeply, or a backslash at
            the end of a line splits a token.
    """
    if len(source.text) > MAX_CHARACTERS:
        found = f"{len(source.text)} characters"
        raise source.place(0, 0).refusal(found, f"at most {MAX_CHARACTERS}")
    return tuple(_scan(source))


def _scan(source: SourceFile) -> Iterator[Token]:
    depth = 0
    before = spliced = ""
    for count, match in enumerate(_PATTERN.finditer(source.text)):
        kind = _KINDS[str(match.lastgroup)]
        text = match.group()
        if text in _OPENING:
            depth += 1
        elif text in _CLOSING:
            depth = max(0, depth - 1)
        if depth > MAX_NESTING or count > MAX_TOKENS:
            place = source.place(match.start(), match.end())
            if depth > MAX_NESTING:
                raise place.refusal("brackets nested too deeply", f"at most {MAX_NESTING} levels")
            raise place.refusal("too many tokens", f"at most {MAX_TOKENS}")
        if _SPLICES.fullmatch(text):
            spliced = before
        elif (spliced and not _are_apart(spliced, text)) or (
            kind is TokenKind.SPACE and _SPLIT_END.search(text)
        ):
            place = source.place(match.start(), match.end())
            raise place.refusal("a token that goes on in the next line", "each token on one line")
        else:
            before, spliced = text, ""
        yield Token(kind, text, match.start(), match.end())


def _are_apart(left: str, right: str) -> bool:
    """Say whether two tokens with nothing between them are still the two."""
    found = [match.group() for match in _PATTERN.finditer(left + right)]
    return found == [left, right] and (left, right) not in (("/", "*"), ("*", "/"))
