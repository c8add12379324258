from __future__ import annotations

from collections.abc import Callable

import pytest

from scenarios.case import Case
from scenarios.file.reader import read_scenario
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from scenarios.schedule import play
from tui.presenters.exports.shared import SharedRun


@pytest.fixture
def shared() -> Callable[..., SharedRun]:
    """Play a shipped scenario, or one given as TOML, under a built-in policy, to be shared."""

    def played(scenario: str, policy: str = "vcpu0-only", spec: str | None = None) -> SharedRun:
        if "\n" in scenario:
            loaded = read_scenario(scenario.encode(), name="test", file="test.toml")
        else:
            loaded = load_scenario(scenario)
        compiled = load_policy(policy)
        done = play(loaded.machine(compiled), loaded.schedule)
        case = Case(loaded, compiled, spec or loaded.name, policy)
        return SharedRun(case, done)

    return played
