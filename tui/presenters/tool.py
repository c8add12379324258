"""The tool by name and version: a verdict on a list must say what gave it."""

from __future__ import annotations

from functools import cache

from scenarios.names import PROGRAM


@cache
def tool() -> str:
    """Return the program's name and the version that is installed."""
    # What only prints a help text need not wait for this import.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"{PROGRAM} {version(PROGRAM)}"
    except PackageNotFoundError:
        return f"{PROGRAM} (not installed)"
