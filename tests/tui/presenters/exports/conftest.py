from __future__ import annotations

from collections.abc import Callable

import pytest

from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from scenarios.reader import read_scenario
from scenarios.schedule import play
from tui.command_line.run_report import Run


@pytest.fixture
def shared() -> Callable[..., Run]:
    """Play a shipped scenario, or one given as TOML, under a built-in policy, to be shared."""

    def played(scenario: str, policy: str = "vcpu0-only", spec: str | None = None) -> Run:
        if "\n" in scenario:
            loaded = read_scenario(scenario.encode(), name="test", file="test.toml")
        else:
            loaded = load_scenario(scenario)
        compiled = load_policy(policy)
        done = play(loaded.machine(compiled), loaded.schedule)
        return Run(spec or loaded.name, policy, (), loaded, compiled, done)

    return played
