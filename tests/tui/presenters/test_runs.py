from __future__ import annotations

from engine.explorer.verdict import explore
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from tui.presenters.heading import Subject
from tui.presenters.runs import Run, Runs, counter_run, note_at, played_run

HEADLINE = load_scenario("secondary-stale-line")


def headline() -> Run:
    return played_run(HEADLINE, load_policy("vcpu0-only"))


def found_from(run: Run, start: int) -> Run:
    there = run.timeline.seek(start)
    (counterexample,) = explore(there.machine, there.ghost).counterexamples
    return counter_run(run, start, counterexample, shortest=True)


def test_a_run_of_a_schedule_has_its_notes_at_their_steps() -> None:
    run = headline()
    assert run.subject == Subject("secondary-stale-line", HEADLINE.title, "vcpu0-only")
    assert [(step, len(texts)) for step, texts in run.notes.items()] == [
        (1, 1),
        (14, 1),
        (15, 1),
        (16, 1),
        (26, 1),
    ]


def test_a_note_holds_until_the_next_and_a_step_with_none_ends_it() -> None:
    notes = {2: ("first\nnote", "and more"), 5: ()}
    assert [note_at(notes, step) for step in (1, 2, 4, 5, 9)] == [
        "",
        "first note and more",
        "first note and more",
        "",
        "",
    ]


def test_a_counterexample_follows_the_steps_up_to_where_it_was_looked_for() -> None:
    run = headline()
    found = found_from(run, 14)
    timeline = found.timeline
    assert timeline.cursor == 14
    assert timeline.events[:14] == run.timeline.events[:14]
    assert [one.step for one in timeline.findings] == [len(timeline.steps)]
    assert found.subject.title == "the shortest stale run from step 14 on"
    assert (sorted(found.notes), found.notes[15]) == ([1, 14, 15], ())


def test_from_the_start_nothing_of_the_former_run_is_left() -> None:
    found = found_from(headline(), 0)
    assert found.subject.title == "the shortest stale run from the start on"
    assert (found.timeline.cursor, dict(found.notes)) == (0, {1: ()})
    assert len(found.timeline.steps) < 26


def test_a_search_that_ended_early_does_not_claim_the_shortest() -> None:
    run = headline()
    (counterexample,) = explore(run.timeline.initial).counterexamples
    found = counter_run(run, 0, counterexample, shortest=False)
    assert found.subject.title == "a stale run from the start on"


def test_what_was_replaced_can_be_brought_back_and_undone_again() -> None:
    first = headline()
    second, third = found_from(first, 14), found_from(first, 0)
    runs = Runs(first).replace(second).replace(third)
    back = runs.undo()
    assert back is not None
    assert (back.shown, back.former, back.later) == (second, (first,), (third,))
    start = back.undo()
    assert start is not None
    assert (start.shown, start.former, start.later) == (first, (), (second, third))
    assert start.undo() is None
    again = start.redo()
    assert again is not None
    assert (again.shown, again.former, again.later) == (second, (first,), (third,))
    assert runs.redo() is None


def test_another_replacement_forgets_what_was_undone() -> None:
    first = headline()
    second = found_from(first, 14)
    back = Runs(first).replace(second).undo()
    assert back is not None
    assert back.replace(second).later == ()


def test_the_cursor_is_remembered_where_it_was_left() -> None:
    first = headline()
    moved = Runs(first).at(first.timeline.seek(9)).replace(found_from(first, 0)).undo()
    assert moved is not None
    assert moved.shown.timeline.cursor == 9
