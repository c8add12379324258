from __future__ import annotations

import pwd
from pathlib import Path

import pytest

from tui.files.xdg import config_file, history_file, screen_file, state_directory


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "HOME"):
        monkeypatch.delenv(variable, raising=False)


def test_files_live_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/conf")
    monkeypatch.setenv("XDG_STATE_HOME", "/state")
    monkeypatch.setenv("HOME", "/home/me")

    assert (config_file(), state_directory(), screen_file(), history_file()) == (
        Path("/conf/kvmcache-tui/config.toml"),
        Path("/state/kvmcache-tui"),
        Path("/state/kvmcache-tui/screen.json"),
        Path("/state/kvmcache-tui/history"),
    )


@pytest.mark.parametrize("ignored", [None, "", "relative/path", "~/there", "."])
def test_else_they_live_in_the_home_directory(
    monkeypatch: pytest.MonkeyPatch, ignored: str | None
) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    if ignored is not None:
        monkeypatch.setenv("XDG_CONFIG_HOME", ignored)
        monkeypatch.setenv("XDG_STATE_HOME", ignored)

    assert (config_file(), state_directory()) == (
        Path("/home/me/.config/kvmcache-tui/config.toml"),
        Path("/home/me/.local/state/kvmcache-tui"),
    )


@pytest.mark.parametrize("home", [None, "", "relative"])
def test_the_home_directory_is_known_without_the_environment(
    monkeypatch: pytest.MonkeyPatch, home: str | None
) -> None:
    entry = pwd.struct_passwd(("me", "x", 1, 1, "", "/home/of-me", "/bin/sh"))
    monkeypatch.setattr(pwd, "getpwuid", lambda _: entry)
    if home is not None:
        monkeypatch.setenv("HOME", home)

    assert state_directory() == Path("/home/of-me/.local/state/kvmcache-tui")


def test_without_a_home_directory_there_is_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_: int) -> pwd.struct_passwd:
        raise KeyError("uid not found")

    monkeypatch.setattr(pwd, "getpwuid", nobody)

    places = (config_file(), state_directory(), screen_file(), history_file())
    assert places == (None, None, None, None)
    monkeypatch.setenv("XDG_STATE_HOME", "/state")
    assert (config_file(), state_directory()) == (None, Path("/state/kvmcache-tui"))
