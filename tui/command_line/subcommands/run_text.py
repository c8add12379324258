"""A run as text: a line a step, the findings explained, the verdict, and how to see it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.findings import Finding, Lead, roles
from engine.machine.events import event_name
from engine.timeline import Timeline
from scenarios.case import flat
from tui.presenters.coverage import coverage_lines
from tui.presenters.exports.shared import SharedRun
from tui.presenters.reports.plain import printable
from tui.presenters.shell import joined
from tui.presenters.steps.sentence import sentence
from tui.presenters.verdict import verdict
from tui.presenters.words import counted, listed


def run_as_text(run: SharedRun) -> str:
    """Return the run as lines of text, the verdict near the end."""
    timeline = run.played.timeline
    parts = (_header(run), _steps(timeline), _skipped(run), _findings(timeline), _end(run))
    blocks = ("".join(f"{line}\n" for line in part) for part in parts)
    return "\n".join(block for block in blocks if block)


def _header(run: SharedRun) -> Iterator[str]:
    yield f"scenario  {printable(run.scenario.name)}: {run.scenario.title}"
    yield f"policy    {printable(run.policy.name)}"
    yield f"source    {printable(run.policy.source.name)}"
    for line in coverage_lines(run.policy.coverage):
        yield f"          {printable(line)}"


def _steps(timeline: Timeline) -> Iterator[str]:
    marks = _marks(timeline.findings)
    events = [event_name(step.before, step.event) for step in timeline.steps]
    mark_width = max((len(mark) for mark in marks.values()), default=0)
    event_width = max(map(len, events), default=0)
    for number, (step, event) in enumerate(zip(timeline.steps, events, strict=True), 1):
        mark = f"{marks.get(number, ''):<{mark_width}}  " if marks else ""
        yield f"{number:>4}  {mark}{event:<{event_width}}  {printable(sentence(step))}"


def _marks(findings: tuple[Finding, ...]) -> dict[int, str]:
    """Return the words that mark a step: cause, exact, and the kinds of what was found there."""
    return {
        step: "+".join(
            "exact" if role is Lead.EXACT_STEP else role.value for role in dict.fromkeys(parts)
        )
        for step, parts in roles(findings).items()
    }


def _skipped(run: SharedRun) -> Iterator[str]:
    for skipped in run.played.skipped:
        yield f"passed over: entry {skipped.entry}, '{skipped.text}': {skipped.why}"


def _findings(timeline: Timeline) -> Iterator[str]:
    for finding in timeline.findings:
        yield f"{finding.kind.value} at step {_told(timeline, finding.step)}"
        for role, number in (("cause", finding.cause), ("exact step", finding.exact)):
            if number is not None:
                yield f"  {role} {_told(timeline, number)}"


def _told(timeline: Timeline, number: int) -> str:
    return f"{number}: {printable(sentence(timeline.steps[number - 1]))}"


def _end(run: SharedRun) -> Iterator[str]:
    timeline = run.played.timeline
    yield f"verdict   {verdict(timeline)}"
    if run.met is False and run.expectation is not None:
        kinds = [kind.value for kind in run.expectation.kinds]
        yield f"expected  {listed(kinds) if kinds else 'safe'}, by the scenario: not met"
    yield f"flushes   {run.flushes}, {counted(run.lines_flushed, 'line')} in all"
    if timeline.findings:
        first = timeline.findings[0]
        command = joined(flat(run.case.words(("--at", str(first.shown_at)))))
        yield f"see it    {printable(command)}"
