"""Guests whose own mapping gives a page other attributes than the VMM's."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.arm.memory_type import MemoryType
from engine.explorer.exhaustive.search import exhaustive_search
from engine.explorer.explore import explore
from engine.explorer.limits import Limits
from engine.findings import Kind
from engine.judge import Ghost
from engine.machine.effects import Copy, Loaded, Stored
from engine.machine.state import Machine
from engine.memory.line import Version
from scenarios.file.reader import read_scenario
from scenarios.policy_library import load_policy
from scenarios.schedule import play

RING = Path(__file__).parent / "ring.toml"
WB, NC, DEVICE = MemoryType.WRITE_BACK, MemoryType.NON_CACHEABLE, MemoryType.DEVICE


def machine(*changes: tuple[str, str]) -> Machine:
    written = RING.read_text("utf-8")
    for before, after in changes:
        assert before in written
        written = written.replace(before, after)
    scenario = read_scenario(written.encode(), name="ring", file="ring.toml")
    return scenario.machine(load_policy("upstream"))


def found(built: Machine) -> list[Kind]:
    """Return what both searches find."""
    reduced = explore(built)
    full = exhaustive_search(built, Ghost.initial(built), Limits())
    kinds = [each.finding.kind for each in reduced.counterexamples]
    assert kinds == [each.finding.kind for each in full.counterexamples]
    return kinds


OWN = ('ring_nc = "non-cacheable"', 'ring = "non-cacheable"')
BY_OWN = ('x1 = "ring_nc"', 'x1 = "ring"')


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ((), [Kind.STALE]),
        ((OWN, BY_OWN), [Kind.STALE]),
        ((OWN,), []),
        ((BY_OWN,), []),
        ((('"non-cacheable"', '"device"'),), [Kind.STALE]),
        ((('"non-cacheable"', '"write-back"'),), []),
        ((("pcpus = 2", "pcpus = 2\nfwb = true"),), []),
        ((("pcpus = 2", 'pcpus = 2\nnoncacheable = "snoops"'),), []),
        ((("str     x2, [x1]", "str x2, [x1]; dc civac, x1"),), []),
    ],
)
def test_a_page_that_the_guest_maps_otherwise_than_the_vmm_is_stale_but_with_fwb(
    changes: tuple[tuple[str, str], ...], kinds: list[Kind]
) -> None:
    assert found(machine(*changes)) == kinds


def effects(built: Machine) -> list[object]:
    """Return the loads and stores of the file's schedule."""
    scenario = read_scenario(RING.read_bytes(), name="ring", file="ring.toml")
    steps = play(built, scenario.schedule).timeline.steps
    return [each for step in steps for each in step.effects if isinstance(each, Loaded | Stored)]


def test_an_access_by_an_alias_has_the_aliass_attribute() -> None:
    assert effects(machine())[1] == Stored(0, 0, Version(1, 1), NC, Copy.RAM, alias=0)
    assert effects(machine(BY_OWN))[1] == Stored(0, 0, Version(1, 1), WB, Copy.CACHE)
    assert effects(machine(OWN, BY_OWN))[1] == Stored(0, 0, Version(1, 1), NC, Copy.RAM)


def test_without_the_mmu_an_alias_is_no_address_and_a_page_is_device() -> None:
    off = ("0x00C5_107D", "0x00C5_1078")
    assert found(machine(off)) == [Kind.FAULT]
    assert effects(machine(off, OWN, BY_OWN))[1] == Stored(0, 0, Version(1, 1), DEVICE, Copy.RAM)
