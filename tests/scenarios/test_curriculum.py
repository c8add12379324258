"""What the shipped scenarios say, and whether their own runs show it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from engine.arm.a64.maintenance import CleanOperation
from engine.findings import Finding, Kind
from engine.machine.actors import VMM
from engine.machine.effects import (
    Effect,
    FlushBegun,
    LineFlushed,
    Loaded,
    Maintained,
    RegisterWritten,
    Trapped,
    WrittenBack,
)
from engine.machine.state import WalkPurpose
from engine.transition import Step
from scenarios.library import load_scenario
from scenarios.names import policy_names, policy_title, scenario_names
from scenarios.policy_library import load_policy
from scenarios.schedule import Played, play

WIDEST = 78
"""What is left of a line for a title or a caption."""

NOT_IN_ITS_OWN_RUN = {
    "flush-under-way": ("last-to-enable",),
    "four-vcpus-64-lines": ("coalesced-wrong", "last-to-enable"),
    "message-after-enable": ("coalesced-wrong",),
    "one-vendors-cpus": ("coalesced-wrong", "last-to-enable"),
    "reboot-all-vcpus": ("coalesced-wrong",),
    "reboot-one-vcpu": ("coalesced-wrong", "last-to-enable"),
    "secondary-stale-line": ("coalesced-wrong", "last-to-enable"),
    "set-way-on-secondary": ("coalesced-wrong", "last-to-enable"),
    "trap-without-toggle": ("coalesced-wrong", "last-to-enable"),
    "vmm-reads-after-enable": ("coalesced-wrong", "last-to-enable"),
}
"""Policies that break in other interleavings only: with another flush under way, or with vcpu0
enabling last."""


@cache
def played(scenario: str, policy: str) -> Played:
    loaded = load_scenario(scenario)
    return play(loaded.machine(load_policy(policy)), loaded.schedule)


def findings(scenario: str, policy: str) -> tuple[Finding, ...]:
    return played(scenario, policy).timeline.findings


def kinds(scenario: str, policy: str) -> set[Kind]:
    return {finding.kind for finding in findings(scenario, policy)}


def steps(scenario: str, policy: str) -> tuple[Step, ...]:
    return played(scenario, policy).timeline.steps


def effects(scenario: str, policy: str) -> Iterator[Effect]:
    for step in steps(scenario, policy):
        yield from step.effects


def flushes(scenario: str, policy: str) -> int:
    return sum(
        isinstance(effect, FlushBegun) and effect.flushes_vm for effect in effects(scenario, policy)
    )


def lines_flushed(scenario: str, policy: str) -> int:
    return sum(
        isinstance(effect, LineFlushed) and effect.purpose is WalkPurpose.FLUSH_VM
        for effect in effects(scenario, policy)
    )


@pytest.mark.parametrize("scenario", scenario_names())
def test_a_scenario_expects_something_of_every_built_in_policy_once(scenario: str) -> None:
    expected = [expectation.policy for expectation in load_scenario(scenario).expect]

    assert sorted(expected) == list(policy_names())


def test_the_policies_stand_in_the_same_order_in_every_scenario() -> None:
    orders = {
        tuple(expectation.policy for expectation in load_scenario(name).expect)
        for name in scenario_names()
    }

    assert len(orders) == 1


@pytest.mark.parametrize("scenario", scenario_names())
def test_a_scenario_says_what_it_is_about(scenario: str) -> None:
    loaded = load_scenario(scenario)

    assert len(loaded.title) <= WIDEST
    assert not loaded.title.endswith(".")
    assert len(loaded.teaches.split()) > 40
    assert loaded.teaches.rstrip().endswith(".")


def test_no_two_scenarios_and_no_two_policies_are_introduced_alike() -> None:
    titles = [load_scenario(name).title for name in scenario_names()]
    captions = [policy_title(name) for name in policy_names()]

    assert len(set(titles)) == len(titles)
    assert len(set(captions)) == len(captions)


@pytest.mark.parametrize("policy", policy_names())
def test_a_policy_is_introduced_in_one_line(policy: str) -> None:
    source = load_policy(policy).source.text

    assert policy_title(policy) + ".\n" in source
    assert len(policy_title(policy)) <= WIDEST


@pytest.mark.parametrize("scenario", scenario_names())
def test_every_note_stands_at_a_step_of_the_run_under_upstream(scenario: str) -> None:
    loaded, run = load_scenario(scenario), played(scenario, "upstream")

    assert loaded.notes
    assert [note.entry for note in loaded.notes] == sorted({note.entry for note in loaded.notes})
    assert sum(len(texts) for texts in run.notes(loaded.notes).values()) == len(loaded.notes)


def test_under_upstream_nothing_is_passed_over_but_an_eviction() -> None:
    skipped = {
        name: tuple(skip.text for skip in played(name, "upstream").skipped)
        for name in scenario_names()
        if played(name, "upstream").skipped
    }

    assert skipped == {"false-sharing": ("evict x",)}


@pytest.mark.parametrize("scenario", scenario_names())
def test_the_run_under_upstream_shows_what_is_expected_of_upstream(scenario: str) -> None:
    expected = load_scenario(scenario).expectation("upstream")

    assert expected is not None
    assert kinds(scenario, "upstream") == set(expected.kinds)


@pytest.mark.parametrize("scenario", scenario_names())
def test_a_broken_policy_breaks_in_the_scenarios_own_run(scenario: str) -> None:
    expected = load_scenario(scenario).expect
    broken = {expectation.policy for expectation in expected if not expectation.safe}
    shown = {policy for policy in policy_names() if findings(scenario, policy)}

    assert shown <= broken
    assert broken - shown == set(NOT_IN_ITS_OWN_RUN.get(scenario, ()))


def test_every_broken_policy_breaks_in_some_scenarios_run() -> None:
    shown = {
        policy
        for name in scenario_names()
        for policy in policy_names()
        if findings(name, policy) and not findings(name, "upstream")
    }

    assert set(policy_names()) - shown == {
        "clear-before-flush",
        "coalesced",
        "coalesced-set-way",
        "keep-trapping",
        "upstream",
    }


def test_a_flag_set_before_the_flush_breaks_where_one_set_after_it_holds() -> None:
    assert kinds("parallel-bring-up", "first-to-enable") == {Kind.STALE}
    assert kinds("parallel-bring-up", "first-to-enable-late") == set()


def test_a_flush_that_was_under_way_is_not_shared_by_the_right_rule() -> None:
    assert flushes("flush-under-way", "coalesced") == 2
    assert flushes("flush-under-way", "coalesced-wrong") == 1


@pytest.mark.parametrize(
    ("policy", "calls"),
    [("upstream", 4), ("coalesced", 2), ("coalesced-set-way", 2), ("vcpu0-only", 1), ("never", 0)],
)
def test_four_vcpus_flush_as_often_as_the_text_says(policy: str, calls: int) -> None:
    assert flushes("four-vcpus-64-lines", policy) == calls
    assert lines_flushed("four-vcpus-64-lines", policy) == 64 * calls


def test_the_message_breaks_for_the_vcpu_that_flushed() -> None:
    (finding,) = findings("message-after-enable", "vcpu0-only")
    flushers = {
        effect.actor
        for effect in effects("message-after-enable", "vcpu0-only")
        if isinstance(effect, FlushBegun)
    }

    assert (finding.actor, flushers) == (0, {0})


def test_the_flush_at_the_secondarys_switch_is_what_loses_its_store() -> None:
    lost = next(
        finding for finding in findings("false-sharing", "upstream") if finding.kind is Kind.LOST
    )
    step = steps("false-sharing", "upstream")[lost.step - 1]

    assert lost.actor == 1
    assert LineFlushed(1, WalkPurpose.FLUSH_VM, 0) in step.effects


def test_a_vcpu_back_from_cpu_off_is_blamed_on_a_write_that_did_not_trap() -> None:
    (finding,) = findings("psci-off-and-on", "upstream")
    assert finding.cause is not None
    step = steps("psci-off-and-on", "upstream")[finding.cause - 1]

    writes = [effect for effect in step.effects if isinstance(effect, RegisterWritten)]
    assert [(write.vcpu, write.trapped) for write in writes] == [(1, False)]


def test_with_fwb_nothing_traps() -> None:
    assert not any(isinstance(effect, Trapped) for effect in effects("fwb", "upstream"))


def test_a_guests_ivac_writes_its_dirty_line_back() -> None:
    step = next(
        step
        for step in steps("dc-ivac", "upstream")
        if any(isinstance(effect, Maintained) for effect in step.effects)
    )

    assert Maintained(0, 0, CleanOperation.IVAC, CleanOperation.CIVAC) in step.effects
    assert WrittenBack(0) in step.effects


def test_the_image_reaches_ram_at_the_fault() -> None:
    step = next(
        step
        for step in steps("image-mapped-on-fault", "upstream")
        if any(isinstance(effect, LineFlushed) for effect in step.effects)
    )

    assert step.effects == (
        LineFlushed(0, WalkPurpose.MAP_PAGE, 0),
        WrittenBack(0),
        *step.effects[2:],
    )


@pytest.mark.parametrize(
    ("scenario", "policy"),
    [("vmm-reads-after-enable", "vcpu0-only"), ("vmm-reads-before-enable", "upstream")],
)
def test_it_is_the_vmm_that_reads_a_stale_request(scenario: str, policy: str) -> None:
    assert [finding.actor for finding in findings(scenario, policy)] == [VMM]


def test_a_restored_guests_set_way_operation_flushes_nothing_under_upstream() -> None:
    assert flushes("migrated-with-caches-on", "upstream") == 1
    loads = [
        effect.version.value
        for effect in effects("migrated-with-caches-on", "upstream")
        if isinstance(effect, Loaded)
    ]
    assert loads == [7, 8]
