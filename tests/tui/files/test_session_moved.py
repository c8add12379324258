"""A saved session and the files that it depends on: found again, moved, or changed underneath."""

from __future__ import annotations

import json
from collections.abc import Callable
from difflib import unified_diff
from importlib.resources import files
from pathlib import Path

import pytest

from tui.command_line.main import main

SCENARIO = files("scenarios").joinpath("secondary-stale-line.toml").read_text("utf-8")
POLICY = files("scenarios").joinpath("policies/vcpu0-only.c").read_text("utf-8")
BASE = POLICY.replace("trace_kvm_toggle_cache", "hook")
PATCH = tuple(
    unified_diff(
        BASE.splitlines(keepends=True),
        BASE.replace("vcpu_id == 0", "vcpu_id == 1").splitlines(keepends=True),
        "a/arch/arm64/kvm/base.c",
        "b/arch/arm64/kvm/base.c",
    )
)
OPENED = "(kvm) print step\n20\n(kvm) info bookmarks\nstep 20: here\n"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a directory to work in, with a scenario and a policy under names with blanks."""
    there = tmp_path / "the desk"
    (there / "my files").mkdir(parents=True)
    (there / "my files" / "a scenario.toml").write_text(SCENARIO, "utf-8")
    (there / "my files" / "a policy.c").write_text(POLICY, "utf-8")
    monkeypatch.chdir(there)
    return there


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


@pytest.mark.parametrize("path", ["a.session", "my files/a.session", "../a session"])
def test_a_session_opens_from_another_directory(
    path: str, desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    save(path, *OWN)
    assert answer(path, capsys) == (0, OPENED, "")
    (desk / "elsewhere").mkdir()
    monkeypatch.chdir(desk / "elsewhere")
    assert answer(f"../{path}", capsys) == (0, OPENED, "")
    assert answer(str((desk / path).resolve()), capsys) == (0, OPENED, "")


def test_a_session_can_be_moved_with_its_files(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save("my files/a.session", *OWN)
    (desk / "my files").rename(desk / "moved")
    assert answer("moved/a.session", capsys) == (0, OPENED, "")


def test_a_session_keeps_whole_paths_whole(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save("my files/a.session", str(desk / OWN[0]), "--policy", str(desk / OWN[2]))
    (desk / "my files" / "a.session").rename(desk.parent / "a.session")
    assert answer("../a.session", capsys) == (0, OPENED, "")


def test_shipped_names_mean_what_is_shipped_wherever_the_file_lies(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save("my files/a.session", "secondary-stale-line", "--policy", "vcpu0-only")
    document = json.loads(Path("my files/a.session").read_text("utf-8"))
    assert (document["scenario"]["spec"], document["policy"]["spec"]) == (
        "secondary-stale-line",
        "vcpu0-only",
    )
    (desk / "my files" / "a.session").rename(desk.parent / "a.session")
    assert answer("../a.session", capsys) == (0, OPENED, "")


def test_a_file_that_is_called_as_what_is_shipped_stays_a_file(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "my files" / "a policy.c").rename(desk / "upstream")
    save("upstream.session", OWN[0], "--policy", "./upstream")
    assert answer("upstream.session", capsys) == (0, OPENED, "")
    assert answer("./upstream.session", capsys) == (0, OPENED, "")


def test_how_the_policy_was_read_and_its_base_are_kept(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "my files" / "a patch.diff").write_text("".join(PATCH), "utf-8")
    (desk / "my files" / "base.c").write_text(BASE, "utf-8")
    how = ("--base", "my files/base.c", "--assume-no-effect", "hook", "--implementor", "0x48")
    save("a.session", OWN[0], "--policy", "my files/a patch.diff", *how)
    (desk / "sub").mkdir()
    (desk / "a.session").rename(desk / "sub" / "a.session")
    (desk / "my files").rename(desk / "sub" / "my files")
    assert answer("sub/a.session", capsys) == (0, OPENED, "")
    assert main(["--session", "sub/a.session", "--batch", commands("copy")]) == 0
    assert capsys.readouterr().out == (
        "(kvm) copy\nkvmcache-tui 'sub/my files/a scenario.toml' --policy "
        "'sub/my files/a patch.diff' --assume-no-effect hook --base 'sub/my files/base.c' "
        "--implementor hisilicon --at 20\n"
    )


def test_each_of_several_bases_is_kept(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (desk / "my files" / "a patch.diff").write_text("".join(PATCH), "utf-8")
    tree = desk / "my files" / "linux" / "arch" / "arm64" / "kvm"
    tree.mkdir(parents=True)
    (tree / "base.c").write_text(BASE, "utf-8")
    (desk / "reset.c").write_text("int unrelated;\n", "utf-8")
    how = ("--base", "my files/linux", "--base", "reset.c", "--assume-no-effect", "hook")
    save("my files/a.session", OWN[0], "--policy", "my files/a patch.diff", *how)
    assert answer("my files/a.session", capsys) == (0, OPENED, "")
    assert main(["--session", "my files/a.session", "--batch", commands("copy")]) == 0
    assert capsys.readouterr().out == (
        "(kvm) copy\nkvmcache-tui 'my files/a scenario.toml' --policy 'my files/a patch.diff' "
        "--assume-no-effect hook --base 'my files/linux' --base reset.c --at 20\n"
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("a scenario.toml", "fill x on pcpu0", "fill x on pcpu1", "scenario: found 'my files/a "
         "scenario.toml', which has changed since the session was saved; expected the file with "
         "the SHA-256 '83aaef8d5a86'…"),
        ("a policy.c", "vcpu_id == 0", "vcpu_id == 1", "policy: found 'my files/a policy.c', which "
         "has changed since the session was saved; expected line 12 of a policy.c to be 'if "
         "(vcpu->vcpu_id == 0)'"),
        ("a policy.c", "}\n", "}\n/* more */\n", "policy: found 'my files/a policy.c', which has "
         "changed since the session was saved; expected line 15 of a policy.c to be ''"),
    ],
)  # fmt: skip
def test_what_has_changed_underneath_is_said(
    file: str, old: str, new: str, message: str, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save("a.session", *OWN)
    path = desk / "my files" / file
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    expected = f"kvmcache-tui: a.session: {message}\n"
    assert answer("a.session", capsys) == (2, "", expected)


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("a scenario.toml", "scenario: found 'my files/a scenario.toml', which can no longer be "
         "read (my files/a scenario.toml: found No such file or directory; expected a readable "
         "file); expected the one that there was when the session was saved"),
        ("a policy.c", "policy: found 'my files/a policy.c', which can no longer be read (my "
         "files/a policy.c: found no readable file (No such file or directory); expected a C "
         "file, patch or mail); expected the one that there was when the session was saved"),
    ],
)  # fmt: skip
def test_what_is_gone_is_said(
    file: str, message: str, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save("a.session", *OWN)
    (desk / "my files" / file).unlink()
    assert answer("a.session", capsys) == (2, "", f"kvmcache-tui: a.session: {message}\n")


@pytest.mark.parametrize(
    ("file", "content", "what"),
    [
        ("a policy.c", "int x;\n", "policy: found 'my files/a policy.c', which can no longer be "
         "read (a policy.c"),
        ("a policy.c", POLICY.replace("bool now", "float now"), "policy: found 'my files/a "
         "policy.c', which can no longer be read (a policy.c:"),
        ("a scenario.toml", "title = 3", "scenario: found 'my files/a scenario.toml', which can "
         "no longer be read (my files/a scenario.toml"),
    ],
)  # fmt: skip
def test_what_can_no_longer_be_read_is_said_to_be_another(
    file: str, content: str, what: str, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save("a.session", *OWN)
    (desk / "my files" / file).write_text(content, "utf-8")
    code, out, err = answer("a.session", capsys)
    end = "; expected the one that there was when the session was saved\n"
    assert (code, out, err[-len(end) :]) == (2, "", end)
    assert err.startswith(f"kvmcache-tui: a.session: {what}")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda sources: sources[1].update(name="old.c"), "the source 'old.c' instead of "
         "'set-way.c'"),
        (lambda sources: sources.pop(), "as many sources as there were"),
        (lambda sources: sources[0].update(text=""), "line 1 of vcpu0-only.c to be ''"),
    ],
)  # fmt: skip
def test_what_is_shipped_can_change_too(
    change: Callable[[list[dict[str, str]]], object],
    expected: str,
    desk: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    save("a.session", "secondary-stale-line", "--policy", "vcpu0-only")
    document = json.loads(Path("a.session").read_text("utf-8"))
    change(document["policy"]["sources"])
    Path("a.session").write_text(json.dumps(document), "utf-8")
    assert answer("a.session", capsys) == (
        2,
        "",
        "kvmcache-tui: a.session: policy: found 'vcpu0-only', which has changed since the session "
        f"was saved; expected {expected}\n",
    )
