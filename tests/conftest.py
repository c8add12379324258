"""Options of all tests, and what they inherit."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings

from engine.timeline import Timeline
from scenarios.case import Case
from scenarios.file.reader import read_scenario
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from scenarios.schedule import play

# Neither how fast a machine is nor what it draws may decide whether the tests pass; other examples
# are drawn by hand, with --hypothesis-profile=drawn.
SLOW = (HealthCheck.too_slow,)
settings.register_profile("same", derandomize=True, deadline=None, suppress_health_check=SLOW)
settings.register_profile("drawn", deadline=None, suppress_health_check=SLOW)
settings.load_profile("same")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="write the goldens anew")


@pytest.hookimpl(optionalhook=True)  # the mutations run the tests without workers
def pytest_xdist_auto_num_workers() -> int:
    """Return three workers for two cores: a screen's tests wait a third of their time."""
    return -(-3 * (os.cpu_count() or 1) // 2)


def pytest_configure() -> None:
    # A shell that starts the tests behind it has SIGINT ignored, and nohup SIGHUP: what the tests
    # start would inherit that, and pass over the signals that they send.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture
def case() -> Callable[..., Case]:
    """Return the case of a shipped scenario, or one given as TOML, under a built-in policy."""

    def opened(scenario: str = "secondary-stale-line", policy: str = "vcpu0-only") -> Case:
        if "\n" in scenario:
            loaded = read_scenario(scenario.encode(), name="test", file="test.toml")
        else:
            loaded = load_scenario(scenario)
        return Case.of(loaded, load_policy(policy))

    return opened


@pytest.fixture
def run(case: Callable[..., Case]) -> Callable[..., Timeline]:
    """Return the run of such a case's own schedule, at step 0."""

    def played(scenario: str, policy: str = "vcpu0-only") -> Timeline:
        opened = case(scenario, policy)
        return play(opened.machine, opened.scenario.schedule).timeline

    return played
