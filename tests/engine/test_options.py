from __future__ import annotations

from engine.arm.a64.choice import Choose
from engine.machine.actors import VMM
from engine.machine.effects import ChoiceMade, FetchFailed
from engine.machine.events import ActorChooses, GuestExecutes, event_actor, event_name
from engine.options import next_choice
from engine.transition import actor_event, actor_events, can_move, enabled, movers, take
from tests.engine.build import machine

CHOICE = "choose store, load\nload: ldr x4, [x1]\nstore: str x0, [x1]"


def test_each_option_is_an_event_with_a_name_of_its_own() -> None:
    built = machine(CHOICE, "nop", vmm="nop\nagain: choose again, out\nout: nop")
    built = take(built, enabled(built)[3]).after
    assert [event_name(built, event) for event in enabled(built)[:5]] == [
        *("vcpu0 chooses store", "vcpu0 chooses load", "vcpu1"),
        *("vmm chooses again", "vmm chooses out"),
    ]
    assert movers(built) == (0, 1, VMM)
    assert event_actor(ActorChooses(VMM, "out")) == VMM


def test_an_actor_has_no_one_event_where_it_has_to_choose() -> None:
    built = machine(CHOICE, "only: choose only")
    assert actor_event(built, 0) is None
    assert can_move(built, 0)
    assert actor_event(built, 1) == ActorChooses(1, "only")
    assert GuestExecutes(0) not in actor_events(built, 0)


def test_a_choice_changes_nothing_but_where_the_program_goes_on() -> None:
    built = machine(CHOICE)
    vcpu = built.vcpus[0]
    step = take(built, ActorChooses(0, "store"))
    assert step.after == built.with_vcpu(0, vcpu.with_(core=vcpu.core.jump(2)))
    assert step.effects == (ChoiceMade(0, "store"),)
    assert not step.after.vm.has_run


def test_the_vmm_chooses_too() -> None:
    built = machine("nop", vmm=CHOICE)
    step = take(built, ActorChooses(VMM, "load"))
    assert step.after.vmm.core == built.vmm.core.jump(1)
    assert step.after.vcpus == built.vcpus
    assert step.effects == (ChoiceMade(VMM, "load"),)


def test_to_choose_the_end_of_the_program_is_to_go_where_it_has_no_instruction() -> None:
    step = take(machine("choose end, end2\nend:\nend2:"), ActorChooses(0, "end"))
    assert step.effects == (ChoiceMade(0, "end"), FetchFailed(0))


def test_who_is_off_or_in_kvm_has_no_choice() -> None:
    off = machine(CHOICE, CHOICE, off=(1,))
    assert actor_events(off, 1) == ()
    trapping = take(machine("msr sctlr_el1, x0\nchoose a\na: nop"), GuestExecutes(0)).after
    assert len(actor_events(trapping, 0)) == 1


def test_the_next_choice_is_that_at_the_program_counter() -> None:
    built = machine(CHOICE, "nop", vmm="nop")
    assert next_choice(built, 0) == Choose((("store", 2), ("load", 1)))
    assert next_choice(built, 1) is None
    assert next_choice(built, VMM) is None
