from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import pytest

from engine.explorer.limits import LimitReason, Limits
from engine.findings import Verdict
from scenarios.checking import CellOutcome, explore_cell
from scenarios.every_guest import EveryGuest, GuestQuestion, SearchedGuest, general_guests
from scenarios.policy_library import load_policy
from tui.presenters.reports.every_guest import (
    FOOTNOTE,
    Answered,
    answer_as_json,
    answer_lines,
    answer_table,
    told_answer,
)

UPSTREAM = load_policy("upstream")
GUEST = next(guest for guest in general_guests() if guest.name == "general/own-words-2")
QUESTION = GuestQuestion(UPSTREAM, limits=Limits(100_000))


def searched(outcome: CellOutcome, policy: str = "upstream") -> EveryGuest:
    question = attrs.evolve(QUESTION, policy=load_policy(policy))
    return EveryGuest((SearchedGuest(question.cell(GUEST), outcome),))


def outcome(verdict: Verdict, **more: Any) -> CellOutcome:
    return attrs.evolve(CellOutcome(verdict, None, (), 10, 20, None, None), **more)


def answered(answer: EveryGuest, policy: str = "upstream") -> Answered:
    return Answered(policy, load_policy(policy), (), answer)


@pytest.fixture(scope="module")
def broken() -> Answered:
    question = attrs.evolve(QUESTION, policy=load_policy("vcpu0-only"))
    return answered(searched(explore_cell(question.cell(GUEST)), "vcpu0-only"), "vcpu0-only")


def test_a_policy_that_is_safe_is_so_up_to_the_vcpus_that_were_searched() -> None:
    safe = answered(searched(outcome(Verdict.SAFE)))

    assert told_answer(safe) == "every guest: safe (general guests, up to 2 vCPUs; 10 states)"
    assert answer_as_json(safe) == {
        "verdict": "safe",
        "reason": None,
        "guests": ["general/own-words-2"],
        "vcpus": 2,
        "states": 10,
        "shortest": None,
        "guest": None,
        "findings": [],
    }


def test_what_refutes_a_policy_is_told_with_what_opens_it(broken: Answered) -> None:
    assert list(answer_lines(broken, 72, "  ")) == [
        "  every guest: unsafe, shortest 16 steps, on general/own-words-2: vcpu1",
        "    loads a stale b at step 16 (exact step 14, cause 10)",
        "    kvmcache-tui scenario general/own-words-2 --policy vcpu0-only \\",
        "      --counterexample stale --at 14",
    ]


def test_what_refutes_a_policy_is_in_the_json_with_its_run(broken: Answered) -> None:
    told: Any = answer_as_json(broken)

    assert (told["verdict"], told["shortest"]) == ("unsafe", 16)
    assert (told["guest"], told["vcpus"]) == ("general/own-words-2", 2)
    assert [each["kind"] for each in told["findings"]] == ["stale", "lost"]


def test_a_search_that_was_given_up_leaves_the_answer_open_and_says_where() -> None:
    early = answered(searched(outcome(Verdict.UNDETERMINED, reason=LimitReason.STATES.value)))

    reason = "on general/own-words-2, the limit on states was reached (--max-states 100000)"
    assert told_answer(early) == f"every guest: undetermined: {reason}"
    assert answer_as_json(early)["reason"] == reason  # type: ignore[index, call-overload]


def test_a_finding_of_a_search_that_was_given_up_is_not_called_the_shortest(
    broken: Answered,
) -> None:
    (each,) = broken.answer.searched
    cut = attrs.evolve(each.outcome, reason=LimitReason.STATES.value)
    early = answered(searched(cut, "vcpu0-only"), "vcpu0-only")

    told = told_answer(early)
    assert told.startswith("every guest: unsafe, in 16 steps, on general/own-words-2: vcpu1 ")
    assert told.endswith(
        "; shorter runs are possible: on general/own-words-2, the limit on states was reached "
        "(--max-states 100000)"
    )
    assert "--max-states 100000" in list(answer_lines(early, 200, ""))[-1]


def test_what_was_not_judged_is_never_safe_for_every_guest() -> None:
    unread = answered(searched(outcome(Verdict.UNDETERMINED, gap="a hunk")))
    assert told_answer(unread) == "every guest: undetermined: not all was judged"


OTHER = """\
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (now_enabled != was_enabled && GATE)
		stage2_flush_vm(vcpu->kvm);
	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
"""


@pytest.mark.parametrize(
    ("gate", "why"),
    [
        (
            "vcpu->vcpu_id < 8",
            "on the general guests some of its conditions only ever come to the same",
        ),
        ("true", ""),
    ],
)
def test_code_that_no_general_guest_shows_is_never_safe_for_every_guest(
    gate: str, why: str, tmp_path: Path
) -> None:
    path = tmp_path / "gated.c"
    path.write_text(OTHER.replace("GATE", gate), "utf-8")
    policy = load_policy(str(path))
    cell = attrs.evolve(QUESTION, policy=policy).cell(GUEST)
    each = SearchedGuest(cell, explore_cell(cell))

    told = Answered(str(path), policy, (), EveryGuest((each,)))
    verdict = Verdict.UNDETERMINED if why else Verdict.SAFE
    assert (told.verdict, told.left_open) == (verdict, why)


def test_of_a_policy_whose_code_no_general_guest_runs_nothing_is_said(tmp_path: Path) -> None:
    path = tmp_path / "gated.c"
    path.write_text(OTHER.replace("GATE", "true"), "utf-8")
    policy = load_policy(str(path))
    none = outcome(Verdict.SAFE, statements=frozenset(), decisions=frozenset())
    each = SearchedGuest(attrs.evolve(QUESTION, policy=policy).cell(GUEST), none)

    told = told_answer(Answered(str(path), policy, (), EveryGuest((each,))))
    assert told == "every guest: undetermined: no general guest runs any of it"


def test_a_check_has_a_row_a_policy_and_one_footnote(broken: Answered) -> None:
    lines = list(answer_table([answered(searched(outcome(Verdict.SAFE))), broken], 80))

    states = broken.answer.states
    assert lines[:3] == [
        "  policy      every guest       vCPUs  states          shortest on",
        "  upstream    safe                  2      10",
        f"  vcpu0-only  unsafe: stale 16      2  {states:>6}  general/own-words-2",
    ]
    assert lines[3:7] == [
        "  vcpu0-only: vcpu1 loads a stale b at step 16 (exact step 14, cause 10), on",
        "    general/own-words-2",
        "    kvmcache-tui scenario general/own-words-2 --policy vcpu0-only \\",
        "      --counterexample stale --at 14",
    ]
    assert " ".join(lines[7:]) == FOOTNOTE
