"""What every interleaving of a case comes to, in lines of a mail: the verdict and the cost."""

from __future__ import annotations

from collections.abc import Iterator

from engine.findings import Verdict
from tui.presenters.ascii_text import wrapped
from tui.presenters.reports.checked import Checked, origin, span, why
from tui.presenters.words import counted


def known_verdict(checked: Checked) -> str:
    """Return the verdict, with the length of the shortest run of each kind of finding."""
    outcome = checked.result.outcome
    match outcome.verdict:
        case Verdict.SAFE:
            return f"safe ({counted(outcome.states, 'state')})"
        case Verdict.UNDETERMINED:
            return f"undetermined: {'; '.join((*_cut_short(checked), *_not_judged(checked)))}"
        case Verdict.UNSAFE:
            found = (
                f"{each.kind.value} in {counted(each.step, 'step')}, {origin(checked, each)}"
                for each in outcome.findings
            )
            others = (f"other findings are possible: {each}" for each in _cut_short(checked))
            return f"unsafe: {'; '.join((*found, *others, *_not_judged(checked)))}"


def _cut_short(checked: Checked) -> Iterator[str]:
    if checked.result.outcome.reason is not None:
        yield why(checked)


def _not_judged(checked: Checked) -> Iterator[str]:
    if checked.result.outcome.gap is not None:
        yield checked.result.outcome.gap


def known_cost(checked: Checked, width: int) -> Iterator[str]:
    """Yield what the policy flushes over complete runs, beside what upstream does."""
    ours, upstream = checked.result.outcome, checked.result.upstream
    parts = [
        f"{span(ours.flushes)} calls of stage2_flush_vm()",
        f"{span(ours.lines_flushed)} lines flushed",
    ]
    if upstream is not None:
        theirs = (upstream.flushes, upstream.lines_flushed)
        parts = [
            f"{part} (upstream: {span(each)})" for part, each in zip(parts, theirs, strict=True)
        ]
    yield from wrapped(f"Cost, over complete runs: {', '.join(parts)}", width, hang="  ")
