"""A desk: a directory with a scenario, a policy, its base and a patch of the user's own."""

from __future__ import annotations

from difflib import unified_diff
from importlib.resources import files
from pathlib import Path

import pytest

from tui.command_line.main import main

SCENARIO = files("scenarios").joinpath("secondary-stale-line.toml").read_text("utf-8")


POLICY = files("scenarios").joinpath("policies/vcpu0-only.c").read_text("utf-8")


BASE = POLICY.replace("trace_kvm_toggle_cache", "hook")


PATCH = "".join(
    unified_diff(
        BASE.splitlines(keepends=True),
        BASE.replace("vcpu_id == 0", "vcpu_id == 1").splitlines(keepends=True),
        "a/arch/arm64/kvm/base.c",
        "b/arch/arm64/kvm/base.c",
    )
)


OPENED = "(kvm) print step\n20\n(kvm) info bookmarks\nstep 20: here\n"


def commands(*lines: str) -> str:
    """Return the path of a file of commands."""
    Path("commands.txt").write_text("\n".join(lines), "utf-8")
    return "commands.txt"


def save(path: str, *arguments: str) -> None:
    """Save a session with a bookmark at step 20."""
    saving = commands("goto 20", "mark here", f"save {path}")
    assert main([*arguments, "--batch", saving]) == 0


def answer(path: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Open a session, ask where it is, and return the exit code and what was said."""
    asking = commands("print step", "info bookmarks")
    capsys.readouterr()
    code = main(["--session", path, "--batch", asking])
    return code, *capsys.readouterr()


OWN = ("my files/a scenario.toml", "--policy", "my files/a policy.c")
