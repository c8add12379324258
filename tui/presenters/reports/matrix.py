"""The matrix of policies by scenarios: what was found in a letter each, and the cost in all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

from engine.findings import Kind, Verdict
from scenarios.checking import ShortestFound
from tui.presenters.reports.checked import Checked
from tui.presenters.reports.costs import Amount, most
from tui.presenters.reports.plain import paragraph, printable, table

_LONGEST_NAME: Final = 24
_LETTERS: Final = {Kind.STALE: "S", Kind.LOST: "L", Kind.STUCK: "K", Kind.FAULT: "F"}
_SAFE: Final = "."
_UNKNOWN: Final = "?"
_SIGNS: Final = {
    _SAFE: "safe",
    **{letter: kind.value for kind, letter in _LETTERS.items()},
    _UNKNOWN: "undetermined",
}


def matrix(groups: Sequence[Sequence[Checked]], width: int) -> Iterator[str]:
    """Yield a row a policy: its cost, then a column a scenario; as many tables as it takes."""
    cells = {(row.policy, row.scenario_spec): _cell(row) for rows in groups for row in rows}
    policies = tuple(dict.fromkeys(policy for policy, _ in cells))
    names = ("", *map(_shortened, policies))
    columns: list[tuple[str, ...]] = list(zip(*_costs(groups, policies), strict=True))
    columns.extend(
        (str(number), *(cells.get((policy, rows[0].scenario_spec), "") for policy in policies))
        for number, rows in enumerate(groups, 1)
    )
    while columns:
        room = width - 2 - max(map(len, names))
        widths = accumulate(2 + max(map(len, column)) for column in columns)
        fitting = max(1, sum(each <= room for each in widths))
        yield from table(tuple(zip(names, *columns[:fitting], strict=True)), left=1)
        columns = columns[fitting:]
    legend = ", ".join(_legend("".join(cells.values())))
    yield from paragraph(legend, width, "  ")


def _legend(shown: str) -> Iterator[str]:
    """Yield what the characters that are shown mean."""
    for sign, meaning in _SIGNS.items():
        if sign in shown.upper():
            yield f"{sign} {meaning}"
    if shown != shown.upper():
        yield "small with upstream too"


def _cell(row: Checked) -> str:
    outcome = row.result.outcome
    letters = "".join(_letter(row, found) for found in outcome.findings)
    if outcome.reason is not None and _UNKNOWN not in letters:
        letters += _UNKNOWN
    return letters or (_SAFE if outcome.verdict is Verdict.SAFE else _UNKNOWN)


def _letter(row: Checked, found: ShortestFound) -> str:
    letter = _LETTERS[found.kind]
    match row.result.introduced(found.kind):
        case True:
            return letter
        case False:
            return letter.lower()
        case None:
            return f"{letter}{_UNKNOWN}"


def _costs(
    groups: Sequence[Sequence[Checked]], policies: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Yield what each policy flushes at most, over all scenarios."""
    yield "flushes", "lines"
    for policy in policies:
        cost = most(row for rows in groups for row in rows if row.policy == policy)
        yield (_UNKNOWN, _UNKNOWN) if cost is None else (_amount(cost.flushes), _amount(cost.lines))


def _amount(amount: Amount) -> str:
    unbounded, least = amount
    return "unbounded" if unbounded else str(least)


def _shortened(name: str) -> str:
    shown = printable(name)
    return shown if len(shown) <= _LONGEST_NAME else f"…{shown[1 - _LONGEST_NAME :]}"
