from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import attrs
import pytest

from engine.refusal import RefusedError
from scenarios.library import load_scenario
from scenarios.names import general_names, policy_names, scenario_names, shipped_names


def test_the_shipped_scenarios_are_listed_by_name() -> None:
    names = scenario_names()

    assert set(names) >= {"boot-on-vcpu1", "secondary-stale-line", "single-vcpu-boot"}
    assert names == tuple(sorted(set(names)))


@pytest.mark.parametrize("name", scenario_names())
def test_a_shipped_scenario_loads_by_name(name: str) -> None:
    scenario = load_scenario(name)

    assert scenario.name == name
    assert sorted(expected.policy for expected in scenario.expect) == list(policy_names())
    assert len(scenario.title) <= 72


@pytest.mark.parametrize("name", general_names())
def test_a_general_guest_loads_by_name(name: str) -> None:
    assert load_scenario(name).name == name
    assert name.startswith("general/")
    assert name in shipped_names()


def test_a_scenario_loads_by_path(tmp_path: Path) -> None:
    text = files("scenarios").joinpath("single-vcpu-boot.toml").read_bytes()
    path = tmp_path / "mine.toml"
    path.write_bytes(text)

    assert load_scenario(str(path)) == attrs.evolve(load_scenario("single-vcpu-boot"), name="mine")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (
            "secondary-stal-line",
            "scenario: found 'secondary-stal-line'; expected a scenario's name or file; "
            "did you mean 'secondary-stale-line'?",
        ),
        (
            "zzz",
            "scenario: found 'zzz'; expected a scenario's name or file: "
            f"{', '.join(scenario_names())}",
        ),
        (
            "",
            "scenario: found ''; expected a scenario's name or file: "
            f"{', '.join(scenario_names())}",
        ),
        (
            "a" * 5000,
            f"scenario: found '{'a' * 39}…'; expected a scenario's name or file: "
            f"{', '.join(scenario_names())}",
        ),
        (
            "no/such.toml",
            "no/such.toml: found No such file or directory; expected a readable file",
        ),
        ("/", "/: found Is a directory; expected a readable file"),
        ("a\0b/", "a\0b/: found embedded null byte; expected a readable file"),
        (
            "a" * 5000 + ".toml",
            "a" * 5000 + ".toml: found File name too long; expected a readable file",
        ),
    ],
)
def test_what_is_no_scenario_is_refused(asked: str, message: str) -> None:
    with pytest.raises(RefusedError) as refused:
        load_scenario(asked)

    assert str(refused.value) == message


def test_a_file_that_never_ends_is_refused() -> None:
    with pytest.raises(RefusedError, match="more than 1048576 bytes"):
        load_scenario("/dev/zero")
