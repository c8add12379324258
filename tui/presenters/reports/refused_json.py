"""What was refused, as JSON: where it is, what was found there and what was expected."""

from __future__ import annotations

import attrs

from engine.refusal import Column, InFile, KeyPath, ListEntry, RefusedError
from tui.presenters.reports.findings_json import Json


def refused(error: RefusedError) -> tuple[Json, ...]:
    """Return the mistakes that an error tells of, the first and worst of them first."""
    every = (attrs.evolve(error, more=()), *error.more)
    return tuple(
        mistake(_place(each), each.what_was_found, each.what_to_do, str(each)) for each in every
    )


def _place(error: RefusedError) -> tuple[str | None, int | None, int | None]:
    match error.place:
        case InFile(file, _, line, column):
            return file, line, column
        case KeyPath() | ListEntry() | Column() | None:
            return None, None, None


def mistake(
    place: tuple[str | None, int | None, int | None], found: str, expected: str, sentence: str
) -> Json:
    """Return a mistake in a file, or, without one, in what was asked for."""
    file, line, column = place
    return {
        "file": file,
        "line": line,
        "column": column,
        "found": found,
        "expected": expected,
        "sentence": sentence,
    }
