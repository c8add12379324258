"""A check as Markdown: scenarios by policies, each cell with its findings and its cost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from engine.findings import Verdict
from scenarios.checking import ShortestFound
from tui.presenters.reports.checked import Checked, span
from tui.presenters.reports.every_guest import FOOTNOTE, Answered, told_answer
from tui.presenters.reports.plain import printable
from tui.presenters.reports.unreached import Missed

LEGEND = (
    "A cell holds the fewest..most calls of `stage2_flush_vm()` over complete runs; before it, "
    "each kind of finding with the steps of its shortest counterexample: **bold** where the "
    "policy introduces it, _italic_ where `upstream` has it too. No finding: safe in every "
    "interleaving."
)


def check_as_markdown(
    rows: Sequence[Checked], left_open: Mapping[str, Missed], answers: Sequence[Answered] = ()
) -> str:
    """Return the table and its legend, and which policies are not safe over all, and why.

    `answers` say what holds for every guest, where that was asked.
    """
    lines = (*_lines(rows, answers), *_answers(answers), *_left_open(left_open))
    return "".join(f"{line}\n" for line in lines)


def _lines(rows: Sequence[Checked], answers: Sequence[Answered]) -> Iterator[str]:
    policies = tuple(dict.fromkeys(row.policy for row in rows))
    cells = {(row.scenario_spec, row.policy): _cell(row) for row in rows}
    yield _line(("scenario", *map(_code, policies)))
    yield _line("---" for _ in range(len(policies) + 1))
    for scenario in dict.fromkeys(row.scenario_spec for row in rows):
        shown = (cells.get((scenario, policy), "") for policy in policies)
        yield _line((_code(scenario), *shown))
    if answers:
        specs = {row.policy: row.policy_spec for row in rows}
        told = {each.policy_spec: _answer(each) for each in answers}
        yield _line(("every guest", *(told[specs[policy]] for policy in policies)))
    yield ""
    yield LEGEND


def _answer(answered: Answered) -> str:
    shortest = answered.shortest
    if shortest is not None:
        return (
            f"**{shortest[1].kind.value} {shortest[1].step}** on {_code(shortest[0].scenario_spec)}"
        )
    return answered.verdict.value


def _answers(answers: Sequence[Answered]) -> Iterator[str]:
    """Yield what holds for every guest, in sentences, and of which guests that speaks."""
    if not answers:
        return
    yield ""
    for answered in answers:
        yield f"- {_code(answered.policy_spec)}: {printable(told_answer(answered))}"
    yield ""
    yield f"{FOOTNOTE[0].upper()}{FOOTNOTE[1:]}"


def _left_open(missed: Mapping[str, Missed]) -> Iterator[str]:
    for spec, each in missed.items():
        yield ""
        yield f"{_code(spec)}: {each.left_open}"
        for remark in each.remarks:
            yield f"- {_code(remark)}"


def _code(name: str) -> str:
    """Return a name as code, in more backticks than it has itself."""
    shown = printable(name)
    ticks = "`" * (1 + max((len(run) for run in re.findall("`+", shown)), default=0))
    blank = " " if "`" in (shown[:1], shown[-1:]) else ""
    return f"{ticks}{blank}{shown}{blank}{ticks}"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _cell(row: Checked) -> str:
    outcome = row.result.outcome
    words = [_found(row, found) for found in outcome.findings]
    if outcome.verdict is Verdict.UNDETERMINED or outcome.reason is not None:
        words.append("undetermined")
    words.append(span(outcome.flushes))
    return ", ".join(words)


def _found(row: Checked, found: ShortestFound) -> str:
    told = f"{found.kind.value} {found.step}"
    match row.result.introduced(found.kind):
        case True:
            return f"**{told}**"
        case False:
            return f"_{told}_"
        case None:
            return f"{told}?"
