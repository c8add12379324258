from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from engine.arm.registers import Hcr
from engine.policy.policy import AsksFwb, AsksImplementor, HardwareQuestion, Policy
from engine.refusal import RefusedError
from scenarios.hardware import (
    OWN_HARDWARE,
    HardwareChoice,
    choices_for,
    fit,
    implementor_name,
    read_implementor,
)
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy

POLICIES = Path(__file__).parents[1] / "policies"


def asking(*questions: HardwareQuestion) -> Policy:
    return attrs.evolve(load_policy("upstream"), questions=questions)


@pytest.mark.parametrize(
    ("text", "value"), [("hisilicon", 0x48), ("Arm", 0x41), ("0x48", 0x48), ("72", 72), ("0", 0)]
)
def test_an_implementor_is_read_by_name_or_number(text: str, value: int) -> None:
    assert read_implementor(text) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hisilikon", "an implementor, or its number; did you mean 'hisilicon'?"),
        ("0x100", "0 to 0xff"),
        ("256", "0 to 0xff"),
    ],
)
def test_what_is_no_implementor_is_refused(text: str, message: str) -> None:
    with pytest.raises(RefusedError) as refused:
        read_implementor(text)

    assert (refused.value.found, refused.value.what_to_do) == (f"'{text}'", message)


def test_an_implementor_without_a_name_is_a_number() -> None:
    assert (implementor_name(0x48), implementor_name(0x05)) == ("hisilicon", "0x5")


def test_a_policy_that_asks_nothing_is_judged_on_the_scenarios_own_hardware() -> None:
    assert choices_for(load_policy("upstream")) == (OWN_HARDWARE,)


def test_a_policy_is_judged_on_each_implementor_it_names_and_on_another() -> None:
    policy = load_policy(str(POLICIES / "gate-on-implementor.c"))

    assert choices_for(policy) == (
        HardwareChoice(implementor=0x48),
        HardwareChoice(implementor=0x41),
    )


def test_the_other_implementor_is_none_of_those_that_are_named() -> None:
    policy = asking(AsksImplementor("ARM", 0x41), AsksImplementor("BRCM", 0x42))

    assert [choice.implementor for choice in choices_for(policy)] == [0x41, 0x42, 0x43]


def test_a_policy_that_names_every_implementor_is_judged_on_no_other() -> None:
    policy = asking(*(AsksImplementor(hex(value), value) for value in range(256)))

    assert [choice.implementor for choice in choices_for(policy)] == list(range(256))


def test_a_policy_is_judged_without_and_with_fwb_where_it_asks() -> None:
    policy = asking(AsksFwb(), AsksImplementor("HISI", 0x48))

    assert [(choice.fwb, choice.implementor) for choice in choices_for(policy)] == [
        (False, 0x48),
        (False, 0x41),
        (True, 0x48),
        (True, 0x41),
    ]


def test_what_the_user_gave_is_not_asked_again() -> None:
    policy = asking(AsksFwb(), AsksImplementor("HISI", 0x48))
    given = HardwareChoice(fwb=True, implementor=0x70)

    assert choices_for(policy, given) == (given,)


def test_an_implementor_is_of_no_use_to_a_policy_that_does_not_ask() -> None:
    given = HardwareChoice(fwb=True, implementor=0x70)

    assert choices_for(load_policy("upstream"), given) == (HardwareChoice(fwb=True),)


def test_a_scenario_on_its_own_hardware_is_itself() -> None:
    scenario = load_scenario("secondary-stale-line")

    assert fit(scenario, OWN_HARDWARE) is scenario
    assert fit(scenario, HardwareChoice(fwb=False, implementor=0x41)) is scenario


def test_on_other_hardware_nothing_is_expected() -> None:
    scenario = load_scenario("secondary-stale-line")

    assert scenario.expect
    assert fit(scenario, HardwareChoice(fwb=True)).expect == ()
    assert fit(scenario, HardwareChoice(implementor=0x48)).expect == ()


def test_fwb_takes_the_place_of_tvm_and_back() -> None:
    scenario = load_scenario("secondary-stale-line")

    with_fwb = fit(scenario, HardwareChoice(fwb=True))

    assert with_fwb.hardware == attrs.evolve(scenario.hardware, fwb=True)
    assert {vcpu.hcr_el2 for vcpu in with_fwb.vcpus} == {Hcr.reset(fwb=True)}
    assert fit(with_fwb, HardwareChoice(fwb=False)) == attrs.evolve(scenario, expect=())
