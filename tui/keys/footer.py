"""The footer's entries, and the pages that they make where they do not fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import attrs

from tui.keys.command import Command


@attrs.frozen
class FooterEntry:
    """A word of the footer with its keys; a click on it does the first of its commands."""

    keys: str
    word: str
    action: str

    @property
    def width(self) -> int:
        """The columns it takes, with a blank before the keys and one before the word."""
        return len(self.keys) + len(self.word) + 2


def footer_entries(commands: Iterable[Command]) -> Iterator[FooterEntry]:
    """Yield the footer's entries: commands that share a word share an entry."""
    words: dict[str, list[Command]] = {}
    for command in commands:
        if command.footer:
            words.setdefault(command.footer, []).append(command)
    for word, group in words.items():
        keys = [command.spelled[0] for command in group]
        # Arrows point away from each other; a letter and its capital read on from the small one.
        between = " " if "/" in keys else "/"
        pair = "".join(reversed(keys)) if keys[0] in "→↓" else between.join(keys)
        yield FooterEntry(pair, word, group[0].action)


def footer_pages(
    entries: Sequence[FooterEntry], always: Sequence[FooterEntry], width: int
) -> tuple[tuple[FooterEntry, ...], ...]:
    """Return the entries in pages of `width` columns, each with those that are always there."""
    room = width - sum(entry.width for entry in always)
    pages: list[list[FooterEntry]] = [[]]
    for entry in entries:
        if pages[-1] and sum(each.width for each in (*pages[-1], entry)) > room:
            pages.append([])
        pages[-1].append(entry)
    return tuple((*page, *always) for page in pages)
