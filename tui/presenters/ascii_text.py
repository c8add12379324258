"""Plain ASCII within a width: for mails, and for whatever else shows nothing more."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Final
from unicodedata import normalize

from scenarios.case import Words
from tui.presenters.reports.plain import printable

_PLAIN: Final = str.maketrans(
    {
        "\N{HORIZONTAL ELLIPSIS}": "...",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "--",
        "\N{RIGHTWARDS ARROW}": "->",
        "\N{GREATER-THAN OR EQUAL TO}": ">=",
        "\N{LESS-THAN OR EQUAL TO}": "<=",
        "\N{MULTIPLICATION SIGN}": "x",
    }
)
_BREAKS: Final = "(,>.=&|/-_"
"""After these a word that is too long is broken first."""


def ascii_text(text: str) -> str:
    """Return text on one line in ASCII: accents dropped, what remains as escapes."""
    return "".join(map(_ascii, printable(text).translate(_PLAIN)))


def wrapped(text: str, width: int, first: str = "", hang: str = "") -> Iterator[str]:
    """Yield text as ASCII lines of at most `width`: at blanks, else within a word.

    The first line begins with `first`, the others with `hang`.
    """
    line, empty = first, True
    for word in ascii_text(text).split():
        if not empty and len(line) + 1 + len(word) > width:
            yield line
            line, empty = hang, True
        if not empty:
            line += " "
        while len(line) + len(word) > width:
            cut = _cut(word, max(width - len(line), 1))
            yield line + word[:cut]
            line, word = hang, word[cut:]
        line, empty = line + word, False
    yield line


def quoted_source(lines: tuple[str, ...], width: int) -> Iterator[str]:
    """Yield source as a mail quotes it, lines that are too long broken."""
    for line in lines:
        text = ascii_text(line)
        while len(text) > width - 2:
            yield f"> {text[: width - 2]}"
            text = text[width - 2 :]
        yield f"> {text}".rstrip()


def replay(groups: Words, width: int, indent: str) -> Iterator[str]:
    """Yield a command for the shell in ASCII, which can be pasted whole.

    Lines that go on end in a backslash; a word that is too long for a line goes on in the first
    column of the next.
    """
    room = width - len(indent) - len("   \\")
    line = ""
    for item in _items(groups, room):
        first, *rest = item
        if line and len(line) + 1 + len(first) + len(" \\") > width:
            yield f"{line} \\"
            line = f"{indent}  {first}"
        else:
            line = f"{line} {first}" if line else f"{indent}{first}"
        for piece in rest:
            yield f"{line}\\"
            line = piece
    yield line


def _items(groups: Words, room: int) -> Iterator[tuple[str, ...]]:
    """Yield what is kept on one line: groups if they fit, else words, in pieces if they must."""
    for group in groups:
        whole = " ".join(map(_quoted, group))
        if len(whole) <= room:
            yield (whole,)
        else:
            yield from (tuple(_pieces(word, room)) for word in group)


def _pieces(word: str, room: int) -> Iterator[str]:
    """Yield a word in pieces, each quoted by itself, that only a backslash need part."""
    piece = ""
    for character in word:
        if piece and len(_quoted(piece + character)) > room:
            yield _quoted(piece)
            piece = ""
        piece += character
    yield _quoted(piece)


def _quoted(word: str) -> str:
    """Return a word as a shell reads it; what is not ASCII as the bytes of its UTF-8."""
    if word.isascii() and word.isprintable():
        return shlex.quote(word)
    raw = word.encode("utf-8", "surrogateescape")
    return "$'" + "".join(map(_byte, raw)) + "'"


def _byte(byte: int) -> str:
    character = chr(byte)
    if character in "\\'":
        return f"\\{character}"
    return character if 0x20 <= byte < 0x7F else f"\\{byte:03o}"


def _ascii(character: str) -> str:
    if character.isascii():
        return character
    plain = "".join(part for part in normalize("NFKD", character) if part.isascii())
    return plain if plain.isprintable() and plain else ascii(character)[1:-1]


def _cut(word: str, room: int) -> int:
    """Return where to break a word: after the last good place, else where the room ends."""
    return next((at for at in range(room, room // 2, -1) if word[at - 1] in _BREAKS), room)
