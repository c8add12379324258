"""Whatever C a policy is written in, every step of a run under it can be shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.refusal import RefusedError
from engine.staleness import Standings
from engine.timeline import Timeline
from scenarios.case import Subject
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from scenarios.schedule import ScheduleError, play
from tui.keys.command import key_names
from tui.keys.keymap import Keymap
from tui.presenters.panels.actors import actor_table
from tui.presenters.panels.choices import choice_row, choices, predict
from tui.presenters.panels.flushes import flush_entries, flush_lines
from tui.presenters.panels.memory import memory_table, sizes
from tui.presenters.panels.policy_source import policy_listing
from tui.presenters.scrubber.lanes import drawn, lane_row, lanes
from tui.presenters.scrubber.scale import Scale
from tui.presenters.status.heading import happened, title_row, verdict_rows
from tui.presenters.status.staleness_line import standing_row
from tui.presenters.steps.labels import event_row, signs

KEYS = key_names(Keymap().debugger)
POLICIES = sorted((Path(__file__).parents[2] / "policies").glob("*.c"))


def show(timeline: Timeline) -> list[str]:
    """Everything on the screen at the cursor, row by row."""
    listing, offered = policy_listing(timeline, 60), choices(timeline)
    marks, scale = signs(timeline), Scale(len(timeline.steps), 72)
    rows = [
        title_row(timeline, Subject("s", "t", "p"), marks.get(timeline.cursor), 80),
        *verdict_rows(timeline, 80, 2),
        standing_row(timeline, Standings(timeline), 80),
        *(lane_row(drawn(lane, scale), scale.columns(timeline.cursor)) for lane in lanes(timeline)),
        *actor_table(timeline, 80).rows,
        *memory_table(timeline, 80, sizes(timeline)).rows,
        *(listing.row(index, 60) for index in range(len(listing.lines))),
        event_row(timeline, timeline.cursor, 60, marks),
        *(
            choice_row(offered, index, predict(timeline, event, None), 60)
            for index, event in enumerate(offered.events)
        ),
    ]
    flushes = flush_lines(flush_entries(timeline.steps), 60)
    return [happened(timeline, KEYS), *(row.text for row in rows), *(line.text for line in flushes)]


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_every_step_of_it_can_be_shown(path: Path) -> None:
    scenario = load_scenario("secondary-stale-line")
    try:
        timeline = play(scenario.machine(load_policy(str(path))), scenario.schedule).timeline
    except (RefusedError, ScheduleError) as refused:
        pytest.skip(str(refused))
    last = len(timeline.steps)
    for step in sorted({*range(min(last, 30)), *range(0, last, last // 10 + 1), last}):
        texts = show(timeline.seek(step))
        assert [text for text in texts if "\n" in text or "\x1b" in text] == []
