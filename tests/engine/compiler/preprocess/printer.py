"""A pretty-printer: preprocessed C in one layout, which reads back as the same policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.compiler.preprocess.macros import solid
from engine.compiler.preprocess.preprocessor import preprocess
from engine.compiler.preprocess.tokens import Token, TokenKind, tokens_of
from engine.policy.source import SourceFile

_TIGHT_BEFORE: Final = frozenset({")", "]", ",", ";", "->", ".", "++", "--"})
_TIGHT_AFTER: Final = frozenset({"(", "[", "->", ".", "!", "~"})
_PREFIXES: Final = frozenset({"&", "*", "-", "+"})
_KEYWORDS: Final = frozenset({"if", "for", "while", "switch", "return", "case", "do", "else"})


def pretty(source: SourceFile, configs: Mapping[str, int] | None = None) -> SourceFile:
    """Return a source preprocessed and laid out: a statement a line, a tab a level.

    Raises:
        RefusedError: the source cannot be preprocessed.
    """
    text = preprocess(source, configs or {}).text
    tokens = solid(list(tokens_of(SourceFile(source.name, text))))
    lines: list[str] = []
    line, depth, brackets = "", 0, 0
    for index, token in enumerate(tokens):
        following = tokens[index + 1].text if index + 1 < len(tokens) else ""
        before = tokens[index - 1] if index else None
        earlier = tokens[index - 2] if index > 1 else None
        if token.text == "}" and brackets == 0:
            if line:
                lines.append("\t" * depth + line)
            depth, line = max(0, depth - 1), ""
        line += (" " if line and _spaced(earlier, before, token) else "") + token.text
        brackets = max(0, brackets + (token.text in "([") - (token.text in ")]"))
        ends = token.text in (";", "{") and brackets == 0
        ends = ends or (token.text == "}" and following not in (";", ",", "else", "while", ")"))
        if ends or (token.text == ":" and _is_label(tokens, index)):
            lines.append("\t" * depth + line)
            line = ""
        if token.text == "{" and brackets == 0:
            depth += 1
    if line:
        lines.append("\t" * depth + line)
    return SourceFile(source.name, "\n".join(lines) + "\n")


def _is_label(tokens: list[Token], colon: int) -> bool:
    """Say whether a colon ends a label, a case or a default, and not the first half of `?:`."""
    index = colon - 1
    while index >= 0 and tokens[index].text not in (";", "{", "}", ":", "?"):
        index -= 1
    return index < 0 or tokens[index].text != "?"


def _operand(token: Token | None) -> bool:
    """Say whether an operand can end with a token, so that an operator follows."""
    if token is None or token.text in _KEYWORDS:
        return False
    kinds = (TokenKind.NAME, TokenKind.NUMBER, TokenKind.STRING)
    return token.kind in kinds or token.text in (")", "]", "++", "--")


def _spaced(earlier: Token | None, before: Token | None, token: Token) -> bool:
    if before is None:
        return False
    if before.text in ("++", "--"):
        return not (token.kind is TokenKind.NAME and not _operand(earlier)) and (
            token.text not in _TIGHT_BEFORE
        )
    if token.text in ("++", "--"):
        return not _operand(before) and before.text not in _TIGHT_AFTER
    if before.text in _PREFIXES and not _operand(earlier):
        return token.text in _PREFIXES
    if token.text == "(":
        named = before.kind is TokenKind.NAME and before.text not in _KEYWORDS
        return not named and before.text not in _TIGHT_AFTER
    if token.text == "[":
        return False
    return token.text not in _TIGHT_BEFORE and before.text not in _TIGHT_AFTER
