from __future__ import annotations

from collections.abc import Sequence

from engine.explorer.prospects.fairness import BREAKS, STAYS, Targets, fates


def found(actors: Sequence[Targets], hardware: Sequence[Targets] = ()) -> tuple[set[int], set[int]]:
    """Return the states that can break, and those that must."""
    known = fates([[ways] for ways in actors], hardware)
    return set(known.can_break), set(known.must_break)


def test_an_actor_may_leave_an_option_out_for_ever() -> None:
    # In state 0 the actor chooses to stay, or to go where it breaks.
    choosing = fates([[[0, STAYS], [BREAKS, STAYS]]], ())
    assert (set(choosing.can_break), set(choosing.must_break)) == ({0}, set())


def test_an_actor_all_of_whose_options_break_must_move_some_time() -> None:
    choosing = fates([[[BREAKS, STAYS], [BREAKS, STAYS]], [[0, STAYS]]], ())
    assert (set(choosing.can_break), set(choosing.must_break)) == ({0}, {0})


def test_what_leads_only_to_a_break_must_break() -> None:
    assert found([[1, BREAKS, STAYS]]) == ({0, 1}, {0, 1})


def test_what_can_also_end_may_break() -> None:
    assert found([[1, BREAKS, STAYS], [2, STAYS, STAYS]]) == ({0, 1}, {1})


def test_where_a_break_leads_saves_nobody() -> None:
    assert found([[BREAKS, STAYS], [BREAKS, STAYS]]) == ({0}, {0})


def test_an_actor_that_goes_round_for_ever_leaves_no_other_out() -> None:
    goes_round, breaks = [0], [BREAKS]
    assert found([goes_round, breaks]) == ({0}, {0})


def test_actors_that_all_go_round_for_ever_need_not_break() -> None:
    first, second = [1, 0], [0, 1]
    assert found([first, second, [STAYS, BREAKS]]) == ({0, 1}, set())


def test_an_actor_that_cannot_move_now_and_then_may_always_miss_its_turn() -> None:
    locks_and_unlocks, waits_for_the_lock = [1, 0], [BREAKS, STAYS]
    assert found([locks_and_unlocks, waits_for_the_lock]) == ({0, 1}, set())


def test_an_actor_that_moves_on_cannot_be_kept_from_it() -> None:
    goes_round, moves_on = [0, 1], [1, BREAKS]
    assert found([goes_round, moves_on]) == ({0, 1}, {0, 1})


def test_hardware_may_save_a_run_but_needs_not_move() -> None:
    actor, hardware = [BREAKS, STAYS, 1, STAYS], [1, STAYS, 3, BREAKS]
    assert found([actor], [hardware]) == ({0, 2, 3}, set())


def test_hardware_that_goes_round_for_ever_keeps_no_actor_from_breaking() -> None:
    actor, hardware = [BREAKS, BREAKS], [1, 0]
    assert found([actor], [hardware]) == ({0, 1}, {0, 1})
