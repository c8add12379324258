from __future__ import annotations

import attrs

from engine.explorer.learning.fields import VCPU_PARTS, Parts
from engine.explorer.learning.tracking import Watch
from engine.machine.state import Machine, Power
from tests.engine.explorer.generate import random_machine
from tests.engine.explorer.policies import all_policies


def watched() -> tuple[Watch, Machine, Parts]:
    machine = random_machine(3, all_policies())
    parts, watch = Parts.of(machine), Watch(machine)
    return watch, watch.machine(parts.values(machine)), parts


def test_a_machine_put_together_again_is_the_same() -> None:
    machine = random_machine(3, all_policies())
    parts = Parts.of(machine)
    assert parts.machine(machine, parts.values(machine)) == machine


def test_what_is_read_is_noted_once_and_in_order() -> None:
    watch, machine, parts = watched()
    _ = (machine.vm.mmu_lock, machine.lines[0].dirty, machine.vm.mmu_lock, machine.lines[0].ram)
    assert watch.reads() == (parts.vm + 2, 0)


def test_the_pcpu_of_an_actor_is_no_part() -> None:
    watch, machine, _ = watched()
    assert machine.pcpu(0) == 0
    assert watch.reads() == ()


def test_what_is_merely_copied_is_not_read() -> None:
    watch, machine, parts = watched()
    powered = attrs.evolve(machine.vcpus[0], power=Power.OFF)
    again = attrs.evolve(powered, interrupt=not machine.vcpus[0].interrupt)
    interrupt = parts.vcpu(0) + VCPU_PARTS.index("interrupt")
    assert watch.reads() == (interrupt,)
    assigned = dict(watch.assigned(machine.with_vcpu(0, again)))
    assert assigned == {parts.vcpu(0): Power.OFF, interrupt: True}


def test_an_attribute_assigned_what_it_had_counts_as_assigned() -> None:
    watch, machine, parts = watched()
    again = attrs.evolve(machine.vcpus[0], power=Power.ON)
    assert dict(watch.assigned(machine.with_vcpu(0, again))) == {parts.vcpu(0): Power.ON}


def test_a_changed_line_is_assigned() -> None:
    watch, machine, _ = watched()
    line = machine.lines[0].fill(0).invalidate()
    assert dict(watch.assigned(machine.with_line(0, line))) == {0: line}


def test_comparing_reads_what_was_assigned_and_nothing_else() -> None:
    watch, machine, parts = watched()
    again = attrs.evolve(machine.vcpus[0], power=Power.ON)
    assert machine.with_vcpu(0, again) == machine
    assert hash(machine.with_vcpu(0, again)) == hash(machine)
    assert watch.reads() == (parts.vcpu(0),)


def test_two_watched_machines_of_the_same_parts_are_told_apart() -> None:
    machine = random_machine(3, all_policies())
    watch, values = Watch(machine), Parts.of(machine).values(machine)
    assert watch.machine(values) != watch.machine(values)
