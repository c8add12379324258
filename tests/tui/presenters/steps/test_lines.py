from __future__ import annotations

from tests.tui.presenters.steps.runs import Golden, Run, every_kind
from tui.presenters.steps import lines
from tui.presenters.steps.account import Weight
from tui.presenters.steps.told import accounts


def test_what_becomes_of_a_line_matters_to_the_story_of_that_line_alone(run: Run) -> None:
    (fill,) = accounts(run("secondary-stale-line").steps[13])
    assert fill.weight(frozenset({0})) is Weight.DECISIVE
    assert fill.weight(frozenset({1})) is None


def test_what_becomes_of_lines_is_told_as_it_always_was(run: Run, golden: Golden) -> None:
    golden("accounts-lines", every_kind(run, lines))
