from __future__ import annotations

from collections.abc import Callable

from engine.timeline import Timeline
from tui.presenters.cells import Cell, Row, Rows, Tone
from tui.presenters.panels.difference import Moment, with_changes

Run = Callable[..., Timeline]


def ram(moment: Moment) -> Rows:
    value = moment.machine.lines[0].ram[0].value
    return (Row((Cell("RAM"), Cell(f" {value}", Tone.STRONG))),)


def test_what_the_step_changed_bears_the_sign_in_the_blank_kept_for_it(run: Run) -> None:
    stores = run("secondary-stale-line").seek(15)
    assert with_changes(stores, ram) == (Row((Cell("RAM"), Cell("*1", Tone.STRONG, changed=True))),)


def test_what_the_step_left_alone_is_not_marked(run: Run) -> None:
    timeline = run("secondary-stale-line")
    assert with_changes(timeline.seek(16), ram) == (Row((Cell("RAM"), Cell(" 1", Tone.STRONG))),)


def test_at_the_start_nothing_has_changed(run: Run) -> None:
    assert with_changes(run("secondary-stale-line"), ram) == (
        Row((Cell("RAM"), Cell(" 0", Tone.STRONG))),
    )
