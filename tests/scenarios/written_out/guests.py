"""Guests that are written out for the tests, and the policies that they are written out for."""

from __future__ import annotations

from pathlib import Path

from engine.explorer.explore import explore
from engine.findings import Kind
from engine.policy.policy import Policy
from engine.timeline import Timeline
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy, policy_names
from scenarios.scenario import Scenario
from scenarios.written_out.guest import RunToWrite, written_out

HERE = Path(__file__).parent


def policy_of(word: str) -> Policy:
    """Return a built-in policy, or the one in a C file beside this."""
    return load_policy(word if word in policy_names() else str(HERE / word))


def asked(scenario: str | Scenario, word: str, kind: Kind) -> RunToWrite:
    """Return the shortest run of a kind."""
    loaded = load_scenario(scenario) if isinstance(scenario, str) else scenario
    policy = policy_of(word)
    machine = loaded.machine(policy)
    found = {each.finding.kind: each for each in explore(machine).counterexamples}
    return RunToWrite(loaded, policy, word, Timeline.replay(machine, found[kind].events))


def guest(scenario: str | Scenario, word: str, kind: Kind = Kind.STALE) -> str:
    """Return what is written out of the shortest run of a kind."""
    return written_out(asked(scenario, word, kind))
