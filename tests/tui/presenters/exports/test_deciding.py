from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.provenance.reasons import Blamed
from engine.provenance.why import why
from scenarios.names import scenario_names
from tui.presenters.exports.deciding import Deciding, deciding
from tui.presenters.exports.shared import SharedRun

POLICIES = Path(__file__).parents[3] / "policies"


def decided(run: SharedRun) -> tuple[Deciding, ...]:
    timeline = run.played.timeline
    return deciding(timeline, timeline.findings)


def test_a_flush_that_was_skipped_is_decided_by_a_condition_and_its_values(
    shared: Callable[..., SharedRun],
) -> None:
    assert decided(shared("secondary-stale-line")) == (
        Deciding(
            "The line that decides, at step 20, vcpu0-only.c:12, for vcpu1:",
            ("if (vcpu->vcpu_id == 0)",),
            "vcpu->vcpu_id is 1, so 1 == 0 is false: nothing is flushed.",
        ),
    )


def test_a_policy_without_a_flush_decides_where_it_begins(shared: Callable[..., SharedRun]) -> None:
    assert decided(shared("single-vcpu-boot", "never"))[0] == Deciding(
        "The line that decides, at step 5, never.c:7, for vcpu0:",
        ("bool now_enabled = vcpu_has_cache_enabled(vcpu);",),
        "No road of this function flushes.",
    )


def test_a_run_that_holds_is_told_by_the_condition_before_the_flush_that_mattered(
    shared: Callable[..., SharedRun],
) -> None:
    assert decided(shared("secondary-stale-line", "upstream")) == (
        Deciding(
            "The line that lets vcpu1 flush at step 19, upstream.c:11:",
            ("if (now_enabled != was_enabled)",),
            "now_enabled is 1, was_enabled is 0, so 1 != 0 is true.",
        ),
    )


def test_a_vcpu_that_is_stuck_is_told_by_where_it_waits(shared: Callable[..., SharedRun]) -> None:
    run = shared("parallel-bring-up", str(POLICIES / "mutex-left-locked.c"))

    assert decided(run) == (
        Deciding(
            "Where vcpu1 waits, mutex-left-locked.c:8:",
            ("mutex_lock(&toggle_mutex);",),
            "What it waits for never comes.",
        ),
    )


def test_a_candidate_of_a_mail_is_quoted_by_the_line_of_the_mail(
    shared: Callable[..., SharedRun], tmp_path: Path
) -> None:
    path = tmp_path / "mail.txt"
    path.write_text(
        "Subject: less\n\nHow about this?\n\n"
        "void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)\n{\n"
        "\tbool now_enabled = vcpu_has_cache_enabled(vcpu);\n\n"
        "\tif (now_enabled != was_enabled && vcpu->vcpu_id == 0)\n"
        "\t\tstage2_flush_vm(vcpu->kvm);\n"
        "\tif (now_enabled)\n\t\t*vcpu_hcr(vcpu) &= ~HCR_TVM;\n}\n"
    )

    (one,) = decided(shared("secondary-stale-line", f"{path}#1"))

    assert one == Deciding(
        f"The line that decides, at step {one.before.split()[6][:-1]}, mail.txt:9, for vcpu1:",
        ("if (now_enabled != was_enabled && vcpu->vcpu_id == 0)",),
        one.after,
    )
    assert "vcpu->vcpu_id is 1" in one.after


def test_where_another_s_access_is_the_cause_the_skip_of_who_wrote_the_word_is_quoted(
    shared: Callable[..., SharedRun],
) -> None:
    assert decided(shared("message-after-enable")) == (
        Deciding(
            "The cause, step 16:",
            (),
            "vcpu1 stores 1 to x around the caches (Device-nGnRnE): RAM is 1, the cached copy is "
            "still 0.",
        ),
        Deciding(
            "The line that decides, at step 21, vcpu0-only.c:12, for vcpu1:",
            ("if (vcpu->vcpu_id == 0)",),
            "vcpu->vcpu_id is 1, so 1 == 0 is false: nothing is flushed.",
        ),
    )


def test_where_no_flush_was_decided_against_no_line_of_the_policy_is_said_to_decide(
    shared: Callable[..., SharedRun],
) -> None:
    (only,) = decided(shared("message-before-enable", "upstream"))

    assert only.before == "The cause, step 15; no line of the policy decides here:"
    assert only.source == ()


@pytest.mark.parametrize("policy", ["vcpu0-only", "never", "refcount"])
def test_what_the_policy_introduces_is_never_without_its_say_and_quotes_a_line_of_it(
    policy: str, shared: Callable[..., SharedRun]
) -> None:
    introduced = 0
    for name in scenario_names():
        with_upstream = shared(name, "upstream").played.timeline.findings
        own = {finding.kind for finding in with_upstream}
        timeline = shared(name, policy).played.timeline
        for finding in timeline.findings:
            if finding.kind not in own:
                introduced += 1
                reasons = why(timeline, finding)
                blamed = [reason for reason in reasons if isinstance(reason, Blamed)]
                assert all(reason.kvm_had_say for reason in blamed), name
                assert any(each.source for each in deciding(timeline, (finding,))), name
    assert introduced
