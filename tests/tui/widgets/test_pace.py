from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.files.configuration import FASTEST, SLOWEST
from tui.widgets.pace import FRAMES, steps_due


@pytest.mark.parametrize("speed", [0.5, 4.0, 25.0, 32.0, 64.0, 37.5, 1000.0])
def test_in_ten_seconds_so_many_steps_are_taken_as_it_says(speed: float) -> None:
    ticks = round(10 * min(speed, FRAMES))
    assert sum(steps_due(tick, speed) for tick in range(1, ticks + 1)) == 10 * speed


def test_what_is_more_than_a_step_a_tick_is_spread_over_the_ticks() -> None:
    assert [steps_due(tick, 32.0) for tick in range(1, 12)] == [1, 1, 1, 2, 1, 1, 1, 2, 1, 1, 2]


@given(speed=st.floats(SLOWEST, FASTEST))
def test_it_never_lags_nor_hurries_by_as_much_as_a_step(speed: float) -> None:
    each = max(speed / FRAMES, 1.0)
    taken = [*accumulate(steps_due(tick, speed) for tick in range(1, 200))]
    assert [at for at, steps in enumerate(taken, 1) if not -1e-6 < at * each - steps < 1] == []
