"""What is said of long work while it goes on, and where it comes to no answer."""

from __future__ import annotations

from engine.explorer.limits import Counts
from tui.presenters.cells import Said, Tone


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
    return Said(f"{from_step(start)}: exploring, {', '.join((*told, f'{seconds:.0f} s'))}")


def failed(start: int, why: str) -> Said:
    """Return that an exploration came to no answer."""
    return Said(f"{from_step(start)}: undetermined: {why}", Tone.SKIPPED)


def cancelled(start: int, counts: Counts | None) -> Said:
    """Return that the user cancelled an exploration."""
    after = "" if counts is None else f" after {counts.states:,} states"
    return Said(f"{from_step(start)}: undetermined{after}: cancelled", Tone.SKIPPED)


def from_step(start: int) -> str:
    """Return from where on it is explored, as a sentence begins."""
    return "From the start" if start == 0 else f"From step {start}"


def driving(steps: int | None, seconds: float) -> Said:
    """Return how far it is to drive another run by one."""
    return Said(f"Driving the other run: {steps or 0:,} steps, {seconds:.0f} s")


def not_driven(steps: int | None) -> Said:
    """Return that the user did not wait for another run."""
    return Said(f"Cancelled after {steps or 0:,} steps: all is as it was.", Tone.SKIPPED)
