from __future__ import annotations

from engine.findings import Kind
from engine.timeline import Timeline
from scenarios.schedule import play
from scenarios.written_out.entries import parsed, schedule_of
from tests.scenarios.written_out.guests import asked


def test_whole_instructions_come_to_the_finding_where_they_can() -> None:
    run = asked("secondary-stale-line", "vcpu0-only", Kind.STALE).run
    texts = [each.text for each in schedule_of(run)]
    assert texts == ["fill x on pcpu0", "vcpu1", "vcpu1", "vcpu1", "vcpu1"]


def test_where_kvm_steps_of_two_interleave_single_steps_make_the_same_run() -> None:
    run = asked("secondary-stale-line", "refcount", Kind.STALE).run
    entries = schedule_of(run)
    assert any(" step " in each.text for each in entries)
    played = play(run.initial, parsed(run.initial, entries))
    assert played.skipped == ()
    assert played.timeline.events == run.events


def test_of_no_events_there_are_no_entries() -> None:
    run = asked("secondary-stale-line", "vcpu0-only", Kind.STALE).run
    assert schedule_of(Timeline.start(run.initial)) == ()
