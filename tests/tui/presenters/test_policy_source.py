from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.machine.effects import Operand
from engine.timeline import Timeline
from tui.presenters.policy_source import in_values, policy_listing
from tui.presenters.whereabouts import whereabouts

Run = Callable[..., Timeline]


def shown(timeline: Timeline, width: int = 66) -> dict[str, str]:
    """The marked lines, each with its gutter, by the code on it."""
    listing = policy_listing(timeline, width)
    return {
        listing.lines[index].strip(): " ".join(
            listing.row(index, width).text.replace(listing.numbers[index], "", 1).split()
        )
        for index in sorted(listing.marks)
    }


def test_at_the_start_the_toggle_is_in_sight_and_nobody_is_there(run: Run) -> None:
    listing = policy_listing(run("secondary-stale-line"), 60)
    first, last = listing.focus
    assert listing.title == "kvm_toggle_cache() in vcpu0-only.c"
    assert listing.lines[first].startswith("void kvm_toggle_cache(")
    assert listing.lines[last] == "}"
    assert listing.marks == {}


def test_the_decided_condition_shows_its_values_and_the_flush_it_skipped(run: Run) -> None:
    assert shown(run("secondary-stale-line").seek(20)) == {
        "bool now_enabled = vcpu_has_cache_enabled(vcpu);": (
            "bool now_enabled = vcpu_has_cache_enabled(vcpu);"
        ),
        "if (now_enabled != was_enabled) {": "if (now_enabled != was_enabled) { true: 1 != 0",
        "if (vcpu->vcpu_id == 0)": "* if (vcpu->vcpu_id == 0) false: 1 == 0, flush SKIPPED",
        "if (now_enabled)": "1> if (now_enabled)",
    }


def test_back_in_the_guest_the_condition_that_skipped_stays_in_sight(run: Run) -> None:
    listing = policy_listing(run("secondary-stale-line").seek(24), 60)
    assert listing.lines[listing.focus[0]].strip() == "if (vcpu->vcpu_id == 0)"


def test_during_a_flush_the_vcpu_is_at_the_statement_after_the_call(run: Run) -> None:
    assert shown(run("secondary-stale-line").seek(7))["if (now_enabled)"] == "0> if (now_enabled)"


def test_operands_are_replaced_by_their_values_as_whole_words_only() -> None:
    operands = (Operand("a", 1), Operand("was", 0), Operand("vcpu->arch.a", 4096))
    assert in_values("a != was && vcpu->arch.a", operands) == "1 != 0 && 0x1000"
    assert in_values("always", ()) == "always"


def test_a_condition_over_several_lines_is_shown_on_one() -> None:
    assert in_values("a &&\n\t\tb", (Operand("a", 1), Operand("b", 0))) == "1 && 0"


def test_each_line_has_its_number(run: Run) -> None:
    listing = policy_listing(run("secondary-stale-line"), 60)
    lines = (len(listing.numbers), listing.numbers[0], listing.numbers[-1])
    assert lines == (len(listing.lines), " 1", str(len(listing.lines)))
    assert listing.row(0, 20).text == "     1 /*           "


def test_code_from_a_mail_has_the_numbers_of_the_mails_lines(run: Run, tmp_path: Path) -> None:
    code = (
        "void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)\n"
        "{\n\tstage2_flush_vm(vcpu->kvm);\n}\n"
    )
    mail = tmp_path / "mail.txt"
    mail.write_text(f"From: a@b.c\nSubject: idea\n\nHello,\n\n{code}\nRegards\n")
    timeline = run("secondary-stale-line", str(mail))
    listing = policy_listing(timeline.seek(2), 60)
    numbered = dict(zip(listing.numbers, listing.lines, strict=True))
    assert numbered["8"].strip() == "stage2_flush_vm(vcpu->kvm);"
    assert whereabouts(timeline.seek(2).machine, 0) == "KVM kvm_toggle_cache:8"
