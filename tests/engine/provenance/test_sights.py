from __future__ import annotations

from engine.arm.memory_type import MemoryType
from engine.machine.actors import VMM
from engine.machine.effects import (
    Copy,
)
from engine.memory.line import Version
from engine.provenance.reasons import (
    AtStart,
    Blamed,
    CachesReset,
    Entitled,
    HostMapping,
    NotDue,
    SeenWord,
    Sees,
    Visible,
)
from engine.provenance.why import why
from tests.engine.build import OFF, ON, machine
from tests.engine.provenance.headline import (
    CACHES_ON,
    FETCHED,
    HEADLINE,
    MMU_OFF,
    OLD,
    SKIPPED,
    STORED,
    X,
)
from tests.engine.provenance.played import through


def test_what_a_vcpu_sees_is_told_as_the_finding_it_would_be() -> None:
    assert why(HEADLINE.seek(11), SeenWord(1, X)) == (
        Sees(11, 1, X, OLD, Copy.CACHE, MemoryType.WRITE_BACK),
        *(AtStart(None, X, OLD, Copy.RAM), MMU_OFF),
        *(FETCHED, STORED, CACHES_ON, SKIPPED, Visible(11, 1, X, OLD)),
    )


def test_with_its_caches_off_a_vcpu_sees_ram_because_of_the_bit() -> None:
    assert why(HEADLINE.seek(2), SeenWord(1, X)) == (
        Sees(2, 1, X, Version(1, ON), Copy.RAM, MemoryType.DEVICE),
        *(MMU_OFF, STORED),
    )


def test_who_sees_an_old_version_without_a_right_to_a_newer_one_is_told_so() -> None:
    assert why(HEADLINE.seek(2), SeenWord(VMM, X)) == (
        Sees(2, VMM, X, OLD, Copy.CACHE, MemoryType.WRITE_BACK),
        *(HostMapping(None), AtStart(None, X, OLD, Copy.RAM), MMU_OFF, FETCHED, STORED),
        NotDue(2, VMM, X, 0),
    )


def test_where_kvm_had_no_say_the_access_is_blamed_and_how_the_loader_came_to_know() -> None:
    run = through(
        machine("ldr x5, [x1]\nldr x6, [x3]\nldr x7, [x1]", "str x0, [x1]\nstr x0, [x3]",
                sctlr=[ON]),
        *(0, 1, 1, 0, 0),
    )  # fmt: skip
    reasons = why(run, run.findings[0])
    assert Blamed(2, X, Copy.CACHE, kvm_had_say=False) in reasons
    assert Entitled(4, 0, X, 1) in reasons


def test_a_stale_load_after_cpu_on_is_blamed_on_the_reset() -> None:
    built = machine(
        "psci_cpu_on vcpu1, again",
        "str x0, [x1]\npsci_cpu_off\nagain: ldr x1, =x\nldr x5, [x1]",
        sctlr=[OFF, ON],
    )
    run = through(built, 1, 1, 0, 1, 1)
    assert CachesReset(3, 1) in why(run, run.findings[0])
