from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from scenarios.names import scenario_names
from tui.presenters.exports.itf import LARGEST, VARIABLES, integer, run_as_itf
from tui.presenters.exports.shared import SharedRun

BIGINT = re.compile(r"-?[0-9]+")


def check_trace(text: str) -> dict[str, Any]:
    """Check a document against the rules of ADR-015 and return it."""

    def no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len({key for key, _ in pairs}) == len(pairs)
        return dict(pairs)

    trace: dict[str, Any] = json.loads(text, object_pairs_hook=no_doubles)
    assert {*trace} <= {"#meta", "params", "vars", "states", "loop"}
    assert isinstance(trace["#meta"], dict)
    names = trace["vars"]
    assert isinstance(names, list)
    assert all(isinstance(name, str) and name and not name.startswith("#") for name in names)
    assert len({*names}) == len(names)
    assert isinstance(trace["states"], list)
    for state in trace["states"]:
        assert {*state} - {"#meta"} == {*names}
        assert isinstance(state["#meta"], dict)
        for name in names:
            check_expression(state[name])
    return trace


def check_expression(value: Any) -> None:
    if isinstance(value, str | bool):
        return
    if isinstance(value, int):
        assert abs(value) <= 2**53 - 1
        return
    if isinstance(value, list):
        for item in value:
            check_expression(item)
        return
    assert isinstance(value, dict), value
    special = [key for key in value if key.startswith("#")]
    if not special:
        for field in value.values():
            check_expression(field)
        return
    ((key, inside),) = value.items()
    if key == "#bigint":
        assert BIGINT.fullmatch(inside)
        return
    assert key in ("#tup", "#set", "#map")
    assert isinstance(inside, list)
    for item in inside:
        check_expression(item)
        if key == "#map":
            assert isinstance(item, list)
            assert len(item) == 2
    if key != "#tup":
        members = [json.dumps(item[0] if key == "#map" else item) for item in inside]
        assert len({*members}) == len(members)


@pytest.mark.parametrize("policy", ["upstream", "vcpu0-only"])
def test_every_trace_obeys_the_format(policy: str, shared: Callable[..., SharedRun]) -> None:
    for name in scenario_names():
        # Large, and no different.
        if name != "four-vcpus-64-lines":
            check_trace(run_as_itf(shared(name, policy)))


def test_a_trace_has_a_state_before_the_first_step_and_after_each(
    shared: Callable[..., SharedRun],
) -> None:
    trace = check_trace(run_as_itf(shared("secondary-stale-line")))

    assert [state["#meta"]["index"] for state in trace["states"]] == list(range(27))
    assert {key: trace["#meta"][key] for key in ("format", "source", "status", "varTypes")} == {
        "format": "ITF",
        "source": "secondary-stale-line under vcpu0-only",
        "status": "violation",
        "varTypes": VARIABLES,
    }


def test_the_exact_step_shows_who_sees_what_and_may_rely_on_what(
    shared: Callable[..., SharedRun],
) -> None:
    states = check_trace(run_as_itf(shared("secondary-stale-line")))["states"]

    before, exact = states[23], states[24]
    assert (before["stale"], exact["stale"]) == (
        {"#set": []},
        {"#set": [{"#tup": ["vcpu1", "x"]}]},
    )
    names = ("event", "actor", "ram", "cached", "dirty", "holders", "newest", "entitled", "sees")
    old = {"#map": [["x", {"value": 0, "version": 0}]]}
    assert {name: exact[name] for name in names} == {
        "event": "vcpu1",
        "actor": "vcpu1",
        "ram": {"#map": [["x", {"value": 1, "version": 1}]]},
        "cached": old,
        "dirty": {"#set": []},
        "holders": {"#map": [["x", {"#set": ["pcpu0"]}]]},
        "newest": {"#map": [["x", 1]]},
        "entitled": {"#map": [["vcpu0", {"#map": [["x", 0]]}], ["vcpu1", {"#map": [["x", 1]]}]]},
        "sees": {"#map": [["vcpu0", old], ["vcpu1", old]]},
    }
    assert [state["findings"] for state in states[25:]] == [
        [],
        [
            {
                "kind": "stale",
                "actor": "vcpu1",
                "word": "x",
                "step": 26,
                "exact": 24,
                "cause": 20,
                "version": 0,
                "entitled": 1,
            }
        ],
    ]


def test_registers_beyond_what_json_holds_are_big_integers(
    shared: Callable[..., SharedRun],
) -> None:
    text = """
title = "t"
teaches = "t"
schedule = []
hardware = { pcpus = 1 }
memory = { words = { x = { address = 0 } } }
vcpu = [{ registers = { x0 = 0xffff_ffff_ffff_ffff }, program = "nop" }]
"""
    (state,) = check_trace(run_as_itf(shared(text)))["states"]

    ((_, registers),) = state["x"]["#map"]
    assert registers[:2] == [{"#bigint": "18446744073709551615"}, 0]


@pytest.mark.parametrize("value", [LARGEST, -LARGEST, 0])
def test_integers_that_json_holds_are_plain(value: int) -> None:
    assert integer(value) == value


@pytest.mark.parametrize("value", [LARGEST + 1, -LARGEST - 1])
def test_integers_beyond_are_strings_of_digits(value: int) -> None:
    assert integer(value) == {"#bigint": str(value)}
