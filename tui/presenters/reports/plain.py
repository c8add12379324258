"""Plain text for terminals and mails: commands, wrapped paragraphs, tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Final
from unicodedata import category

from tui.presenters.shell import joined

_LONGEST: Final = 1_000
_GAP: Final = "  "
_BLANK: Final = "Zs"
"""Unicode's category of blanks."""


def escaped(text: str) -> str:
    """Return text on one line and without what could steer the terminal it is shown on."""
    return text if text.isprintable() else "".join(map(_escaped, text))


def visible(text: str) -> str:
    """Return lines of text, tabs kept, without what could steer the terminal they are shown on."""
    return "".join(c if c in "\n\t" else _escaped(c) for c in text)


def printable(text: str) -> str:
    """Return text on one line, without what could steer a terminal, and not too long."""
    shown = escaped(text)
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"


def is_shown(character: str) -> bool:
    """Say whether a terminal shows a character, as it does blanks of any width, and only that."""
    return character.isprintable() or category(character) == _BLANK


def _escaped(character: str) -> str:
    return character if is_shown(character) else ascii(character)[1:-1]


def paragraph(text: str, width: int, indent: str = "", hang: str | None = None) -> Iterator[str]:
    """Yield text as lines of at most `width`, but for words that are longer.

    `hang` is the indent of all lines but the first.
    """
    yield from wrap(
        printable(text),
        width,
        initial_indent=indent,
        subsequent_indent=indent if hang is None else hang,
        break_long_words=False,
        break_on_hyphens=False,
    )


def command(groups: Sequence[Sequence[str]], width: int, indent: str) -> Iterator[str]:
    """Yield a command for the shell, words of one group kept on one line if they fit.

    Lines that go on end in a backslash, so that all of it can be pasted.
    """
    words = [printable(joined(group)) for group in groups]
    line = indent + words[0]
    for number, word in enumerate(words[1:], 2):
        backslash = "" if number == len(words) else " \\"
        if len(f"{line} {word}{backslash}") <= width:
            line = f"{line} {word}"
        else:
            yield f"{line} \\"
            line = f"{indent}{_GAP}{word}"
    yield line


def table(rows: Sequence[Sequence[str]], left: int, indent: str = _GAP) -> Iterator[str]:
    """Yield rows of equal length as lines, the first `left` columns flush left, others right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            f"{text:<{width}}" if column < left else f"{text:>{width}}"
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        yield f"{indent}{_GAP.join(cells)}".rstrip()
