from __future__ import annotations

import attrs

from scenarios.file.reader import read_scenario
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from scenarios.schedule import play
from scenarios.written_out.actions import Action, actions_of
from scenarios.written_out.document import Document, Telling


def document(name: str) -> Document:
    scenario = load_scenario(name)
    played = play(scenario.machine(load_policy("upstream")), scenario.schedule)
    return Document(scenario, len(scenario.vcpus), actions_of(played.timeline))


def doing(whole: Document, actor: int) -> tuple[Action, ...]:
    return tuple(each for each in whole.actions if each.actor == actor)


def test_a_vcpu_that_is_started_anew_goes_on_at_a_label_of_its_own() -> None:
    whole = document("reboot-one-vcpu")
    assert whole.lines(1) == (
        "         ldr     x1, =x",
        "         ldr     x0, =0x00C5107D",
        "load:    ldr     x2, [x1]",
        "         add     x2, x2, #1",
        "store:   str     x2, [x1]",
        "enable:  msr     sctlr_el1, x0",
        "load2:   ldr     x3, [x1]",
        "kick:    kick_vmm",
        "         wfi",
        "again:",
        "         ldr     x1, =x",
        "         ldr     x0, =0x00C5107D",
        "load3:   ldr     x2, [x1]",
        "         add     x2, x2, #1",
        "store2:  str     x2, [x1]",
        "enable2: msr     sctlr_el1, x0",
        "load4:   ldr     x3, [x1]",
        "kick2:   kick_vmm",
    )
    assert whole.lines(-1) == (
        "wait:   wait_kick vcpu1",
        "init:   vcpu_init vcpu1",
        "        set_one_reg vcpu1, pc, again",
    )


def test_only_registers_and_words_that_are_used_are_set_up() -> None:
    whole = document("general/own-words-3")
    scenario = load_scenario("secondary-stale-line")
    played = play(scenario.machine(load_policy("upstream")), scenario.schedule)
    loads = tuple(each for each in actions_of(played.timeline) if each.name == "load")
    text = attrs.evolve(whole, vcpus=2, actions=loads).text(Telling("One load", "A load."))
    assert "words = { b = { address = 0x4000_0100 } }" in text.splitlines()
    assert "registers = { x1 = 0x4000_0100 }      # x1 points to b" in text.splitlines()
    read_scenario(text.encode(), name="one", file="one.toml")


def test_the_hardware_that_was_chosen_is_the_one_that_is_written() -> None:
    whole = document("secondary-stale-line")
    hardware = attrs.evolve(whole.origin.hardware, fwb=True, implementor=0x4E)
    text = attrs.evolve(whole, origin=attrs.evolve(whole.origin, hardware=hardware)).text(
        Telling("Other hardware", "None.")
    )
    loaded = read_scenario(text.encode(), name="other", file="other.toml")
    assert loaded.hardware == hardware


def test_a_title_of_any_text_is_written_so_that_it_is_read_again() -> None:
    title = 'quotes " and \\ and é'
    text = document("secondary-stale-line").text(Telling(title + "\u202e", "Nothing."))
    loaded = read_scenario(text.encode(), name="title", file="title.toml")
    assert loaded.title == title + "?"
