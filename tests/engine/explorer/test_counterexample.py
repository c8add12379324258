from __future__ import annotations

import pytest

from engine.explorer.counterexample import ReplayError, replayed
from engine.findings import Kind
from engine.judge import Ghost
from tests.engine.build import machine


def test_a_run_without_the_finding_is_refused() -> None:
    built = machine("nop")
    with pytest.raises(ReplayError):
        replayed(built, Ghost.initial(built), Kind.STALE, ())
