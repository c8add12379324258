from __future__ import annotations

from collections.abc import Callable

from engine.findings import Kind
from tui.presenters.reports.check_text import check_as_text
from tui.presenters.reports.checked import Checked


def test_every_kind_and_every_doubt_reads_well(
    checked: Callable[..., Checked], golden: Callable[[str, str], None]
) -> None:
    every = {Kind.STALE: 13, Kind.LOST: 200, Kind.STUCK: 7, Kind.FAULT: 2}
    rows = [
        checked("mine.c", "first", found=every),
        checked("a/path/that/is/much/too/long/for/the/table.c", "first", most=None),
        checked("other.c", "first", found={Kind.STUCK: 7}, upstream={Kind.STUCK: 6}),
        checked("mine.c", "second", found=every, upstream={Kind.LOST: 4}),
        checked("strays.c", "second", found={Kind.FAULT: 2}, upstream={Kind.FAULT: 2}),
        checked(
            "a/path/that/is/much/too/long/for/the/table.c",
            "second",
            found={Kind.STALE: 3},
            reason="the limit on states was reached",
            upstream_reason="cancelled",
        ),
        checked("other.c", "second", reason="the process that explored it came to an end"),
    ]

    text = check_as_text(rows, interrupted=True)

    assert max(map(len, text.splitlines())) <= 80
    golden("check-every-kind", text)


def test_many_scenarios_make_several_tables(
    checked: Callable[..., Checked], golden: Callable[[str, str], None]
) -> None:
    rows = [
        checked(policy, f"scenario-{number}")
        for number in range(1, 31)
        for policy in ("upstream", "mine.c")
    ]

    text = check_as_text(rows, interrupted=False)

    golden("check-many", text[text.index("stale N: ") :])
