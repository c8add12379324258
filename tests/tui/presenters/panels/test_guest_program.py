from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.machine.actors import VMM, actors
from engine.query.locations import location
from engine.query.triggers import AtLabel
from engine.timeline import Timeline
from scenarios.names import scenario_names
from tui.presenters.panels.guest_program import program_listing, shown_actors
from tui.presenters.panels.listing import Mark

Run = Callable[..., Timeline]


def test_the_arrow_is_at_the_next_instruction_and_the_sign_at_the_last(run: Run) -> None:
    listing = program_listing(run("secondary-stale-line").seek(15), 1, 40)
    assert listing.title == "vcpu1 program"
    assert {listing.lines[index].strip(): mark for index, mark in listing.marks.items()} == {
        "store: str x2, [x1]": Mark(executed=True),
        "enable: msr sctlr_el1, x0": Mark(who="1"),
    }


def test_at_its_end_a_program_shows_so(run: Run) -> None:
    listing = program_listing(run("secondary-stale-line").seek(26), 1, 40)
    assert listing.lines[listing.focus[0]] == "(end)"


def test_where_there_is_room_the_authors_columns_are_kept(run: Run) -> None:
    lines = program_listing(run("secondary-stale-line"), 1, 80).lines
    assert lines[1].startswith("store:  str     x2, [x1]        ")


def test_with_room_for_one_program_it_is_that_of_who_moved_last(run: Run) -> None:
    timeline = run("secondary-stale-line")
    assert [shown_actors(timeline.seek(step), 1) for step in (0, 13, 14, 15)] == [
        (0,),
        (0,),
        (0,),
        (1,),
    ]
    assert shown_actors(timeline, 2) == (0, 1)


def test_each_line_with_an_instruction_names_the_place_to_stop_at_there(run: Run) -> None:
    listing = program_listing(run("secondary-stale-line"), 1, 40)
    assert dict(zip(listing.lines, listing.stops, strict=True)) == {
        "// vcpu1 comes up with its MMU and caches off, as every vCPU does.": "",
        "store: str x2, [x1]": "vcpu1:store",
        "enable: msr sctlr_el1, x0": "vcpu1:enable",
        "        isb": "vcpu1:enable+1",
        "load: ldr x3, [x1]": "vcpu1:load",
        "(end)": "vcpu1:end",
    }


@pytest.mark.parametrize("scenario", scenario_names())
def test_what_a_line_names_is_understood_as_the_place_that_the_arrow_stands_at(
    run: Run, scenario: str
) -> None:
    timeline = run(scenario)
    setup = timeline.initial.setup
    for actor in actors(setup):
        listing = program_listing(timeline, actor, 60)
        understood = [location(stop, setup) for stop in listing.stops if stop]
        assert all(isinstance(each, AtLabel) and each.actor == actor for each in understood)
        for step in range(len(timeline.steps) + 1):
            machine = timeline.seek(step).machine
            core = machine.vmm.core if actor == VMM else machine.vcpus[actor].core
            here = program_listing(timeline.seek(step), actor, 60)
            assert location(here.stop(here.focus[0]), setup) == AtLabel(actor, core.pc)
