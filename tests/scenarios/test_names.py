"""Names and titles of what ships, as the readers would give them."""

from __future__ import annotations

import pytest

from scenarios.library import load_scenario
from scenarios.names import (
    SET_WAY,
    general_names,
    policy_names,
    policy_text,
    policy_title,
    scenario_names,
    scenario_title,
    shipped_names,
)


def test_what_ships_is_the_scenarios_and_then_the_general_guests() -> None:
    assert shipped_names() == scenario_names() + general_names()
    assert list(scenario_names()) == sorted(scenario_names())
    assert "secondary-stale-line" in scenario_names()
    assert "general/own-words-2" in general_names()


@pytest.mark.parametrize("name", shipped_names())
def test_a_title_is_the_one_that_the_reader_of_scenarios_reads(name: str) -> None:
    assert scenario_title(name) == load_scenario(name).title != ""


def test_a_policys_title_is_the_first_sentence_of_its_source() -> None:
    for name in policy_names():
        title = policy_title(name)
        words = " ".join(policy_text(name).replace("*", " ").split())
        assert title
        assert words.startswith(f"/ {title}. ")


def test_what_stands_in_for_functions_is_no_policy() -> None:
    assert SET_WAY not in policy_names()
    assert "kvm_set_way_flush" in policy_text(SET_WAY)
