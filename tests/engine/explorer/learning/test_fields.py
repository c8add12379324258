from __future__ import annotations

from engine.explorer.learning.fields import VM_FIELDS, Fields
from engine.machine.actors import VMM
from engine.machine.state import Power
from tests.engine.build import machine


def test_the_pcpu_of_an_actor_is_no_field() -> None:
    built = machine("nop")
    fields = Fields.of(built)
    assert len(fields.values(built)) == fields.count
    assert fields.count == len(built.lines) + 10 + 4 + len(VM_FIELDS)


def test_fields_are_found_by_what_they_hold() -> None:
    built = machine("nop", "nop", vmm="nop", off=[1])
    fields = Fields.of(built)
    values = fields.values(built)
    assert values[fields.core(VMM)] is built.vmm.core
    assert values[fields.stack(1)] is built.vcpus[1].stack
    assert values[fields.policy_fields(0)] is built.vcpus[0].fields
    assert values[fields.statics] is built.vm.statics
    assert [values[each] for each in fields.place(1)] == [built.vcpus[1].core, Power.OFF]
