"""A saved session and the files that it depends on: found again, moved, or changed underneath."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.tui.files.desk import BASE, OPENED, OWN, PATCH, POLICY, answer, commands, save
from tui.command_line.main import main


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
    (desk / "my files" / "a patch.diff").write_text(PATCH, "utf-8")
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
    (desk / "my files" / "a patch.diff").write_text(PATCH, "utf-8")
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


def test_another_run_of_what_a_session_carries_can_be_opened(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save("a.session", *OWN)
    shutil.rmtree(desk / "my files")
    capsys.readouterr()
    shortest = ("--session", "a.session", "--counterexample", "stale")
    assert main([*shortest, "--batch", commands("info findings")]) == 0
    out, err = capsys.readouterr()
    assert ("vcpu1 loads x = 0 at step 13" in out, err) == (True, "")


def test_a_session_has_no_directory_of_its_makers_in_it(desk: Path) -> None:
    elsewhere = desk.parent / "secret"
    elsewhere.mkdir()
    (elsewhere / "a policy.c").write_text(POLICY, "utf-8")
    save("a.session", OWN[0], "--policy", str(elsewhere / "a policy.c"))

    text = Path("a.session").read_text("utf-8")
    assert str(desk.parent) not in text
    assert "secret" not in text
    assert json.loads(text)["policy"]["spec"] == "a policy.c"


def test_a_patch_for_a_base_that_is_not_there_is_not_put_on_another(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "my files" / "a patch.diff").write_text(PATCH, "utf-8")
    (desk / "my files" / "base.c").write_text(BASE, "utf-8")
    how = ("--base", "my files/base.c", "--assume-no-effect", "hook")
    save("a.session", OWN[0], "--policy", "my files/a patch.diff", *how)
    (desk / "my files" / "base.c").unlink()
    patch = "policy my files/a patch.diff"
    capsys.readouterr()

    assert main(["--session", "a.session", "--batch", commands(patch)]) == 2

    assert capsys.readouterr().err.endswith(
        "commands.txt:1: found 'my files/base.c', the base of patches here, which cannot be read; "
        "expected it where the session names it, or a built-in policy\n"
    )
