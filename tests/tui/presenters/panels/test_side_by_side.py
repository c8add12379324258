from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.timeline import Timeline
from tui.presenters.cells import Cell, Row, Tone
from tui.presenters.panels.memory import memory_table, sizes
from tui.presenters.panels.side_by_side import pair_row, side_lines, with_differences

Run = Callable[..., Timeline]


@pytest.fixture
def left(run: Run) -> Timeline:
    return run("secondary-stale-line", "vcpu0-only")


@pytest.fixture
def right(run: Run) -> Timeline:
    return run("secondary-stale-line", "upstream")


def test_what_both_did_stands_beside_each_other_with_its_steps(
    left: Timeline, right: Timeline
) -> None:
    row = pair_row((13, left.steps[12]), (12, right.steps[11]), 60, differs=False, current=False)
    assert row == Row(
        (
            Cell("   13 vcpu0 ", Tone.FAINT),
            Cell("isb             ", Tone.GUEST),
            Cell("   ", Tone.PLAIN),
            Cell("   12 vcpu0 ", Tone.FAINT),
            Cell("isb              ", Tone.GUEST),
        )
    )


def test_what_differs_is_marked_between_the_sides_and_the_row_at_hand_in_front(
    left: Timeline, right: Timeline
) -> None:
    row = pair_row((20, left.steps[19]), (19, right.steps[18]), 80, differs=True, current=True)
    assert row == Row(
        (
            Cell(">  20 vcpu1 ", Tone.FAINT),
            Cell("  vcpu->vcpu_id == 0: fal…", Tone.SKIPPED),
            Cell(" ≠ ", Tone.SKIPPED),
            Cell("   19 vcpu1 ", Tone.FAINT),
            Cell("  stage2_flush_vm(vcpu->kv…", Tone.KVM),
        ),
        current=True,
    )


def test_a_side_that_does_nothing_is_left_blank(left: Timeline) -> None:
    step = (26, left.steps[25])
    rows = [
        pair_row(step, None, 61, differs=True, current=True).text,
        pair_row(None, step, 61, differs=True, current=True).text,
        pair_row(None, None, 61, differs=False, current=False).text,
    ]
    assert rows == [
        ">  26 vcpu1 ldr x3, [x1]: x … ≠                              ",
        ">                             ≠    26 vcpu1 ldr x3, [x1]: x …",
        " " * 61,
    ]


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (
            100,
            [
                " A vcpu0-only: this run: STALE: vcpu1 loads x = 0 at 26 but wrote 1; exact 24, "
                "cause 20",
                "   step 24: KVM returns to the guest of vcpu1, whose accesses are Normal "
                "Write-Back: it sees x = 0 …",
            ],
        ),
        (
            60,
            [
                " A vcpu0-only: STALE for vcpu1 at 26; exact 24, cause 20",
                "   step 24: KVM returns to the guest of vcpu1, whose …",
            ],
        ),
    ],
)
def test_of_each_side_its_verdict_and_last_step_are_said(
    left: Timeline, width: int, lines: list[str]
) -> None:
    shown = side_lines("A", left.seek(24), "vcpu0-only", width)
    assert [row.text.rstrip() for row in shown] == lines
    assert [cell.tone for row in shown for cell in row.cells] == [
        Tone.STRONG,
        Tone.STALE,
        Tone.FAINT,
        Tone.PLAIN,
    ]


def test_a_side_that_is_safe_says_so_in_the_tone_of_what_is_good(right: Timeline) -> None:
    verdict, last = side_lines("B", right, "upstream", 80)
    assert verdict.text.rstrip() == " B upstream: this run: safe, no finding in 27 steps"
    assert verdict.cells[1].tone is Tone.GOOD
    assert last.text == "   step 0: the start"


def test_of_two_tables_each_cell_that_is_not_the_same_is_marked(
    left: Timeline, right: Timeline
) -> None:
    shown, beside = (
        memory_table(timeline, 80, sizes(timeline)).rows
        for timeline in (left.seek(24), right.seek(24))
    )
    (row,), (other,) = with_differences(shown, beside), with_differences(beside, shown)
    assert row.text == (
        " x       1 v1       ≠0 v0 latent≠clean pcpu0  ≠0 v0 ≥v0        ≠0 v0 ≥v1 STALE  "
    )
    assert other.text == (
        " x       1 v1       ≠-          ≠-            ≠1 v1 ≥v0        ≠1 v1 ≥v1 KVM    "
    )
    assert [cell.changed for cell in row.cells] == [False, False, True, True, True, True]


def test_what_the_step_changed_alone_is_no_difference(left: Timeline) -> None:
    before, after = (memory_table(left.seek(step), 80, sizes(left)).rows for step in (24, 25))
    # In the first of them the sign of change stands where a blank stands in the other.
    assert [row.cells[-1].text for row in (*before, *after)] == [
        "*0 v0 ≥v1 STALE  ",
        " 0 v0 ≥v1 STALE  ",
    ]
    assert with_differences(before, after) == before
    assert with_differences(after, before) == after


def test_rows_of_another_shape_are_left_as_they_are() -> None:
    one, two = Row((Cell(" a"),)), Row((Cell(" b"), Cell(" c")))
    assert with_differences((one, two), (two,)) == (one,)


def test_only_the_blank_kept_for_a_sign_is_written_over() -> None:
    shown, other = Row((Cell("abc"), Cell("*def"))), Row((Cell("abd"), Cell(" deg")))
    (row,) = with_differences((shown,), (other,))
    assert row == Row((Cell("abc", changed=True), Cell("≠def", changed=True)))
