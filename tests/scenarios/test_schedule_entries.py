from __future__ import annotations

import pytest

from engine.arm.assembler import assemble
from engine.machine.actors import VMM
from engine.machine.events import ActorChooses
from engine.machine.hardware import LineEvicted, LineFilled
from engine.memory.layout import Layout, Word
from engine.refusal import RefusedError
from scenarios.schedule_entries import (
    Finish,
    NextInstruction,
    Reach,
    ScheduleMove,
    Steps,
    Vocabulary,
    read_move,
)

LAYOUT = Layout.of((Word("on", 0), Word("y", 64)))
GUEST = assemble("a: nop\nstep: nop", source="vcpu0", words={}, vcpus=1, vmm=False)
CHOOSER = assemble("choose b, a\na: nop\nb: nop", source="vcpu1", words={}, vcpus=1, vmm=False)
BOSS = assemble("nop", source="vmm", words={}, vcpus=1, vmm=True)
NAMES = Vocabulary(LAYOUT, 2, (GUEST, CHOOSER), BOSS)


@pytest.mark.parametrize(
    ("text", "move"),
    [
        ("vcpu0", NextInstruction(0)),
        ("  vmm ", NextInstruction(VMM)),
        ("vcpu0 step", Steps(0, 1)),
        ("vmm  step\t12", Steps(VMM, 12)),
        ("vcpu0 to step", Reach(0, "step", 1)),
        ("vmm finish", Finish(VMM)),
        ("vcpu1 chooses a", ActorChooses(1, "a")),
        ("fill on on pcpu0", LineFilled(0, 0)),
        ("evict y", LineEvicted(1)),
        ("evict y from pcpu1", LineEvicted(1, 1)),
    ],
)
def test_an_entry_says_who_moves_and_how_far(text: str, move: ScheduleMove) -> None:
    assert read_move(text, NAMES) == move


@pytest.mark.parametrize("text", ["vcpu0 step 01", "vcpu0 step ²", "vcpu0 step -1", "vcpu0 step x"])
def test_a_count_is_a_decimal_number(text: str) -> None:
    with pytest.raises(RefusedError) as refused:
        read_move(text, NAMES)

    assert refused.value.expected == "a number of steps from 1 to 10000"


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("vcpu1 chooses c", "'c'", "a label that vcpu1 can choose: b, a"),
        ("vcpu0 chooses a", "'a'", "a label that vcpu0 can choose, but there is none"),
        ("vcpu2 chooses a", "'vcpu2'", "an actor with a program, 'fill' or 'evict'"),
    ],
)
def test_a_choice_is_one_that_the_program_has(text: str, found: str, expected: str) -> None:
    with pytest.raises(RefusedError) as refused:
        read_move(text, NAMES)

    assert refused.value.found == found
    assert refused.value.expected.startswith(expected)


def test_a_program_without_labels_has_none_to_reach() -> None:
    with pytest.raises(RefusedError) as refused:
        read_move("vmm to a", NAMES)

    assert (refused.value.found, refused.value.expected) == ("'a'", "a label of vmm's program")


@pytest.mark.parametrize(
    "text", ["fill y", "fill y pcpu0", "evict y from", "", "vcpu0 to", "a b c d"]
)
def test_what_has_no_known_form_is_refused(text: str) -> None:
    with pytest.raises(RefusedError) as refused:
        read_move(text, NAMES)

    assert refused.value.expected.startswith("'ACTOR', 'ACTOR step N', 'ACTOR to LABEL'")
