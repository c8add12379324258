"""Tests mirror the source: `engine/x/y.py` is tested by `tests/engine/x/test_y.py`."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("engine", "scenarios", "tui")
LEAST = 0.85
"""Which part of the lines of source has to be in modules that have a mirror."""


def test_most_lines_of_the_source_have_a_mirror() -> None:
    mirrored, alone = 0, dict[str, int]()
    for path in sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        if path.name == "__init__.py":
            continue
        module = path.relative_to(ROOT)
        lines = path.read_text("utf-8").count("\n")
        if (ROOT / "tests" / module.parent / f"test_{module.name}").exists():
            mirrored += lines
        else:
            alone[str(module)] = lines
    largest = sorted(alone, key=alone.__getitem__, reverse=True)[:10]
    assert mirrored / (mirrored + sum(alone.values())) >= LEAST, largest
