"""Runs as they are shared, in committed files: the tool that made them stands for any version."""

from __future__ import annotations

from pathlib import Path

from tui.presenters.tool import tool

_DIRECTORY = Path(__file__).parent / "golden"
ANY = "kvmcache-tui VERSION"


def golden_text(name: str) -> str:
    """Return what a committed file holds, for the version that is installed."""
    return (_DIRECTORY / name).read_text(encoding="utf-8").replace(ANY, tool())
