from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.machine.actors import VMM
from engine.machine.effects import OperandValue
from engine.machine.events import KvmExecutes
from engine.policy.frame import CFrame
from engine.query.locations import location
from engine.query.triggers import AtLine, code_lines, firing
from engine.timeline import Timeline
from scenarios.library import load_scenario
from scenarios.names import policy_names
from scenarios.policy_library import load_policy
from scenarios.schedule import play
from tui.presenters.panels.policy_source import policy_listing, policy_state
from tui.presenters.panels.whereabouts import whereabouts
from tui.presenters.words import in_values

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
    operands = (OperandValue("a", 1), OperandValue("was", 0), OperandValue("vcpu->arch.a", 4096))
    assert in_values("a != was && vcpu->arch.a", operands) == "1 != 0 && 0x1000"
    assert in_values("always", ()) == "always"


def test_a_condition_over_several_lines_is_shown_on_one() -> None:
    assert in_values("a &&\n\t\tb", (OperandValue("a", 1), OperandValue("b", 0))) == "1 && 0"


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


def test_each_line_with_a_statement_names_the_place_to_stop_at_there(run: Run) -> None:
    listing = policy_listing(run("secondary-stale-line"), 80)
    stops = {stop: listing.lines[at].strip() for at, stop in enumerate(listing.stops) if stop}
    assert stops == {
        "vcpu0-only.c:9": "bool now_enabled = vcpu_has_cache_enabled(vcpu);",
        "vcpu0-only.c:11": "if (now_enabled != was_enabled) {",
        "vcpu0-only.c:12": "if (vcpu->vcpu_id == 0)",
        "vcpu0-only.c:13": "stage2_flush_vm(vcpu->kvm);",
        "vcpu0-only.c:16": "if (now_enabled)",
        "vcpu0-only.c:17": "*vcpu_hcr(vcpu) &= ~HCR_TVM;",
        "vcpu0-only.c:19": "trace_kvm_toggle_cache(*vcpu_pc(vcpu), was_enabled, now_enabled);",
        "vcpu0-only.c:20": "}",
    }


POLICIES = [
    *policy_names(),
    *(str(path) for path in sorted((Path(__file__).parents[3] / "policies").glob("v*.c"))),
]


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: Path(policy).stem)
def test_what_a_line_names_is_understood_and_stops_where_the_arrow_comes_to_it(
    run: Run, policy: str
) -> None:
    timeline = run("secondary-stale-line", policy)
    setup = timeline.initial.setup
    arrived = 0
    for step in range(1, len(timeline.steps) + 1):
        event, machine = timeline.steps[step - 1].event, timeline.seek(step).machine
        if not isinstance(event, KvmExecutes) or event.actor == VMM:
            continue
        stack = machine.stack(event.actor)
        if stack and isinstance(stack[-1], CFrame):
            listing = policy_listing(timeline.seek(step), 80)
            trigger = location(listing.stop(listing.focus[0]), setup)
            assert isinstance(trigger, AtLine)
            assert firing(trigger, timeline)(step)
            arrived += 1
    assert arrived > 0


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: Path(policy).stem)
def test_the_lines_with_a_place_to_stop_at_are_those_with_a_statement(
    run: Run, policy: str
) -> None:
    timeline = run("secondary-stale-line", policy)
    setup = timeline.initial.setup
    listing = policy_listing(timeline, 200)
    # A policy without a toggle of its own has the built-in one, in a source of its own.
    (source,) = (each for each in setup.policy.sources if f" in {each.name}" in listing.title)
    assert [location(stop, setup) for stop in listing.stops if stop] == [
        AtLine(source.name, line) for line in code_lines(setup.policy, source)
    ]


def run(policy: str) -> Timeline:
    scenario = load_scenario("secondary-stale-line")
    return play(scenario.machine(load_policy(policy)), scenario.schedule).timeline


def innermost(timeline: Timeline, vcpu: int) -> CFrame | None:
    frames = [each for each in timeline.machine.stack(vcpu) if isinstance(each, CFrame)]
    return frames[-1] if frames else None


def test_the_locals_of_a_call_are_shown_without_its_pointers() -> None:
    timeline = run("vcpu0-only").seek(20)
    shown = policy_state(timeline.machine, 1, innermost(timeline, 1))
    assert shown == "was_enabled 0, now_enabled 1"


def test_the_policys_own_state_is_shown_whoever_runs_it() -> None:
    timeline = run("first-to-enable")
    before = policy_state(timeline.seek(0).machine, None, None)
    after = policy_state(timeline.seek(len(timeline.steps)).machine, 1, None)
    assert before != after
    assert before.endswith(" 0")
    assert after.endswith(" 1")


def test_where_there_is_nothing_to_show_nothing_is_shown() -> None:
    assert policy_state(run("upstream").seek(0).machine, None, None) == ""
