"""A run as the body of a mail: plain ASCII in 72 columns, one lane for each who moves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from engine.timeline import Timeline
from tui.presenters.ascii_text import quoted_source, replay, wrapped
from tui.presenters.exports.carried import carried
from tui.presenters.exports.deciding import deciding
from tui.presenters.exports.known import known_cost, known_verdict
from tui.presenters.exports.lanes import drawn
from tui.presenters.exports.shared import SharedRun, replay_words, step_to_show
from tui.presenters.exports.start import start
from tui.presenters.exports.story import Story, story
from tui.presenters.panels.flushes import flush_entries
from tui.presenters.tool import tool
from tui.presenters.verdict import found, verdict
from tui.presenters.words import counted

WIDTH: Final = 72
_MOST_FLUSHES: Final = 8
_INDENT: Final = "  "


def run_as_mail(run: SharedRun, at: int | None = None) -> str:
    """Return the run as lines of at most 72 columns, but for the C that goes with it.

    Step `at` is told and replayed to.
    """
    timeline = run.played.timeline
    told = story(timeline, at)
    shown = step_to_show(timeline) if at is None else at
    sent = carried(run.case)
    public = run.public if sent is None else attrs.evolve(run, case=sent.case)
    blocks = (
        _heading(run),
        _verdict(run, told),
        *told_run(timeline, told),
        _passed_over(run),
        _flushes(timeline),
        () if run.known is None else known_cost(run.known, WIDTH),
        () if sent is None else (sent.before, "", *sent.lines),
        (f"To see it, with {tool()}:", "", *replay(replay_words(public, shown), WIDTH, _INDENT)),
    )
    return as_text(blocks)


def as_text(blocks: Iterable[Iterable[str]]) -> str:
    """Return blocks of lines with an empty line between them; those without lines are left out."""
    texts = ("".join(f"{line}\n" for line in block) for block in blocks)
    return "\n".join(text for text in texts if text)


def told_run(timeline: Timeline, told: Story) -> Iterator[Iterable[str]]:
    """Yield the blocks that tell a run: how it starts, who does what, and the lines that decide."""
    yield wrapped(start(timeline.initial, told.findings), WIDTH)
    if told.told:
        yield drawn(timeline, told, WIDTH)
    if told.left_out:
        steps = counted(len(told.told) + told.left_out, "step")
        text = f"{told.left_out} of {steps} left out, where it says so in brackets."
        yield wrapped(text, WIDTH)
    for each in deciding(timeline, told.findings):
        yield wrapped(each.before, WIDTH)
        if each.source:
            yield quoted_source(each.source, WIDTH)
        yield wrapped(each.after, WIDTH)


def _heading(run: SharedRun) -> Iterator[str]:
    yield from wrapped(run.scenario.title, WIDTH)
    name, source = run.policy.name, run.policy.source.name
    policy = name if source in (name, f"{name}.c") else f"{name} ({source})"
    yield from wrapped(f"Scenario {run.scenario.name}, KVM's policy {policy}", WIDTH)


def _verdict(run: SharedRun, told: Story) -> Iterator[str]:
    timeline = run.played.timeline
    if run.known is not None:
        text = f"Verdict, over every interleaving: {known_verdict(run.known)}"
        yield from wrapped(text, WIDTH, hang=_INDENT)
    texts = [found(timeline, each) for each in told.findings] or [verdict(timeline)]
    for text in texts:
        of_all = run.known is not None
        shown = f"{text[:1].upper()}{text[1:]}" if of_all else f"Verdict of {text}"
        yield from wrapped(shown, WIDTH, hang=_INDENT)
    more = len(timeline.findings) - len(told.findings)
    if more:
        yield f"and {counted(more, 'more finding')}"


def _passed_over(run: SharedRun) -> Iterator[str]:
    for skipped in run.played.skipped:
        text = f"Passed over: entry {skipped.entry}, '{skipped.text}': {skipped.why}"
        yield from wrapped(text, WIDTH, hang=_INDENT)


def _flushes(timeline: Timeline) -> Iterator[str]:
    entries = flush_entries(timeline.steps)
    if not entries:
        yield "Flushes: none, and none skipped."
        return
    yield "Flushes:"
    size = max(3, len(str(entries[-1].step)))
    for entry in entries[:_MOST_FLUSHES]:
        lead = f"{entry.step:>{size}}  "
        yield from wrapped(entry.text, WIDTH, lead, " " * len(lead) + _INDENT)
    more = len(entries) - _MOST_FLUSHES
    if more > 0:
        yield f"{' ' * size}  and {more} more"
