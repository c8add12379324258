from __future__ import annotations

from collections.abc import Callable

import attrs
import pytest

from engine.timeline import Timeline
from tui.commands.prompt import perform
from tui.presenters.cells import Cell, Row, Tone
from tui.presenters.panels.tree import branch_row, tree
from tui.session.branches import Branch
from tui.session.session import Session

Open = Callable[..., Session]


@pytest.fixture
def branched(session: Open) -> Session:
    """Return a session with two branches, the later one left at step 25."""
    lines = ("take vcpu1", "switch main", "goto 24", "take evict x from pcpu0", "take vcpu1")
    there = session(at=13)
    for line in (*lines, "goto 25", "switch main", "goto 5"):
        there, _ = perform(there, line)
    return there


def texts(session: Session, width: int) -> list[str]:
    return [
        branch_row(lines, branch, width, current=branch.name == session.branch.name).text
        for lines, branch in tree(session.branches)
    ]


def test_a_run_alone_is_a_line(session: Open) -> None:
    assert [text.rstrip() for text in texts(session(at=24), 80)] == [
        ">main: 26 steps, stale, at step 24"
    ]


def test_each_branch_says_whence_it_comes_what_is_found_and_where_it_was_left(
    branched: Session,
) -> None:
    assert [text.rstrip() for text in texts(branched, 80)] == [
        ">main: 26 steps, stale, at step 5",
        " ├ branch1 from step 13: 14 steps, not finished, left at 14",
        " └ branch2 from step 24: 26 steps, not finished, left at 25",
    ]


def test_where_it_is_narrow_what_is_found_is_said_rather_than_whence_and_how_long(
    branched: Session,
) -> None:
    assert texts(branched, 37) == [
        ">main: 26 steps, stale, at step 5    ",
        " ├ branch1: not finished, left at 14 ",
        " └ branch2: not finished, left at 25 ",
    ]
    assert texts(branched, 24)[1:] == [" ├ branch1: not finished", " └ branch2: not finished"]


def test_the_branch_at_hand_is_marked_and_findings_have_their_tone(session: Open) -> None:
    (branch,) = session(at=24).branches
    assert branch_row("└ ", branch, 50, current=True) == Row(
        (
            Cell(">└ "),
            Cell("main", Tone.STRONG),
            Cell(": 26 steps, "),
            Cell("stale", Tone.STALE),
            Cell(", at step 24              "),
        ),
        current=True,
    )
    safe = attrs.evolve(branch, name="b", parent="main", at=3, timeline=branch.timeline.seek(0))
    text = branch_row("", attrs.evolve(safe, timeline=short(safe.timeline)), 52, current=False)
    assert text == Row(
        (
            Cell(" "),
            Cell("b", Tone.STRONG),
            Cell(" from step 3: 1 step, "),
            Cell("not finished", Tone.SKIPPED),
            Cell(", left at 1     "),
        )
    )


def short(timeline: Timeline) -> Timeline:
    return Timeline.start(timeline.initial).extend(timeline.events[:1])


def test_a_title_follows_where_there_is_room_for_it(session: Open) -> None:
    (main,) = session().branches
    branch = attrs.evolve(main, title="the shortest stale run from the start on")
    rows = [branch_row("", branch, width, current=True).text for width in (90, 50)]
    assert [row.rstrip() for row in rows] == [
        ">main: 26 steps, stale, at step 0, the shortest stale run from the start on",
        ">main: 26 steps, stale, at step 0, the shortest s…",
    ]


def test_kinds_of_findings_are_named_once(session: Open) -> None:
    (main,) = session("set-way-on-secondary", "never").branches
    assert len(main.timeline.findings) == 2
    assert branch_row("", main, 60, current=False).text.startswith(" main: 29 steps, stale, left")


def test_a_tree_of_any_depth_is_drawn_below_its_root(session: Open) -> None:
    (main,) = session().branches

    def branch(name: str, parent: str | None) -> Branch:
        return attrs.evolve(main, name=name, parent=parent)

    parents = {
        "main": None,
        "b1": "main",
        "b2": "main",
        "c1": "b1",
        "d1": "c1",
        "c2": "b1",
        "e1": "b2",
        "e2": "e1",
    }
    drawn = tree(branch(name, parent) for name, parent in parents.items())
    assert [f"{lines}{branch.name}" for lines, branch in drawn] == [
        "main",
        "├ b1",
        "│ ├ c1",
        "│ │ └ d1",
        "│ └ c2",
        "└ b2",
        "  └ e1",
        "    └ e2",
    ]
