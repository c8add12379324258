from __future__ import annotations

from engine.machine.actors import VMM
from engine.machine.events import ActorChooses
from engine.transition import take
from tests.engine.build import machine
from tui.presenters.steps.labels import label, mover
from tui.presenters.steps.sentence import sentence

CHOICE = "choose store, leave\nstore: str  x0, [x1]\nleave:"


def test_a_choice_is_told_with_what_comes_next() -> None:
    step = take(machine(CHOICE), ActorChooses(0, "store"))
    assert (mover(step), label(step)) == ("vcpu0", "chooses store")
    assert sentence(step) == "vcpu0 chooses store and goes on at `str x0, [x1]`."


def test_a_choice_that_leaves_the_program_says_so() -> None:
    step = take(machine("nop", vmm=CHOICE), ActorChooses(VMM, "leave"))
    assert (mover(step), label(step)) == ("vmm", "chooses leave, no instruction there")
    assert sentence(step) == (
        "The VMM chooses leave; the VMM executes `choose store, leave`: its program has no "
        "instruction there, and it stops."
    )
