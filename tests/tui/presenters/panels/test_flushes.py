from __future__ import annotations

from collections.abc import Callable

from engine.timeline import Timeline
from tui.presenters.cells import Cell, Row, Tone
from tui.presenters.panels.flushes import (
    FlushEntry,
    FlushLine,
    flush_entries,
    flush_lines,
    flush_row,
)

Run = Callable[..., Timeline]

SKIPPED = "vcpu1 SKIPPED: vcpu->vcpu_id == 0 is false, 1 == 0"


def test_flushes_done_and_skipped_are_listed_with_what_decided(run: Run) -> None:
    assert flush_entries(run("secondary-stale-line").steps) == (
        FlushEntry(6, "vcpu0 flushed 1 line, to step 8", Tone.GOOD),
        FlushEntry(20, SKIPPED, Tone.SKIPPED),
    )


def test_a_flush_that_is_under_way_at_the_end_says_how_much_is_to_do(run: Run) -> None:
    assert flush_entries(run("secondary-stale-line").steps[:6]) == (
        FlushEntry(6, "vcpu0 stage2_flush_vm(): 1 line to do", Tone.GOOD),
    )


def test_a_long_entry_is_wrapped_under_its_text() -> None:
    assert flush_lines((FlushEntry(20, SKIPPED, Tone.SKIPPED),), 40) == (
        FlushLine(20, "20 vcpu1 SKIPPED: vcpu->vcpu_id == 0 is", Tone.SKIPPED, first=True),
        FlushLine(20, "   false, 1 == 0", Tone.SKIPPED, first=False),
    )


def test_a_flush_to_come_is_faint_and_the_one_at_hand_is_marked() -> None:
    line = FlushLine(6, "6 vcpu0", Tone.GOOD, first=True)
    assert [flush_row(line, cursor, 9) for cursor in (5, 6, 7)] == [
        Row((Cell(" 6 vcpu0 ", Tone.FAINT),), step=6),
        Row((Cell("*6 vcpu0 ", Tone.GOOD, changed=True),), step=6),
        Row((Cell(" 6 vcpu0 ", Tone.GOOD),), step=6),
    ]


def test_where_caches_are_not_toggled_a_flush_is_not_skipped_but_not_due(run: Run) -> None:
    entries = flush_entries(run("trap-without-toggle", "upstream").steps)
    not_due = "vcpu1 needs none: now_enabled != was_enabled is false, 0 != 0"
    assert [(entry.text, entry.tone) for entry in entries if entry.tone is not Tone.GOOD] == [
        (not_due, Tone.PLAIN),
        (not_due, Tone.PLAIN),
    ]


def test_a_policy_without_any_flush_skips_at_toggles_alone(run: Run) -> None:
    entries = flush_entries(run("trap-without-toggle", "never").steps)
    assert [entry.text for entry in entries] == [
        "vcpu0 SKIPPED: no road of this policy flushes",
        "vcpu1 needs none: no road of this policy flushes",
        "vcpu1 needs none: no road of this policy flushes",
        "vcpu1 SKIPPED: no road of this policy flushes",
    ]
