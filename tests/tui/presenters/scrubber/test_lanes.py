from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.timeline import Timeline
from tui.presenters.cells import Cell, Row, Tone
from tui.presenters.scrubber.lanes import (
    DrawnLane,
    Lane,
    at_most,
    drawn,
    lane_count,
    lane_row,
    lanes,
)
from tui.presenters.scrubber.scale import Scale
from tui.presenters.steps.account import Sign
from tui.presenters.steps.signs import LETTERS

Run = Callable[..., Timeline]


def texts(every: tuple[Lane, ...], scale: Scale, cursor: int = 0) -> list[str]:
    here = scale.columns(cursor)
    return [lane_row(drawn(lane, scale), here).text.rstrip() for lane in every]


def test_each_step_of_the_headline_has_its_letters(run: Run) -> None:
    timeline = run("secondary-stale-line")
    assert texts(lanes(timeline), Scale(26, 27)) == [
        " vcpu0  T----------^.",
        " vcpu1                wT-------^.r",
        " KVM     ..??Ff.?..^    ..?S?..^",
        " hw                  +",
    ]


def test_where_a_step_has_several_columns_only_being_in_kvm_goes_on_to_the_right(run: Run) -> None:
    timeline = run("secondary-stale-line")
    assert texts(lanes(timeline), Scale(26, 54)) == [
        " vcpu0   T --------------------^ .",
        " vcpu1                               w T --------------^ . r",
        " KVM       . . ? ? F f . ? . . ^         . . ? S ? . . ^",
        " hw                                +",
    ]


def test_of_several_steps_in_a_column_the_one_that_matters_most_is_shown(run: Run) -> None:
    timeline = run("secondary-stale-line")
    assert texts(lanes(timeline), Scale(26, 9)) == [
        " vcpu0 T---^",
        " vcpu1      T--r",
        " KVM   .?F?^.S?^",
        " hw        +",
    ]


def test_a_vmm_that_has_a_program_has_a_lane(run: Run) -> None:
    timeline = run("image-mapped-on-fault", "upstream")
    last = len(timeline.steps)
    assert texts(lanes(timeline), Scale(last, last + 1)) == [
        " vcpu0      T--^rT---------^r",
        " vmm    ..wo",
        " KVM         FW^  ..?Ff.?..^",
        " hw",
    ]
    assert lane_count(timeline.initial.setup) == 4


def test_too_many_lanes_are_merged_from_the_last_actor_up() -> None:
    every = tuple(
        Lane(name, bytes(signs))
        for name, signs in (
            ("vcpu0", (0, Sign.TRAP, 0, 0)),
            ("vcpu1", (0, 0, Sign.LOAD, Sign.IN_KVM)),
            ("vcpu2", (0, 0, Sign.STORE, 0)),
            ("KVM", (0, 0, 0, Sign.STATEMENT)),
            ("hw", (0, 0, 0, 0)),
        )
    )
    first, _, _, kvm, hardware = every
    assert at_most(every, 9) == every
    assert at_most(every, 5) == every
    second = bytes((0, 0, Sign.STORE, Sign.IN_KVM))
    whole = bytes((0, Sign.TRAP, Sign.STORE, Sign.IN_KVM))
    kept = [[(lane.name, lane.signs) for lane in at_most(every, most)] for most in (4, 3, 0)]
    rest = [(lane.name, lane.signs) for lane in (kvm, hardware)]
    assert kept == [
        [("vcpu0", first.signs), ("vcpu1+", second), *rest],
        [("vcpu0+", whole), *rest],
        [("vcpu0+", whole), *rest],
    ]


def test_the_columns_of_the_step_at_hand_are_marked() -> None:
    guest, kvm, plain = Tone.GUEST, Tone.KVM, Tone.PLAIN
    lane = DrawnLane("vcpu1", "..T ^ ", (guest, guest, guest, guest, kvm, plain))
    assert lane_row(lane, range(2, 4)) == Row(
        (
            Cell(" vcpu1 ", Tone.STRONG),
            Cell("..", guest),
            Cell("T ", guest, current=True),
            Cell("^", kvm),
            Cell(" ", plain),
        )
    )


def test_a_name_takes_no_more_columns_than_names_have() -> None:
    lane = DrawnLane("vcpu10+", ".", (Tone.GUEST,))
    assert lane_row(lane, range(1)).text == " vcpu10."


def test_one_step_among_a_hundred_thousand_is_not_lost() -> None:
    signs = bytearray([Sign.STATEMENT] * 100_001)
    signs[70_000] = Sign.SKIP
    scale = Scale(100_000, 72)
    column = scale.columns(70_000).start
    shown = drawn(Lane("KVM", bytes(signs)), scale)
    assert shown.letters == "." * column + "S" + "." * (71 - column)
    assert shown.tones[column] is Tone.SKIPPED


@given(
    st.lists(st.sampled_from(Sign), min_size=1, max_size=200),
    st.integers(1, 120),
    st.data(),
)
def test_a_lane_has_a_letter_a_column_wherever_the_cursor_is(
    signs: list[Sign], width: int, data: st.DataObject
) -> None:
    scale = Scale(len(signs) - 1, width)
    shown = drawn(Lane("vcpu0", bytes(signs)), scale)
    cursor = data.draw(st.integers(0, len(signs) - 1))
    row = lane_row(shown, scale.columns(cursor))
    assert row.text == f" vcpu0 {shown.letters}"
    assert len(shown.letters) == scale.used
    current = [cell.text for cell in row.cells if cell.current]
    assert len("".join(current)) == len(scale.columns(cursor))
    first = scale.columns(cursor).start
    most = max(signs[step] for step in scale.steps(first))
    assert "".join(current)[0] == LETTERS[most][0]


@pytest.mark.parametrize(
    "scenario", ["secondary-stale-line", "reboot-all-vcpus", "four-vcpus-64-lines"]
)
def test_at_each_step_the_lane_of_who_moves_says_so_and_no_other(run: Run, scenario: str) -> None:
    timeline = run(scenario)
    every = lanes(timeline)
    assert len(every) == lane_count(timeline.initial.setup)
    *who, kvm, hardware = every
    for step in range(1, len(timeline.steps) + 1):
        moved = [lane.name for lane in (*who, hardware) if lane.signs[step]]
        assert len(moved) == 1
        assert not (kvm.signs[step] and moved == ["hw"])
    assert [lane.signs[0] for lane in every] == [Sign.NOTHING] * len(every)
