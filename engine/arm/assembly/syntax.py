"""The text of an assembly program as GNU as splits it: comments, statements, labels, tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, unique
from typing import Final

import attrs

from engine.refusal import InFile, RefusedError, quote

MAX_LINE: Final = 1_000

_COMMENT: Final = re.compile(
    r"/\*.*?(?P<end>\*/|\Z)|//[^\n]*|(?:^|(?<=;))[ \t]*#[^\n]*", re.DOTALL | re.MULTILINE
)
_TOKEN: Final = re.compile(
    r"(?P<symbol>[A-Za-z_.$][A-Za-z0-9_.$]*)|(?P<number>[0-9][A-Za-z0-9_.$]*)|<<|>>|[^ \t\r\f\v]"
)
_LOCAL: Final = re.compile(r"[0-9]+[bf]")
_NUMBERS: Final = (
    (re.compile(r"0[xX]([0-9a-fA-F]+)"), 16),
    (re.compile(r"0[bB]([01]+)"), 2),
    (re.compile(r"0([0-7]*)"), 8),
    (re.compile(r"([1-9][0-9]*)"), 10),
)


@unique
class AssemblyTokenKind(Enum):
    """What a token may stand for."""

    SYMBOL = "symbol"
    NUMBER = "number"
    LOCAL = "local label"
    PUNCTUATION = "punctuation"
    END = "end"


@attrs.frozen
class AssemblyToken:
    """A piece of a statement; `value` is a number's, `column` is 1-based."""

    kind: AssemblyTokenKind
    text: str
    column: int
    value: int = 0

    @property
    def word(self) -> str:
        """The text of a keyword: mnemonics and registers are written in either case."""
        return self.text.lower()


@attrs.frozen
class AssemblyStatement:
    """Labels, then an instruction or nothing; `tokens` are the instruction's, END last."""

    line: int
    labels: tuple[AssemblyToken, ...]
    tokens: tuple[AssemblyToken, ...]
    text: str


def statements(text: str, source: str, first_line: int) -> Iterator[AssemblyStatement]:
    """Yield the statements of a program in order; lines count from `first_line`.

    Raises:
        RefusedError: for a line that is too long, a comment left open or a malformed number.
    """
    for line, written in enumerate(text.split("\n"), first_line):
        if len(written) > MAX_LINE:
            expected = f"at most {MAX_LINE}"
            found = f"a line of {len(written)} characters"
            raise RefusedError(found, expected, InFile(source, line=line, column=MAX_LINE + 1))
    bare = _without_comments(text, source, first_line)
    for line, written in enumerate(bare.split("\n"), first_line):
        start = 0
        for part in written.split(";"):
            yield _statement(part, start, source, line)
            start += len(part) + 1


def _without_comments(text: str, source: str, first_line: int) -> str:
    """Return the text with comments blanked, so that every other character keeps its place."""

    def blank(comment: re.Match[str]) -> str:
        if comment["end"] == "":
            line = first_line + text.count("\n", 0, comment.start())
            column = comment.start() - text.rfind("\n", 0, comment.start())
            raise RefusedError("'/*'", "a '*/' after it", InFile(source, line=line, column=column))
        return re.sub(r"[^\n]", " ", comment[0])

    return _COMMENT.sub(blank, text)


def _statement(text: str, start: int, source: str, line: int) -> AssemblyStatement:
    tokens = [_token(match, start, source, line) for match in _TOKEN.finditer(text)]
    labels = 0
    while 2 * labels + 1 < len(tokens) and tokens[2 * labels + 1].text == ":":
        labels += 1
    rest = tokens[2 * labels :]
    written = text[rest[0].column - 1 - start :].rstrip() if rest else ""
    end = rest[-1].column + len(rest[-1].text) if rest else start + len(text) + 1
    return AssemblyStatement(
        line,
        tuple(tokens[0 : 2 * labels : 2]),
        (*rest, AssemblyToken(AssemblyTokenKind.END, "", end)),
        written,
    )


def _token(match: re.Match[str], start: int, source: str, line: int) -> AssemblyToken:
    text, column = match[0], start + match.start() + 1
    if match["symbol"]:
        return AssemblyToken(AssemblyTokenKind.SYMBOL, text, column)
    if not match["number"]:
        return AssemblyToken(AssemblyTokenKind.PUNCTUATION, text, column)
    if _LOCAL.fullmatch(text):
        return AssemblyToken(AssemblyTokenKind.LOCAL, text, column)
    for pattern, base in _NUMBERS:
        if number := pattern.fullmatch(text):
            return AssemblyToken(
                AssemblyTokenKind.NUMBER, text, column, int(number[1] or "0", base)
            )
    expected = "a number: decimal, 0x hexadecimal, 0b binary or 0 octal"
    raise RefusedError(quote(text), expected, InFile(source, line=line, column=column))
