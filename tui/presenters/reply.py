"""A review as a mail: the verdicts first, then each candidate's shortest run, cost and command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from engine.findings import Finding
from engine.timeline import Timeline
from scenarios.case import Case
from scenarios.checking import ShortestFound
from scenarios.public_names import public_policy
from tui.presenters.ascii_text import ascii_text, replay, wrapped
from tui.presenters.exports.carried import carried
from tui.presenters.exports.mail import WIDTH, as_text, told_run
from tui.presenters.exports.story import story
from tui.presenters.reports.checked import Checked, opening_words, origin
from tui.presenters.reports.every_guest import told_answer
from tui.presenters.reports.plain import table
from tui.presenters.reports.review_text import (
    costs,
    left_open,
    remarks,
    scope,
    told_verdict,
    with_upstream,
)
from tui.presenters.reports.reviewed import Judgement, Reviewed, hardware_name
from tui.presenters.tool import tool
from tui.presenters.verdict import describe
from tui.presenters.words import counted

_INDENT: Final = "  "
_Block = Iterable[str]


def review_as_mail(
    file: str, reviews: Sequence[Reviewed], scenarios: int, *, interrupted: bool
) -> str:
    """Return the reply, in 72 columns but for C that goes with it; no directory of the sender's."""
    blocks = [
        _opening(file, reviews, scenarios, interrupted),
        *(
            block
            for number, review in enumerate(reviews, 1)
            for block in _candidate(review, number, len(reviews))
        ),
    ]
    return as_text(blocks)


def _opening(
    file: str, reviews: Sequence[Reviewed], scenarios: int, interrupted: bool
) -> Iterator[str]:
    for number, review in enumerate(reviews, 1):
        yield from wrapped(_title(review, number), WIDTH, hang="   ")
    if interrupted:
        yield "Interrupted: what was not decided by then is undetermined."
    yield ""
    yield from wrapped(
        f"That is {tool()} on {public_policy(file)}: against upstream, on "
        f"{counted(scenarios, 'scenario')}, over every interleaving of vCPUs, VMM and the "
        f"hardware's fills and evictions. {scope(reviews)}",
        WIDTH,
    )


def _title(review: Reviewed, number: int) -> str:
    return f"{number}. {review.candidate.title}: {told_verdict(review)}"


def _candidate(review: Reviewed, number: int, total: int) -> Iterator[_Block]:
    """Yield the blocks about a candidate: what was judged, what it breaks, and what it costs."""
    yield _judged(review, number, total)
    if review.every_guest is not None:
        yield wrapped(told_answer(review.every_guest), WIDTH, hang=_INDENT)
    for variant, rows in review.by_hardware:
        if len(review.by_hardware) > 1 and review.policy is not None:
            yield wrapped(f"On {hardware_name(review.policy, variant)}:", WIDTH)
        yield from _results(rows)
    yield from _shortest_guest(review)
    for row in review.rows[:1]:
        cell = row.cell
        case = Case(cell.scenario, cell.policy, row.scenario_spec, row.policy_spec, row.options)
        sent = carried(case)
        if sent is not None:
            yield sent.before, "", *sent.lines


def _judged(review: Reviewed, number: int, total: int) -> Iterator[str]:
    """Yield what the verdict speaks of."""
    if total > 1:
        title = ascii_text(f"{number}. {review.candidate.title}")[:WIDTH]
        yield title
        yield "-" * len(title)
    if review.error is not None:
        yield from wrapped(str(review.error), WIDTH, hang=_INDENT)
    for remark in remarks(review):
        yield from wrapped(remark, WIDTH, hang=_INDENT)


def _results(rows: Sequence[Checked]) -> Iterator[_Block]:
    found = [
        (row, each)
        for row in rows
        for each in row.result.outcome.findings
        if row.result.introduced(each.kind) is not False
    ]
    found.sort(key=lambda pair: pair[1].step)
    for row, each in found[:1]:
        yield from _shortest(row, each)
    yield _others(found)
    yield _shared(rows)
    yield _left_open(rows)
    yield map(ascii_text, table(tuple(costs(rows)), left=1, indent=""))


def _shortest_guest(review: Reviewed) -> Iterator[_Block]:
    """Yield the shortest run of any guest, in full where no scenario shows anything."""
    answered = review.every_guest
    if answered is None or answered.shortest is None:
        return
    checked, found = answered.shortest
    if review.on_scenarios is Judgement.UNSAFE:
        words = replay(opening_words(checked.public, found), WIDTH, _INDENT)
        yield ("To see the shortest guest that it breaks:", "", *words)
    else:
        yield from _shortest(checked, found)


def _shortest(row: Checked, found: ShortestFound) -> Iterator[_Block]:
    """Yield the shortest run of all, told in full, and the command that opens it."""
    timeline, finding = _replayed(row, found)
    yield _finding(row, found, describe(timeline, finding))
    yield from told_run(timeline, story(timeline))
    words = replay(opening_words(row.public, found), WIDTH, _INDENT)
    yield (f"To see it, with {tool()}:", "", *words)


def _replayed(row: Checked, found: ShortestFound) -> tuple[Timeline, Finding]:
    timeline = Timeline.replay(row.cell.machine, found.events)
    return timeline, next(
        each for each in timeline.findings if each.kind is found.kind and each.step == found.step
    )


def _finding(row: Checked, found: ShortestFound, described: str) -> Iterator[str]:
    yield from wrapped(
        f"The shortest run that it breaks, {counted(found.step, 'step')} of {row.scenario_spec} "
        f"({row.cell.scenario.title}):",
        WIDTH,
    )
    yield from wrapped(described, WIDTH, hang=_INDENT)


def _others(found: Sequence[tuple[Checked, ShortestFound]]) -> Iterator[str]:
    """Yield what else it breaks, in a line."""
    told = (
        f"{row.scenario_spec} ({each.kind.value} in {each.step}"
        f"{'' if row.result.introduced(each.kind) else f', {origin(row, each)}'})"
        for row, each in found[1:]
    )
    text = ", ".join(told)
    if text:
        yield from wrapped(f"It breaks as well: {text}", WIDTH, hang=_INDENT)


def _shared(rows: Sequence[Checked]) -> Iterator[str]:
    text = ", ".join(told for told in map(with_upstream, rows) if told)
    if text:
        yield from wrapped(f"With upstream too: {text}", WIDTH, hang=_INDENT)


def _left_open(rows: Sequence[Checked]) -> Iterator[str]:
    for row in rows:
        for text in left_open(row):
            yield from wrapped(text, WIDTH, hang=_INDENT)
