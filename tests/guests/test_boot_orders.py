"""Boot code as it is written: whole bring-up orders, from the architecture's steps, judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.explorer.explore import Exploration, explore
from engine.findings import Kind
from engine.transition import movers
from scenarios.file.reader import read_scenario
from scenarios.policy_library import load_policy
from scenarios.scenario import Expectation, Scenario
from scenarios.schedule import play

FILES = ("linux-like", "loader-like", "firmware-like")


def read(name: str, without: str = "") -> Scenario:
    """Read a file of this directory, with `nop` in the place of an instruction."""
    text = (Path(__file__).parent / f"{name}.toml").read_text("utf-8")
    if without:
        assert without in text
        text = text.replace(without, "nop")
    return read_scenario(text.encode(), name=name, file=f"{name}.toml")


def explored(scenario: Scenario, policy: str) -> Exploration:
    return explore(scenario.machine(load_policy(policy)))


def found(scenario: Scenario, policy: str) -> tuple[Kind, ...]:
    exploration = explored(scenario, policy)
    assert exploration.reason is None
    return tuple(example.finding.kind for example in exploration.counterexamples)


@pytest.mark.parametrize("name", FILES)
def test_every_expectation_is_what_can_happen(name: str) -> None:
    scenario = read(name)
    assert scenario.expect == tuple(
        Expectation(each.policy, found(scenario, each.policy)) for each in scenario.expect
    )


@pytest.mark.parametrize("name", FILES)
def test_the_schedule_plays_the_whole_boot(name: str) -> None:
    scenario = read(name)
    played = play(scenario.machine(load_policy("upstream")), scenario.schedule)
    assert played.skipped == ()
    assert movers(played.timeline.seek(len(played.timeline.steps)).machine) == ()


def test_a_kernel_that_does_not_invalidate_what_it_stored_relies_on_the_flush() -> None:
    trusting = read("linux-like", "dc      ivac, x0")
    assert found(trusting, "upstream") == ()
    assert found(trusting, "vcpu0-only") == ()
    # Old arguments make it follow a null pointer.
    assert found(trusting, "never") == (Kind.STALE, Kind.FAULT)


def test_a_firmware_that_does_not_clean_its_stack_relies_on_the_flush_and_is_led_astray() -> None:
    trusting = read("firmware-like", "dc      civac, x0")
    assert found(trusting, "upstream") == ()
    assert Kind.STALE in found(trusting, "never")


def test_a_pen_whose_mailbox_is_not_cleaned_reads_what_it_may() -> None:
    dirty = read("firmware-like", "dc      cvac, x0")
    assert Kind.STALE not in found(dirty, "upstream")


def test_a_loader_that_does_not_clean_leaves_the_kernel_its_old_image() -> None:
    dirty = read("loader-like", "dc      cisw, x9")
    assert found(dirty, "upstream") == (Kind.STALE,)
