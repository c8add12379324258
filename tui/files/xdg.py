"""Where the user's files live, by the XDG Base Directory Specification."""

from __future__ import annotations

import os
import pwd
from contextlib import suppress
from pathlib import Path
from typing import Final

UNSAVED: Final = "unsaved"
"""The directory, in that of the state, of sessions that were kept without being saved."""

POLICIES: Final = "policies"
"""The directory, in that of the state, of copies of policies to be edited."""

_OWN: Final = "kvmcache-tui"


def config_file() -> Path | None:
    """Return where the user's configuration is looked for; None without a home directory."""
    base = _base("XDG_CONFIG_HOME", ".config")
    return base and base / _OWN / "config.toml"


def state_directory() -> Path | None:
    """Return where the program keeps what it remembers; None without a home directory."""
    base = _base("XDG_STATE_HOME", ".local/state")
    return base and base / _OWN


def is_unsaved(path: str) -> bool:
    """Say whether a file lies where sessions are that were kept without being saved."""
    state = state_directory()
    with suppress(ValueError):
        directory = os.path.dirname(os.path.realpath(path))
        return state is not None and directory == os.path.realpath(state / UNSAVED)
    return False


def screen_file() -> Path | None:
    """Return where the screen's arrangement is remembered; None without a home directory."""
    state = state_directory()
    return state and state / "screen.json"


def history_file() -> Path | None:
    """Return where the prompt's history is remembered; None without a home directory."""
    state = state_directory()
    return state and state / "history"


def _base(variable: str, default: str) -> Path | None:
    # "All paths set in these environment variables must be absolute": others count as not set.
    base = _absolute(os.environ.get(variable, ""))
    if base is not None:
        return base
    home = _home()
    return home and home / default


def _home() -> Path | None:
    home = _absolute(os.environ.get("HOME", ""))
    if home is None:
        with suppress(KeyError):
            home = _absolute(pwd.getpwuid(os.getuid()).pw_dir)
    return home


def _absolute(path: str) -> Path | None:
    return Path(path) if os.path.isabs(path) else None
