from __future__ import annotations

from tests.tui.presenters.steps.runs import Golden, Run, every_kind
from tui.presenters.steps import power


def test_vcpus_that_start_and_stop_are_told_of_as_they_always_were(
    run: Run, golden: Golden
) -> None:
    golden("accounts-power", every_kind(run, power))
