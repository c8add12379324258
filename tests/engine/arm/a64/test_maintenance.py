from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.arm.a64.maintenance import (
    CleanByVa,
    CleanOperation,
    ElsewhereKind,
    MaintainBySetWay,
    MaintainElsewhere,
    SetWayOperation,
    ZeroBlock,
)
from engine.arm.core import Core
from engine.arm.program import Instruction


@pytest.mark.parametrize(
    ("text", "instruction"),
    [
        *((f"dc {o.value}, x1", CleanByVa(o, 1)) for o in CleanOperation),
        *((f"dc {o.value}, x1", MaintainBySetWay(o, 1)) for o in SetWayOperation),
        ("dc zva, x1", ZeroBlock(1)),
        ("dc cvau, x1", MaintainElsewhere(ElsewhereKind.CLEAN_TO_UNIFICATION)),
        ("ic iallu", MaintainElsewhere(ElsewhereKind.INSTRUCTIONS)),
        ("ic ialluis", MaintainElsewhere(ElsewhereKind.INSTRUCTIONS)),
        ("ic ivau, x1", MaintainElsewhere(ElsewhereKind.INSTRUCTIONS)),
        ("tlbi vmalle1", MaintainElsewhere(ElsewhereKind.TRANSLATIONS)),
        ("tlbi vmalle1is", MaintainElsewhere(ElsewhereKind.TRANSLATIONS)),
        ("tlbi vale1is, x1", MaintainElsewhere(ElsewhereKind.TRANSLATIONS)),
        ("tlbi rvaae1os, x1", MaintainElsewhere(ElsewhereKind.TRANSLATIONS)),
        ("tlbi aside1, x1", MaintainElsewhere(ElsewhereKind.TRANSLATIONS)),
    ],
)
def test_maintenance(
    guest: Callable[[str], tuple[Instruction, ...]], text: str, instruction: Instruction
) -> None:
    assert guest(text) == (instruction,)


def test_what_is_maintained_elsewhere_changes_nothing() -> None:
    core = Core.reset(4).write(1, 7)
    assert MaintainElsewhere(ElsewhereKind.TRANSLATIONS).compute(core) == core.step()


def test_the_vmm_zeroes_and_cleans_to_where_user_space_may(
    vmm: Callable[[str], tuple[Instruction, ...]],
) -> None:
    assert vmm("dc zva, x1; dc cvau, x1; ic ivau, x1") == (
        ZeroBlock(1),
        MaintainElsewhere(ElsewhereKind.CLEAN_TO_UNIFICATION),
        MaintainElsewhere(ElsewhereKind.INSTRUCTIONS),
    )
