from __future__ import annotations

import attrs
import pytest

from engine.findings import Finding, Kind, Verdict
from engine.machine.effects import FlushBegun, Stored
from engine.machine.events import GuestExecutes
from engine.machine.hardware import LineFilled
from engine.timeline import Recording, Timeline
from engine.transition import NotEnabledError, Step, movers
from tests.engine.build import machine


def timeline() -> Timeline:
    built = machine("nop\nstr x0, [x1]\nnop\nstr x0, [x2]")
    return Timeline.replay(built, [GuestExecutes(0)] * 4)


def stores(step: Step) -> bool:
    return any(isinstance(effect, Stored) for effect in step.effects)


def test_a_timeline_opens_on_step_0() -> None:
    run = timeline()
    assert (run.cursor, run.step, run.machine, run.ghost) == (0, None, run.initial, run.ghosts[0])


def test_seeking_goes_anywhere_and_stops_at_the_ends() -> None:
    run = timeline()
    assert [run.seek(to).cursor for to in (-3, 0, 2, 4, 99)] == [0, 0, 2, 4, 4]
    assert run.seek(2).machine == run.steps[1].after == run.steps[2].before
    assert run.seek(2).step == run.steps[1]


def test_a_run_without_a_finding_is_safe_once_nobody_but_the_hardware_can_move() -> None:
    run = timeline()
    begun = run.seek(0).extend(run.events[:3])
    assert movers(begun.machine) == (0,)
    assert begun.seek(0).verdict is Verdict.UNDETERMINED
    assert movers(run.machine_at(4)) == ()
    assert run.seek(0).verdict is Verdict.SAFE


def test_a_run_with_a_finding_is_unsafe_whoever_can_move() -> None:
    finding = Finding(Kind.STUCK, 1, 0, None, None, None, None, None)
    run = timeline()
    begun = run.seek(0).extend(run.events[:1])
    both = [attrs.evolve(each, findings=(finding,)) for each in (begun, run)]
    assert [each.verdict for each in both] == [Verdict.UNSAFE, Verdict.UNSAFE]


def test_the_machine_of_any_step_is_at_hand() -> None:
    run = timeline().seek(1)
    assert [run.machine_at(at) for at in range(5)] == [run.seek(at).machine for at in range(5)]
    assert run.machine_at(0) is run.initial


def test_the_next_and_the_previous_step_of_a_kind_are_found_from_the_cursor() -> None:
    run = timeline()
    second = run.next(stores)
    assert second is not None
    assert second.cursor == 2
    last = second.next(stores)
    assert last is not None
    assert last.cursor == 4
    assert last.next(stores) is None
    back = last.previous(stores)
    assert back is not None
    assert back.cursor == 2
    assert back.previous(stores) is None
    assert run.next(lambda step: any(isinstance(e, FlushBegun) for e in step.effects)) is None


def test_extending_in_the_middle_replaces_the_future() -> None:
    run = timeline().seek(1).extend([LineFilled(1, 0)])
    assert run.cursor == len(run.steps) == 2
    assert run.events == (GuestExecutes(0), LineFilled(1, 0))
    assert len(run.ghosts) == 3


def test_replaying_the_choices_makes_the_same_steps() -> None:
    run = timeline()
    again = Timeline.replay(run.initial, run.events)
    assert (again.steps, again.ghosts, again.findings) == (run.steps, run.ghosts, run.findings)


def test_a_choice_that_cannot_happen_is_refused() -> None:
    with pytest.raises(NotEnabledError):
        timeline().seek(4).extend([GuestExecutes(0)])


def test_a_recording_goes_on_from_the_cursor_and_judges_each_step_as_it_is_taken() -> None:
    run = timeline()
    recording = Recording(run.seek(2))
    assert (len(recording), recording.machine) == (2, run.steps[1].after)

    assert recording.take(GuestExecutes(0)) == run.steps[2]
    third = recording.timeline()
    assert recording.take(GuestExecutes(0)) == run.steps[3]
    assert (third.steps, third.ghosts, third.cursor) == (run.steps[:3], run.ghosts[:4], 3)
    assert recording.timeline().ghosts == run.ghosts

    with pytest.raises(NotEnabledError):
        recording.take(GuestExecutes(0))
    assert len(recording) == 4
