from __future__ import annotations

from engine.machine.events import GuestExecutes
from engine.query.kinds import BY_NAME, KINDS
from engine.timeline import Timeline
from tests.engine.build import machine, with_tvm


def test_only_the_register_that_has_the_bits_of_the_caches_toggles_them() -> None:
    built = machine("msr mair_el1, x0\nmsr sctlr_el1, x0\nmsr mair_el1, xzr")
    without_tvm = with_tvm(built, 0, False)
    run = Timeline.replay(without_tvm, [GuestExecutes(0)] * 3)
    toggled, written = (
        list(filter(BY_NAME[name].test(run), (1, 2, 3))) for name in ("toggle", "register")
    )
    assert (toggled, written) == ([2], [1, 2, 3])


def test_every_kind_of_event_has_a_name_of_its_own() -> None:
    assert len(BY_NAME) == len(KINDS)
