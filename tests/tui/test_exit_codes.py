from __future__ import annotations

import pytest

from engine.findings import Verdict
from tui.exit_codes import FAILED, PASSED, UNDETERMINED, code_of

SAFE, UNSAFE, OPEN = Verdict.SAFE, Verdict.UNSAFE, Verdict.UNDETERMINED


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ((), PASSED),
        ((SAFE, SAFE), PASSED),
        ((SAFE, OPEN), UNDETERMINED),
        ((OPEN, UNSAFE, SAFE), FAILED),
        ((UNSAFE, UNSAFE), FAILED),
    ],
)
def test_what_is_unsafe_outweighs_what_is_undetermined_and_that_what_is_safe(
    verdicts: tuple[Verdict, ...], code: int
) -> None:
    assert code_of(verdicts) == code
