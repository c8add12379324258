"""The report of `check`: every scenario under every policy, what is unsafe and what it costs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from engine.findings import Kind, Verdict
from scenarios.checking import ShortestFound
from tui.presenters.reports.checked import (
    Checked,
    described,
    opening,
    origin,
    span,
    uncosted,
    unjudged,
    unreached,
    why,
)
from tui.presenters.reports.costs import Amount, Cheapest, cheapest
from tui.presenters.reports.every_guest import Answered, answer_table
from tui.presenters.reports.matrix import matrix
from tui.presenters.reports.plain import paragraph, printable, table
from tui.presenters.reports.unreached import Missed
from tui.presenters.words import counted, listed

WIDTH: Final = 80
_LEGEND: Final = (
    "stale N: the shortest counterexample of that kind has N steps. flushes and lines: those of "
    "stage2_flush_vm(), fewest..most over complete runs."
)
_HEADER: Final = ("policy", "verdict", "states", "transitions", "flushes", "lines")


def check_as_text(
    checks: Sequence[Checked],
    missed: Sequence[tuple[str, Missed]] = (),
    answers: Sequence[Answered] = (),
    *,
    interrupted: bool,
    left_open: Collection[str] = (),
) -> str:
    """Return the report as lines of at most 80 columns, but for words that are longer.

    `missed` is what no run shows of policies, after the words for them; those that are `left_open`
    for it are not called safe. `answers` say what holds for every guest, where that was asked.
    """
    groups = [tuple(rows) for _, rows in groupby(checks, key=lambda row: row.scenario_spec)]
    blocks = [tuple(_scenario(number, rows)) for number, rows in enumerate(groups, 1)]
    blocks.append(tuple(paragraph(_LEGEND, WIDTH)))
    if len(groups) > 1:
        blocks.append(tuple(matrix(groups, WIDTH)))
    if answers:
        blocks.append(tuple(answer_table(answers, WIDTH)))
    if left_open or any(each.remarks for _, each in missed):
        blocks.append(tuple(_missed(missed, left_open)))
    refuted = [each.policy_spec for each in answers if each.verdict is not Verdict.SAFE]
    blocks.append(tuple(_end(checks, interrupted, (*left_open, *refuted))))
    return "\n".join("".join(f"{line}\n" for line in block) for block in blocks)


def _scenario(number: int, rows: Sequence[Checked]) -> Iterator[str]:
    first = rows[0]
    title = f"{number}. {first.scenario_spec}: {first.cell.scenario.title}"
    yield from paragraph(title, WIDTH, hang="   ")
    yield from _table(rows)
    yield from _unreached(rows)
    for row in rows:
        yield from _remarks(row)
    yield from _expectations(rows)
    for row in rows:
        for found in row.result.outcome.findings:
            text = f"{row.policy}: {described(found)}, {origin(row, found)}"
            yield from paragraph(text, WIDTH, "  ", "    ")
            yield from opening(row, found, WIDTH, "    ")


def _table(rows: Sequence[Checked]) -> Iterator[str]:
    """Yield a line a policy, and one more for each further finding and each long name."""
    body = [_row(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(_HEADER, *body, strict=True)]
    room = WIDTH - sum(widths[1:]) - 2 * len(widths)
    names: list[str | None] = [None]
    lines: list[tuple[str, ...]] = [_HEADER]
    for row, (name, *cells) in zip(rows, body, strict=True):
        names.append(name if len(name) > room else None)
        lines.append(("" if len(name) > room else name, *cells))
        for found in row.result.outcome.findings[1:]:
            names.append(None)
            lines.append(("", f"        {_length(found)}", *("" for _ in cells[1:])))
    for long, line in zip(names, table(lines, left=2), strict=True):
        if long is not None:
            yield from paragraph(long, WIDTH, "  ", "    ")
        yield line


def _row(row: Checked) -> tuple[str, ...]:
    outcome = row.result.outcome
    findings = outcome.findings
    return (
        printable(row.policy),
        f"unsafe: {_length(findings[0])}" if findings else outcome.verdict.value,
        str(outcome.states),
        str(outcome.transitions),
        span(outcome.flushes),
        span(outcome.lines_flushed),
    )


def _length(found: ShortestFound) -> str:
    return f"{found.kind.value} {found.step}"


def _remarks(row: Checked) -> Iterator[str]:
    """Yield what the table has no room for."""
    outcome = row.result.outcome
    if outcome.reason is not None:
        yield from paragraph(f"{row.policy}: {_why(row)}", WIDTH, "  ", "    ")
    if unjudged(row):
        yield from paragraph(f"{row.policy}: {unjudged(row)}", WIDTH, "  ", "    ")
    if uncosted(row):
        yield from paragraph(f"{row.policy}: {uncosted(row)}", WIDTH, "  ", "    ")
    if outcome.gap is not None:
        yield from paragraph(f"{row.policy}: not all is judged: {outcome.gap}", WIDTH, "  ", "    ")


def _unreached(rows: Sequence[Checked]) -> Iterator[str]:
    """Yield what no run reaches of the programs of safe cells, once for policies that agree."""
    told: dict[str, list[str]] = {}
    for row in rows:
        if unreached(row):
            told.setdefault(unreached(row), []).append(row.policy)
    for text, policies in told.items():
        yield from paragraph(f"{listed(policies)}: {text}", WIDTH, "  ", "    ")


def _missed(missed: Sequence[tuple[str, Missed]], left_open: Collection[str]) -> Iterator[str]:
    """Yield what no run shows of policies, and of which of them that leaves the verdict open."""
    for spec, each in missed:
        for remark in each.remarks:
            yield from paragraph(f"{printable(spec)}: {remark}", WIDTH, hang="  ")
        if spec in left_open:
            yield from paragraph(f"{printable(spec)}: {each.left_open}", WIDTH, hang="  ")


def _why(row: Checked) -> str:
    outcome = row.result.outcome
    if outcome.verdict is Verdict.UNDETERMINED:
        return f"undetermined: {why(row)}"
    return f"{why(row)}: shorter runs and other kinds of finding are possible"


def _expectations(rows: Sequence[Checked]) -> Iterator[str]:
    """Yield what of the scenario's expectations is met, not met and open."""
    expected = [row for row in rows if row.expectation is not None]
    for row in expected:
        if row.met is False and row.expectation is not None:
            found = _kinds(found.kind for found in row.result.outcome.findings)
            text = f"[expect] not met: expected {_kinds(row.expectation.kinds)}, found {found}"
            yield from paragraph(f"{row.policy}: {text}", WIDTH, "  ", "    ")
    for met, words in ((True, "met"), (None, "undetermined")):
        names = [printable(row.policy) for row in expected if row.met is met]
        if names:
            whose = (
                f"all {len(names)} policies" if 1 < len(names) == len(expected) else listed(names)
            )
            yield from paragraph(f"[expect] {words} for {whose}", WIDTH, "  ", "    ")


def _kinds(kinds: Iterable[Kind]) -> str:
    names = [kind.value for kind in kinds]
    return listed(names) if names else "safe"


def _end(checks: Sequence[Checked], interrupted: bool, left_open: Collection[str]) -> Iterator[str]:
    if interrupted:
        yield "Interrupted: what was not decided by then is undetermined."
    closed = [checked for checked in checks if checked.policy_spec not in left_open]
    yield from paragraph(_cheapest(cheapest(closed)), WIDTH, hang="  ")
    verdicts = [checked.result.outcome.verdict for checked in checks]
    counts = (f"{verdicts.count(verdict)} {verdict.value}" for verdict in Verdict)
    yield f"{counted(len(checks), 'result')}: {', '.join(counts)}"
    met = [checked.met for checked in checks if checked.expectation is not None]
    if met:
        yield (
            f"{counted(len(met), 'expectation')}: {met.count(True)} met, {met.count(False)} not "
            f"met, {met.count(None)} undetermined"
        )


def _cheapest(found: Cheapest | None) -> str:
    if found is None:
        return "Cheapest safe policy: none is known to be safe on all that was checked"
    what = (
        "Cheapest safe policy"
        if found.safe
        else "Cheapest policy, safe but for what upstream breaks too"
    )
    names = listed(map(printable, found.policies))
    if found.cost is None:
        return f"{what}: not known, for lack of costs, among {names}"
    cost = f"at most {_amount(found.cost.flushes, 'flush')}, {_amount(found.cost.lines, 'line')}"
    order = "by the most flushes, then the most lines"
    return f"{what}: {names} ({cost}, {counted(found.scenarios, 'scenario')}; {order})"


def _amount(amount: Amount, noun: str) -> str:
    unbounded, most = amount
    if unbounded:
        return f"{noun}{'e' if noun == 'flush' else ''}s without bound"
    return f"{most} {noun}{'' if most == 1 else 'es' if noun == 'flush' else 's'}"
