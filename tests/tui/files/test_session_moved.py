"""A saved session and the files that it depends on: found again, moved, or changed underneath."""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Callable
from difflib import unified_diff
from importlib.resources import files
from pathlib import Path
from typing import Any

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


HAVE = "the session goes on with its own copy"


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("a scenario.toml", "fill x on pcpu0", "fill x on pcpu1", "'my files/a scenario.toml' has "
         "changed since the session was saved"),
        ("a policy.c", "vcpu_id == 0", "vcpu_id == 1", "'my files/a policy.c' has changed since "
         "the session was saved: line 12 of a policy.c was 'if (vcpu->vcpu_id == 0)'"),
        ("a policy.c", "}\n", "}\n/* more */\n", "'my files/a policy.c' has changed since the "
         "session was saved: line 15 of a policy.c was ''"),
    ],
)  # fmt: skip
def test_what_has_changed_underneath_is_said_and_the_session_goes_on(
    file: str, old: str, new: str, message: str, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save("a.session", *OWN)
    path = desk / "my files" / file
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    assert answer("a.session", capsys) == (0, OPENED, f"kvmcache-tui: {message}; {HAVE}\n")


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("a policy.c", "int x;\n", "'my files/a policy.c' can no longer be read (a policy.c"),
        ("a policy.c", POLICY.replace("bool now", "float now"), "'my files/a policy.c' can no "
         "longer be read (a policy.c:"),
        ("a scenario.toml", "title = 3", "'my files/a scenario.toml' can no longer be read (my "
         "files/a scenario.toml"),
    ],
)  # fmt: skip
def test_what_can_no_longer_be_read_is_said_and_the_session_goes_on(
    file: str, content: str, message: str, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save("a.session", *OWN)
    (desk / "my files" / file).write_text(content, "utf-8")
    code, out, err = answer("a.session", capsys)
    assert (code, out) == (0, OPENED)
    assert err.startswith(f"kvmcache-tui: {message}")
    assert err.endswith(f"); {HAVE}\n")


def test_a_session_opens_on_another_machine_without_the_files_it_came_from(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (desk / "my files" / "a patch.diff").write_text(PATCH, "utf-8")
    (desk / "my files" / "base.c").write_text(BASE, "utf-8")
    how = ("--base", "my files/base.c", "--assume-no-effect", "hook", "--implementor", "0x48")
    save("a.session", OWN[0], "--policy", "my files/a patch.diff", *how)
    other = desk.parent / "other machine"
    other.mkdir()
    (desk / "a.session").rename(other / "handed in.session")
    shutil.rmtree(desk)
    monkeypatch.chdir(other)

    assert answer("handed in.session", capsys) == (0, OPENED, "")

    assert main(["--session", "handed in.session", "--batch", commands("copy")]) == 0
    (copied,) = capsys.readouterr().out.splitlines()[1:]
    program, *words = shlex.split(copied)
    assert (program, words[:2]) == ("kvmcache-tui", ["--session", "handed in.session"])
    assert main([*words, "--batch", commands("print step", "info policy")]) == 0
    out, err = capsys.readouterr()
    assert (out.splitlines()[1], err) == ("20", "")
    assert "a patch.diff" in out


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


def test_what_is_shipped_can_change_too(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save("a.session", "secondary-stale-line", "--policy", "vcpu0-only")
    document = json.loads(Path("a.session").read_text("utf-8"))
    source = document["policy"]["sources"][0]
    source["text"] = source["text"].replace("The proposal:", "")
    scenario = document["scenario"]
    scenario["text"] = f"{scenario['text']}# of old\n"
    Path("a.session").write_text(json.dumps(document), "utf-8")
    assert answer("a.session", capsys) == (
        0,
        OPENED,
        "kvmcache-tui: 'secondary-stale-line' has changed since the session was saved; "
        f"{HAVE}\nkvmcache-tui: 'vcpu0-only' has changed since the session was saved: line 2 of "
        "vcpu0-only.c was '*  a flush only when it is vcpu0 that s…'; "
        f"{HAVE}\n",
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda it: it["scenario"].update(text="title = 3"), "scenario.text: found no scenario ("),
        (lambda it: it["scenario"].update(text="\ud800"), "scenario.text: found half a character"),
        (lambda it: it["policy"]["sources"][0].update(text="int x;"), "policy.sources: found no "
         "policy ("),
        (lambda it: it["policy"]["sources"][0].update(own=False), "policy.sources: found "),
        (lambda it: it["policy"].update(sources=[]), "policy.sources: found none"),
        (lambda it: it["policy"]["sources"][1].update(name="vcpu0-only.c"), "policy.sources: "),
        (lambda it: it["policy"]["sources"][0].update(lines=[[1, 10**9]]), "policy.sources[0]."
         "lines: found [1, 1000000000]; expected a first line and a length"),
        (lambda it: it["policy"]["sources"][0].update(lines=[[1]]), "policy.sources[0].lines: "),
        (lambda it: it["policy"]["coverage"].update(judged=[{"function": "f", "file": "f",
         "lines": [], "era": "", "changed": True}]), "policy.coverage.judged[0].lines: found 0 "),
    ],
)  # fmt: skip
def test_what_a_session_carries_is_refused_where_it_is_broken(
    change: Callable[[Any], object], message: str, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save("a.session", "secondary-stale-line", "--policy", "vcpu0-only")
    document = json.loads(Path("a.session").read_text("utf-8"))
    change(document)
    Path("a.session").write_text(json.dumps(document), "utf-8")

    code, out, err = answer("a.session", capsys)

    assert (code, out) == (2, "")
    assert err.startswith(f"kvmcache-tui: a.session: {message}")
