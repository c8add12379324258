from __future__ import annotations

import pytest

from engine.machine.actors import VMM
from engine.query.kinds import BY_NAME
from engine.query.locations import described, location, location_names
from engine.query.triggers import (
    AtFunction,
    AtLabel,
    AtLine,
    OnEvent,
)
from engine.refusal import RefusedError
from tests.engine.query.stopped import SETUP


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("2", "column 1: found line 2; expected a line of test.c with a statement: 3, 4, 5"),
        ("up.c:3", "column 1: found 'up.c'; expected a source of the policy: test.c, set-way.c"),
        ("vcpu2:spin", "column 1: found 'vcpu2'; expected a vCPU or vmm; did you mean vcpu1 or "
         "vcpu0?"),
        ("vcpu1:spn", "column 7: found 'spn'; expected a label of vcpu1's program; did you mean "
         "spin?"),
        ("enable", "column 1: found 'enable', a label of several programs; expected vcpu0:enable "
         "or vcpu1:enable"),
        ("flsh", "column 1: found 'flsh'; expected a line (12, upstream.c:12), a function, a label "
         "(vcpu1:load, vcpu1:load+1) or an event's kind; did you mean flush or flushed?"),
    ],
)  # fmt: skip
def test_a_place_that_is_none_is_refused_with_what_there_is(text: str, error: str) -> None:
    with pytest.raises(RefusedError) as refused:
        location(text, SETUP)
    assert str(refused.value) == error


def test_a_trigger_is_described_by_words_that_make_it_again() -> None:
    triggers = (
        AtLine("test.c", 3),
        AtFunction(0),
        AtLabel(1, 2),
        AtLabel(VMM, 0),
        OnEvent(BY_NAME["skip"]),
    )
    for trigger in triggers:
        assert location(described(trigger, SETUP), SETUP) == trigger
    assert all(location(name, SETUP) for name in location_names(SETUP))
