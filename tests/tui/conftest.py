from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from textual.app import App

from engine.timeline import Timeline
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from scenarios.reader import read_scenario
from scenarios.schedule import play

GOLDENS = Path(__file__).parent / "goldens"
OPTION = "--update-goldens"


def pytest_addoption(parser: pytest.Parser) -> None:
    # It may be declared for all tests already.
    with suppress(ValueError):
        parser.addoption(OPTION, action="store_true", help="write the goldens, do not compare")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with a committed file, or write the file when asked to."""

    def compare(name: str, text: str) -> None:
        path = GOLDENS / f"{name}.txt"
        if request.config.getoption(OPTION, default=False):
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture
def screen_text() -> Callable[[App[None]], str]:
    """Return what stands on an app's screen, a line each, without trailing blanks."""

    def read(app: App[None]) -> str:
        strips = app.screen._compositor.render_strips()
        return "".join(f"{strip.text.rstrip()}\n" for strip in strips)

    return read


@pytest.fixture
def run() -> Callable[..., Timeline]:
    """Play a shipped scenario, or one given as TOML, under a built-in policy."""

    def played(scenario: str, policy: str = "vcpu0-only") -> Timeline:
        if "\n" in scenario:
            loaded = read_scenario(scenario.encode(), name="test", file="test.toml")
        else:
            loaded = load_scenario(scenario)
        return play(loaded.machine(load_policy(policy)), loaded.schedule).timeline

    return played


@pytest.fixture
def contended() -> str:
    """Return a scenario, as TOML, that no search is through with soon."""
    count = "\n".join(["ldr x2, [x1]", "add x2, x2, #1", "str x2, [x1]"] * 12)
    vcpu = f"[[vcpu]]\nregisters = {{ x1 = 0x4000_0000 }}\nprogram = '''\n{count}\n'''\n"
    return (
        'title = "Four vCPUs count in one word"\nteaches = "Contention."\n'
        'schedule = ["vcpu0", "vcpu1"]\nhardware = { pcpus = 2 }\n'
        f"memory.words = {{ x = {{ address = 0x4000_0000 }} }}\n{vcpu * 4}"
    )
