from __future__ import annotations

import tomllib

import pytest

from engine.explorer.explore import explore
from engine.findings import Kind, Verdict
from engine.refusal import RefusedError
from engine.timeline import Timeline
from scenarios.file.reader import read_scenario
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from scenarios.scenario import Scenario
from scenarios.schedule import play
from scenarios.written_out.guest import RunToWrite, written_out
from tests.scenarios.written_out.guests import HERE, guest, policy_of

ENABLE = "flush-on-every-enable.c"
GUESTS = [
    ("general/own-words-2", "vcpu0-only", Kind.STALE, "own-words-2.vcpu0-only.toml"),
    ("general/own-words-2", ENABLE, Kind.STALE, "own-words-2.flush-on-every-enable.toml"),
    ("general/own-words-2", ENABLE, Kind.LOST, "own-words-2.flush-on-every-enable.lost.toml"),
    ("message-after-enable", "vcpu0-only", Kind.STALE, "message-after-enable.vcpu0-only.toml"),
    ("reboot-one-vcpu", "once-per-vcpu", Kind.STALE, "reboot-one-vcpu.once-per-vcpu.toml"),
]
MOST_LINES = 20
"""Of the programs of a guest that breaks the mail's candidates."""


def written(text: str) -> Scenario:
    return read_scenario(text.encode(), name="guest", file="guest.toml")


def kinds(scenario: Scenario, policy: str) -> tuple[Kind, ...]:
    known = explore(scenario.machine(policy_of(policy)))
    assert known.reason is None
    return tuple(each.finding.kind for each in known.counterexamples)


@pytest.mark.parametrize(("scenario", "policy", "kind", "golden"), GUESTS)
def test_a_guest_is_written_out_as_it_always_was(
    scenario: str, policy: str, kind: Kind, golden: str, request: pytest.FixtureRequest
) -> None:
    text = guest(scenario, policy, kind)
    path = HERE / golden
    if request.config.getoption("--update-goldens"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("scenario", "policy", "kind", "golden"), GUESTS)
def test_its_schedule_comes_to_the_finding_and_its_expectations_are_met(
    scenario: str, policy: str, kind: Kind, golden: str
) -> None:
    loaded = written((HERE / golden).read_text(encoding="utf-8"))
    played = play(loaded.machine(policy_of(policy)), loaded.schedule)
    assert played.skipped == ()
    assert [finding.kind for finding in played.timeline.findings] == [kind]
    assert played.timeline.findings[0].step == len(played.timeline.steps)
    expected = {each.policy: each.kinds for each in loaded.expect}
    assert expected == {each: kinds(loaded, each) for each in ("upstream", policy)}
    assert expected["upstream"] == ()


@pytest.mark.parametrize(("scenario", "policy", "kind", "golden"), GUESTS)
def test_none_of_its_instructions_can_be_left_out(
    scenario: str, policy: str, kind: Kind, golden: str
) -> None:
    text = (HERE / golden).read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    programs = [each["program"] for each in (*tables["vcpu"], tables.get("vmm", {"program": ""}))]
    assert sum(program.count("\n") for program in programs) < MOST_LINES
    head = text[text.index("[hardware]") : text.index("[expect]")].partition("[[note]]")[0]
    bare = f'title = "A guest"\nteaches = ""\nschedule = []\n{head}'
    assert kind in kinds(written(bare), policy)
    for line in {line for program in programs for line in program.splitlines()}:
        try:
            less = written(bare.replace(line + "\n", "", 1))
            safe = explore(less.machine(load_policy("upstream"))).verdict is Verdict.SAFE
        except RefusedError:
            continue
        assert not (safe and kind in kinds(less, policy)), line


def test_a_run_in_which_nothing_is_found_is_written_out_as_it_is() -> None:
    scenario = load_scenario("secondary-stale-line")
    policy = load_policy("upstream")
    played = play(scenario.machine(policy), scenario.schedule)
    text = written_out(RunToWrite(scenario, policy, "upstream", played.timeline))
    loaded = written(text)
    assert [program.instructions for program in loaded.programs] != []
    again = play(loaded.machine(policy), loaded.schedule)
    assert again.skipped == ()
    assert again.timeline.events == played.timeline.events
    assert tomllib.loads(text)["expect"] == {"upstream": "safe"}


def test_what_upstream_breaks_as_well_is_not_written_out() -> None:
    with pytest.raises(RefusedError) as refused:
        guest("psci-off-and-on", "never")
    assert str(refused.value) == (
        "found a guest on which upstream is stale; expected one on which upstream is safe, so that "
        "a finding is the policy's"
    )


def test_a_guest_from_a_saved_run_is_that_of_the_same_run_again() -> None:
    scenario, policy = load_scenario("general/own-words-2"), policy_of(ENABLE)
    machine = scenario.machine(policy)
    found = explore(machine).counterexamples[0]
    run = Timeline.replay(machine, found.events)
    first = written_out(RunToWrite(scenario, policy, ENABLE, run))
    assert first == written_out(RunToWrite(scenario, policy, ENABLE, run))
