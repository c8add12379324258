from __future__ import annotations

from engine.findings import Kind
from scenarios.written_out.story import story_of
from tests.scenarios.written_out.guests import asked


def test_cause_and_exact_step_have_notes_at_their_entries() -> None:
    run = asked("secondary-stale-line", "vcpu0-only", Kind.STALE)
    told = story_of(run.run, "guest", "vcpu0-only", "vcpu0-only", (Kind.STALE,))
    assert told.notes == (
        (3, "The cause: 'vcpu->vcpu_id == 0' is false, and vcpu0-only does not flush."),
        (3, "The exact step: from here on vcpu1 sees an older x than it is entitled to."),
    )
    assert told.expect == (("upstream", ()), ("vcpu0-only", ("stale",)))
    assert told.title == "A guest of guest that is stale under vcpu0-only, written out"


def test_each_line_is_told_what_it_came_to() -> None:
    run = asked("secondary-stale-line", "vcpu0-only", Kind.STALE)
    told = story_of(run.run, "guest", "vcpu0-only", "vcpu0-only", (Kind.STALE,))
    assert told.comments == {
        (1, 2): "Device memory: to RAM",
        (1, 3): "traps",
        (1, 5): "Write-Back: from the cache",
    }
