from __future__ import annotations

import pytest

from engine.arm.memory_type import MemoryType
from engine.arm.registers import Hcr, Sctlr
from engine.machine.access import access_type
from engine.machine.actors import VMM
from engine.machine.effects import Copy, Stored
from engine.machine.state import Machine
from engine.memory.line import Version
from engine.provenance.reasons import (
    AtStart,
    BitsSet,
    CachedWord,
    ControlRegister,
    RamWord,
    RegisterBits,
    SeenWord,
    Sees,
    SetBy,
    WhySubject,
    Written,
)
from engine.provenance.why import why
from engine.timeline import Timeline
from scenarios.library import load_scenario
from scenarios.names import scenario_names
from scenarios.policy_library import load_policy
from scenarios.schedule import play
from tests.engine.build import OFF, machine
from tests.engine.provenance.played import through

X = 0
M = RegisterBits(0, ControlRegister.SCTLR, Sctlr.M)
C = RegisterBits(0, ControlRegister.SCTLR, Sctlr.C)
DC = RegisterBits(0, ControlRegister.HCR, Hcr.DC)


def asked(initial: Machine) -> list[WhySubject]:
    words = range(len(initial.setup.layout.words))
    actors = (*range(len(initial.vcpus)), VMM)
    return [
        *map(RamWord, words),
        *map(CachedWord, words),
        *(SeenWord(actor, word) for actor in actors for word in words),
    ]


@pytest.mark.parametrize("policy", ["upstream", "vcpu0-only", "never", "refcount"])
def test_what_bits_are_said_to_make_is_what_accesses_are_at_that_step(policy: str) -> None:
    told = 0
    for name in set(scenario_names()) - {"four-vcpus-64-lines"}:
        scenario = load_scenario(name)
        run = play(scenario.machine(load_policy(policy)), scenario.schedule).timeline
        for at in range(len(run.steps) + 1):
            for subject in asked(run.initial):
                for reason in why(run.seek(at), subject):
                    if isinstance(reason, BitsSet) and reason.makes is not None:
                        there = run.seek(reason.step or 0).machine
                        vcpu = reason.bits[0][0].vcpu
                        assert access_type(there, vcpu) is reason.makes, (name, at, subject)
                        told += 1
    assert told > 1000


def mmu_first() -> Timeline:
    """Play a guest that turns its MMU on, stores, and turns its caches on."""
    return through(
        machine(
            f"ldr x4, ={OFF | Sctlr.M.mask}\nmsr sctlr_el1, x4\nstr x0, [x1]\nmsr sctlr_el1, x0"
        ),
        *(0, 0, 0, 0),
    )


def test_bits_of_several_steps_make_accesses_what_they_are_at_the_last_of_them() -> None:
    run = mmu_first()
    stored = next(
        Written(at, effect)
        for at, step in enumerate(run.steps, 1)
        for effect in step.effects
        if isinstance(effect, Stored)
    )
    mmu_on, caches_on = (
        at
        for at, step in enumerate(run.steps, 1)
        if access_type(step.before, 0) is not access_type(step.after, 0)
    )
    assert why(run, SeenWord(0, X)) == (
        Sees(len(run.steps), 0, X, stored.stored.version, Copy.RAM, MemoryType.WRITE_BACK),
        BitsSet(None, ((C, 0),), SetBy.START, None),
        BitsSet(mmu_on, ((M, 1),), SetBy.TRAP, MemoryType.NON_CACHEABLE),
        stored,
        BitsSet(caches_on, ((C, 1),), SetBy.TRAP, MemoryType.WRITE_BACK),
    )


def test_with_the_mmu_off_two_registers_decide() -> None:
    run = through(machine("nop"))
    assert why(run, SeenWord(0, X)) == (
        Sees(0, 0, X, Version(0, 0), Copy.RAM, MemoryType.DEVICE),
        BitsSet(None, ((M, 0), (DC, 0)), SetBy.START, MemoryType.DEVICE),
        AtStart(None, X, Version(0, 0), Copy.RAM),
    )
