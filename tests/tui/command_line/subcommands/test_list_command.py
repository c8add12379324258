from __future__ import annotations

import json

import pytest

from scenarios.names import general_names, policy_names, policy_title, scenario_names
from tui.command_line.main import main
from tui.presenters.tool import tool


def test_the_list_has_a_line_for_each_scenario_general_guest_and_policy(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["list"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [
        "scenarios",
        *scenario_names(),
        "general",
        *general_names(),
        "policies",
        *policy_names(),
    ]
    width = max(map(len, (*scenario_names(), *general_names(), *policy_names())))
    assert f"  {'boot-on-vcpu1':<{width}}  The guest boots on vcpu1, and vcpu0 never runs" in lines


def test_the_list_as_json_says_what_is_expected_of_each_policy(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["list", "--json"]) == 0

    document = json.loads(capsys.readouterr().out)
    assert list(document) == ["version", "tool", "scenarios", "general_guests", "policies"]
    assert (document["version"], document["tool"]) == (1, tool())
    assert [one["name"] for one in document["scenarios"]] == list(scenario_names())
    guests = [(one["name"], one["vcpus"]) for one in document["general_guests"]]
    assert guests == [(name, int(name.rpartition("-")[2])) for name in general_names()]
    first = document["scenarios"][0]
    assert first.pop("teaches").startswith("Nothing makes vcpu0 the vCPU that boots. ")
    expected = first.pop("expect")
    assert first == {
        "name": "boot-on-vcpu1",
        "title": "The guest boots on vcpu1, and vcpu0 never runs",
        "blame": "policy",
    }
    assert (expected["upstream"], expected["vcpu0-only"]) == ("safe", ["stale"])
    assert document["policies"] == [
        {"name": name, "title": policy_title(name)} for name in policy_names()
    ]
