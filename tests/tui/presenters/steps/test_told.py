from __future__ import annotations

from collections.abc import Callable

from engine.timeline import Timeline
from tui.presenters.steps.account import Message, Weight
from tui.presenters.steps.told import accounts

Run = Callable[..., Timeline]

SKIPPED = 20
"""The step of the headline at which vcpu1's flush is skipped."""


def test_each_effect_of_a_step_is_told_in_its_order(run: Run) -> None:
    for step in run("secondary-stale-line").steps:
        assert tuple(one.effect for one in accounts(step)) == step.effects


def test_one_account_answers_all_that_is_asked_of_an_effect(run: Run) -> None:
    decided, skipped = accounts(run("secondary-stale-line").steps[SKIPPED - 1])

    assert decided.label() == "vcpu->vcpu_id == 0: false"
    assert decided.clause(brief=True) == "KVM, for vcpu1, decides `vcpu->vcpu_id == 0`: false"
    assert [*decided.messages("")] == [Message("KVM", "KVM", "vcpu->vcpu_id == 0: false")]
    assert decided.weight(frozenset()) is None
    assert skipped.label() == "flush SKIPPED"
    assert skipped.clause(brief=False) == "on this road nothing is flushed"
    assert [*skipped.messages("")] == [Message("KVM", "KVM", "flush SKIPPED for vcpu1")]
    assert skipped.weight(frozenset()) is Weight.DECISIVE


def test_what_becomes_of_a_line_matters_to_the_story_of_that_line_alone(run: Run) -> None:
    (fill,) = accounts(run("secondary-stale-line").steps[13])
    assert fill.weight(frozenset({0})) is Weight.DECISIVE
    assert fill.weight(frozenset({1})) is None
