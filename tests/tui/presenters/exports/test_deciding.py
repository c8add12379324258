from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

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
