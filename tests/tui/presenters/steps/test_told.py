from __future__ import annotations

from tests.tui.presenters.steps.runs import Run
from tui.presenters.steps.told import accounts


def test_each_effect_of_a_step_is_told_in_its_order(run: Run) -> None:
    for step in run("secondary-stale-line").steps:
        assert tuple(one.effect for one in accounts(step)) == step.effects
