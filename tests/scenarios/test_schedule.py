from __future__ import annotations

from collections.abc import Iterable
from itertools import repeat

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.machine.events import event_name
from engine.policy.policy import Policy
from engine.policy.source import SourceFile
from engine.timeline import Timeline
from scenarios.file.reader import read_scenario
from scenarios.library import load_scenario
from scenarios.names import scenario_names
from scenarios.policy_library import load_policy
from scenarios.scenario import Note, Scenario
from scenarios.schedule import Played, Playing, ScheduleError, Skipped, play

NO_C = Policy("no C", (SourceFile("no.c", ""),))
"""KVM with this policy traps, writes the register and returns."""

FILE = """
title = "t"
teaches = "t"
schedule = [{schedule}]
hardware = {{ pcpus = 2, {hardware} }}

[memory]
words = {{ x = {{ address = 0x1000 }} }}
mapped = "{mapped}"

[[vcpu]]
registers = {{ x0 = 5, x1 = 0x1000 }}
program = \"\"\"
        msr     sctlr_el1, x0
        ldr     x2, [x1]
wait:   wfi
last:   psci_cpu_off
\"\"\"

[[vcpu]]
pcpu = 1
registers = {{ x1 = {x1} }}
program = \"\"\"
        ldr     x2, [x1]
loop:   b       loop
\"\"\"

[vmm]
program = \"\"\"
        inject_irq vcpu0
        wait_kick vcpu1
\"\"\"
"""


def run(
    *schedule: str, mapped: str = "all", x1: str = "0x1000", hardware: str = "fwb = false"
) -> Played:
    scenario = read(*schedule, mapped=mapped, x1=x1, hardware=hardware)
    return play(scenario.machine(NO_C), scenario.schedule)


def read(
    *schedule: str, mapped: str = "all", x1: str = "0x1000", hardware: str = "fwb = false"
) -> Scenario:
    written = ", ".join(entry if entry.startswith("{") else f'"{entry}"' for entry in schedule)
    text = FILE.format(schedule=written, mapped=mapped, x1=x1, hardware=hardware)
    return read_scenario(text.encode(), name="t", file="t.toml")


def in_pieces(scenario: Scenario, policy: Policy, sizes: Iterable[int]) -> Played:
    """Play a scenario's schedule in pieces of these sizes, as long as there are any."""
    playing = Playing(scenario.machine(policy), scenario.schedule)
    for size in sizes:
        if playing.done:
            break
        playing.advance(size)
    return playing.played


def whole(played: Played) -> tuple[object, ...]:
    """Return all that has been played, to be compared."""
    timeline = played.timeline
    return (
        (timeline.initial, timeline.steps, timeline.ghosts, timeline.findings, timeline.cursor),
        (played.skipped, played.first_steps),
    )


def names(played: Played) -> list[str]:
    return [event_name(step.before, step.event) for step in played.timeline.steps]


def test_an_instruction_comes_with_all_that_kvm_does_for_it() -> None:
    played = run("vcpu0", "vcpu1")

    assert names(played) == ["vcpu0"] * 3 + ["vcpu1"]
    assert played.first_steps == (1, 4)
    assert played.skipped == ()
    assert played.timeline.cursor == 0


def test_an_instruction_that_faults_is_done_again_once_the_page_is_mapped() -> None:
    played = run("vcpu1", mapped="none")

    assert names(played) == ["vcpu1"] * 5
    assert played.timeline.steps[-1].after.vcpus[1].core.pc == 1


def test_both_accesses_of_a_pair_are_one_instruction() -> None:
    pair = FILE.replace("loop:   b       loop", "ldp x2, x3, [x1]; loop: nop").replace(
        "words = {{ x = {{ address = 0x1000 }} }}",
        "words = {{ x = {{ address = 0x1000 }}, y = {{ address = 0x1008 }} }}",
    )
    written = '"vcpu1", "vcpu1", "vcpu1"'
    text = pair.format(schedule=written, mapped="all", x1="0x1000", hardware="fwb = false")
    scenario = read_scenario(text.encode(), name="t", file="t.toml")
    played = play(scenario.machine(NO_C), scenario.schedule)

    assert names(played) == ["vcpu1"] * 4
    assert played.first_steps == (1, 2, 4)


def test_an_instruction_of_a_vcpu_in_kvm_ends_when_the_guest_is_back() -> None:
    played = run("vcpu0 step", "vcpu0")

    assert names(played) == ["vcpu0"] * 3
    assert played.first_steps == (1, 2)


def test_steps_are_single_ones() -> None:
    played = run("vcpu0 step", "vcpu0 step 2", "vcpu1 step 4")

    assert names(played) == ["vcpu0"] * 3 + ["vcpu1"] * 4


def test_steps_that_are_too_many_are_passed_over_in_part() -> None:
    played = run("vcpu0 step 9")

    assert len(played.timeline.steps) == 4
    assert played.skipped == (
        Skipped(1, "vcpu0 step 9", "vcpu0 waits at 'wfi' after 4 of 9 steps"),
    )
    assert played.first_steps == (1,)


def test_a_label_is_reached_by_whole_instructions() -> None:
    played = run("vcpu0 to wait", "vcpu0 to wait")

    assert len(played.timeline.steps) == 4
    assert played.first_steps == (1, None)
    assert played.skipped == ()


def test_a_label_that_is_out_of_reach_is_passed_over() -> None:
    played = run("vcpu0 to last")

    assert len(played.timeline.steps) == 4
    assert played.skipped == (Skipped(1, "vcpu0 to last", "vcpu0 waits at 'wfi' before last"),)


def test_finishing_goes_on_until_nothing_moves() -> None:
    played = run("vmm finish", "vcpu0 finish")

    assert names(played) == ["vmm"] + ["vcpu0"] * 6
    assert played.skipped == ()


def test_an_entry_is_repeated() -> None:
    assert len(run('{ do = "vcpu1", times = 5 }').timeline.steps) == 5


def test_a_repetition_ends_where_it_cannot_go_on() -> None:
    played = run('{ do = "fill x on pcpu1", times = 3 }')

    assert names(played) == ["fill x on pcpu1"]
    assert played.skipped == (
        Skipped(1, "fill x on pcpu1", "the line of x is in a cache already (time 2 of 3)"),
    )


def test_the_hardware_fills_and_evicts() -> None:
    played = run("fill x on pcpu1", "evict x from pcpu1", "fill x on pcpu0", "evict x")

    assert names(played) == ["fill x on pcpu1", "evict x from pcpu1", "fill x on pcpu0", "evict x"]


@pytest.mark.parametrize(
    ("schedule", "why"),
    [
        (("vmm", "vcpu0 finish", "vcpu0"), "vcpu0 is powered off"),
        (("vmm", "vmm"), "vmm waits at 'wait_kick vcpu1'"),
        (("vcpu0 to wait", "vcpu0"), "vcpu0 waits at 'wfi'"),
        (("evict x",), "no cache has the line of x"),
        (("fill x on pcpu0", "evict x from pcpu1"), "pcpu1 does not have the line of x"),
        (("fill x on pcpu0", "fill x on pcpu0"), "the line of x is in a cache already"),
    ],
)
def test_what_cannot_happen_is_passed_over(schedule: tuple[str, ...], why: str) -> None:
    played = run(*schedule)

    assert played.skipped == (Skipped(len(schedule), schedule[-1], why),)
    assert played.first_steps[-1] is None


def test_an_actor_that_hit_no_word_is_passed_over() -> None:
    played = run("vcpu1", "vcpu1", x1="0")

    assert played.skipped == (Skipped(2, "vcpu1", "vcpu1 stopped at an access that hit no word"),)


def test_hardware_that_does_not_speculate_is_passed_over() -> None:
    hardware = "speculation = { fills = false, evictions = false }"

    assert [
        skipped.why for skipped in run("fill x on pcpu0", "evict x", hardware=hardware).skipped
    ] == [
        "the hardware makes no speculative fills",
        "the hardware makes no evictions",
    ]


@pytest.mark.parametrize("entry", ["vcpu1 finish", '{ do = "vcpu1 step 2", times = 6000 }'])
def test_an_entry_without_end_is_an_error(entry: str) -> None:
    with pytest.raises(ScheduleError) as refused:
        run("vcpu0", entry)

    text = "vcpu1 finish" if entry == "vcpu1 finish" else "vcpu1 step 2"
    assert attrs.astuple(refused.value) == (2, text, 10_000)
    assert str(refused.value) == (
        f"schedule[1]: found more than 10000 steps at '{text}'; expected an entry that ends"
    )


def test_a_schedule_without_end_is_an_error() -> None:
    with pytest.raises(ScheduleError) as refused:
        run(*["vcpu1 step 10000"] * 11)

    assert attrs.astuple(refused.value) == (11, "vcpu1 step 10000", 100_000)


def test_notes_stand_at_the_first_step_of_their_entry() -> None:
    played = run("vcpu1", "evict x", "vcpu0", "vcpu1")

    notes = (Note(4, "d"), Note(3, "c"), Note(2, "passed over"), Note(3, "also c"))
    assert played.notes(notes) == {2: ("c", "also c"), 5: ("d",)}


@given(
    st.sampled_from(scenario_names()),
    st.sampled_from(["upstream", "vcpu0-only", "coalesced-wrong"]),
    st.lists(st.integers(0, 40), max_size=5),
    st.integers(1, 100),
)
@settings(deadline=None)
def test_played_in_pieces_of_any_size_a_schedule_makes_the_same_run(
    name: str, policy: str, sizes: list[int], size: int
) -> None:
    scenario, compiled = load_scenario(name), load_policy(policy)
    at_once = play(scenario.machine(compiled), scenario.schedule)

    assert whole(in_pieces(scenario, compiled, [*sizes, *repeat(size, 1000)])) == whole(at_once)

    again = Timeline.replay(at_once.timeline.initial, at_once.timeline.events)
    assert whole(attrs.evolve(at_once, timeline=again)) == whole(at_once)


def test_what_has_been_played_so_far_is_a_run_and_stops_amid_an_entry() -> None:
    schedule = ("vcpu0", "evict x", "vcpu1 step 9", "vcpu0 to wait", "vcpu0 to last")
    scenario = read(*schedule)
    playing = Playing(scenario.machine(NO_C), scenario.schedule)
    assert (playing.done, playing.played.first_steps) == (False, (None,) * 5)

    playing.advance(4)
    played = playing.played
    assert (playing.done, played.timeline.cursor, len(played.timeline.steps)) == (False, 0, 4)
    assert played.first_steps == (1, None, 4, None, None)
    assert [skipped.entry for skipped in played.skipped] == [2]
    assert played.notes((Note(3, "here"), Note(5, "to come"))) == {4: ("here",)}

    playing.advance(9)
    assert (playing.done, len(playing.played.timeline.steps)) == (False, 13)
    assert [skipped.entry for skipped in playing.played.skipped] == [2]

    playing.advance(1)
    assert playing.done
    assert whole(playing.played) == whole(run(*schedule))


def test_a_schedule_of_nothing_is_done_at_once() -> None:
    playing = Playing(read("vcpu0").machine(NO_C), ())
    playing.advance(1)

    assert playing.done
    assert whole(playing.played)[1] == ((), ())


@pytest.mark.parametrize(
    ("schedule", "piece", "error"),
    [
        (("vcpu0", "vcpu1 finish"), 999, (2, "vcpu1 finish", 10_000)),
        (("vcpu1 step 10000",) * 11, 10_007, (11, "vcpu1 step 10000", 100_000)),
    ],
)
def test_an_end_that_does_not_come_is_found_at_the_same_place_in_pieces(
    schedule: tuple[str, ...], piece: int, error: tuple[int, str, int]
) -> None:
    with pytest.raises(ScheduleError) as refused:
        in_pieces(read(*schedule), NO_C, repeat(piece))

    assert attrs.astuple(refused.value) == error


CHOOSING = """
title = "t"
teaches = "t"
schedule = [{schedule}]
hardware = {{ pcpus = 1 }}

[memory]
words = {{ x = {{ address = 0x1000 }} }}

[[vcpu]]
registers = {{ x1 = 0x1000 }}
program = \"\"\"
        nop
again:  choose  store, load, done
store:  str     x0, [x1]
        b       again
load:   ldr     x2, [x1]
        b       again
done:   wfi
\"\"\"
"""


def chosen(*schedule: str) -> Played:
    written = ", ".join(f'"{entry}"' for entry in schedule)
    text = CHOOSING.format(schedule=written)
    scenario = read_scenario(text.encode(), name="t", file="t.toml")
    return play(scenario.machine(NO_C), scenario.schedule)


def test_a_schedule_says_what_is_chosen() -> None:
    played = chosen("vcpu0", "vcpu0 chooses load", "vcpu0 step 2", "vcpu0 chooses done")

    assert names(played) == [
        *("vcpu0", "vcpu0 chooses load", "vcpu0", "vcpu0"),
        "vcpu0 chooses done",
    ]
    assert played.skipped == ()
    assert played.first_steps == (1, 2, 3, 5)


TO_CHOOSE = (
    "vcpu0 has to choose: 'vcpu0 chooses store' or 'vcpu0 chooses load' or 'vcpu0 chooses done'"
)


@pytest.mark.parametrize(
    ("schedule", "entry", "why"),
    [
        (("vcpu0", "vcpu0"), 2, TO_CHOOSE),
        (("vcpu0 step 3",), 1, f"{TO_CHOOSE} after 1 of 3 steps"),
        (("vcpu0 to done",), 1, f"{TO_CHOOSE} before done"),
        (("vcpu0 finish",), 1, TO_CHOOSE),
        (("vcpu0", "vcpu0 finish"), 2, TO_CHOOSE),
        (("vcpu0 chooses load",), 1, "vcpu0 is at 'nop', not at a choice"),
    ],
)
def test_a_choice_that_is_not_named_is_not_made(
    schedule: tuple[str, ...], entry: int, why: str
) -> None:
    played = chosen(*schedule)

    assert names(played) in ([], ["vcpu0"])
    assert played.skipped == (Skipped(entry, schedule[-1], why),)


def test_who_stops_for_good_after_a_choice_has_nothing_left_to_choose() -> None:
    played = chosen("vcpu0", "vcpu0 chooses done", "vcpu0 chooses done")

    assert played.skipped == (Skipped(3, "vcpu0 chooses done", "vcpu0 waits at 'wfi'"),)
