from __future__ import annotations

import pytest

from benchmarks.bare_app import HEIGHT, LAST_WORDS, WIDTH, panel_text
from benchmarks.frames import BEGIN, END, Chunk, Frame, Screen, frames, is_whole
from benchmarks.long_run import BOOT, POLICY, ROUND, long_run
from benchmarks.screen_table import Question, mebibytes, percentile, questions_table
from engine.findings import Kind
from engine.machine.events import GuestExecutes, KvmExecutes
from engine.machine.hardware import LineEvicted, LineFilled
from scenarios.file.reader import read_scenario
from scenarios.policy_library import load_policy
from scenarios.schedule import MOST_STEPS_IN_ALL, Played, play

HELLO = b"\x1b[?1049h\x1b[?25l\x1b[>25u\x1b[?2026$p\x1b]22;default\x07"
WHOLE = BEGIN + b"\x1b[1;1H\x1b[38;2;1;2;3mstep 0 of 26\x1b[0m\r\n  caf\xc3\xa9\x1b[1;1H" + END
STEP = BEGIN + b"\x1b[1;6H\x1b[1m1\x1b[0m\x1b[1;1H" + END


def played(steps: int) -> Played:
    scenario = read_scenario(long_run(steps).encode(), name="long", file="long.toml")
    return play(scenario.machine(load_policy(POLICY)), scenario.schedule)


def shown(*output: bytes) -> list[str]:
    screen = Screen(14, 3)
    for each in output:
        screen.show(Frame(0.0, each))
    return screen.text.split("\n")


def test_a_frame_ends_with_its_update_however_it_was_read() -> None:
    output = HELLO + WHOLE + STEP
    for size in (1, 7, 40, len(output)):
        chunks = [
            Chunk(start / 1e6, output[start : start + size])
            for start in range(0, len(output), size)
        ]
        assert [frame.output for frame in frames(chunks)] == [HELLO, WHOLE, STEP]


def test_a_frame_is_shown_when_its_last_byte_is_read() -> None:
    chunks = [
        Chunk(1.0, HELLO + WHOLE[:30]),
        Chunk(1.2, WHOLE[30:] + STEP[:5]),
        Chunk(1.5, STEP[5:]),
    ]
    assert [frame.at for frame in frames(chunks)] == [1.0, 1.2, 1.5]


def test_without_updates_a_pause_ends_a_frame() -> None:
    chunks = [Chunk(1.0, b"one "), Chunk(1.001, b"frame"), Chunk(1.1, b"another"), Chunk(1.2, STEP)]
    assert list(frames(chunks)) == [
        Frame(1.001, b"one frame"),
        Frame(1.1, b"another"),
        Frame(1.2, STEP),
    ]


def test_output_that_stops_within_an_update_is_not_whole() -> None:
    assert is_whole(HELLO)
    assert is_whole(HELLO + WHOLE)
    assert not is_whole(WHOLE + STEP[:-1])


def test_the_screen_has_what_frames_leave_on_it() -> None:
    assert shown(HELLO, WHOLE) == ["step 0 of 26  ", "  café        ", " " * 14]
    assert shown(HELLO, WHOLE, STEP) == ["step 1 of 26  ", "  café        ", " " * 14]


def test_what_goes_past_the_edge_of_the_screen_is_cut() -> None:
    assert shown(b"\x1b[3;9Hfar too long\r\ngone") == [" " * 14, " " * 14, " " * 8 + "far to"]


def test_a_percentile_lies_between_two_values_if_need_be() -> None:
    values = [float(value) for value in range(101)]
    assert [percentile(values, percent) for percent in (50, 95)] == [50.0, 95.0]
    assert percentile((1.0, 2.0), 50) == 1.5
    assert percentile((1.0, 2.0), 95) == pytest.approx(1.95)
    assert percentile((3.0,), 95) == 3.0


def test_ratios_are_taken_start_by_start() -> None:
    question = Question("first paint", 50, ((4.0,), (6.0,), (1.0,)), ((2.0,), (2.0,), (1.0,)), 2.0)
    assert question.ratios == (2.0, 3.0, 1.0)
    assert questions_table([question]).splitlines()[-1] == (
        "| first paint | p50 | the bare app | 4.00 s | 1.00 s | 2.00 s | 1.00 s "
        "| 2 | 1 - 3 | <= 2 | yes |"
    )


def test_without_an_aim_nothing_is_reached_or_missed() -> None:
    memory = ((2**21,), (2**22,))
    question = Question("peak memory", 50, memory, memory, written=mebibytes)
    assert questions_table([question]).splitlines()[-1] == (
        "| peak memory | p50 | the bare app | 3 MiB | 2 MiB | 3 MiB | 2 MiB | 1 | 1 - 1 |  |  |"
    )


@pytest.mark.parametrize("steps", [BOOT, BOOT + ROUND, 2_345])
def test_the_long_run_plays_to_as_many_steps_as_were_asked_for(steps: int) -> None:
    run = played(steps)
    assert (len(run.timeline.steps), run.skipped) == (steps, ())


def test_a_round_has_something_of_everything_and_one_stale_load() -> None:
    run = played(BOOT + 2 * ROUND).timeline
    assert {type(step.event) for step in run.steps} == {
        GuestExecutes,
        KvmExecutes,
        LineFilled,
        LineEvicted,
    }
    assert [(one.kind, one.actor) for one in run.findings] == [(Kind.STALE, 1)] * 2


def test_more_steps_than_a_schedule_may_have_are_refused() -> None:
    with pytest.raises(ValueError, match="100001 steps: expected 26 to 100000"):
        long_run(MOST_STEPS_IN_ALL + 1)


def test_the_bare_panel_fills_the_screen() -> None:
    lines = panel_text(7).split("\n")
    assert [len(line) for line in lines] == [WIDTH] * HEIGHT
    assert (lines[0].rstrip(), lines[-1].lstrip()) == ("count 7.", LAST_WORDS)
