from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.presenters.scrubber.scale import Scale

SCALES = st.builds(Scale, last=st.integers(0, 3_000), width=st.integers(1, 300))


def test_a_short_run_has_several_columns_a_step_and_leaves_some_blank() -> None:
    scale = Scale(last=26, width=112)
    assert scale.used == 108
    assert (scale.steps(0), scale.steps(3), scale.steps(4)) == (range(1), range(1), range(1, 2))
    assert (scale.columns(0), scale.columns(26)) == (range(4), range(104, 108))


def test_no_step_has_more_columns_than_are_of_use() -> None:
    scale = Scale(last=0, width=300)
    assert (scale.used, scale.columns(0)) == (4, range(4))


def test_a_long_run_has_several_steps_a_column() -> None:
    scale = Scale(last=9, width=4)
    assert scale.used == 4
    assert [scale.steps(column) for column in range(4)] == [
        range(3),
        range(3, 5),
        range(5, 8),
        range(8, 10),
    ]
    assert [scale.columns(step).start for step in range(10)] == [0, 0, 0, 1, 1, 2, 2, 2, 3, 3]


@given(SCALES)
@example(Scale(100_000, 72))
@example(Scale(100_000, 192))
@example(Scale(71, 72))
@example(Scale(72, 72))
def test_columns_and_steps_are_inverses_of_each_other(scale: Scale) -> None:
    assert scale.used <= scale.width
    for column in range(scale.used):
        steps = scale.steps(column)
        assert len(steps) > 0
        # The first and the last: those between lie between.
        assert column in scale.columns(steps[0])
        assert column in scale.columns(steps[-1])
    for step in range(0, scale.last + 1, scale.last // 3_000 + 1):
        columns = scale.columns(step)
        assert len(columns) > 0
        assert step in scale.steps(columns[0])
        assert step in scale.steps(columns[-1])


@given(SCALES)
@example(Scale(100_000, 72))
def test_from_left_to_right_each_step_comes_once_in_its_order(scale: Scale) -> None:
    columns = range(scale.used)
    ranges = [scale.steps(column) for column in columns]
    firsts = [each for at, each in enumerate(ranges) if not at or each != ranges[at - 1]]
    assert list(chain.from_iterable(firsts)) == list(range(scale.last + 1))
    # Columns are used evenly.
    assert max(map(len, ranges)) - min(map(len, ranges)) <= 1


@given(SCALES, st.integers(-400, 400))
@example(Scale(26, 112), 111)
@example(Scale(0, 1), 1)
def test_a_click_goes_to_the_first_step_of_its_column_but_at_the_right_end_to_the_last(
    scale: Scale, column: int
) -> None:
    nearest = min(range(scale.used), key=lambda each: abs(each - column))
    at_the_end = nearest == scale.used - 1 and scale.used > 1
    assert scale.step_at(column) == (scale.last if at_the_end else scale.steps(nearest)[0])


@pytest.mark.parametrize("width", [1, 2, 3])
def test_the_narrowest_scales_still_have_every_step(width: int) -> None:
    scale = Scale(last=5, width=width)
    assert {column for step in range(6) for column in scale.columns(step)} == set(range(width))
