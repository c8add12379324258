from __future__ import annotations

from engine.findings import Kind
from scenarios.file.reader import read_scenario
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from scenarios.schedule import play
from scenarios.written_out.actions import actions_of
from tests.scenarios.written_out.guests import asked


def done(scenario: str, policy: str = "upstream") -> list[tuple[int, str, str]]:
    loaded = load_scenario(scenario)
    played = play(loaded.machine(load_policy(policy)), loaded.schedule)
    return [(each.actor, each.name, each.text) for each in actions_of(played.timeline)]


def test_choices_and_branches_are_no_actions() -> None:
    run = asked("general/own-words-2", "vcpu0-only", Kind.STALE).run
    assert [(each.actor, each.name, each.text) for each in actions_of(run)] == [
        (1, "store", "str     x2, [x1]"),
        (1, "enable", "msr     sctlr_el1, x0"),
        (1, "load", "ldr     x3, [x1]"),
    ]


def test_an_instruction_that_is_tried_again_after_a_fault_is_one_action() -> None:
    names = [name for _, name, _ in done("image-mapped-on-fault") if name]
    assert names == ["store", "run", "load", "enable", "load"]


def test_each_start_of_a_vcpu_begins_a_part_of_its_own() -> None:
    loaded = load_scenario("reboot-one-vcpu")
    played = play(loaded.machine(load_policy("upstream")), loaded.schedule)
    actions = actions_of(played.timeline)
    assert sorted({(each.actor, each.part) for each in actions}) == [
        (-1, 0),
        (0, 0),
        (1, 0),
        (1, 1),
    ]
    assert [(each.name, each.starts) for each in actions if each.target == 1] == [("init", 1)]


def test_a_pair_of_accesses_is_one_action() -> None:
    text = '''
    title = "A pair"
    teaches = ""
    schedule = ["vcpu0", "vcpu0"]
    [hardware]
    pcpus = 1
    [memory]
    words = { x = { address = 0x4000_0000 }, y = { address = 0x4000_0008 } }
    [[vcpu]]
    registers = { x1 = "x" }
    program = """
    ldp x2, x3, [x1]
    str x2, [x1]
    """
    '''
    loaded = read_scenario(text.encode(), name="pair", file="pair.toml")
    played = play(loaded.machine(load_policy("upstream")), loaded.schedule)
    assert [(each.name, each.text) for each in actions_of(played.timeline)] == [
        ("load", "ldp     x2, x3, [x1]"),
        ("store", "str     x2, [x1]"),
    ]
