from __future__ import annotations

from collections.abc import Callable

from scenarios.policy_library import load_policy
from tui.commands.prompt import perform
from tui.presenters.panels.side_by_side import told_alike
from tui.presenters.status.compared import comparison_lines
from tui.session.comparison import Comparison
from tui.session.session import Session

Open = Callable[..., Session]

STALE = (
    "this run: unsafe, STALE: vcpu1 loads x = 0 at step 26 but wrote 1; exact step 24, "
    "cause step 20 (flush skipped)"
)


def lines(comparison: Comparison) -> list[str]:
    where = comparison.differences
    return list(
        comparison_lines(comparison.lockstep, comparison.names, where.first, where.first_in_memory)
    )


def under(session: Session, policy: str) -> Comparison:
    return Comparison.under(session, session.case.under(load_policy(policy), policy), told_alike)


def test_it_says_where_two_policies_part_and_from_where_on_memory_differs(session: Open) -> None:
    assert lines(under(session(), "upstream")) == [
        f"A vcpu0-only: {STALE}",
        "B upstream: this run: safe, no finding in 27 steps",
        "they part at row 5 of 28 rows",
        "  A step 5: KVM, for vcpu0, decides `vcpu->vcpu_id == 0`: true (vcpu->vcpu_id is 0).",
        "  B still at step 4",
        "their memory first differs at row 21",
        "  A still at step 20",
        "  B step 20: stage2_flush_vm() cleans and invalidates the line of x to the PoC: the clean "
        "copy (x = 0) is dropped.",
    ]


def test_a_policy_beside_itself_is_the_same_to_the_end(session: Open) -> None:
    assert lines(under(session(), "vcpu0-only")) == [
        f"A vcpu0-only: {STALE}",
        f"B vcpu0-only: {STALE}",
        "the same to the end, in 26 rows",
    ]


def test_policies_may_part_without_a_difference_in_memory(session: Open) -> None:
    assert lines(under(session("dc-ivac", "upstream"), "never")) == [
        "A upstream: this run: safe, no finding in 14 steps",
        "B never: this run: safe, no finding in 10 steps",
        "they part at row 3 of 14 rows",
        "  A step 3: KVM, for vcpu0, executes `bool now_enabled = vcpu_has_cache_enabled(vcpu)`: "
        "now_enabled is 1.",
        "  B step 3: KVM, for vcpu0, executes `bool now_enabled = vcpu_has_cache_enabled(vcpu)`: "
        "now_enabled is 1; no road of this policy flushes.",
        "their memory is the same to the end",
    ]


def test_a_side_that_does_nothing_stays_where_it_is(session: Open) -> None:
    branched, _ = perform(session(at=13), "take vcpu1")
    main, _ = perform(branched, "switch main")
    assert lines(Comparison.of_branches(main, "branch1", told_alike))[2:] == [
        "they part at row 14 of 26 rows",
        "  A step 14: pcpu0 speculatively fills the line of x from RAM: the cached copy is x = 0.",
        "  B still at step 13",
        "their memory first differs at row 14",
        "  A step 14: pcpu0 speculatively fills the line of x from RAM: the cached copy is x = 0.",
        "  B still at step 13",
    ]
