from __future__ import annotations

import os
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.policy.coverage import Coverage
from scenarios.file.structuring import Verbatim
from tui.files.session_entry import (
    PolicyEntry,
    ScenarioEntry,
    SessionEntry,
    found_from,
    relative_to,
    with_files,
)


def entry(scenario: str, policy: str, *options: tuple[str, ...]) -> SessionEntry:
    return SessionEntry(
        3,
        "kvmcache-tui",
        ScenarioEntry(scenario, "s", Verbatim("")),
        PolicyEntry(policy, "p", options, (), Coverage()),
        (),
        "main",
        prepared=False,
    )


@pytest.mark.parametrize(
    ("file", "session", "written"),
    [
        ("a.toml", "a.session", "a.toml"),
        ("a.toml", "sub/a.session", "../a.toml"),
        ("sub/a.toml", "sub/a.session", "a.toml"),
        ("./sub/../a.toml", "a.session", "a.toml"),
        ("../a.toml", "a.session", "../a.toml"),
        ("../sub/a.toml", "a.session", "a.toml"),
        ("/whole/a.toml", "sub/a.session", "a.toml"),
        ("/whole/word", "sub/a.session", "./word"),
        ("a.toml", "/whole/a.session", "a.toml"),
        ("word", "a.session", "./word"),
        ("sub/word", "sub/a.session", "./word"),
        ("mail.txt#2", "sub/a.session", "../mail.txt#2"),
    ],
)
def test_a_file_is_named_from_where_the_session_lies(
    file: str, session: str, written: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert relative_to(session)(file) == written


@pytest.mark.parametrize(
    ("written", "session", "file"),
    [
        ("a.toml", "a.session", "a.toml"),
        ("a.toml", "sub/a.session", "sub/a.toml"),
        ("../a.toml", "sub/a.session", "a.toml"),
        ("../a.toml", "a.session", "../a.toml"),
        ("a.toml", "/whole/a.session", "/whole/a.toml"),
        ("/whole/a.toml", "sub/a.session", "/whole/a.toml"),
        ("./word", "a.session", "./word"),
        ("../word", "sub/a.session", "./word"),
    ],
)
def test_a_file_is_found_from_where_the_session_lies(written: str, session: str, file: str) -> None:
    assert found_from(session)(written) == file


def test_shipped_names_and_options_that_are_no_files_stay_what_they_are() -> None:
    made = entry(
        "fwb", "upstream", ("--config", "CONFIG_X=1"), ("--base", "base.c"), ("--fwb", "on"), ()
    )
    assert with_files(made, relative_to("sub/a.session")) == attrs.evolve(
        made,
        policy=attrs.evolve(
            made.policy,
            options=(("--config", "CONFIG_X=1"), ("--base", "../base.c"), ("--fwb", "on"), ()),
        ),
    )


PARTS = st.lists(
    st.sampled_from(["a", "b c", "..", ".", "upstream", "x.c"]), min_size=1, max_size=4
)


@given(file=PARTS.map("/".join), session=PARTS.map("/".join))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_named_is_found_again(
    file: str, session: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "p/q/r/s/t"
    there.mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(there)
    path = f"{session}/a.session"
    again = found_from(path)(relative_to(path)(file))
    assert relative_to(path)(again) == relative_to(path)(file)
    directory = os.path.dirname(os.path.abspath(path))
    if os.path.abspath(file).startswith(f"{directory}/"):
        assert os.path.abspath(again) == os.path.abspath(file)
