"""What was refused, as JSON: where it is, what was found there and what was expected."""

from __future__ import annotations

import attrs

from engine.policy.source import PolicyError
from scenarios.errors import ScenarioError
from scenarios.sources.source_text import SourceError
from tui.presenters.reports.findings_json import Json


def refused(error: PolicyError | SourceError | ScenarioError) -> tuple[Json, ...]:
    """Return the mistakes that an error tells of, the first and worst of them first."""
    if not isinstance(error, ScenarioError):
        place = (error.source, error.line or None, error.column or None)
        return (mistake(place, error.found, error.expected, str(error)),)
    every = (attrs.evolve(error, more=()), *error.more)
    return tuple(
        mistake((each.file, each.line, each.column), each.found, each.expected, str(each))
        for each in every
    )


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
