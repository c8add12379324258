"""What is said while every interleaving is explored, and of the answer."""

from __future__ import annotations

import attrs

from engine.explorer.counterexample import Counterexample
from engine.explorer.limits import Counts
from engine.explorer.verdict import Exploration, Verdict
from tui.presenters.rows import Tone
from tui.presenters.runs import Run, counter_run
from tui.presenters.verdict import describe
from tui.presenters.words import counted, listed


@attrs.frozen
class Said:
    """One line, and its tone."""

    text: str
    tone: Tone = Tone.PLAIN


def under_way(start: int, counts: Counts | None, seconds: float) -> Said:
    """Return how far an exploration has come, and how fast it goes."""
    told = ["begins"]
    if counts is not None:
        rate = counts.states / max(seconds, 0.001)
        told = [
            f"{counts.states:,} states",
            f"{rate:,.0f}/s",
            f"frontier {counts.frontier:,}",
        ]
    return Said(f"{_from(start)}: exploring, {', '.join((*told, f'{seconds:.0f} s'))}. Esc cancels")


def answer(run: Run, start: int, known: Exploration) -> Said:
    """Return what an exploration found out, in one line."""
    states = counted(known.states, "state")
    match known.verdict:
        case Verdict.SAFE:
            before = any(finding.step <= start for finding in run.timeline.findings)
            nothing = "no further finding" if before else "no finding"
            text = f"safe, {nothing} in any interleaving: {states}"
            return Said(f"{_from(start)}: {text}", Tone.GOOD)
        case Verdict.UNDETERMINED:
            why = "nobody knows why" if known.reason is None else known.reason.value
            text = f"undetermined after {states}: {why}"
            return Said(f"{_from(start)}: {text}", Tone.SKIPPED)
        case Verdict.UNSAFE:
            kinds = listed(
                f"{each.finding.kind.value} in {_more(start, each.finding.step)}"
                for each in known.counterexamples
            )
            early = "" if known.reason is None else f" (not all explored: {known.reason.value})"
            return Said(f"{_from(start)}: UNSAFE, {kinds}: {states}{early}", Tone.STALE)


def failed(start: int, why: str) -> Said:
    """Return that an exploration came to no answer."""
    return Said(f"{_from(start)}: undetermined: {why}", Tone.SKIPPED)


def cancelled(start: int, counts: Counts | None) -> Said:
    """Return that the user cancelled an exploration."""
    after = "" if counts is None else f" after {counts.states:,} states"
    return Said(f"{_from(start)}: undetermined{after}: cancelled", Tone.SKIPPED)


def choices(run: Run, start: int, known: Exploration) -> tuple[str, ...]:
    """Return a line for each counterexample to choose from."""
    return tuple(
        f"in {_more(start, each.finding.step)}: {_described(run, start, each)}"
        for each in known.counterexamples
    )


def _described(run: Run, start: int, counterexample: Counterexample) -> str:
    timeline = counter_run(run, start, counterexample, shortest=True).timeline
    kind, last = counterexample.finding.kind, len(timeline.steps)
    found = next(each for each in timeline.findings if (each.kind, each.step) == (kind, last))
    return describe(timeline, found)


def _from(start: int) -> str:
    return "From the start" if start == 0 else f"From step {start}"


def _more(start: int, steps: int) -> str:
    return counted(steps, "more step" if start else "step")
