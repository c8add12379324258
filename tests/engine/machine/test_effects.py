from __future__ import annotations

from engine.arm.memory_type import MemoryType
from engine.machine.effects import Copy, Evicted, Kicked, Loaded, ReturnedToGuest, heeded
from engine.memory.line import Version


def test_the_judge_heeds_accesses_and_signals_in_their_order() -> None:
    loaded = Loaded(0, 1, Version(2, 3), MemoryType.WRITE_BACK, Copy.CACHE)
    effects = (Kicked(0), Evicted(0, None), loaded, ReturnedToGuest(0))
    assert heeded(effects) == (Kicked(0), loaded)
