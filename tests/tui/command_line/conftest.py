from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.command_line.checking import ENDLESS


@pytest.fixture
def endless(tmp_path: Path) -> str:
    """Return the path of a scenario whose states take hours to visit."""
    path = tmp_path / "endless.toml"
    path.write_text(ENDLESS, "utf-8")
    return str(path)
