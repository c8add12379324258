from __future__ import annotations

import pytest

from engine.arm.memory_type import MemoryType
from engine.arm.registers import Sctlr, SystemRegister
from engine.machine.effects import (
    Copy,
    Evicted,
    Kicked,
    Loaded,
    RegisterWritten,
    ReturnedToGuest,
    heeded,
)
from engine.memory.line import Version
from tests.engine.build import OFF, ON


def test_the_judge_heeds_accesses_and_signals_in_their_order() -> None:
    loaded = Loaded(0, 1, Version(2, 3), MemoryType.WRITE_BACK, Copy.CACHE)
    effects = (Kicked(0), Evicted(0, None), loaded, ReturnedToGuest(0))
    assert heeded(effects) == (Kicked(0), loaded)


@pytest.mark.parametrize(
    ("register", "before", "after", "toggles"),
    [
        (SystemRegister.SCTLR_EL1, OFF, ON, True),
        (SystemRegister.SCTLR_EL1, ON, OFF, True),
        (SystemRegister.SCTLR_EL1, ON, ON, False),
        (SystemRegister.SCTLR_EL1, OFF, OFF | Sctlr.M.mask, False),
        (SystemRegister.SCTLR_EL1, OFF | Sctlr.M.mask, ON, True),
        (SystemRegister.TCR_EL1, OFF, ON, False),
    ],
)
def test_the_caches_are_toggled_where_m_and_c_of_sctlr_el1_come_to_be_set_together_or_not(
    register: SystemRegister, before: int, after: int, toggles: bool
) -> None:
    written = RegisterWritten(0, register, before, after, trapped=True)
    assert written.toggles_caches is toggles
