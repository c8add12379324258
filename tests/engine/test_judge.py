from __future__ import annotations

from typing import get_args

import attrs
import pytest

from engine.arm.memory_type import MemoryType
from engine.judge import Ghost, Staleness, join, observe, signals
from engine.machine.actors import VMM, Actor
from engine.machine.effects import (
    Copy,
    Effect,
    Heeded,
    InterruptInjected,
    InterruptTaken,
    Kicked,
    KickNoticed,
    Loaded,
    PoweredOn,
    Stored,
    VcpuInitialised,
)
from engine.memory.line import Version
from tests.engine.build import machine

X, Y, Z = 0, 1, 2
START = (0, 0, 0)


def ghost() -> Ghost:
    return Ghost.initial(machine("nop", "nop"))


def loads(actor: Actor, word: int, number: int) -> Loaded:
    return Loaded(actor, word, Version(number, 0), MemoryType.WRITE_BACK, Copy.CACHE)


def stores(actor: Actor, word: int, number: int) -> Stored:
    return Stored(actor, word, Version(number, 0), MemoryType.DEVICE, Copy.RAM)


def after(*effects: Effect) -> Ghost:
    judged, stale = observe(ghost(), effects)
    assert stale == ()
    return judged


def test_at_the_start_all_are_entitled_to_what_is_newest() -> None:
    assert ghost() == Ghost(
        entitled=(START, START, START),
        released=((START,), (START,), (START,)),
        kicks=(None, None),
        interrupts=(None, None),
    )


def test_a_version_that_is_only_cached_at_the_start_is_owed_to_all() -> None:
    built = machine("nop")
    built = built.with_line(0, built.lines[0].store_cached(1, 7, pcpu=0))
    assert Ghost.initial(built).entitled == ((0, 1, 0), (0, 1, 0))


def test_an_actors_own_write_raises_what_it_is_entitled_to() -> None:
    judged = after(stores(1, X, 1))
    assert judged.entitled == (START, (1, 0, 0), START)
    assert judged.released == ((START, (1, 0, 0)), (START,), (START,))


def test_reading_a_version_acquires_what_its_writer_was_entitled_to() -> None:
    judged = after(stores(1, X, 1), stores(1, Y, 1), loads(0, Y, 1))
    assert judged.entitled[0] == (1, 1, 0)


def test_however_many_versions_there_are_each_releases_what_its_writer_was_entitled_to() -> None:
    judged, clocks, ghosts = ghost(), [START], []
    for number in range(1, 200):
        ghosts.append((judged, tuple(clocks)))
        judged, _ = observe(judged, (stores(0, X, number),))
        clocks.append((number, 0, 0))
    for before, released in ghosts:
        versions = before.released[X]
        assert (len(versions), tuple(versions)) == (len(released), released)
        assert [versions[number] for number in range(len(versions))] == list(released)
    assert after(*(stores(0, X, number) for number in range(1, 200))) == judged

    loaded, _ = observe(judged, (loads(1, X, 130),))
    assert loaded.entitled[1] == (130, 0, 0)


def test_a_run_that_begins_after_many_stores_goes_on_from_there() -> None:
    built = machine("nop")
    line = built.lines[0]
    for value in range(150):
        line = line.store_around(0, value, snoops=False)
    start = Ghost.initial(built.with_line(0, line))
    judged, _ = observe(start, (stores(0, X, 151),))

    assert tuple(judged.released[X]) == ((150, 0, 0),) * 151 + ((151, 0, 0),)


def test_knowledge_passes_on_through_a_third_actor() -> None:
    judged = after(stores(1, X, 1), loads(VMM, X, 1), stores(VMM, Z, 1), loads(0, Z, 1))
    assert judged.entitled[0] == (1, 0, 1)


def test_what_a_writer_learns_later_is_not_released_earlier() -> None:
    judged = after(stores(0, Y, 1), stores(0, X, 1), loads(1, Y, 1))
    assert judged.entitled[1] == (0, 1, 0)


def test_a_load_older_than_the_entitlement_is_stale_and_names_what_was_owed() -> None:
    load = loads(1, X, 0)
    judged, stale = observe(after(stores(1, X, 1)), (load,))
    assert stale == (Staleness(load, entitled=1),)
    assert judged.entitled[1] == (1, 0, 0)


def test_an_older_version_than_the_newest_may_be_read_by_one_who_knows_of_no_better() -> None:
    judged, stale = observe(after(stores(1, X, 1)), (loads(0, X, 0),))
    assert stale == ()
    assert judged.entitled[0] == START


def test_cpu_on_hands_the_callers_entitlement_to_the_target() -> None:
    assert after(stores(0, X, 1), PoweredOn(1, by=0)).entitled[1] == (1, 0, 0)


def test_what_the_vmm_did_before_it_starts_a_vcpu_is_owed_to_the_vcpu() -> None:
    assert after(stores(VMM, X, 1), VcpuInitialised(1)).entitled[1] == (1, 0, 0)
    assert after(stores(VMM, X, 1), PoweredOn(1, by=VMM)).entitled[1] == (1, 0, 0)


def test_a_kick_hands_over_when_the_vmm_notices_it() -> None:
    kicked = after(stores(1, X, 1), Kicked(1))
    assert kicked.entitled[VMM] == START
    assert kicked.kicks == (None, (1, 0, 0))
    noticed, _ = observe(kicked, (KickNoticed(1),))
    assert noticed.entitled[VMM] == (1, 0, 0)
    assert noticed.kicks == (None, None)


def test_kicks_that_pile_up_hand_over_the_newest_of_all() -> None:
    judged = after(
        stores(1, X, 1), Kicked(1), stores(1, Y, 1), Kicked(1), stores(1, Z, 1), KickNoticed(1)
    )
    assert judged.entitled[VMM] == (1, 1, 0)


def test_an_interrupt_hands_over_when_the_vcpu_takes_it() -> None:
    injected = after(stores(VMM, X, 1), InterruptInjected(0))
    assert injected.entitled[0] == START
    taken, _ = observe(injected, (InterruptTaken(0),))
    assert taken.entitled[0] == (1, 0, 0)
    assert taken.interrupts == (None, None)


def test_joining_clocks_takes_the_newer_of_each_word() -> None:
    assert join((1, 0, 3), (0, 2, 3)) == (1, 2, 3)
    assert join(None, (0, 2, 3)) == (0, 2, 3)


HANDED_OVER: dict[type[Heeded], tuple[Heeded, ...]] = {
    PoweredOn: (PoweredOn(1, by=0),),
    VcpuInitialised: (VcpuInitialised(1),),
    Kicked: (Kicked(1), KickNoticed(1)),
    KickNoticed: (KickNoticed(0),),
    InterruptInjected: (InterruptInjected(1), InterruptTaken(1)),
    InterruptTaken: (InterruptTaken(0),),
}
"""Per effect that hands something over: it, and what takes what it handed over."""


def test_every_effect_that_is_heeded_is_an_access_or_hands_something_over() -> None:
    assert {*HANDED_OVER, Loaded, Stored} == set(get_args(Heeded))


@pytest.mark.parametrize("effects", HANDED_OVER.values())
def test_signals_tell_who_is_entitled_to_more_by_what_another_knew(
    effects: tuple[Heeded, ...],
) -> None:
    clocks = {0: (1, 0, 0), 1: (0, 1, 0), VMM: (0, 0, 1)}
    before = attrs.evolve(ghost(), entitled=tuple(clocks.values()))
    seen, _ = observe(before, effects)
    learned = {
        (sender, receiver)
        for sender, word in ((0, X), (1, Y), (VMM, Z))
        for receiver in clocks
        if sender != receiver and seen.entitled[receiver][word]
    }
    assert set(signals(effects)) == learned
