"""What the tests of prospects and of their graph ask about runs."""

from __future__ import annotations

from engine.explorer.limits import Limits
from engine.explorer.prospects.prospects import (
    Prospect,
    Prospects,
    prospects,
)
from engine.judge import Ghost
from engine.machine.state import Machine

SAFE, MAY, MUST = Prospect.SAFE, Prospect.MAY_BREAK, Prospect.MUST_BREAK


STORE_AND_ENABLE = "str x0, [x1]\nmsr sctlr_el1, x0\nldr x5, [x1]"
"""Reads an older x than it wrote where a copy is cached all the while."""


def known(built: Machine, ghost: Ghost | None = None) -> Prospects:
    found = prospects(built, ghost, limits=Limits())
    assert found is not None
    return found
