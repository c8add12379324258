from __future__ import annotations

from engine.machine.effects import Copy
from engine.machine.hardware import LineEvicted, LineFilled
from engine.memory.line import Version
from engine.provenance.past import Past
from tests.engine.build import ON, machine
from tests.engine.provenance.played import through

X = 0
OLD, STORED = Version(0, 0), Version(1, ON)
PAST = Past(through(machine("str x0, [x1]\nnop"), LineFilled(0, 0), 0, 0, LineEvicted(0, 0)))
"""x is filled, stored to around the copy, and evicted two steps later."""


def test_a_state_has_the_number_of_the_step_that_led_to_it() -> None:
    assert [PAST.state(at) for at in range(5)] == [
        PAST.timeline.initial,
        *(PAST.step(at).after for at in range(1, 5)),
    ]
    assert [PAST.ghost(at) for at in range(5)] == list(PAST.timeline.ghosts)


def test_each_copy_of_a_word_has_its_own_past() -> None:
    assert [PAST.copy(at, X, Copy.RAM) for at in range(5)] == [OLD, OLD, *[STORED] * 3]
    assert [PAST.copy(at, X, Copy.CACHE) for at in range(5)] == [None, *[OLD] * 3, None]
    assert [PAST.copy_since(at, X, Copy.RAM) for at in range(5)] == [0, 0, 2, 2, 2]
    assert [PAST.copy_since(at, X, Copy.CACHE) for at in range(5)] == [0, 1, 1, 1, 4]
    assert [PAST.newest(at, X) for at in range(5)] == [0, 0, 1, 1, 1]


def test_what_held_before_and_again_holds_since_the_last_break() -> None:
    held = (True, False, True, True, False)
    assert PAST.since(3, lambda at: held[at]) == 2
    assert PAST.since(0, lambda at: held[at]) == 0
    assert PAST.same_since(3, lambda at: held[at]) == 2
    assert PAST.same_since(4, lambda at: held[at]) == 4
