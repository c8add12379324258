from __future__ import annotations

from engine.machine.actors import VMM
from tui.presenters.steps.account import (
    Message,
    Weight,
    decisive,
    participant,
)


def test_a_diagram_has_the_vmm_and_every_vcpu_by_name() -> None:
    assert [participant(actor) for actor in (0, 3, VMM)] == ["vcpu0", "vcpu3", "VMM"]
    assert Message("vcpu0", "RAM", "store: x = 1").names == ("vcpu0", "RAM")


def test_what_happens_to_a_line_decides_the_story_of_that_line_alone() -> None:
    assert decisive(2, frozenset({0, 2})) is Weight.DECISIVE
    assert decisive(1, frozenset({0, 2})) is None


def test_what_a_finding_speaks_of_matters_most_and_what_frames_it_least() -> None:
    assert sorted(Weight) == [Weight.SPOKEN_OF, Weight.DECISIVE, Weight.FRAMING]
