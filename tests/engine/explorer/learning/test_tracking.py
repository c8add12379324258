from __future__ import annotations

import attrs
import pytest

from engine.explorer.learning.fields import VCPU_FIELDS, Fields
from engine.explorer.learning.tracking import TrackedMachine
from engine.machine.state import Machine, Power
from tests.engine.explorer.generate import random_machine
from tests.engine.explorer.policies import all_policies


def tracked() -> tuple[TrackedMachine, Machine, Fields]:
    machine = random_machine(3, all_policies())
    fields = Fields.of(machine)
    tracked = TrackedMachine.of(machine, fields, fields.values(machine))
    return tracked, tracked.machine, fields


def test_what_is_read_is_noted_once_and_in_order() -> None:
    track, machine, fields = tracked()
    _ = (machine.vm.mmu_lock, machine.lines[0].dirty, machine.vm.mmu_lock, machine.lines[0].ram)
    assert track.reads() == (fields.vm + 2, 0)


def test_the_pcpu_of_an_actor_is_no_part() -> None:
    track, machine, _ = tracked()
    assert machine.pcpu(0) == 0
    assert track.reads() == ()


def test_what_is_merely_copied_is_not_read() -> None:
    track, machine, fields = tracked()
    powered = machine.vcpus[0].with_(power=Power.OFF)
    again = powered.with_(interrupt=not machine.vcpus[0].interrupt)
    interrupt = fields.vcpu(0) + VCPU_FIELDS.index("interrupt")
    assert track.reads() == (interrupt,)
    assigned = dict(track.assigned(machine.with_vcpu(0, again)))
    assert assigned == {fields.vcpu(0): Power.OFF, interrupt: True}


def test_an_attribute_assigned_what_it_had_counts_as_assigned() -> None:
    track, machine, fields = tracked()
    again = machine.vcpus[0].with_(power=Power.ON)
    assert dict(track.assigned(machine.with_vcpu(0, again))) == {fields.vcpu(0): Power.ON}


def test_a_changed_line_is_assigned() -> None:
    track, machine, _ = tracked()
    line = machine.lines[0].fill(0).invalidate()
    assert dict(track.assigned(machine.with_line(0, line))) == {0: line}


def test_comparing_reads_what_was_assigned_and_nothing_else() -> None:
    track, machine, fields = tracked()
    again = machine.vcpus[0].with_(power=Power.ON)
    assert machine.with_vcpu(0, again) == machine
    assert hash(machine.with_vcpu(0, again)) == hash(machine)
    assert track.reads() == (fields.vcpu(0),)


def test_two_tracked_machines_of_the_same_fields_are_told_apart() -> None:
    machine = random_machine(3, all_policies())
    fields = Fields.of(machine)
    values = fields.values(machine)
    one, other = (TrackedMachine.of(machine, fields, values) for _ in range(2))
    assert one.machine != other.machine


def test_a_copy_that_is_made_behind_its_back_is_refused() -> None:
    _, machine, _ = tracked()
    with pytest.raises(TypeError):
        attrs.evolve(machine.vcpus[0], power=Power.OFF)
    with pytest.raises(TypeError):
        attrs.evolve(machine.lines[0], dirty=True)
