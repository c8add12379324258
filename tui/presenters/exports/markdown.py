"""A run as Markdown: a table, a Mermaid sequence diagram, the line that decides, the command."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from engine.timeline import Timeline
from tui.presenters.exports.deciding import Deciding, deciding
from tui.presenters.exports.mermaid import diagram
from tui.presenters.exports.shared import SharedRun, replay_words, step_to_show
from tui.presenters.exports.start import start
from tui.presenters.exports.story import Story, story
from tui.presenters.panels.flushes import flush_entries
from tui.presenters.reports.plain import escaped, printable
from tui.presenters.shell import joined
from tui.presenters.tool import tool
from tui.presenters.verdict import found, verdict
from tui.presenters.words import counted

_SPECIAL: Final = re.compile(r"[\\`*_\[\]<>|#~&$@]")
_MOST_FLUSHES: Final = 8


def run_as_markdown(run: SharedRun, at: int | None = None) -> str:
    """Return the run as Markdown with a Mermaid diagram; step `at` is told and replayed to."""
    timeline = run.played.timeline
    told = story(timeline, at)
    shown = step_to_show(timeline) if at is None else at
    command = joined(word for group in replay_words(run.public, shown) for word in group)
    blocks: tuple[Iterator[str], ...] = (
        iter((f"# {plain(run.scenario.title)}",)),
        _table(run, told),
        iter((plain(start(timeline.initial, told.findings)),)),
        _fenced("mermaid", diagram(timeline, told)) if told.told else iter(()),
        _left_out(run, told),
        *(_decides(each) for each in deciding(timeline, told.findings)),
        iter((f"To see it, with {tool()}:",)),
        _fenced("sh", iter((escaped(command),))),
    )
    texts = ("".join(f"{line}\n" for line in block) for block in blocks)
    return "\n".join(text for text in texts if text)


def plain(text: str) -> str:
    """Return text with the characters that mean something to Markdown escaped."""
    return _SPECIAL.sub(lambda found: f"\\{found.group()}", printable(text))


def _table(run: SharedRun, told: Story) -> Iterator[str]:
    yield "| | |"
    yield "|---|---|"
    for name, text in _rows(run, told):
        yield f"| {name} | {plain(text)} |"


def _rows(run: SharedRun, told: Story) -> Iterator[tuple[str, str]]:
    timeline = run.played.timeline
    yield "scenario", run.scenario.name
    yield "policy", run.policy.name
    if not told.findings:
        yield "verdict", verdict(timeline)
    for finding in told.findings:
        yield "verdict", found(timeline, finding)
    more = len(timeline.findings) - len(told.findings)
    if more:
        yield "and", counted(more, "more finding")
    yield from _flushes(timeline)


def _flushes(timeline: Timeline) -> Iterator[tuple[str, str]]:
    entries = flush_entries(timeline.steps)
    if not entries:
        yield "flushes", "none, and none skipped"
    for entry in entries[:_MOST_FLUSHES]:
        yield f"step {entry.step}", entry.text
    if len(entries) > _MOST_FLUSHES:
        yield "and", f"{len(entries) - _MOST_FLUSHES} more of these"


def _left_out(run: SharedRun, told: Story) -> Iterator[str]:
    if told.left_out:
        steps = counted(len(told.told) + told.left_out, "step")
        yield f"{told.left_out} of {steps} left out."
    for skipped in run.played.skipped:
        if told.left_out:
            yield ""
        text = f"Passed over: entry {skipped.entry}, '{skipped.text}': {skipped.why}"
        yield plain(text)


def _decides(each: Deciding) -> Iterator[str]:
    yield plain(each.before)
    yield ""
    if each.source:
        yield from _fenced("c", iter(map(_shown, each.source)))
        yield ""
    yield plain(each.after)


def _fenced(language: str, lines: Iterator[str]) -> Iterator[str]:
    """Yield lines in a code block whose fence is longer than any run of backticks inside."""
    inside = tuple(lines)
    longest = max((len(run) for line in inside for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    yield f"{fence}{language}"
    yield from inside
    yield fence


def _shown(line: str) -> str:
    indent = len(line) - len(line.lstrip())
    return line[:indent] + printable(line[indent:])
