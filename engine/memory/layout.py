"""Where the named words of guest RAM lie: each on a cache line, each line on a page."""

from __future__ import annotations

from typing import Final

import attrs

WORD_BYTES: Final = 8
"""The size of a word that is not said to be smaller, and the least of a line."""

WORD_SIZES: Final = (4, WORD_BYTES)


class LayoutError(ValueError):
    """The words cannot be laid out as asked."""


@attrs.frozen
class Word:
    """A named word of guest RAM, at an intermediate physical address."""

    name: str
    address: int
    initial: int = 0
    size: int = WORD_BYTES
    """In bytes, of which the address is a multiple."""


@attrs.frozen
class Layout:
    """The words, and the lines and pages they make; lines without a word are not modelled.

    Sizes are in bytes. A line is named after its first word, a page after its address.
    """

    words: tuple[Word, ...]
    line_bytes: int
    page_bytes: int
    lines: tuple[tuple[int, ...], ...]
    """Per line, in order of address: the words on it."""
    pages: tuple[tuple[int, ...], ...]
    """Per page, in order of address: the lines on it."""
    line_of: tuple[int, ...]
    """Per word: its line."""
    slot_of: tuple[int, ...]
    """Per word: its place among the words of its line."""
    page_of: tuple[int, ...]
    """Per line: its page."""

    @classmethod
    def of(cls, words: tuple[Word, ...], *, line_bytes: int = 64, page_bytes: int = 4096) -> Layout:
        """Lay out `words`.

        Raises:
            LayoutError: a size is no power of two or too small, a word is misaligned, shares
                its address or its name with another, or lies beyond 64 bits.
        """
        _check_sizes(line_bytes, page_bytes)
        _check_words(words)
        order = sorted(range(len(words)), key=lambda word: words[word].address)
        lines: dict[int, list[int]] = {}
        for word in order:
            lines.setdefault(words[word].address // line_bytes, []).append(word)
        pages: dict[int, list[int]] = {}
        for line, number in enumerate(lines):
            pages.setdefault(number * line_bytes // page_bytes, []).append(line)
        where = {
            word: (line, slot)
            for line, members in enumerate(lines.values())
            for slot, word in enumerate(members)
        }
        page_of = {line: page for page, members in enumerate(pages.values()) for line in members}
        return cls(
            words=words,
            line_bytes=line_bytes,
            page_bytes=page_bytes,
            lines=tuple(tuple(members) for members in lines.values()),
            pages=tuple(tuple(members) for members in pages.values()),
            line_of=tuple(where[word][0] for word in range(len(words))),
            slot_of=tuple(where[word][1] for word in range(len(words))),
            page_of=tuple(page_of[line] for line in range(len(lines))),
        )

    def word_at(self, address: int) -> int | None:
        """Return the word that the byte at `address` is part of, or None where no word is."""
        return next(
            (
                index
                for index, word in enumerate(self.words)
                if word.address <= address < word.address + word.size
            ),
            None,
        )

    def line_at(self, address: int) -> int | None:
        """Return the line that `address` lies on, or None where no word is on that line."""
        number = address // self.line_bytes
        return next(
            (
                line
                for line, members in enumerate(self.lines)
                if self.words[members[0]].address // self.line_bytes == number
            ),
            None,
        )

    def page_at(self, address: int) -> int | None:
        """Return the page that `address` lies on, or None where no word is on that page."""
        number = address // self.page_bytes
        return next(
            (
                page
                for page, members in enumerate(self.pages)
                if self.words[self.lines[members[0]][0]].address // self.page_bytes == number
            ),
            None,
        )

    def page_address(self, page: int) -> int:
        """Return where a page begins."""
        address = self.words[self.lines[self.pages[page][0]][0]].address
        return address // self.page_bytes * self.page_bytes

    def line_name(self, line: int) -> str:
        """Return the line's stable name: that of its first word."""
        return self.words[self.lines[line][0]].name

    def page_name(self, page: int) -> str:
        """Return the page's stable name: its address in hexadecimal."""
        return f"{self.page_address(page):#x}"

    def word_named(self, name: str) -> int | None:
        """Return the word of that name, or None."""
        return next((index for index, word in enumerate(self.words) if word.name == name), None)

    def line_named(self, name: str) -> int | None:
        """Return the line that the word of that name lies on, or None."""
        word = self.word_named(name)
        return None if word is None else self.line_of[word]


def _check_sizes(line_bytes: int, page_bytes: int) -> None:
    for what, size, least in (
        ("line", line_bytes, WORD_BYTES),
        ("page", page_bytes, line_bytes),
    ):
        if size < least or size & (size - 1):
            raise LayoutError(f"{what} size {size}: expected a power of two, at least {least}")


def _check_words(words: tuple[Word, ...]) -> None:
    if not words:
        raise LayoutError("no words: expected at least one word of guest RAM")
    names: set[str] = set()
    addresses: dict[int, str] = {}
    for word in words:
        if word.name in names:
            raise LayoutError(f"two words are named {word.name!r}")
        names.add(word.name)
        if word.size not in WORD_SIZES:
            raise LayoutError(f"word {word.name!r} of {word.size} bytes: expected 4 or 8")
        if word.address % word.size or not 0 <= word.address < 1 << 64:
            raise LayoutError(
                f"word {word.name!r} at {word.address:#x}: expected a 64-bit address that is "
                f"a multiple of {word.size}"
            )
        for address in range(word.address, word.address + word.size, WORD_SIZES[0]):
            if address in addresses:
                raise LayoutError(
                    f"words {addresses[address]!r} and {word.name!r} share the address {address:#x}"
                )
            addresses[address] = word.name
