"""What was measured of the screen: percentiles, ratios start by start, and the table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain
from statistics import median, quantiles
from typing import Final, TypeAlias

import attrs

from benchmarks.table import markdown, seconds

Samples: TypeAlias = tuple[tuple[float, ...], ...]
"""Per start of a process, what was measured in it."""

BARE: Final = "the bare app"


@attrs.frozen
class Question:
    """A percentile of ours beside the same one of theirs; the n-th starts of both are a pair."""

    text: str
    percent: int
    ours: Samples
    theirs: Samples
    aim: float | None = None
    """The ratio of ours to theirs to stay within."""
    against: str = BARE
    written: Callable[[float], str] = seconds

    @property
    def ratios(self) -> tuple[float, ...]:
        """Per pair, ours over theirs."""
        return tuple(
            percentile(ours, self.percent) / percentile(theirs, self.percent)
            for ours, theirs in zip(self.ours, self.theirs, strict=True)
        )


def percentile(values: Iterable[float], percent: int) -> float:
    """Return the value below which `percent` of the values lie, between two if need be.

    Raises:
        StatisticsError: there is no value.
    """
    among = list(values)
    if len(among) < 2 or percent == 50:
        return median(among)
    return quantiles(among, n=100, method="inclusive")[percent - 1]


def questions_table(questions: Iterable[Question]) -> str:
    """Return the table of the questions; ours and theirs are over all that was measured."""
    return markdown(
        (
            "question",
            "percentile",
            "against",
            "ours",
            "least",
            "theirs",
            "least",
            "ratio, median",
            "min - max",
            "aim",
            "reached",
        ),
        map(_row, questions),
    )


def mebibytes(value: float) -> str:
    """Return an amount of memory in bytes as MiB."""
    return f"{value / 2**20:.0f} MiB"


def _row(question: Question) -> tuple[str, ...]:
    ratios, aim = question.ratios, question.aim
    return (
        question.text,
        f"p{question.percent}",
        question.against,
        *_absolute(question, question.ours),
        *_absolute(question, question.theirs),
        f"{median(ratios):.3g}",
        f"{min(ratios):.3g} - {max(ratios):.3g}",
        "" if aim is None else f"<= {aim:g}",
        "" if aim is None else ("yes" if median(ratios) <= aim else "no"),
    )


def _absolute(question: Question, samples: Samples) -> tuple[str, str]:
    """Return the percentile over all starts, and that of the start where it was least."""
    over_all = percentile(chain.from_iterable(samples), question.percent)
    least = min(percentile(start, question.percent) for start in samples)
    return question.written(over_all), question.written(least)
