from __future__ import annotations

from engine.arm.memory_type import MemoryType
from engine.explorer.learning.moves import Move
from engine.explorer.reduced.information_flow import InformationFlow
from engine.machine.actors import VMM, Actor
from engine.machine.effects import Copy, Loaded, Stored
from engine.memory.line import Version

DATA, FLAG, OTHER = 0, 1, 2


def loads(actor: Actor, word: int) -> Move:
    access = Loaded(actor, word, Version(0, 0), MemoryType.WRITE_BACK, Copy.CACHE)
    return Move(reads=(), accesses=(access,))


def stores(actor: Actor, word: int) -> Move:
    access = Stored(actor, word, Version(1, 0), MemoryType.WRITE_BACK, Copy.CACHE)
    return Move(reads=(), accesses=(access,))


def flow(*moves: Move) -> InformationFlow:
    noted = InformationFlow()
    for move in moves:
        noted.note(0, move)
    return noted


def test_a_flag_that_who_knows_stores_and_who_loads_the_word_loads_is_a_channel() -> None:
    known = flow(stores(0, FLAG), loads(1, FLAG), loads(1, DATA))
    assert known.channels(DATA, knowing=[0], released=[]) == (FLAG,)


def test_a_word_that_is_loaded_and_stored_is_a_channel_of_its_own() -> None:
    assert flow(stores(0, DATA), loads(1, DATA)).channels(DATA, [0], []) == (DATA,)


def test_what_nobody_stores_who_knows_is_none() -> None:
    known = flow(stores(2, OTHER), loads(1, OTHER), loads(1, DATA))
    assert known.channels(DATA, knowing=[0], released=[]) == ()


def test_what_only_others_load_than_who_loads_the_word_is_none() -> None:
    known = flow(stores(0, FLAG), loads(2, FLAG), loads(1, DATA))
    assert known.channels(DATA, knowing=[0], released=[]) == ()


def test_what_was_written_before_the_start_by_who_knew_is_one() -> None:
    known = flow(loads(1, FLAG), loads(1, DATA))
    assert known.channels(DATA, knowing=[], released=[FLAG]) == (FLAG,)


def test_who_signals_to_a_loader_learns_for_him() -> None:
    signals = Move(reads=(), signals=((VMM, 1),))
    known = flow(stores(0, FLAG), loads(VMM, FLAG), signals, loads(1, DATA))
    assert known.channels(DATA, knowing=[0], released=[]) == (FLAG,)


def test_who_stores_what_a_loader_loads_learns_for_him_too() -> None:
    learns = (stores(0, FLAG), loads(2, FLAG), stores(2, OTHER))
    known = flow(*learns, loads(1, OTHER), loads(1, DATA))
    assert known.channels(DATA, knowing=[0], released=[]) == (FLAG,)
    assert flow(*learns, loads(1, DATA)).channels(DATA, knowing=[0], released=[]) == ()


def test_it_knows_what_is_stored() -> None:
    known = flow(stores(0, DATA), loads(1, FLAG))
    assert known.stored(DATA)
    assert not known.stored(FLAG)


def test_who_is_informed_knows_from_whom_he_loads_or_hears() -> None:
    signals = Move(reads=(), signals=((1, VMM),))
    known = flow(stores(0, FLAG), loads(1, FLAG), signals, stores(2, OTHER), loads(3, OTHER))
    assert set(known.informed([0], [])) == {0, 1, VMM}
    assert set(known.informed([], [OTHER])) == {3}


def test_it_knows_what_each_actor_does() -> None:
    handling = Move(reads=(), handles=(4,), passes_holder=3)
    known = flow(stores(0, FLAG), loads(1, DATA), handling, Move(reads=(), signals=((VMM, 1),)))
    assert (known.loaded(1), known.stored_by(0)) == ({DATA}, {FLAG})
    assert (known.handled(0), known.handled(1)) == ({4}, frozenset())
    assert (known.lock_holders_passed(0), known.lock_holders_passed(1)) == ({3}, frozenset())
    assert [known.signals(actor) for actor in (0, 1, VMM)] == [False, True, True]
