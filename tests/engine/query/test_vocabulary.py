from __future__ import annotations

from engine.machine.actors import VMM
from engine.query.parser import parse
from engine.query.vocabulary import READINGS, QueryNames
from tests.engine.build import machine
from tests.engine.query.asked import SETUP


def test_every_reading_that_is_declared_can_be_read() -> None:
    indices = {"ACTOR": "[0]", "VCPU": "[0]", "WORD": "[x]", "N": "[5]"}
    rest = {"policy": ".count", "local": ".vcpu"}
    for reading in READINGS:
        text = reading.name + "".join(indices[index.value] for index in reading.indices)
        parse(text + rest.get(reading.name, ""), SETUP)


def test_the_places_of_a_program_are_its_labels_its_start_and_its_end() -> None:
    names = QueryNames(SETUP)
    assert names.actors == {"vcpu0": 0, "vcpu1": 1, "vmm": VMM}
    assert names.words == {"x": 0, "y": 1, "z": 2}
    assert names.labels(0) == {"start": 0, "end": 2, "begin": 0, "load": 1}
    assert names.labels(1) == {"start": 0, "end": 1}
    assert names.labels(VMM) == {"start": 0, "end": 1, "wait": 0}
    assert [names.length(actor) for actor in (0, 1, VMM)] == [2, 1, 1]


def test_without_a_vmm_there_is_no_place_in_its_program() -> None:
    names = QueryNames(machine("nop").setup)
    assert (names.labels(VMM), names.length(VMM)) == ({}, 0)


def test_what_the_policy_keeps_has_a_name_and_a_slot() -> None:
    names = QueryNames(SETUP)
    assert names.statics == {"count": 0, "kvm->arch.flushed": 1, "seen[0]": 2, "seen[1]": 3}
    assert names.fields == {"vcpu0->arch.toggled": (0, 0), "vcpu1->arch.toggled": (1, 0)}
    assert names.policy_state == (*names.statics, *names.fields)
    assert names.locals[0] == "vcpu"
    assert not any(name.startswith(".") for name in names.locals)
