from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.machine.events import Event, GuestExecutes, KvmExecutes
from engine.machine.hardware import LineFilled
from engine.machine.state import Machine, Power
from engine.query.evaluate import QueriedState, evaluate, holds
from engine.query.parser import parse
from engine.query.tokens import LONGEST
from engine.timeline import Timeline
from tests.engine.build import ON, X, Y, machine, policy, policy_of
from tests.engine.test_properties import machines, walk

RUN = Timeline.replay(
    machine("nop", "str x0, [x1]\nload: ldr x5, [x1]", runs=policy("never"), vmm="nop"),
    [LineFilled(0, 0), GuestExecutes(1), GuestExecutes(1)],
)
"""A fill of x and y, a store of ON to x past the copy, a load of it."""


def value(text: str, at: int, run: Timeline = RUN) -> object:
    return evaluate(parse(text, run.initial.setup).expression, QueriedState(run, at))


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("ram[x]", 1, 0),
        ("ram[x]", 2, ON),
        ("ram[x].version", 2, 1),
        ("cache[x]", 0, None),
        ("cache[x] == none", 0, True),
        ("cache[x]", 2, 0),
        ("cache[x].version", 0, None),
        ("sees[1][x]", 2, ON),
        ("sees[vmm][x]", 2, 0),
        ("due[1][x]", 2, ON),
        ("due[1][x].version", 2, 1),
        ("due[0][x].version", 2, 0),
        ("newest[x]", 2, ON),
        ("dirty[x]", 2, False),
        ("holders[x]", 1, 1),
        ("mapped[z]", 0, True),
        ("stale[1][x]", 2, False),
        ("sctlr[1] == 0xc50078", 2, True),
        ("sctlr[1].M", 2, 0),
        ("hcr[vcpu1].TVM", 2, 1),
        ("x[1][5]", 2, 0),
        ("x[1][5]", 3, ON),
        ("pc[1]", 2, 1),
        ("at[1] == load", 2, True),
        ("at[1] == start + 1", 2, True),
        ("old(at[1]) == at[1]", 2, False),
        ("in_kvm[1]", 2, False),
        ("power[1]", 2, Power.ON),
        ("power[1] != off", 2, True),
        ("line", 2, None),
        ("step", 2, 2),
        ("old(ram[x])", 2, 0),
        ("old(step)", 0, 0),
        ("old(old(step))", 3, 1),
        ("ram[x] != sees[vmm][x]", 2, True),
        ("6 & 3 | 8", 0, 10),
        ("5 ^ 1", 0, 4),
        ("1 << 4 >> 1", 0, 8),
        ("1 << 64", 0, 0),
        ("1 << 63 << 1", 0, 0),
        ("~0", 0, (1 << 64) - 1),
        ("2 - 3 < 0", 0, True),
        ("-1 & 0xff", 0, 255),
        ("0b101 == 5 and not 0", 0, True),
        ("!1 or 0", 0, False),
        ("none + 1", 0, None),
        ("none < 1", 0, False),
        ("none == none", 0, True),
        ("not none", 0, True),
        ("true + 1", 0, 2),
    ],
)
def test_an_expression_has_its_value_at_a_step(text: str, at: int, expected: object) -> None:
    assert value(text, at) == expected


def test_what_the_policy_keeps_and_where_it_runs_can_be_read() -> None:
    text = """
static int count;
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	int mine = 7;
	count = count + mine;
	vcpu->arch.seen = 2;
}
"""
    events: list[Event] = [GuestExecutes(0), *[KvmExecutes(0)] * 5]
    run = Timeline.replay(machine("msr sctlr_el1, x0", runs=policy_of(text)), events)

    def row(query: str) -> list[object]:
        return [value(query, at, run) for at in range(len(events) + 1)]

    assert row("in_kvm[0]") == [False, True, True, True, True, True, False]
    assert row("line") == [None, None, None, 5, 6, 7, None]
    assert row("local[0].mine") == [None, None, 0, 7, 7, None, None]
    assert row("count") == [0, 0, 0, 0, 7, 7, 7]
    assert row("vcpu0->arch.seen") == [0, 0, 0, 0, 0, 2, 2]


def test_a_version_that_no_copy_has_any_more_is_read_from_the_store_that_made_it() -> None:
    built = machine("str x0, [x1]\nstr x1, [x1]\nstr x2, [x1]\nb .", "ldr x5, [x1]\nb .")
    built = built.with_line(0, built.lines[0].store_around(0, 7, snoops=False))
    events: list[Event] = [*[GuestExecutes(0)] * 2, GuestExecutes(1), *[GuestExecutes(0)] * 2]
    run = Timeline.replay(built, events)

    assert [value("due[0][x].version", at, run) for at in range(6)] == [1, 2, 3, 3, 4, 4]
    assert [value("due[0][x]", at, run) for at in range(6)] == [7, ON, X, X, Y, Y]
    assert [value("due[1][x].version", at, run) for at in range(6)] == [1, 1, 1, 3, 3, 3]
    assert [value("due[1][x]", at, run) for at in range(6)] == [7, 7, 7, X, X, X]


def test_the_longest_of_chains_can_be_evaluated() -> None:
    assert value("1" + "+1" * ((LONGEST - 1) // 2), 0) == 1 + (LONGEST - 1) // 2


@given(machines(), st.lists(st.integers(0, 11), max_size=25))
@settings(deadline=None, max_examples=40)
def test_reading_agrees_with_itself_in_every_state(built: Machine, choices: list[int]) -> None:
    run = walk(built, choices)
    always = (
        "stale[0][x] and sees[0][x].version >= due[0][x].version",
        "ram[x].version > newest[x].version",
        "cache[x] == none and holders[x] != 0",
        "dirty[x] and cache[x] == none",
        "due[1][x].version > newest[x].version",
        "sees[1][x].version != ram[x].version and sees[1][x].version != cache[x].version",
    )
    for text in always:
        query = parse(text, run.initial.setup)
        for at in range(len(run.steps) + 1):
            assert not holds(query.expression, QueriedState(run, at)), text
