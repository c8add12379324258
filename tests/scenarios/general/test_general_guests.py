from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from engine.explorer.limits import Limits
from engine.findings import Kind, Verdict
from scenarios.checking import CheckedCell, explore_cell
from scenarios.file.reader import read_scenario
from scenarios.library import load_scenario
from scenarios.names import general_names
from scenarios.policy_library import load_policy
from tests.scenarios.general.sequences import has_more

UPSTREAM = load_policy("upstream")

LOOSER = (
    ("messages-2", "off", "tell", 150_000),
    ("messages-2", "off", "learn", 150_000),
    ("messages-2", "on", "disable", 150_000),
    ("off-and-on-2", "on", "tell", 150_000),
    ("off-and-on-2", "on", "learn", 150_000),
    ("off-and-on-2", "on", "disable", 150_000),
    ("bring-up-2", "on", "store", 400_000),
)
"""Guest, choice, what it must not offer, and within how many states that shows."""


def loosened(text: str, vcpu: int, choice: str, label: str) -> str:
    """Return a general guest, one of whose vCPUs may choose one label more."""
    before, *programs = re.split(r"(?=\[\[vcpu\]\])", text)
    options = re.compile(rf"^({choice}: +choose .*)$", re.M)
    programs[vcpu] = options.sub(rf"\1, {label}", programs[vcpu])
    return "".join((before, *programs))


def program_of(text: str, vcpu: int) -> str:
    """Return the program of a vCPU."""
    return re.findall(r'program = """\n(.*?)"""', text, re.S)[vcpu]


def found(text: str, states: int) -> list[Kind]:
    """Return the kinds of finding that upstream has on a guest within so many states."""
    scenario = read_scenario(text.encode(), name="looser", file="looser.toml")
    cell = CheckedCell(scenario, UPSTREAM, limits=Limits(max_states=states))
    return [each.kind for each in explore_cell(cell).findings]


def additions(program: str) -> Iterator[tuple[str, str]]:
    """Yield each choice of a program with each label that it does not offer."""
    labels = re.findall(r"^(\w+):", program, re.M)
    for choice, options in re.findall(r"^(\w+): +choose +(.*)$", program, re.M):
        offered = {option.strip() for option in options.split(",")}
        yield from ((choice, label) for label in labels if label not in offered | {choice})


@pytest.mark.parametrize("name", general_names())
def test_upstream_is_safe_on_a_general_guest_and_all_of_it_is_reached(name: str) -> None:
    scenario = load_scenario(name)
    outcome = explore_cell(CheckedCell(scenario, UPSTREAM))

    assert len(scenario.vcpus) == int(name[-1])
    assert (outcome.verdict, outcome.reason, outcome.unreached) == (Verdict.SAFE, None, ())


OWN_WORDS = load_scenario("general/own-words-2").text


@pytest.mark.parametrize(("choice", "label"), tuple(additions(program_of(OWN_WORDS, 1))))
def test_own_words_allow_all_that_upstream_allows(choice: str, label: str) -> None:
    looser = loosened(OWN_WORDS, 1, choice, label)

    assert Kind.STALE in found(looser, 60_000) or not has_more(
        program_of(looser, 1), program_of(OWN_WORDS, 1)
    )


@pytest.mark.parametrize(("name", "choice", "label", "states"), LOOSER)
def test_without_a_rule_upstream_breaks(name: str, choice: str, label: str, states: int) -> None:
    text = load_scenario(f"general/{name}").text

    assert found(loosened(text, 1, choice, label), states)
