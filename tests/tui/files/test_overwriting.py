from __future__ import annotations

from collections.abc import Callable
from difflib import unified_diff
from importlib.resources import files
from pathlib import Path

import pytest

from engine.refusal import RefusedError, quote
from scenarios.case import Case
from scenarios.policy_library import load_policy
from tests.tui.command_line.opened import opened
from tests.tui.files.saved import refusal
from tui.files.outside_work import as_text, export, save
from tui.files.session_file import read_session_file
from tui.session.requests import Form
from tui.session.session import Session


def test_only_a_session_is_saved_over(
    worked: Session, case: Callable[..., Case], tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "broken.session").write_text('{"version": 3}')
    for name in ("notes.txt", "broken.session"):
        path = tmp_path / name
        assert refusal(worked, path) == (
            f"found {quote(str(path))}, which is there and no session that can be read; expected "
            "a new file, or a session's"
        )
    other = tmp_path / "other.session"
    save(Session.play(case()), str(other))
    save(worked, str(other))
    assert read_session_file(str(other)).bookmarks != ()
    saved, _ = save(worked, str(tmp_path / "own.session"))
    (tmp_path / "own.session").write_text("damaged since")
    assert save(saved, None)[0].file == str(tmp_path / "own.session")


@pytest.mark.parametrize("name", ["scenario.toml", "policy.diff", "base.c", "a link", "a copy"])
def test_what_a_session_is_a_session_of_is_never_written_over(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    base = load_policy("vcpu0-only").source.text
    changed = base.replace("vcpu_id == 0", "vcpu_id == 1")
    old, new = (each.splitlines(keepends=True) for each in (base, changed))
    Path("base.c").write_text(base)
    Path("policy.diff").write_text("".join(unified_diff(old, new, "a/base.c", "b/base.c")))
    shipped = files("scenarios").joinpath("secondary-stale-line.toml")
    Path("scenario.toml").write_bytes(shipped.read_bytes())
    Path("a link").symlink_to("policy.diff")
    Path("a copy").hardlink_to("policy.diff")
    words = ("scenario.toml", "--policy", "policy.diff#1", "--base", "base.c")
    session, _ = opened(*words)
    path = tmp_path / name
    what = name.partition(".")[0] if "." in name else "policy"
    said = f"found {quote(str(path))}, the file of the {what}; expected another file"
    assert refusal(session, path) == said
    with pytest.raises(RefusedError) as refused:
        export(session, Form.MAIL, str(path), str)
    assert str(refused.value) == said


def test_no_file_of_a_tree_that_is_a_base_is_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("linux").mkdir()
    Path("linux/mmu.c").write_text("int unrelated;\n")
    session, _ = opened("secondary-stale-line", "--base", "linux")
    said = f"found {quote('linux/mmu.c')}, the file of the base; expected another file"
    assert refusal(session, Path("linux/mmu.c")) == said


def test_a_run_is_not_written_over_its_session_but_over_any_other_file(
    worked: Session, tmp_path: Path
) -> None:
    path = tmp_path / "a.session"
    saved, _ = save(worked, str(path))
    content = path.read_bytes()
    with pytest.raises(RefusedError) as refused:
        export(saved, Form.JSON, str(path), str)
    found = f"{quote(str(path))}, the file of this session"
    assert (refused.value.found, path.read_bytes()) == (found, content)
    (tmp_path / "run.txt").write_text("an older run")
    export(saved, Form.MAIL, str(tmp_path / "run.txt"), str)
    assert (tmp_path / "run.txt").read_text() == as_text(saved, Form.MAIL)
