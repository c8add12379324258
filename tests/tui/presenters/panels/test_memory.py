from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.machine.actors import actors
from engine.timeline import Timeline
from scenarios.names import scenario_names
from tui.commands.why import answer
from tui.presenters.cells import Cell, Row, Tone
from tui.presenters.panels.memory import Sizes, memory_rows, memory_table, sizes
from tui.session.session import Session

Run = Callable[..., Timeline]

VALUES = """
title = "Long values"
teaches = "Three actors."
schedule = ["vcpu0 finish", "vmm finish"]
[hardware]
pcpus = 1
[memory]
mapped = []
words = { x = { address = 0x4000_0000 }, y = { address = 0x4000_0008, value = 7 } }
[[vcpu]]
registers = { x0 = 0x1234567890abcdef, x1 = 0x4000_0000 }
program = "str x0, [x1]"
[[vcpu]]
power = "off"
program = "nop"
[vmm]
program = "ldr x0, =x; ldr x1, [x0]"
"""


def texts(timeline: Timeline, width: int) -> list[str]:
    table = memory_table(timeline, width, sizes(timeline))
    return [table.header.rstrip(), *(row.text.rstrip() for row in table.rows)]


def test_a_store_around_the_caches_leaves_a_latent_copy(run: Run) -> None:
    assert texts(run("secondary-stale-line").seek(15), 80) == [
        " word    RAM         cached copy held by       vcpu0 sees ≥due  vcpu1 sees ≥due",
        " x      *1 v1       *0 v0 latent clean pcpu0   0 v0 ≥v0        *1 v1 ≥v1",
    ]


def test_from_the_exact_step_on_the_copy_is_stale_for_the_loader_by_word_and_by_tone(
    run: Run,
) -> None:
    timeline = run("secondary-stale-line").seek(24)
    assert memory_table(timeline, 80, sizes(timeline)).rows == (
        Row(
            (
                Cell(" x      ", Tone.STRONG),
                Cell(" 1 v1       ", asks="ram[x]"),
                Cell(" 0 v0 latent", Tone.LATENT, asks="cache[x]"),
                Cell(" clean pcpu0  "),
                Cell(" 0 v0 ≥v0        ", asks="sees[vcpu0][x]"),
                Cell("*0 v0 ≥v1 STALE  ", Tone.STALE, changed=True, asks="sees[vcpu1][x]"),
            )
        ),
    )


def test_in_kvm_what_a_vcpu_would_see_is_not_stale_yet(run: Run) -> None:
    assert texts(run("secondary-stale-line").seek(20), 80)[1] == (
        " x       1 v1        0 v0 latent clean pcpu0   0 v0 ≥v0         0 v0 ≥v1 KVM"
    )


def test_where_one_row_is_too_narrow_who_sees_what_goes_below(run: Run) -> None:
    assert texts(run(VALUES, "upstream").seek(5), 80) == [
        " word    RAM                      cached copy              held by       stage 2",
        " x      *0x12345…abcdef v1        -                        -             mapped",
        "  *vcpu0 sees 0x12345…abcdef v1 ≥v1      *vcpu1 sees 0x12345…abcdef v1 ≥v0 off",
        "  *vmm sees 0x12345…abcdef v1 ≥v0",
        " +y      7 v0                     -                        -             mapped",
        "   vcpu0 sees 7 v0 ≥v0                    vcpu1 sees 7 v0 ≥v0 off",
        "   vmm sees 7 v0 ≥v0",
    ]


def test_rows_and_columns_never_move_in_a_run(run: Run) -> None:
    for timeline in (run("secondary-stale-line"), run(VALUES, "upstream")):
        room = sizes(timeline)
        for width in (80, 120, 200):
            shapes = {
                tuple(
                    tuple(len(cell.text) for cell in row.cells)
                    for row in memory_table(timeline.seek(step), width, room).rows
                )
                for step in range(len(timeline.steps) + 1)
            }
            assert len(shapes) == 1


def test_the_room_that_is_kept_is_that_of_the_longest_value_of_the_run(run: Run) -> None:
    headline, long = run("secondary-stale-line"), run(VALUES, "upstream")
    rooms = [sizes(headline), sizes(headline.seek(20)), sizes(long)]
    assert rooms == [Sizes(1, 1), Sizes(1, 1), Sizes(len("0x1234567890abcdef"), 1)]
    assert sizes(Timeline.start(long.initial)) == Sizes(1, 1)


def test_copies_that_the_scenario_begins_with_have_room(run: Run) -> None:
    cached = (
        'cached = [ { line = "x", on = ["pcpu0"], dirty = true, values = { x = 0x1234_5678 } } ]'
    )
    scenario = VALUES.replace("mapped = []", cached)
    assert sizes(run(scenario, "upstream")).value == len("0x1234567890abcdef")
    assert sizes(Timeline.start(run(scenario, "upstream").initial)).value == len("0x12345678")


@pytest.mark.parametrize("scenario", scenario_names())
def test_the_rows_are_counted_as_they_are_made(run: Run, scenario: str) -> None:
    timeline = run(scenario)
    room = sizes(timeline)
    for width in (40, 60, 80, 100, 121, 160, 200, 300):
        rows = memory_table(timeline, width, room).rows
        assert memory_rows(timeline, width, room) == 1 + len(rows)


@pytest.mark.parametrize("width", [60, 200])
@pytest.mark.parametrize("scenario", scenario_names())
def test_of_each_value_that_is_shown_it_can_be_asked_why(
    session: Callable[..., Session], scenario: str, width: int
) -> None:
    opened = session(scenario)
    timeline = opened.timeline
    setup, last = timeline.initial.setup, len(timeline.steps)
    for step in (0, last // 2, last):
        there = opened.seek(step)
        rows = memory_table(there.timeline, width, sizes(timeline)).rows
        asked = [cell.asks for row in rows for cell in row.cells if cell.asks]
        assert len(set(asked)) == len(asked)
        assert len(asked) == len(setup.layout.words) * (2 + len(actors(setup)))
        for asks in asked[:24]:
            assert answer(there, asks)[0].step in (None, *range(step + 1))


def test_a_column_of_a_row_asks_for_what_it_shows(run: Run) -> None:
    (row,) = memory_table(run("secondary-stale-line"), 80, Sizes(1, 1)).rows
    asked = {row.asks_at(column) for column in range(80)}
    assert asked == {"", "ram[x]", "cache[x]", "sees[vcpu0][x]", "sees[vcpu1][x]"}
    assert [row.asks_at(row.text.index("0 v0")), row.asks_at(0)] == ["ram[x]", ""]
