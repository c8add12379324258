"""What was measured, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from benchmarks.pairs import Pairs


@attrs.frozen
class Measured:
    """One line of the table of ratios."""

    question: str
    member: str
    states: int | None
    """In the whole, unreduced space; None where it is many models' together."""
    against: str
    pairs: Pairs
    aim: float | None


def ratios(measured: Iterable[Measured]) -> str:
    """Return the table of ratios; times are medians."""
    return markdown(
        (
            "question",
            "model",
            "states",
            "against",
            "ours",
            "theirs",
            "ratio, median",
            "min - max",
            "aim",
            "reached",
        ),
        (
            (
                each.question,
                each.member,
                "" if each.states is None else f"{each.states:,}",
                each.against,
                seconds(each.pairs.ours.median),
                seconds(each.pairs.theirs.median),
                f"{each.pairs.ratio:.3g}",
                f"{min(each.pairs.ratios):.3g} - {max(each.pairs.ratios):.3g}",
                "" if each.aim is None else f"<= {each.aim:g}",
                "" if each.aim is None else ("yes" if each.pairs.ratio <= each.aim else "no"),
            )
            for each in measured
        ),
    )


def seconds(value: float) -> str:
    """Return a time in the unit that suits it."""
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.3g} ms"


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
