from __future__ import annotations

from engine.machine.actors import VMM
from tests.tui.presenters.steps.runs import BUSY, Run
from tui.presenters.steps.programs import executed, without_effects


def test_a_step_without_effects_says_what_an_instruction_computed_or_where_it_led(run: Run) -> None:
    told = [without_effects(step) for step in run(BUSY, "upstream").steps if not step.effects]
    assert told == [
        "vcpu0 executes `ldr x1, =x`: x1 is 0x40000000",
        "vcpu0 executes `psci_cpu_on vcpu2`: vcpu2 is on already, x0 is ALREADY_ON",
        "vcpu0 executes `cbz x5, on`: it branches to on",
        "vcpu0 executes `cmp x5, #0`: the flags are nZCv",
        "vcpu0 executes `b.ne on`: it does not branch",
        "the VMM executes `ldr x1, =y`: x1 is 0x40000008",
        "the VMM executes `mov x2, #9`: x2 is 9",
        "vcpu2 executes `ldr x1, =x`: x1 is 0x40000000",
    ]


def test_who_executes_what_is_said_by_the_text_of_the_program(run: Run) -> None:
    start = run(BUSY, "upstream").initial
    assert [executed(start, actor) for actor in (0, 1, VMM)] == [
        "vcpu0 executes `ldr x1, =x`",
        "vcpu1 executes `msr ttbr0_el1, x0`",
        "the VMM executes `wait_kick`",
    ]
