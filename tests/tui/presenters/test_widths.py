"""No row of a panel is wider than the panel, whatever the scenario, the step and the size."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest

from engine.explorer.limits import Limits
from engine.explorer.prospects.prospects import prospects
from engine.machine.actors import actors
from engine.staleness import Standings
from scenarios.names import scenario_names
from scenarios.policy_library import load_policy
from tui.commands.prompt import perform
from tui.commands.why import answer
from tui.presenters.cells import Row, Rows
from tui.presenters.layout import Arrangement, Needs, Pane, places
from tui.presenters.panels.actors import actor_table
from tui.presenters.panels.answers import Answer, answer_rows
from tui.presenters.panels.choices import choice_row, choices, predict
from tui.presenters.panels.flushes import flush_entries, flush_lines, flush_row
from tui.presenters.panels.guest_program import program_listing
from tui.presenters.panels.memory import memory_rows, memory_table, sizes
from tui.presenters.panels.policy_source import policy_listing
from tui.presenters.panels.side_by_side import pair_row, side_lines, told_alike, with_differences
from tui.presenters.panels.tree import branch_row, tree
from tui.presenters.scrubber.lanes import LABEL, at_most, drawn, lane_count, lane_row, lanes
from tui.presenters.scrubber.ruler import by_column, finding_marks, ruler_row
from tui.presenters.scrubber.scale import Scale
from tui.presenters.status.heading import title_row, verdict_rows
from tui.presenters.status.staleness_line import standing_row
from tui.presenters.steps.labels import event_row, signs
from tui.session.comparison import Comparison
from tui.session.session import Session

Open = Callable[..., Session]

SIZES = [(60, 29), (80, 17), (120, 29), (200, 49)]
"""Columns and rows that the panes have."""


def sampled(last: int) -> list[int]:
    """Return some steps of a run, its first and its last among them."""
    return sorted({*range(0, last, last // 6 + 1), last - 1, last})


def pane_widths(session: Session, width: int, height: int) -> dict[Pane, int]:
    """Return the width of each pane on a screen, in front or behind."""
    timeline = session.timeline
    room = sizes(timeline)
    needs = Needs(
        lanes=1 + lane_count(timeline.initial.setup),
        vcpus=1 + len(actors(timeline.initial.setup)),
        memory=lambda columns: memory_rows(timeline, columns, room),
    )
    shown = places(width, height, needs, Arrangement())
    return {
        **{pane: box.width for pane, box in shown.boxes.items()},
        **{pane: deck.box.width for deck in shown.decks for pane in deck.panes[1:]},
    }


def tables(session: Session, widths: dict[Pane, int]) -> Iterator[tuple[int, Row | str]]:
    """Yield the rows of the tables and of their headers, each with the width that it has."""
    timeline = session.timeline
    actor = actor_table(timeline, widths[Pane.VCPUS])
    memory = memory_table(timeline, widths[Pane.MEMORY], sizes(timeline))
    for table, pane in ((actor, Pane.VCPUS), (memory, Pane.MEMORY)):
        yield widths[pane], table.header
        yield from ((widths[pane], row) for row in table.rows)


def listings(session: Session, widths: dict[Pane, int]) -> Iterator[tuple[int, Row]]:
    """Yield the lines of the policy and of the programs."""
    timeline, setup = session.timeline, session.setup
    listed = [(Pane.SOURCE, policy_listing(timeline, widths[Pane.SOURCE]))]
    listed += [
        (Pane.PROGRAMS, program_listing(timeline, actor, widths[Pane.PROGRAMS]))
        for actor in actors(setup)
    ]
    for pane, listing in listed:
        for index in range(len(listing.lines)):
            yield widths[pane], listing.row(index, widths[pane], "●")


def decked(session: Session, widths: dict[Pane, int]) -> Iterator[tuple[int, Row]]:
    """Yield the rows of the panes that share decks, but for the answer to why."""
    timeline, marks = session.timeline, signs(session.timeline)
    room = widths[Pane.EVENTS]
    yield from (
        (room, event_row(timeline, step, room, marks)) for step in sampled(len(timeline.steps))
    )
    room, known = widths[Pane.CHOICES], prospects(timeline.initial, limits=Limits(2_000))
    offered = choices(timeline)
    for index, event in enumerate(offered.events[:12]):
        yield room, choice_row(offered, index, predict(timeline, event, known), room)
    room = widths[Pane.BRANCHES]
    for lines, branch in tree(session.branches):
        yield room, branch_row(lines, branch, room, current=branch.name == session.branch.name)
    room = widths[Pane.FLUSHES]
    for line in flush_lines(flush_entries(timeline.steps), room):
        yield room, flush_row(line, timeline.cursor, room)


def above(session: Session, widths: dict[Pane, int], width: int) -> Iterator[tuple[int, Row]]:
    """Yield the heading, how things stand, and the lanes."""
    timeline = session.timeline
    rows: Rows = (
        title_row(timeline, session.subject, signs(timeline).get(timeline.cursor), width),
        *(row for most in (1, 2) for row in verdict_rows(timeline, width, most)),
        standing_row(timeline, Standings(timeline), width),
    )
    yield from ((width, row) for row in rows)
    room = widths.get(Pane.LANES, width)
    scale = Scale(len(timeline.steps), room - LABEL - 1)
    columns = by_column(finding_marks(timeline), scale)
    yield room, ruler_row(columns, scale, timeline.cursor)
    here = scale.columns(timeline.cursor)
    for lane in at_most(lanes(timeline), 4):
        yield room, lane_row(drawn(lane, scale), here)


def too_wide(rows: Iterator[tuple[int, Row]] | Iterator[tuple[int, Row | str]]) -> list[str]:
    texts = ((width, each if isinstance(each, str) else each.text) for width, each in rows)
    return [f"{width}: {text}" for width, text in texts if len(text) > width]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("scenario", scenario_names())
def test_no_row_of_the_debugger_is_wider_than_its_pane(
    session: Open, scenario: str, size: tuple[int, int]
) -> None:
    opened = session(scenario)
    widths = pane_widths(opened, *size)
    for step in sampled(len(opened.timeline.steps)):
        there = opened.seek(step)
        assert too_wide(tables(there, widths)) == []
        assert too_wide(listings(there, widths)) == []
        assert too_wide(above(there, widths, size[0])) == []
    middle, _ = perform(opened.seek(len(opened.timeline.steps) // 2), "take 2")
    assert too_wide(decked(opened, widths)) == []
    assert too_wide(decked(middle, widths)) == []


@pytest.mark.parametrize("scenario", scenario_names())
def test_no_row_of_an_answer_is_wider_than_its_pane(session: Open, scenario: str) -> None:
    opened = session(scenario)
    there = opened.seek(len(opened.timeline.steps))
    asked = [f"sees[vcpu0][{word.name}]" for word in there.setup.layout.words[:3]]
    asked += [f"finding {at}" for at in range(1, len(there.timeline.findings) + 1)]
    for question in asked:
        lines = answer(there, question)
        for width in (30, 60, 80, 120, 200):
            rows = answer_rows(Answer(question, lines), 0, width)
            assert too_wide((width, row) for row in rows) == []


@pytest.mark.parametrize("scenario", scenario_names())
def test_no_row_of_a_comparison_is_wider_than_its_pane(session: Open, scenario: str) -> None:
    opened = session(scenario, "upstream")
    other = opened.case.under(load_policy("vcpu0-only"), "vcpu0-only")
    comparison = Comparison.under(opened, other, told_alike)
    for width in (60, 80, 120, 200):
        assert {len(row.text) for row in pairs(comparison, width)} == {width}
        for row in sampled(comparison.last):
            there = comparison.at(row)
            sides = (there.left.timeline, there.right.timeline)
            lines = [line for side in sides for line in side_lines("A", side, "upstream", width)]
            assert too_wide((width, line) for line in lines) == []
            left, right = (memory_table(side, width // 2, sizes(side)).rows for side in sides)
            marked = with_differences(left, right)
            assert [len(each.text) for each in marked] == [len(each.text) for each in left]


def pairs(comparison: Comparison, width: int) -> Iterator[Row]:
    """Yield what both sides did, row by row."""
    lockstep = comparison.lockstep
    for (left, right), (left_to, right_to) in pairwise(lockstep.rows):
        yield pair_row(
            (left_to, lockstep.left.steps[left]) if left_to > left else None,
            (right_to, lockstep.right.steps[right]) if right_to > right else None,
            width,
            differs=True,
            current=False,
        )
