from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tui.commands.typed import after
from tests.tui.files.desk import POLICY, SCENARIO
from tui.session.session import Session

WORK = (
    "break 12", "tbreak skip if step > 3", "watch ram[x]", "break if stale[1][x]",
    "disable 2", "delete 1", "goto 9", "mark nine, été", "goto 16", "take evict x", "take vcpu1",
    "rename rescued", "mark here", "take vcpu1", "goto 17", "take fill x on pcpu1", "switch main",
    "goto 20", "vcpu vcpu1", "kind fill", "search isb", "next",
)  # fmt: skip


@pytest.fixture
def worked(session: Callable[..., Session]) -> Session:
    """Return the headline's session with something of everything made of it."""
    return after(session(), *WORK)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a directory to work in, with a scenario and a policy under names with blanks."""
    there = tmp_path / "the desk"
    (there / "my files").mkdir(parents=True)
    (there / "my files" / "a scenario.toml").write_text(SCENARIO, "utf-8")
    (there / "my files" / "a policy.c").write_text(POLICY, "utf-8")
    monkeypatch.chdir(there)
    return there
