from __future__ import annotations

from engine.explorer.learning.moves import LEFT_OUT, Disabled, Move, Moves
from engine.explorer.reduced.independence import Independence
from tests.engine.build import machine

MOVES = Moves(machine("nop", "nop"))
LINE, OWN, OTHER = 0, MOVES.fields.core(0), MOVES.fields.core(1)
FIRST, SECOND = MOVES.movers[MOVES.fields.lines :]


def counts(field: int) -> Move:
    return Move(reads=((field, 0),), writes=((field, 0, 1),))


def noted(move: Move) -> Independence:
    independence = Independence(MOVES)
    independence.note(FIRST, move)
    return independence


def test_a_step_is_independent_that_changes_what_nobody_else_reads() -> None:
    assert noted(counts(OWN)).is_independent(FIRST, counts(OWN))


def test_a_step_depends_on_who_reads_what_it_changes() -> None:
    independence = noted(counts(OWN))
    independence.note(SECOND, Disabled(reads=((OWN, 3),)))
    assert not independence.is_independent(FIRST, counts(OWN))


def test_a_step_depends_on_who_changes_what_it_reads_from_the_value_that_it_reads() -> None:
    reading = Move(reads=((OTHER, 0),))
    independence = noted(reading)
    independence.note(SECOND, Move(reads=((OTHER, 2),), writes=((OTHER, 2, 0),)))
    assert independence.is_independent(FIRST, reading)
    independence.note(SECOND, counts(OTHER))
    assert not independence.is_independent(FIRST, reading)


def test_a_step_on_a_line_that_is_kept_never_is() -> None:
    kept, left_out = Move(reads=((LINE, LEFT_OUT + 1),)), Move(reads=((LINE, LEFT_OUT),))
    assert not noted(kept).is_independent(FIRST, kept)
    assert noted(left_out).is_independent(FIRST, left_out)


def test_a_step_that_the_judge_is_told_of_never_is() -> None:
    told = Move(reads=((OWN, 0),), judged=0)
    assert not noted(told).is_independent(FIRST, told)


def test_who_reads_later_what_an_independent_step_changed_makes_it_a_mistake() -> None:
    independence = noted(counts(OWN))
    assert independence.is_independent(FIRST, counts(OWN))
    independence.note(FIRST, counts(OWN))
    assert not independence.mistaken
    independence.note(SECOND, Disabled(reads=((OWN, 1),)))
    assert independence.mistaken
    independence.begin((FIRST, SECOND))
    assert not independence.mistaken
    assert not independence.is_independent(FIRST, counts(OWN))


def test_who_does_not_move_keeps_nobodys_step_from_being_independent() -> None:
    independence = noted(counts(OWN))
    independence.note(SECOND, counts(OWN))
    assert not independence.is_independent(FIRST, counts(OWN))
    independence.begin((FIRST,))
    assert independence.is_independent(FIRST, counts(OWN))


def test_the_closure_has_who_changes_what_is_read() -> None:
    first, second = 1 << FIRST, 1 << SECOND
    independence = noted(Move(reads=((OTHER, 0), (LINE, 1))))
    independence.note(SECOND, counts(LINE))
    assert independence.closure(first, (), {}) == first
    independence.note(SECOND, counts(OTHER))
    assert independence.closure(first, (), {}) == first | second
    assert independence.closure(second, (), {}) == second
    assert independence.closure(first, (OTHER,), {}) == first
    assert independence.closure(first, (), {OTHER: second}) == first
