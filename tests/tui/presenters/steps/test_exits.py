from __future__ import annotations

from tests.tui.presenters.steps.runs import Golden, Run, every_kind
from tui.presenters.steps import exits


def test_the_border_between_guest_and_kvm_is_told_as_it_always_was(
    run: Run, golden: Golden
) -> None:
    golden("accounts-exits", every_kind(run, exits))
