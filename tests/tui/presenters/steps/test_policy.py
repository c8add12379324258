from __future__ import annotations

from tests.tui.presenters.steps.runs import Golden, Run, every_kind, sentences
from tui.presenters.steps import policy
from tui.presenters.steps.account import Message, Weight
from tui.presenters.steps.told import accounts


def test_a_policy_that_never_flushes_is_said_to_have_no_road_that_does(run: Run) -> None:
    assert sentences(run("secondary-stale-line", "never"))[2] == (
        "KVM, for vcpu0, executes `bool now_enabled = vcpu_has_cache_enabled(vcpu)`: now_enabled "
        "is 1; no road of this policy flushes."
    )


SKIPPED = 20
"""The step of the headline at which vcpu1's flush is skipped."""


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


def test_what_kvm_does_is_told_as_it_always_was(run: Run, golden: Golden) -> None:
    golden("accounts-policy", every_kind(run, policy))
