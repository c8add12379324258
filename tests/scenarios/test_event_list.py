from __future__ import annotations

import pytest

from engine.machine.events import GuestExecutes
from engine.machine.hardware import LineFilled
from engine.refusal import ListEntry, RefusedError
from scenarios.event_list import read_on, read_run, written_run
from tests.engine.build import machine

MACHINE = machine("nop\nnop\nnop", "b .")


def test_a_run_is_written_with_equal_events_counted_and_read_again() -> None:
    run = read_run(MACHINE, ["2 vcpu0", " fill x on pcpu1 ", "vcpu0"])
    assert run.events == (*[GuestExecutes(0)] * 2, LineFilled(0, 1), GuestExecutes(0))
    assert written_run(run) == ("2 vcpu0", "fill x on pcpu1", "vcpu0")


EVENTS = (
    "an event: vcpu0, vmm, 'vcpu0 chooses LABEL', 'fill WORD on PCPU', 'evict WORD' or "
    "'evict WORD from PCPU', or several of one, as '13 vcpu0'"
)


@pytest.mark.parametrize(
    ("entry", "found", "expected"),
    [
        (" 9 vcpu0", "'vcpu0' at step 4: vcpu0 is at the end of its program",
         "an event that can happen"),
        ("0 vcpu0", "'0 vcpu0'", EVENTS),
        ("vcpu0 step 2", "'vcpu0 step 2'", EVENTS),
        ("vcpu0 to end", "'vcpu0 to end'", EVENTS),
        ("vcpu0 finish", "'vcpu0 finish'", EVENTS),
        ("fill q on pcpu0", "'q'", "a word of guest RAM: x, y, z"),
    ],
)  # fmt: skip
def test_what_is_refused_says_which_entry_it_is_of(entry: str, found: str, expected: str) -> None:
    with pytest.raises(RefusedError) as caught:
        read_run(MACHINE, ["vcpu0", entry, "vcpu1"])
    refused = caught.value
    assert (refused.found, refused.expected) == (found, expected)
    assert (refused.place, refused.key_path) == (ListEntry(1, entry.strip()), "[1]")


def test_a_run_is_written_from_where_it_parts_from_another_and_read_on_from_there() -> None:
    run = read_run(MACHINE, ["2 vcpu0", "fill x on pcpu1", "vcpu0"])
    assert written_run(run, 1) == ("vcpu0", "fill x on pcpu1", "vcpu0")
    again = read_on(run.seek(1), written_run(run, 1))
    assert (again.steps, again.cursor) == (run.steps, 0)
    other = read_on(run.seek(3), ["vcpu1"])
    assert (other.steps[:3], other.events[3:]) == (run.steps[:3], (GuestExecutes(1),))


def test_no_more_is_written_than_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scenarios.event_list.MOST_STEPS_IN_ALL", 3)
    run = read_run(MACHINE, ["3 vcpu0"])
    longer = read_on(run.seek(2), ["3 vcpu1"])
    for after in (0, 1):
        with pytest.raises(RefusedError) as refused:
            written_run(longer, after)
        assert refused.value.expected == "at most 3"
    assert read_on(longer.seek(2), written_run(longer, 2)).events == longer.events
    with pytest.raises(RefusedError) as more:
        read_run(MACHINE, ["4 vcpu1"])
    assert (more.value.found, more.value.expected) == ("more steps", "at most 3")


CHOICE = machine("choose a, b\na: nop\nb: msr sctlr_el1, x0\nchoose a, c\nc: nop")


def test_a_run_with_choices_is_written_and_read_again() -> None:
    texts = ("vcpu0 chooses a", "2 vcpu0", "vcpu0 chooses c", "vcpu0")
    run = read_run(machine("choose a, b\na: nop\nb: nop\nchoose a, c\nc: nop"), texts)
    assert written_run(run) == texts


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (
            ("vcpu0",),
            "'vcpu0' at step 1: vcpu0 has to choose: 'vcpu0 chooses a' or 'vcpu0 chooses b'",
        ),
        (
            ("vcpu0 chooses c",),
            "'vcpu0 chooses c' at step 1: "
            "vcpu0 has to choose: 'vcpu0 chooses a' or 'vcpu0 chooses b'",
        ),
        (
            ("vcpu0 chooses b", "vcpu0", "vcpu0 chooses a"),
            "'vcpu0 chooses a' at step 3: vcpu0 is in KVM, not at a choice",
        ),
        (
            ("vcpu0 chooses a", "vcpu0 chooses a"),
            "'vcpu0 chooses a' at step 2: vcpu0 is at 'nop', not at a choice",
        ),
    ],
)
def test_a_choice_that_cannot_be_made_is_refused_with_what_can(
    texts: tuple[str, ...], found: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        read_run(CHOICE, texts)
    assert (refused.value.found, refused.value.expected) == (found, "an event that can happen")
