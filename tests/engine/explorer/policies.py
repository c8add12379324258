"""The policies that random machines run: the built-in ones, and those the compiler is tested on."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from engine.policy.policy import Policy
from scenarios.names import policy_names
from scenarios.policy_library import load_policy

_SOURCES = Path(__file__).parents[2] / "policies"

_SLOW = ("counting-without-end.c",)
"""Taken for endless only after thousands of steps, each time that is asked."""


@cache
def all_policies() -> tuple[Policy, ...]:
    """Return every policy there is."""
    files = (str(path) for path in sorted(_SOURCES.glob("*.c")) if path.name not in _SLOW)
    return tuple(load_policy(spec) for spec in (*policy_names(), *files))
