"""What is said of the answer once every interleaving is explored, and the runs it shows."""

from __future__ import annotations

from engine.explorer.counterexample import Counterexample
from engine.explorer.explore import Exploration
from engine.findings import Verdict
from engine.timeline import Timeline
from tui.presenters.cells import Said, Tone
from tui.presenters.status.searching import from_step
from tui.presenters.verdict import describe
from tui.presenters.words import counted, listed


def answer(timeline: Timeline, start: int, known: Exploration) -> Said:
    """Return what an exploration found out, in one line."""
    states = counted(known.states, "state")
    gap = timeline.initial.setup.policy.coverage.gap
    match known.verdict:
        case Verdict.SAFE if gap is not None:
            text = f"undetermined, though no run breaks in {states}: {gap}"
            return Said(f"{from_step(start)}: {text}", Tone.SKIPPED)
        case Verdict.SAFE:
            before = any(finding.step <= start for finding in timeline.findings)
            nothing = "no further finding" if before else "no finding"
            text = f"safe, {nothing} in any interleaving: {states}"
            return Said(f"{from_step(start)}: {text}", Tone.GOOD)
        case Verdict.UNDETERMINED:
            why = "nobody knows why" if known.reason is None else known.reason.value
            text = f"undetermined after {states}: {why}"
            return Said(f"{from_step(start)}: {text}", Tone.SKIPPED)
        case Verdict.UNSAFE:
            kinds = listed(
                f"{each.finding.kind.value} in {_more(start, each.finding.step)}"
                for each in known.counterexamples
            )
            early = "" if known.reason is None else f" (not all explored: {known.reason.value})"
            return Said(f"{from_step(start)}: unsafe, {kinds}: {states}{early}", Tone.STALE)


def found_runs(timeline: Timeline, start: int, known: Exploration) -> tuple[str, ...]:
    """Return a line for each counterexample to choose from."""
    return tuple(
        f"in {_more(start, each.finding.step)}: {_described(timeline, start, each)}"
        for each in known.counterexamples
    )


def counter_run(timeline: Timeline, start: int, found: Counterexample) -> Timeline:
    """Return a run up to step `start` with a counterexample after it; the cursor is between."""
    return timeline.seek(start).extend(found.events).seek(start)


def counter_title(start: int, found: Counterexample, *, shortest: bool) -> str:
    """Return what a counterexample is, as the heading says it."""
    which = f"{'the shortest' if shortest else 'a'} {found.finding.kind.value} run"
    return f"{which} from {'the start' if start == 0 else f'step {start}'} on"


def _described(timeline: Timeline, start: int, found: Counterexample) -> str:
    shown = counter_run(timeline, start, found)
    kind, last = found.finding.kind, len(shown.steps)
    finding = next(each for each in shown.findings if (each.kind, each.step) == (kind, last))
    return describe(shown, finding)


def _more(start: int, steps: int) -> str:
    return counted(steps, "more step" if start else "step")
