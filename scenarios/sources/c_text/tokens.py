"""C text as tokens that know their line: what makes two pieces of code the same code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import attrs

_TOKEN: Final = re.compile(
    r"[ \t\r\f\v]+|\w+|\"(?:[^\"\\]|\\.)*\"?|'(?:[^'\\]|\\.)*'?|//|/\*|.", re.DOTALL
)
_SPACE: Final = frozenset(" \t\r\f\v")
_CLOSING: Final = {"(": ")", "{": "}", "[": "]"}
KEYWORDS: Final = frozenset(
    (
        *("break", "case", "continue", "default", "do", "else", "for", "goto", "if"),
        *("return", "sizeof", "switch", "while"),
    )
)


@attrs.frozen
class SourceToken:
    """A word, literal or punctuation character; `line` counts from 0, columns are half-open."""

    text: str
    line: int
    start: int
    end: int


@attrs.frozen
class FunctionText:
    """A function definition as a half-open range of tokens, `name` at `name_token`."""

    name: str
    first: int
    name_token: int
    end: int


def scan(
    texts: Sequence[str], first: int = 0, *, in_comment: bool = False
) -> Iterator[SourceToken]:
    """Yield the tokens from line `first` on, without comments; literals end with their line."""
    for number in range(first, len(texts)):
        text = texts[number]
        column = 0
        while column < len(text):
            if in_comment:
                close = text.find("*/", column)
                if close < 0:
                    break
                in_comment, column = False, close + 2
                continue
            found = _TOKEN.match(text, column)
            if found is None:
                break
            word, column = found.group(), found.end()
            if word == "//":
                break
            if word == "/*":
                in_comment = True
            elif word[0] not in _SPACE:
                yield SourceToken(word, number, found.start(), found.end())


def tokenize(texts: Sequence[str], *, in_comment: bool = False) -> list[SourceToken]:
    """Return all tokens of the lines, without comments."""
    return list(scan(texts, in_comment=in_comment))


def starts_in_comment(texts: Sequence[str]) -> bool:
    """Say whether a fragment begins in the middle of a block comment."""
    for text in texts:
        close, start = text.find("*/"), text.find("/*")
        if close >= 0 and (start < 0 or close < start):
            return True
        if start >= 0:
            return False
    return bool(texts) and re.match(r"[ \t]*\*(?:[ \t]|$)", texts[0]) is not None


def fragment_tokens(texts: Sequence[str]) -> list[SourceToken]:
    """Return the tokens of a piece that may begin and end inside a comment."""
    if not starts_in_comment(texts):
        return tokenize(texts)
    if any("*/" in text for text in texts):
        return tokenize(texts, in_comment=True)
    first = next(
        (n for n, text in enumerate(texts) if re.match(r"[ \t]*\*(?:[ \t]|$)", text) is None),
        len(texts),
    )
    return list(scan(texts, first))


def brackets(tokens: Sequence[SourceToken]) -> dict[int, int]:
    """Return, for each opening bracket that is closed, the index of the one that closes it."""
    pairs: dict[int, int] = {}
    opened: dict[str, list[int]] = {closing: [] for closing in _CLOSING.values()}
    for index, token in enumerate(tokens):
        if token.text in _CLOSING:
            opened[_CLOSING[token.text]].append(index)
        elif opened.get(token.text):
            pairs[opened[token.text].pop()] = index
    return pairs


def definitions(tokens: Sequence[SourceToken]) -> list[FunctionText]:
    """Return the function definitions at file scope, in order.

    A body that never closes is left out, and looked into: what follows may still be whole.
    """
    pairs = brackets(tokens)
    found = []
    start = index = 0
    while index < len(tokens):
        text = tokens[index].text
        if text in (";", "}"):
            start = index = index + 1
        elif text == "#":
            start = index = _after_directive(tokens, index)
        elif text == "{":
            index = pairs.get(index, index) + 1
        elif text == "(" and index and is_name(tokens[index - 1].text):
            body = pairs.get(index, len(tokens)) + 1
            if body >= len(tokens) or tokens[body].text != "{":
                index += 1
            elif body not in pairs:
                start = index = body + 1
            else:
                name = tokens[index - 1].text
                if name not in KEYWORDS:
                    found.append(FunctionText(name, start, index - 1, pairs[body] + 1))
                start = index = pairs[body] + 1
        else:
            index += 1
    return found


def is_name(text: str) -> bool:
    """Say whether a token is an identifier."""
    return text[0].isalpha() or text[0] == "_"


def _after_directive(tokens: Sequence[SourceToken], index: int) -> int:
    line = tokens[index].line
    while index < len(tokens) and tokens[index].line == line:
        if tokens[index].text == "\\":
            line += 1
        index += 1
    return index
