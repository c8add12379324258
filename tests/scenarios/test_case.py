from __future__ import annotations

from collections.abc import Callable

import attrs
import pytest

from scenarios.case import Case, Subject, Words, flat, hardware_options
from scenarios.hardware import OWN_HARDWARE, HardwareChoice
from scenarios.policy_library import load_policy

Open = Callable[..., Case]


def test_a_case_is_opened_by_the_words_that_the_user_asked_for_it_by(case: Open) -> None:
    options = (("--config", "X=y"), ("--fwb", "off"))
    asked = attrs.evolve(case(), scenario_spec="mine.toml", policy_spec="fix.c", options=options)
    assert asked.words(("--at", "24"), ("--batch", "-")) == (
        ("kvmcache-tui", "mine.toml"),
        ("--policy", "fix.c"),
        ("--config", "X=y"),
        ("--fwb", "off"),
        ("--at", "24"),
        ("--batch", "-"),
    )
    assert list(flat(asked.words(("--batch", "-")))) == [
        *("kvmcache-tui", "mine.toml", "--policy", "fix.c"),
        *("--config", "X=y", "--fwb", "off", "--batch", "-"),
    ]


@pytest.mark.parametrize(
    "choice",
    [
        OWN_HARDWARE,
        HardwareChoice(fwb=True),
        HardwareChoice(fwb=False, implementor=0x48),
        HardwareChoice(implementor=0xFE),
    ],
)
def test_the_hardware_that_the_user_chose_is_among_the_words(
    choice: HardwareChoice, case: Open
) -> None:
    options = (("--config", "X=y"), *hardware_options(choice))
    assert attrs.evolve(case(), options=options).hardware == choice


def test_a_case_that_was_asked_for_by_names_is_opened_by_them(case: Open) -> None:
    assert case().words() == (
        ("kvmcache-tui", "secondary-stale-line"),
        ("--policy", "vcpu0-only"),
    )


def test_its_subject_is_what_it_is_called_not_how_it_was_asked_for(case: Open) -> None:
    asked = attrs.evolve(case(), scenario_spec="a/b.toml", policy_spec="c/d.c")
    assert asked.subject == Subject(
        "secondary-stale-line",
        "A secondary vCPU enables its caches over a stale line",
        "vcpu0-only",
    )


def test_under_another_policy_only_the_policy_is_another(case: Open) -> None:
    options = (("--fwb", "off"),)
    before = attrs.evolve(case(), options=options)
    policy = load_policy("upstream")
    after = before.under(policy, "some/upstream.c")
    assert (after.scenario, after.scenario_spec) == (before.scenario, before.scenario_spec)
    assert (after.policy, after.policy_spec) == (policy, "some/upstream.c")
    assert (after.options, after.base) == (options, before.base)
    assert after.machine.setup.policy is policy


@pytest.mark.parametrize(
    ("choice", "options"),
    [
        (OWN_HARDWARE, ()),
        (HardwareChoice(fwb=True), (("--fwb", "on"),)),
        (HardwareChoice(fwb=False), (("--fwb", "off"),)),
        (HardwareChoice(implementor=0x43), (("--implementor", "cavium"),)),
        (
            HardwareChoice(fwb=False, implementor=0x7F),
            (("--fwb", "off"), ("--implementor", "0x7f")),
        ),
    ],
)
def test_chosen_hardware_is_chosen_again_by_its_options(
    choice: HardwareChoice, options: Words
) -> None:
    assert hardware_options(choice) == options
