from __future__ import annotations

from engine.policy.frame import CFrame
from engine.timeline import Timeline
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from scenarios.schedule import play
from tui.presenters.panels.policy_state import policy_state


def run(policy: str) -> Timeline:
    scenario = load_scenario("secondary-stale-line")
    return play(scenario.machine(load_policy(policy)), scenario.schedule).timeline


def innermost(timeline: Timeline, vcpu: int) -> CFrame | None:
    frames = [each for each in timeline.machine.stack(vcpu) if isinstance(each, CFrame)]
    return frames[-1] if frames else None


def test_the_locals_of_a_call_are_shown_without_its_pointers() -> None:
    timeline = run("vcpu0-only").seek(20)
    shown = policy_state(timeline.machine, 1, innermost(timeline, 1))
    assert shown == "was_enabled 0, now_enabled 1"


def test_the_policys_own_state_is_shown_whoever_runs_it() -> None:
    timeline = run("first-to-enable")
    before = policy_state(timeline.seek(0).machine, None, None)
    after = policy_state(timeline.seek(len(timeline.steps)).machine, 1, None)
    assert before != after
    assert before.endswith(" 0")
    assert after.endswith(" 1")


def test_where_there_is_nothing_to_show_nothing_is_shown() -> None:
    assert policy_state(run("upstream").seek(0).machine, None, None) == ""
